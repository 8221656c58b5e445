"""Texts cut into words, the same way for the index, for a demand and for an explanation."""

import re
from functools import cache, lru_cache
from pathlib import Path
from zlib import crc32

import rjieba

from services.contracts import widths
from services.matching.script import simplified

# Part of the index's stamp: raise it when a change here cuts texts differently.
WORDS_VERSION = 3
WORD_LENGTH = 40  # what a match can show of a word; a longer run is no word in any language
# A demand's first 160 different words tell what it is about; the tail of a long scope is
# boilerplate, and every further word costs the query time.
QUERY_WORDS = 160
REMEMBERED = 65_536  # words judged: the common ones of a market, some 10 MB

_WORD = re.compile(r"\w")
_NUMBER = re.compile(r"(\d{1,2}|19\d\d|20\d\d)([.\-/]\d+)*\Z")  # counts, years, dates: no content


@cache
def stop_words() -> frozenset[str]:
    """Words that say nothing of what is wanted: function words and the formulas of notices."""
    listed = Path(__file__).with_name("stopwords.txt").read_text(encoding="utf-8")
    lines = [line for line in listed.splitlines() if not line.startswith("#")]
    return frozenset(" ".join(lines).split())


def words(text: str) -> list[str]:
    """The content words of a text in order, in lower case, simplified characters, one width."""
    folded = simplified(widths.usual(_whole(text)).lower())
    return [word[:WORD_LENGTH] for word in rjieba.cut_for_search(folded) if _is_content(word)]


def first_words(*texts: str, limit: int = QUERY_WORDS) -> list[str]:
    """The first `limit` different words of the texts, in order."""
    return list(dict.fromkeys(word for text in texts for word in words(text)))[:limit]


def number(word: str) -> int:
    """By which words are kept and compared: of 32 bits.

    Of a market's hundred thousand different words two or three share their number with another,
    which then counts for them.
    """
    return crc32(word.encode())


def _whole(text: str) -> str:
    """A lone surrogate is no character, and the cutter takes none."""
    return text.encode("utf-8", "replace").decode("utf-8")


@lru_cache(REMEMBERED)
def _is_content(word: str) -> bool:
    if not _WORD.search(word) or word in stop_words() or _NUMBER.match(word):
        return False
    return len(word) > 1 or not word.isascii()
