"""The words by which a search finds a text: Latin ones whole, Chinese ones as pairs of characters.

PostgreSQL's own parsers take a Chinese sentence for one word, and the extensions that know better
are not installed everywhere. Pairs need none: an array of them under a GIN index finds what
contains them all.
"""

import re
import unicodedata
from collections.abc import Iterator

# Each branch is a plain run of characters: the time is in proportion to the text.
_RUNS = re.compile(r"([0-9a-z]+)|([\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+)")
LONGEST = 40  # characters of a Latin word; a longer one is nothing that people look for
MAX_ASKED = 40  # words of one search; more narrow it no further


def words_of(text: str) -> Iterator[str]:
    """All words of a text, some of them repeatedly."""
    for run in _RUNS.finditer(unicodedata.normalize("NFKC", text).casefold()):
        latin, chinese = run.groups()
        yield from [latin[:LONGEST]] if latin else _pairs(chinese)


def asked(text: str) -> list[str]:
    """What a text must contain to be found, each once; [] for a search that asks for nothing."""
    return list(dict.fromkeys(words_of(text)))[:MAX_ASKED]


def _pairs(run: str) -> list[str]:
    if len(run) == 1:
        return [run]
    return [run[place : place + 2] for place in range(len(run) - 1)]
