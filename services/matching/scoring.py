"""The score: a sum of few bounded features by weights that are versioned data.

All values are whole millionths (ppm). The contributions add up to the score exactly, so they are
the explanation.
"""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import numpy as np
import yaml

from services.matching.ragged import Ints

FULL_PPM = 1_000_000
WEIGHTS = Path(__file__).with_name("weights.yaml")
FEATURES = (
    "text", "name", "qualification", "deals", "category", "category_deals", "qualified", "place",
    "home", "size", "required", "newcomer",
)  # fmt: skip


@dataclass(frozen=True)
class Weights:
    """One version of the weights; see `weights.yaml`."""

    version: str
    weights_ppm: Mapping[str, int]
    shape: Mapping[str, int]

    @functools.cached_property
    def column(self) -> Ints:
        """In the order of FEATURES."""
        return np.array([self.weights_ppm[name] for name in FEATURES], np.int64)


class Contribution(TypedDict):
    """One feature's part of the score: `weight_ppm` × `value_ppm`, rounded down to a millionth."""

    feature: str
    value_ppm: int
    weight_ppm: int
    contribution_ppm: int


@functools.cache
def all_weights(path: Path = WEIGHTS) -> tuple[Weights, ...]:
    """Every version, oldest first; the newest has FEATURES. Raises ValueError otherwise.

    Older ones, of features that are no more, say what the matches that name them were made with.
    """
    versions = tuple(Weights(**entry) for entry in yaml.safe_load(path.read_text("utf-8")))
    for weights in versions:
        if sum(weights.weights_ppm.values()) != FULL_PPM:
            raise ValueError(f"weights {weights.version} do not sum to one")
    if set(versions[-1].weights_ppm) != set(FEATURES):
        raise ValueError(f"weights {versions[-1].version} do not cover every feature")
    return versions


def current_weights() -> Weights:
    return all_weights()[-1]


def scores(values_ppm: Ints, weights: Weights) -> Ints:
    """Of many supplies, a row each with a value for each of FEATURES."""
    total: Ints = (values_ppm * weights.column // FULL_PPM).sum(axis=1)
    return total


def contributions(values_ppm: Ints, weights: Weights) -> list[Contribution]:
    """Of one of them, in the order of FEATURES."""
    each = zip(FEATURES, values_ppm.tolist(), weights.column.tolist(), strict=True)
    return [
        {
            "feature": name,
            "value_ppm": value,
            "weight_ppm": weight,
            "contribution_ppm": value * weight // FULL_PPM,
        }
        for name, value, weight in each
    ]
