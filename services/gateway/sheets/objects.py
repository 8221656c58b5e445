"""JSON Lines: an object a line, as the API writes it."""

import json
from collections.abc import Iterator
from typing import Any

from services.gateway.sheets.delimited import decoded

Row = dict[str, Any]


def rows(body: bytes) -> Iterator[Row]:
    """A row for each line that is not empty; one that cannot be read says so. Raises Unreadable."""
    for line, text in enumerate(decoded(body).split("\n"), start=1):
        if text.strip():
            yield {"line": line} | _read(text)


def _read(text: str) -> Row:
    try:
        given = json.loads(text, object_pairs_hook=_unique, parse_constant=_refused)
    except (ValueError, RecursionError):
        return {"fault": "row_malformed"}
    return {"given": given} if isinstance(given, dict) else {"fault": "row_not_object"}


def _unique(pairs: list[tuple[str, Any]]) -> Row:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key is given twice")
    return found


def _refused(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")
