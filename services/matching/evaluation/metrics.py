"""Measures of rankings and of who is seen in them. Pure.

`order` is a ranking, best first; `grades` the grades of those that are relevant.
"""

import math
from collections.abc import Mapping, Sequence

from services.matching.spread import coverage, gini, largest_share, seen

__all__ = [
    "coverage", "gini", "largest_share", "ndcg", "recall", "reciprocal_rank", "seen",
]  # fmt: skip

LISTED = 10  # the length of the lists that people read
RECALLED = 50


def ndcg(order: Sequence[int], grades: Mapping[int, int], depth: int = LISTED) -> float:
    """Discounted gain of the first `depth` over the best possible one; gain 2^grade - 1.

    Järvelin and Kekäläinen 2002, with the gain of Burges et al. 2005.
    """
    ideal = _discounted(sorted(grades.values(), reverse=True)[:depth])
    return _discounted([grades.get(one, 0) for one in order[:depth]]) / ideal


def recall(order: Sequence[int], grades: Mapping[int, int], depth: int = RECALLED) -> float:
    """The share of all that are relevant within the first `depth`."""
    return len(grades.keys() & set(order[:depth])) / len(grades)


def reciprocal_rank(order: Sequence[int], grades: Mapping[int, int]) -> float:
    """One over the rank of the first that is relevant; 0 where none is ranked."""
    return next((1 / rank for rank, one in enumerate(order, 1) if one in grades), 0.0)


def _discounted(grades: Sequence[int]) -> float:
    gains = [int(2**grade - 1) for grade in grades]
    return sum(gain / math.log2(place + 2) for place, gain in enumerate(gains))
