"""Known phrases found in a text of any script, the longest first, in one pass."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

SHORTEST = 2  # characters; one alone says nothing
LONGEST = 60  # no phrase that people write is longer; bounds what is compared at one place

# Where scripts have letters of several widths or cases, and signs that stand between words. A
# character becomes one character, never more, so that a place in the folded text is the same
# place in the text as it was written.
_FOLDED = (range(0x0020, 0x0530), range(0x2E80, 0x3001), range(0xF900, 0xFB00),
           range(0xFF01, 0xFFEF))  # fmt: skip
_SPACES = "\t\r\n\v\f\u00a0\u3000-_‐‑‒–"
# English forms a plural, Chinese words follow each other without a space.
_ENDS = re.compile(r"(?:e?s)?(?![a-z0-9])")


def _folded(code: int) -> int:
    one = unicodedata.normalize("NFKC", chr(code)).lower()
    return ord(one) if len(one) == 1 else code


_FOLD = {
    **{code: folded for code in chain(*_FOLDED) if (folded := _folded(code)) != code},
    **{ord(sign): ord(" ") for sign in _SPACES},
}


def fold(text: str) -> str:
    """Lower case, half width, a space for a hyphen or a line break; as long as the text."""
    return text.translate(_FOLD)


class Found(NamedTuple):
    """A phrase, as it was given, and where it stands: `text[start:end]` is its spelling there."""

    phrase: str
    start: int
    end: int


class Phrases:
    """A set of phrases that differ when folded, each between SHORTEST and LONGEST long.

    Raises ValueError for others, so that a list with a slip is not loaded.
    """

    def __init__(self, phrases: Iterable[str]) -> None:
        self._known: dict[str, str] = {}
        lengths: defaultdict[str, set[int]] = defaultdict(set)
        for phrase in phrases:
            folded = fold(phrase)
            if folded in self._known or not SHORTEST <= len(folded) <= LONGEST:
                raise ValueError(f"twice, too short or too long: {phrase}")
            self._known[folded] = phrase
            lengths[folded[:SHORTEST]].add(len(folded))
        self._lengths = {
            start: tuple(sorted(found, reverse=True)) for start, found in lengths.items()
        }

    def find(self, text: str) -> Iterator[Found]:
        """What stands in the text, in order and apart; at one place the longest.

        Takes time in proportion to the text: at each place at most as many comparisons as phrases
        that begin alike have lengths, none beyond LONGEST.
        """
        folded, place = fold(text), 0
        while place < len(folded):
            end = self._end_at(folded, place)
            if end:
                yield Found(self._known[folded[place:end]], place, end)
            place = end or place + 1

    def _end_at(self, folded: str, place: int) -> int:
        """Where the longest phrase that begins at `place` ends; 0 where none does."""
        for length in self._lengths.get(folded[place : place + SHORTEST], ()):
            end = place + length
            is_known = end <= len(folded) and folded[place:end] in self._known
            if is_known and _stands_alone(folded, place, end):
                return end
        return 0


def _stands_alone(folded: str, start: int, end: int) -> bool:
    """Whether a phrase in Latin letters is not a part of a longer word."""
    if start and _is_latin(folded[start]) and _is_latin(folded[start - 1]):
        return False
    return not _is_latin(folded[end - 1]) or bool(_ENDS.match(folded, end))


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()
