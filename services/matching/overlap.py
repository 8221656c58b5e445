"""How much of a demand's words stand in short texts, of many supplies at once."""

from collections.abc import Mapping
from math import log
from typing import Any, NamedTuple

import numpy as np

from services.matching.ragged import Ints, Values

Floats = np.ndarray[Any, np.dtype[np.float64]]
# BM25 (Robertson and Zaragoza, 2009) of a text in which every word stands once.
_K1, _B = 1.2, 0.75
_PARTS = 1 << 16
_MASK = _PARTS - 1


class Rarity(NamedTuple):
    """The numbers of a demand's words, ascending, and how much each of them says."""

    numbers: Values
    worth: Floats


def rarity(counted: Mapping[int, int], supplies: int) -> Rarity:
    """By the number of supplies in which each word occurs."""
    worth = {number: _worth(count, supplies) for number, count in counted.items()}
    numbers = sorted(worth)
    each = [worth[number] for number in numbers]
    return Rarity(np.array(numbers, np.uint32), np.array(each, np.float64))


def found(numbers: Values, words: Values) -> tuple[Ints, Ints]:
    """Each of these numbers that is one of `words`: where it is, and which.

    Of hundreds of texts few words are shared: most are told by a part of their number.
    """
    by_part = np.argsort(words & _MASK, kind="stable")
    words = words[by_part]
    parts = words & _MASK
    first = np.searchsorted(parts, parts)  # of those that share a part
    is_likely, begins = np.zeros(_PARTS, np.bool_), np.zeros(_PARTS, np.int16)
    is_likely[parts], begins[parts] = True, first
    (likely,) = np.nonzero(is_likely.take(numbers & _MASK))
    sought = numbers[likely]
    at = begins.take(sought & _MASK)
    for _ in range(int(np.max(np.arange(len(first)) - first, initial=0))):
        at += words.take(at, mode="clip") != sought
    is_one = words.take(at, mode="clip") == sought
    return likely[is_one], by_part[at[is_one]]


class Shared(NamedTuple):
    """Each word that a text shares with the demand: which text, where in it, and what it says."""

    texts: Ints
    places: Ints
    worth: Floats

    def within(self, begins: Ints, ends: Ints) -> "Shared":
        """Those from there to there in their text, counted from where that begins."""
        begin = begins[self.texts]
        here = (self.places >= begin) & (self.places < ends[self.texts])
        return Shared(self.texts[here], (self.places - begin)[here], self.worth[here])


def shared(numbers: Values, counts: Ints, words: Rarity) -> Shared:
    """Of texts that stand end to end: the numbers of their words, and how many each has."""
    places, which = found(numbers, words.numbers)
    ends = np.cumsum(counts)
    texts = np.searchsorted(ends, places, side="right")
    return Shared(texts, places - (ends - counts)[texts], words.worth[which])


def bm25(texts: Ints, worth: Floats, counts: Ints, usual_words: int) -> Floats:
    """Of each text, by its shared words; one of `usual_words` is neither long nor short."""
    summed = np.bincount(texts, worth, minlength=len(counts))
    length = counts / usual_words
    found: Floats = summed * (_K1 + 1) / (1 + _K1 * (1 - _B + _B * length))
    return found


def _worth(count: int, supplies: int) -> float:
    return log(1 + (supplies - count + 0.5) / (count + 0.5))
