"""Files of one JSON object a line, and what of a line can be used."""

import json
import unicodedata
from codecs import BOM_UTF8
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from services.contracts.money import MAX_FEN, parse_amount

# A hundred times the longest notice seen: a file without line feeds must not fill the memory.
LINE_BYTES = 1_000_000


class Unreadable(Exception):
    """A file that is not what it should be; the text names the file, and the line if any."""


class Line(NamedTuple):
    """One object of a file, and where it stands: `path:number`."""

    place: str
    values: dict[str, Any]

    def text(self, name: str, length: int) -> str:
        """A text or number as clean text of at most so many characters; else nothing."""
        value = self.values.get(name)
        is_said = isinstance(value, str | int | float) and not isinstance(value, bool)
        return clean(str(value), length) if is_said else ""

    def day(self, name: str) -> date | None:
        """A calendar day, `YYYY-MM-DD` and whatever follows it; None for anything else."""
        written = self.text(name, 40)[:10]
        try:
            day = date.fromisoformat(written)
        except ValueError:
            return None
        return day if day.isoformat() == written and 2000 <= day.year <= 2100 else None

    def fen(self, name: str) -> int | None:
        """An amount in yuan as whole fen; None for none, zero, and what is no such amount."""
        try:
            fen = parse_amount(self.text(name, 40).replace(",", ""))
        except ValueError:
            return None
        return fen if 0 < fen <= MAX_FEN else None


def lines(path: Path) -> Iterator[Line]:
    """Every line that is not blank. Raises Unreadable."""
    try:
        with path.open("rb") as file:
            number = 0
            while written := file.readline(LINE_BYTES + 1):
                number += 1
                if number == 1:
                    written = written.removeprefix(BOM_UTF8)
                if written.strip():
                    yield _read(f"{path}:{number}", written)
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror}") from error


def clean(text: str, length: int) -> str:
    """Trimmed and cut, without control characters and lone surrogates, which nobody takes."""
    kept = (char for char in text if char in "\n\t" or unicodedata.category(char) not in _NO_TEXT)
    return "".join(kept).strip()[:length].rstrip()


_NO_TEXT = frozenset({"Cc", "Cs"})


def _read(place: str, written: bytes) -> Line:
    if len(written) > LINE_BYTES:
        raise Unreadable(f"{place}: > {LINE_BYTES} bytes")
    try:
        values = json.loads(written.decode("utf-8"))
    except (ValueError, RecursionError) as error:  # no UTF-8 is a ValueError, too
        raise Unreadable(f"{place}: {error}") from error
    if not isinstance(values, dict):
        raise Unreadable(f"{place}: no JSON object")
    return Line(place, values)
