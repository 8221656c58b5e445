"""BM25 over documents that grow, for the yardstick: apart from the index that serves."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from services.matching.evaluation.arrays import Floats

# The usual constants (Robertson and Zaragoza 2009).
SATURATION, LENGTH_SHARE = 1.2, 0.75


class Documents:
    """So many of them, by place; empty at first."""

    def __init__(self, count: int) -> None:
        self._counts: dict[str, Counter[int]] = defaultdict(Counter)
        self._lengths = np.zeros(count)

    def add(self, place: int, words: Sequence[str]) -> None:
        """These words more, in the document of that place."""
        self._lengths[place] += len(words)
        for word in words:
            self._counts[word][place] += 1

    def scores(self, terms: Iterable[str]) -> Floats:
        """Of every document, for these different words."""
        average = max(float(self._lengths.mean()), 1e-9)  # all of them may be empty
        share = 1 - LENGTH_SHARE + LENGTH_SHARE * self._lengths / average
        found = np.zeros(len(self._lengths))
        for term in terms:
            if counts := self._counts.get(term):
                places = np.fromiter(counts.keys(), np.int64, len(counts))
                times = np.fromiter(counts.values(), float, len(counts))
                worth = self._rarity(len(counts)) * (SATURATION + 1)
                found[places] += worth * times / (times + SATURATION * share[places])
        return found

    def _rarity(self, documents: int) -> float:
        return math.log(1 + (len(self._lengths) - documents + 0.5) / (documents + 0.5))
