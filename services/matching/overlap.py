"""How much of a demand's words stand in short texts, of many supplies at once."""

from collections.abc import Mapping
from math import log
from typing import Any, NamedTuple

import numpy as np

from services.matching.profile import word_number
from services.matching.ragged import Ints, Ragged, Values

Floats = np.ndarray[Any, np.dtype[np.float64]]
# BM25 (Robertson and Zaragoza, 2009) of a text in which every word stands once.
_K1, _B = 1.2, 0.75
_PARTS = 4096


class Rarity(NamedTuple):
    """The numbers of a demand's words, ascending, and how much each of them says."""

    numbers: Values
    worth: Floats


def rarity(frequencies: Mapping[str, int], supplies: int) -> Rarity:
    """By the number of supplies in whose texts each word occurs."""
    worth = {word_number(word): _worth(count, supplies) for word, count in frequencies.items()}
    # A number that says nothing: there is always one to look for.
    pairs = sorted({0: 0.0, **worth}.items())
    numbers, each = zip(*pairs, strict=True)
    return Rarity(np.array(numbers, np.uint32), np.array(each))


def shared(column: Ragged, slots: Ints, words: Rarity, usual_words: int) -> Floats:
    """BM25 of each slot's text; one of `usual_words` is neither long nor short."""
    numbers, owners = column.of(slots)
    # Of hundreds of texts few words are shared: most are told by a part of their number.
    is_likely = np.zeros(_PARTS, np.bool_)
    is_likely[words.numbers % _PARTS] = True
    (likely,) = np.nonzero(is_likely[numbers % _PARTS])
    numbers, owners = numbers[likely], owners[likely]
    place = np.minimum(np.searchsorted(words.numbers, numbers), len(words.numbers) - 1)
    worth = np.where(words.numbers[place] == numbers, words.worth[place], 0.0)
    summed = np.bincount(owners, worth, minlength=len(slots))
    length = column.counts(slots) / usual_words
    found: Floats = summed * (_K1 + 1) / (1 + _K1 * (1 - _B + _B * length))
    return found


def _worth(count: int, supplies: int) -> float:
    """Those that were replaced are counted for a while, so it may be more than there are."""
    return log(1 + (max(supplies - count, 0) + 0.5) / (count + 0.5))
