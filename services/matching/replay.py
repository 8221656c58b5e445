"""Whether a stored score is what its stored values and weights make, computed anew. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from services.matching.scoring import FULL_PPM, Weights

Json = Mapping[str, Any]


class Replayed(NamedTuple):
    """What is stored, and what comes out; `wrong` says what does not agree, "" where all does."""

    score_ppm: int
    again_ppm: int
    wrong: str = ""


def of_match(score_ppm: int, contributions: Sequence[Json], weights: Weights | None) -> Replayed:
    """Of a match, which keeps the value, the weight and the contribution of each feature."""
    values = {one["feature"]: one["value_ppm"] for one in contributions}
    replayed = _replayed(score_ppm, values, weights)
    if replayed.wrong or weights is None:
        return replayed
    for one in contributions:
        weight_ppm = weights.weights_ppm[one["feature"]]
        part_ppm = _part(one["value_ppm"], weight_ppm)
        if (one["weight_ppm"], one["contribution_ppm"]) != (weight_ppm, part_ppm):
            return replayed._replace(wrong=one["feature"])
    return replayed


def in_short(score_ppm: int, values_ppm: Mapping[str, int], weights: Weights | None) -> Replayed:
    """Of one that nobody was told of: its values alone are kept."""
    return _replayed(score_ppm, values_ppm, weights)


def _replayed(score_ppm: int, values: Mapping[str, int], weights: Weights | None) -> Replayed:
    if weights is None:
        return Replayed(score_ppm, 0, "weights_version")
    if values.keys() != weights.weights_ppm.keys():
        return Replayed(score_ppm, 0, "features")
    parts = (_part(values[name], weight) for name, weight in weights.weights_ppm.items())
    again_ppm = sum(parts)
    return Replayed(score_ppm, again_ppm, "" if again_ppm == score_ppm else "score")


def _part(value_ppm: int, weight_ppm: int) -> int:
    """As `scoring.contributions` has it."""
    return value_ppm * weight_ppm // FULL_PPM
