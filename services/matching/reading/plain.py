"""A text in the one form that is read, every character at the place where it stood.

Full-width, traditional and capital forms become the usual ones, one character for one, so that a
place in what is read is the same place in what was written.
"""

import unicodedata
from functools import cache
from typing import NamedTuple

from proces import preprocess

from services.contracts.fields import TEXT_LENGTH

# The contract takes no longer texts, and longer ones repeat their boilerplate: what is said of a
# deal stands at the front. It also bounds the time that any input can cost.
READ_CHARACTERS = TEXT_LENGTH
REMEMBERED = 0x10000  # the Basic Multilingual Plane, some 6 MB once all of it was met

# Marks that only set a value off (预算为【80】万元) read as a blank; what `proces` lacks is added.
_OWN = {
    "【": " ", "】": " ", "[": " ", "]": " ", "〔": "(", "〕": ")", "\t": " ", "\r": "\n",
    "○": "〇", "臺": "台", "裡": "里", "—": "-", "–": "-", "−": "-", "∼": "~", "〜": "~",
}  # fmt: skip
_HAN = range(0x3400, 0xA000)


class Plain(NamedTuple):
    """`text` as it is read and `written` as it was given, of the title or the text of a demand."""

    source: str
    text: str
    written: str

    @property
    def is_whole(self) -> bool:
        return len(self.text) == len(self.written)


class _Forms(dict[int, str]):
    """The plain form of each character, filled as characters are met."""

    def __missing__(self, code: int) -> str:
        form = _form(chr(code))
        if code < REMEMBERED:
            self[code] = form
        return form


_FORMS = _Forms()


def plain(source: str, text: str) -> Plain:
    """The first `READ_CHARACTERS` of a text in plain form; never longer or shorter than they."""
    return Plain(source, in_plain_form(text[:READ_CHARACTERS]), text)


def in_plain_form(text: str) -> str:
    """The text, character for character, as it is read."""
    return text.translate(_FORMS)


def _form(char: str) -> str:
    """One character for one: forms that would take more (㎡, ⑩, İ) stay as they are.

    A lone surrogate is no character, and the cutter of words takes none.
    """
    if unicodedata.category(char) == "Cs":
        return "\N{REPLACEMENT CHARACTER}"
    folded = _single(unicodedata.normalize("NFKC", char), char)
    lower = _single(folded.lower(), folded)
    return _OWN.get(lower) or _simplified().get(lower, lower)


def _single(form: str, otherwise: str) -> str:
    return form if len(form) == 1 else otherwise


@cache
def _simplified() -> dict[str, str]:
    """Traditional characters with their simplified form."""
    han = "".join(map(chr, _HAN))
    forms: str = preprocess(han, pipelines=["traditional_to_simplified"])
    return {old: new for old, new in zip(han, forms, strict=True) if old != new}
