"""Characters of several widths in their usual one (NFKC), in time in proportion to the text."""

import re
import unicodedata
from functools import cache

# Of a run of marks that combine with the letter before them. Unicode's own bound (UAX #15,
# stream-safe text), far above what any language writes. The library puts a run in order in
# quadratic time: twenty thousand take it 0.6 s.
MARKS = 30
_PLANES = 0x20000  # no mark lies beyond them


def usual(text: str) -> str:
    """NFKC of the text, of which longer runs of combining marks are cut short."""
    # A run that is too long has a mark at one of these places: hardly any text has.
    if _mark().search(text[::MARKS]):
        text = _long_run().sub(r"\1", text)
    return unicodedata.normalize("NFKC", text)


@cache
def _mark() -> re.Pattern[str]:
    return re.compile(f"[{_marks()}]")


@cache
def _long_run() -> re.Pattern[str]:
    return re.compile(f"([{_marks()}]{{{MARKS}}})[{_marks()}]+")


@cache
def _marks() -> str:
    return "".join(chr(code) for code in range(_PLANES) if _is_mark(chr(code)))


def _is_mark(char: str) -> bool:
    """Whether nothing but marks is left of it: ﾞ is one, although it stands alone."""
    return all(map(unicodedata.combining, unicodedata.normalize("NFKD", char)))
