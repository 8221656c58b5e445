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
    # A number that says nothing: there is always one to look for.
    pairs = sorted({0: 0.0, **worth}.items())
    numbers, each = zip(*pairs, strict=True)
    return Rarity(np.array(numbers, np.uint32), np.array(each))


class Shared(NamedTuple):
    """Each word that a text shares with the demand: which text, where in it, and what it says."""

    texts: Ints
    places: Ints
    worth: Floats


def shared(numbers: Values, ends: Ints, words: Rarity) -> Shared:
    """Of texts that stand end to end: the numbers of their words, and where each text ends."""
    # Of hundreds of texts few words are shared: most are told by a part of their number.
    is_likely = np.zeros(_PARTS, np.bool_)
    is_likely[words.numbers & _MASK] = True
    (likely,) = np.nonzero(is_likely[numbers & _MASK])
    found = numbers[likely]
    at = np.minimum(np.searchsorted(words.numbers, found), len(words.numbers) - 1)
    worth = np.where(words.numbers[at] == found, words.worth[at], 0.0)
    texts = np.searchsorted(ends, likely, side="right")
    begins = np.concatenate([[0], ends])[texts]
    return Shared(texts, likely - begins, worth)


def bm25(texts: Ints, worth: Floats, counts: Ints, usual_words: int) -> Floats:
    """Of each text, by its shared words; one of `usual_words` is neither long nor short."""
    summed = np.bincount(texts, worth, minlength=len(counts))
    length = counts / usual_words
    found: Floats = summed * (_K1 + 1) / (1 + _K1 * (1 - _B + _B * length))
    return found


def _worth(count: int, supplies: int) -> float:
    return log(1 + (supplies - count + 0.5) / (count + 0.5))
