"""Search by marks: whole numbers that stand for what a document says, looked up in one index.

Two characters that follow each other are a mark, so that Chinese is found without knowing its
words; so are a party, a kind and an audience. What the marks find is compared with the words.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise
from uuid import UUID

LETTERS = 2  # in a mark; a word that is asked for has at least as many
MAX_WORDS = 5  # of one question
MAX_LENGTH = 60  # of one question, in characters
MAX_MARKS = 400  # of the words of one document: a title of 200 characters and three long names
KNOWN = 5_000  # titles and parties whose marks are remembered; some 5 MB
# The last digits of a number from the third on: those before are alike in a whole year.
FIRST_DIGITS = 3

_NUMBER = re.compile(r"qf-[a-z]-[0-9]{4}-[0-9]{3,20}")
_BITS = 60  # of a bigint, below those that say of which sort a mark is
_PARTY, _NAMED = 1 << _BITS, 2 << _BITS
_CHARACTER_BITS = 21
_SEPARATOR = "\n"


def normal(text: str) -> str:
    """Alike whatever its width and case: `ＡＢＣ` is `abc`."""
    return unicodedata.normalize("NFKC", text).lower()


@lru_cache(KNOWN)
def words_of(names: tuple[str, ...]) -> str:
    """What a question is compared with: the number, then each name on a line of its own."""
    return _SEPARATOR.join(normal(name.replace(_SEPARATOR, " ")) for name in names)


def of_words(words: str) -> tuple[int, ...]:
    """All marks of a document's words: of its names, and of its number and those it refers to."""
    number, *names = words.split(_SEPARATOR)
    numbers = [number, *filter(_NUMBER.fullmatch, names)]
    found = dict.fromkeys(mark for name in names for mark in _letters(name))
    return (*list(found)[:MAX_MARKS], *(mark for one in numbers for mark in of_number(one)))


def of_number(number: str) -> Iterator[int]:
    """A mark of each of its beginnings that somebody may have typed so far."""
    stem = len(number) - len(number.rpartition("-")[2]) + FIRST_DIGITS
    return (named("number", number[:end]) for end in range(stem, len(number) + 1))


@lru_cache(KNOWN)
def of_party(id: str) -> int:
    """The mark of an organisation: 60 bits of its id."""
    return _PARTY | (UUID(id).int & (_PARTY - 1))


@lru_cache(KNOWN)
def named(sort: str, name: str) -> int:
    """The mark of an audience, a kind, a facet, a number."""
    digest = blake2b(f"{sort}:{name}".encode(), digest_size=8).digest()
    return _NAMED | (int.from_bytes(digest, "big") & (_PARTY - 1))


def asked(question: str) -> tuple[list[int], list[str]]:
    """The marks that an answer has, and the LIKE patterns that its words match, all of them.

    Raises ValueError for a question without a word, of a word too short, or of too many.
    """
    words = normal(question).split()
    if not 0 < len(words) <= MAX_WORDS or min(map(len, words)) < LETTERS:
        raise ValueError("not a question")
    marks = [mark for word in words for mark in _asked(word)]
    return marks, [_pattern(word) for word in words]


def _asked(word: str) -> Iterable[int]:
    """A number is known by how it begins, anything else by what it has wherever it stands."""
    if not word.startswith("qf-"):
        return _letters(word)
    return [named("number", word)] if _NUMBER.fullmatch(word) else []


def _pattern(word: str) -> str:
    escaped = re.sub(r"([\\%_])", r"\\\1", word)
    return f"%{escaped}%"


def _letters(line: str) -> list[int]:
    """A mark for every two characters, none of which is a space."""
    return [
        ord(first) << _CHARACTER_BITS | ord(second)
        for first, second in pairwise(line)
        if not (first.isspace() or second.isspace())
    ]
