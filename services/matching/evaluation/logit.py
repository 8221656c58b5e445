"""Weights of a linear score from who was chosen: conditional logit (McFadden 1974), none negative.

Each choice is among all suppliers; its target is shared by the gains of those that are relevant.
"""

from typing import NamedTuple

import numpy as np

from services.matching.evaluation.arrays import Floats

RIDGE = 1e-3  # keeps a weight finite where one feature tells all; it moves no other
STEPS = 50  # Newton's steps on a convex loss: ten are usual
HALVINGS = 30  # of one step that goes too far: a billionth of it is none
CLOSE = 1e-6  # of a weight


class Choice(NamedTuple):
    """`features`: a row for every alternative; `target`: its share of the choice, one in sum."""

    features: Floats
    target: Floats


class _Slopes(NamedTuple):
    loss: float
    gradient: Floats
    curvature: Floats


def fit(choices: list[Choice]) -> Floats:
    """The weights of the features, from at least one choice: Newton's method, kept from below 0."""
    weights = np.ones(choices[0].features.shape[1])
    for _ in range(STEPS):
        here = _slopes(choices, weights)
        moved = _step(choices, weights, here)
        if np.abs(moved - weights).max() < CLOSE:
            return moved
        weights = moved
    return weights


def _step(choices: list[Choice], weights: Floats, here: _Slopes) -> Floats:
    """Less loss than here; here itself where no step has any."""
    free = (weights > 0) | (here.gradient < 0)
    way = np.zeros_like(weights)
    way[free] = np.linalg.solve(here.curvature[np.ix_(free, free)], here.gradient[free])
    for halving in range(HALVINGS):
        moved: Floats = np.maximum(weights - way / 2**halving, 0)
        if _slopes(choices, moved).loss < here.loss:
            return moved
    return weights


def _slopes(choices: list[Choice], weights: Floats) -> _Slopes:
    """The mean loss at these weights, how it changes with each, and how that does."""
    loss, size = 0.0, len(weights)
    gradient, curvature = np.zeros(size), np.zeros((size, size))
    for features, target in choices:
        scores = features @ weights
        scores -= scores.max()
        chances = np.exp(scores)
        chances /= chances.sum()
        expected = chances @ features
        loss -= float(target @ (scores - np.log(np.exp(scores).sum())))
        gradient += expected - target @ features
        curvature += features.T @ (features * chances[:, None]) - np.outer(expected, expected)
    count = len(choices)
    return _Slopes(
        loss / count + RIDGE / 2 * float(weights @ weights),
        gradient / count + RIDGE * weights,
        curvature / count + RIDGE * np.eye(size),
    )
