"""How much of a demand's words stand in short texts, of many supplies at once."""

from collections.abc import Mapping
from math import log
from typing import Any, NamedTuple

import numpy as np

from services.matching.ragged import Ints, Values

Floats = np.ndarray[Any, np.dtype[np.float64]]
# BM25 (Robertson and Zaragoza, 2009) of a text in which every word stands once.
_K1, _B = 1.2, 0.75
_PARTS = 4096


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


def shared(numbers: Values, ends: Ints, words: Rarity, usual_words: int) -> Floats:
    """BM25 of texts that stand end to end: the numbers of their words, and where each text ends.

    One of `usual_words` is neither long nor short.
    """
    # Of hundreds of texts few words are shared: most are told by a part of their number.
    is_likely = np.zeros(_PARTS, np.bool_)
    is_likely[words.numbers % _PARTS] = True
    (likely,) = np.nonzero(is_likely[numbers % _PARTS])
    numbers = numbers[likely]
    place = np.minimum(np.searchsorted(words.numbers, numbers), len(words.numbers) - 1)
    worth = np.where(words.numbers[place] == numbers, words.worth[place], 0.0)
    owners = np.searchsorted(ends, likely, side="right")
    summed = np.bincount(owners, worth, minlength=len(ends))
    length = np.diff(ends, prepend=0) / usual_words
    found: Floats = summed * (_K1 + 1) / (1 + _K1 * (1 - _B + _B * length))
    return found


def _worth(count: int, supplies: int) -> float:
    return log(1 + (supplies - count + 0.5) / (count + 0.5))
