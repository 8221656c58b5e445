"""A file as JSON Lines, a row each, within the bounds of an import."""

import json
from collections.abc import Iterable, Iterator
from math import isfinite
from typing import Any

from services.contracts import cells, sheet
from services.contracts.characters import has_control_characters
from services.contracts.sheet import Column
from services.gateway.sheets import bounds, delimited, objects
from services.gateway.sheets.refusal import Unreadable

Row = dict[str, Any]
MAX_DEPTH = 20  # as of commands


def lines(format: str, target: str, body: bytes) -> Iterator[str]:
    """Raises Unreadable: at once, or while it goes on."""
    if not body.strip():
        raise Unreadable("file_empty")
    found = _rows(format, target, body)
    size = count = 0
    for count, row in enumerate(found, start=1):
        text = _written(row)
        size += len(json.dumps(text))
        if count > bounds.MAX_ROWS:
            raise Unreadable("file_too_many_rows", most=bounds.MAX_ROWS)
        if size > bounds.MAX_MESSAGE_BYTES:
            raise Unreadable("file_too_much")
        yield text
    if not count:
        raise Unreadable("file_empty")


def _rows(format: str, target: str, body: bytes) -> Iterator[Row]:
    if format == "jsonl":
        return objects.rows(body)
    if format == "csv":
        return _of_sheet(delimited.rows(body), target)
    from services.gateway.sheets import workbook  # a library that only its own process needs

    return _of_sheet(workbook.rows(body), target)


def _of_sheet(found: Iterable[tuple[int, list[str]]], target: str) -> Iterator[Row]:
    """The first row that says something has the headings."""
    rows = iter(found)
    headings = next((texts for _, texts in rows), [])
    columns = _columns(headings, target)
    example = cells.read({column: column.example for column in sheet.columns(target)})
    for line, texts in rows:
        given = cells.read(
            {columns[place]: texts[place] for place in columns if place < len(texts)}
        )
        if given and given != example:
            yield {"line": line, "given": given}


def _columns(headings: list[str], target: str) -> dict[int, Column]:
    """By place in a row. Raises Unreadable for a heading that is unknown, doubled or missing."""
    found: dict[int, Column] = {}
    for place, heading in enumerate(headings):
        if not heading:
            continue
        column = sheet.named(heading, target)
        if column is None:
            raise Unreadable("heading_unknown", heading=heading[:40])
        if column in found.values():
            raise Unreadable("heading_twice", heading=column.heading)
        found[place] = column
    for column in sheet.columns(target):
        if column.is_required and column not in found.values():
            raise Unreadable("heading_missing", heading=column.heading)
    return found


def _written(row: Row) -> str:
    """On one line. What nobody could keep, or go through, is left out, and said to be so."""
    if fault := _fault(row):
        row = {"line": row["line"], "fault": fault}
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"))


def _fault(row: Row) -> str | None:
    """The code of why the row cannot be taken; None when it can."""
    for count, (value, depth) in enumerate(_values(row, 0)):
        if count > bounds.ROW_VALUES or _is_long(value):
            return "row_too_much"
        if depth > MAX_DEPTH or not _is_storable(value):
            return "row_unstorable"
    return None


def _values(value: Any, depth: int) -> Iterator[tuple[Any, int]]:
    """It and all that is in it, no deeper than one step beyond what is allowed."""
    yield value, depth
    inner = value.values() if isinstance(value, dict) else value
    if isinstance(inner, str | int | float | None) or depth > MAX_DEPTH:
        return
    for one in inner:
        yield from _values(one, depth + 1)


def _is_long(value: Any) -> bool:
    return isinstance(value, str) and len(value) > bounds.CELL_CHARACTERS


def _is_storable(value: Any) -> bool:
    """Neither control characters nor numbers without end.

    A database writes 1e300 out with all of its zeros, fifty times what was sent.
    """
    match value:
        case str():
            return not has_control_characters(value)
        case float():
            return isfinite(value) and "e" not in repr(value)
        case dict():
            return not any(map(has_control_characters, value))
    return True
