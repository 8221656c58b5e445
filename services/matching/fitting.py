"""Weights fitted on what became of earlier demands: a conditional logit (McFadden, 1974).

Given its candidates, a demand's choice is the likelier the higher the score; the weights that make
what was chosen likeliest are looked for, none below nothing, so that every feature stays rising.
Pure; who calls it takes demands in the order of time and judges on later ones.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from services.matching.scoring import FEATURES, FULL_PPM

Floats = np.ndarray[Any, np.dtype[np.float64]]
# Keeps apart features that say the same, and weights of what seldom varies small.
PENALTY = 1e-3
ROUNDS = 100  # of Newton's method; a dozen are enough, more means that it does not settle
HALVINGS = 30  # of a step: smaller ones are nothing
SETTLED = 1e-7  # a round that gains less of the log-likelihood of one demand is the last
_CAREFUL = 1e-4  # of Armijo: the part of the promised gain that a step has to bring
_SLIGHT = 1e-9  # on the diagonal: a feature that never varies has no curvature


class Choice(NamedTuple):
    """A demand's candidates: a row of `values_ppm` each, and how good it was, 0 for not chosen."""

    values_ppm: Any
    gains: Any


class _Fit(NamedTuple):
    loss: float
    slope: Floats
    curvature: Floats


def fit(choices: Sequence[Choice], penalty: float = PENALTY) -> Floats:
    """A weight for each of FEATURES, none negative. Raises ValueError where nothing was chosen."""
    chosen = [_normalised(choice) for choice in choices if np.any(choice.gains)]
    if not chosen:
        raise ValueError("of no demand is it known who was chosen")
    weights = np.ones(chosen[0][0].shape[1])
    now = _fit(chosen, weights, penalty)
    for _ in range(ROUNDS):
        before = now.loss
        weights, now = _step(chosen, weights, now, penalty)
        if before - now.loss < SETTLED:
            break
    return weights


def weights_ppm(weights: Floats, kept_ppm: Mapping[str, int]) -> dict[str, int]:
    """By feature, one million in sum: `kept_ppm` as given, of the rest each its share.

    What a feature that the demands say nothing of is worth is a decision and no measurement. The
    largest remainders are rounded up.
    """
    free = [place for place, name in enumerate(FEATURES) if name not in kept_ppm]
    left = FULL_PPM - sum(kept_ppm.values())
    exact = left * weights[free] / weights[free].sum()
    whole = np.floor(exact).astype(np.int64)
    short = left - int(whole.sum())
    whole[np.argsort(whole - exact, kind="stable")[:short]] += 1
    fitted = dict(zip([FEATURES[place] for place in free], whole.tolist(), strict=True))
    return {name: kept_ppm.get(name, fitted.get(name, 0)) for name in FEATURES}


def _normalised(choice: Choice) -> tuple[Floats, Floats]:
    gains = np.asarray(choice.gains, np.float64)
    return np.asarray(choice.values_ppm, np.float64) / FULL_PPM, gains / gains.sum()


def _fit(chosen: Sequence[tuple[Floats, Floats]], weights: Floats, penalty: float) -> _Fit:
    """Minus the mean log-likelihood, with its derivatives."""
    loss, slope, curvature = 0.0, np.zeros(len(weights)), np.zeros((len(weights),) * 2)
    for values, aims in chosen:
        scores = values @ weights
        likely = np.exp(scores - scores.max())
        likely /= likely.sum()
        mean = likely @ values
        loss -= float(aims @ np.log(np.maximum(likely, 1e-300)))
        slope += mean - aims @ values
        curvature += (values.T * likely) @ values - np.outer(mean, mean)
    count = len(chosen)
    return _Fit(
        loss / count + penalty * float(weights @ weights) / 2,
        slope / count + penalty * weights,
        curvature / count + (penalty + _SLIGHT) * np.eye(len(weights)),
    )


def _step(
    chosen: Sequence[tuple[Floats, Floats]], weights: Floats, now: _Fit, penalty: float
) -> tuple[Floats, _Fit]:
    """One round of the projected Newton method (Bertsekas, 1982); the same where none gains."""
    free = (weights > 0) | (now.slope < 0)
    way = np.zeros(len(weights))
    way[free] = -np.linalg.solve(now.curvature[np.ix_(free, free)], now.slope[free])
    for halving in range(HALVINGS):
        tried = np.maximum(weights + way * 0.5**halving, 0)
        found = _fit(chosen, tried, penalty)
        if found.loss <= now.loss + _CAREFUL * float(now.slope @ (tried - weights)):
            return tried, found
    return weights, now
