"""Measures of rankings and of who is seen in them. Pure.

`order` is a ranking, best first; `grades` the grades of those that are relevant.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

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


def seen(lists: Iterable[Sequence[int]]) -> Counter[int]:
    """In how many of the lists each one is."""
    return Counter(one for listed in lists for one in set(listed))


def largest_share(counts: Mapping[int, int], lists: int) -> float:
    """The share of the lists that the one most often seen is in."""
    return max(counts.values(), default=0) / lists


def coverage(counts: Mapping[int, int], everybody: int) -> float:
    """The share of everybody that is in a list at all."""
    return len(counts) / everybody


def gini(counts: Mapping[int, int], everybody: int) -> float:
    """How unevenly lists are shared: 0 all alike, towards 1 all to one. Those never seen count.

    By ranks in ascending order: 2 * sum(rank * count) / (n * sum(count)) - (n + 1) / n.
    """
    ascending = np.sort(np.array([*counts.values(), *[0] * (everybody - len(counts))], float))
    total = float(ascending.sum())
    if not total:
        return 0.0
    ranked = float(np.arange(1, everybody + 1) @ ascending)
    return 2 * ranked / (everybody * total) - (everybody + 1) / everybody


def _discounted(grades: Sequence[int]) -> float:
    gains = [int(2**grade - 1) for grade in grades]
    return sum(gain / math.log2(place + 2) for place, gain in enumerate(gains))
