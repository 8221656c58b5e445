"""The score of a pair: few bounded features, each never falling when its evidence grows.

All values are whole millionths (ppm). The contributions add up to the score exactly, so they are
the explanation.
"""

import functools
import math
import operator
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import yaml

from services.matching.constraints import Pair
from services.matching.ragged import Ints
from services.matching.sides import Offered, Wanted

FULL_PPM = 1_000_000
NEUTRAL_PPM = 500_000  # where nothing is known: neither for nor against
WORTH = {True: FULL_PPM, None: NEUTRAL_PPM, False: 0}  # of a required qualification
WEIGHTS = Path(__file__).with_name("weights.yaml")
# A number, or a column of them: the arithmetic of one supply is that of many.
Number = TypeVar("Number", int, Ints)
FEATURES = ("text", "experience", "region", "category", "qualification", "activity", "win_rate")


@dataclass(frozen=True)
class Weights:
    """One version of the weights; see `weights.yaml`."""

    version: str
    weights_ppm: Mapping[str, int]
    half: Mapping[str, int]
    full: Mapping[str, int]
    prior: Mapping[str, int]


class Relevance(NamedTuple):
    """What the index says of a pair: BM25 of the texts and of the track record, in thousandths."""

    text_milli: int = 0
    experience_milli: int = 0


class Contribution(NamedTuple):
    """One feature's part of the score: `weight_ppm` × `value_ppm`, rounded down to a millionth."""

    feature: str
    value_ppm: int
    weight_ppm: int
    contribution_ppm: int


@dataclass(frozen=True)
class Score:
    """`score_ppm` is the sum of the contributions, which are spelled out when somebody asks."""

    score_ppm: int
    values_ppm: Mapping[str, int]
    weights: Weights

    @property
    def contributions(self) -> tuple[Contribution, ...]:
        """In the order of FEATURES."""
        weights = self.weights.weights_ppm
        return tuple(_part(name, self.values_ppm[name], weights[name]) for name in FEATURES)

    def explain(self) -> list[dict[str, Any]]:
        """The contributions as the contract writes them."""
        return [part._asdict() for part in self.contributions]


@functools.cache
def all_weights(path: Path = WEIGHTS) -> tuple[Weights, ...]:
    """Every version, oldest first. Raises ValueError when a set does not sum to one."""
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    versions = tuple(Weights(**entry) for entry in entries)
    for weights in versions:
        complete = set(weights.weights_ppm) == set(FEATURES)
        if not complete or sum(weights.weights_ppm.values()) != FULL_PPM:
            raise ValueError(f"weights {weights.version} do not cover every feature to one in sum")
    return versions


def current_weights() -> Weights:
    return all_weights()[-1]


def score(pair: Pair, relevance: Relevance, weights: Weights) -> Score:
    """The score of a pair by these weights."""
    values = feature_values(pair, relevance, weights)
    return Score(total(values, weights), values, weights)


def total(values_ppm: Mapping[str, Number], weights: Weights) -> Number:
    """The sum of the contributions."""
    each = weights.weights_ppm.items()
    parts: list[Number] = [values_ppm[name] * weight_ppm // FULL_PPM for name, weight_ppm in each]
    return functools.reduce(operator.add, parts)


def feature_values(pair: Pair, relevance: Relevance, weights: Weights) -> dict[str, int]:
    """Every feature's value, 0 to 1,000,000."""
    wanted, offered = pair.wanted, pair.offered
    return {
        "text": saturating(relevance.text_milli, weights.half["text_milli"]),
        "experience": saturating(relevance.experience_milli, weights.half["experience_milli"]),
        "region": nearness(wanted, offered),
        "category": category_overlap(wanted, offered),
        "qualification": qualified_share(pair),
        "activity": activity(offered.record_count, weights.full["record_count"]),
        "win_rate": win_rate(offered.won_count, offered.record_count, weights.prior),
    }


def saturating(value: Number, half: int) -> Number:
    """0 at 0, half at `half`, towards one without end."""
    return FULL_PPM * value // (value + half)


def nearness(wanted: Wanted, offered: Offered) -> int:
    """The share of the demand's place names where the supplier serves, is or has worked."""
    if not wanted.places or not offered.places:
        return NEUTRAL_PPM
    return FULL_PPM * len(wanted.places & offered.places) // len(wanted.places)


def category_overlap(wanted: Wanted, offered: Offered) -> int:
    """The share of the demand's category words that the supply's categories contain."""
    if not wanted.category_words or not offered.categories:
        return NEUTRAL_PPM
    named = offered.category_text
    shared = [word for word in wanted.category_words if word in named]
    return FULL_PPM * len(shared) // len(wanted.category_words)


def qualified_share(pair: Pair) -> int:
    """The share of the required qualifications that are held; a doubtful one counts half."""
    if not pair.wanted.requirements:
        return NEUTRAL_PPM
    return sum([WORTH[one] for one in pair.met]) // len(pair.met)


@functools.cache  # at most as many as records count
def activity(record_count: int, full_at: int) -> int:
    """Logarithm of the number of known deals: the first ones say most."""
    capped = min(record_count, full_at)
    return int(FULL_PPM * math.log1p(capped) / math.log1p(full_at))


def win_rate(won_count: Number, record_count: Number, prior: Mapping[str, int]) -> Number:
    """Deals won of deals known, shrunk towards the prior so that a newcomer is not locked out."""
    return FULL_PPM * (won_count + prior["wins"]) // (record_count + prior["bids"])


def _part(feature: str, value_ppm: int, weight_ppm: int) -> Contribution:
    return Contribution(feature, value_ppm, weight_ppm, value_ppm * weight_ppm // FULL_PPM)
