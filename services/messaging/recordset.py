"""Many rows as one parameter: a statement that is the same, however many rows it is given.

A parameter per value costs more to render than the rows cost to write, and a statement whose text
changes with the number of rows is compiled anew each time.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Column, Table, TextClause, text
from sqlalchemy.dialects import postgresql

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]


def recordset(columns: Sequence[Column[Any]], parameter: str = "rows") -> str:
    """SQL for FROM: the rows of `:rows`, a text by `to_rows`, with the columns' names and types."""
    typed = ", ".join(f"{column.name} {column.type.compile(_DIALECT)}" for column in columns)
    return f"json_to_recordset(CAST(:{parameter} AS json)) AS row ({typed})"


@cache
def insertion(table: Table) -> TextClause:
    """INSERT of the rows of `:rows` into all columns of the table, whatever their number."""
    names = ", ".join(column.name for column in table.columns)
    rows = recordset(table.columns.values())
    return text(f"INSERT INTO {table.name} ({names}) SELECT * FROM {rows}")  # noqa: S608  our own


def to_rows(rows: Iterable[dict[str, Any]]) -> str:
    """What the parameter of a `recordset` holds."""
    return json.dumps(list(rows), ensure_ascii=False, separators=(",", ":"), default=_as_text)


def _as_text(value: Any) -> str:
    if isinstance(value, date):  # a moment is one too
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")
