"""How places in lists are shared among suppliers. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

import numpy as np

One = TypeVar("One")


def seen(lists: Iterable[Sequence[One]]) -> Counter[One]:
    """In how many of the lists each one is."""
    return Counter(one for listed in lists for one in set(listed))


def largest_share(counts: Mapping[One, int], lists: int) -> float:
    """The share of the lists that the one most often seen is in; of no lists none."""
    return max(counts.values(), default=0) / max(lists, 1)


def coverage(counts: Mapping[One, int], everybody: int) -> float:
    """The share of everybody that is in a list at all."""
    return len(counts) / max(everybody, 1)


def gini(counts: Mapping[One, int], everybody: int) -> float:
    """How unevenly lists are shared: 0 all alike, towards 1 all to one. Those never seen count.

    By ranks in ascending order: 2 * sum(rank * count) / (n * sum(count)) - (n + 1) / n.
    """
    ascending = np.sort(np.array([*counts.values(), *[0] * (everybody - len(counts))], float))
    total = float(ascending.sum())
    if not total:
        return 0.0
    ranked = float(np.arange(1, everybody + 1) @ ascending)
    return 2 * ranked / (everybody * total) - (everybody + 1) / everybody
