"""How a list is sorted, and the place in it after which the next page begins."""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from services.gateway.readmodel.extracts import NEVER

MAX_DIGITS = 16  # of an amount in fen
MAX_CURSOR_LENGTH = 200  # what `write` makes has about 100 characters

NOT_WRITTEN_BY_US = (
    binascii.Error, ValueError, TypeError, AttributeError, OverflowError, RecursionError,
)  # fmt: skip


@dataclass(frozen=True)
class Sort:
    """An order with an index of its own; ties go by the id, in the same direction."""

    name: str
    column: str
    is_descending: bool
    has_none: bool  # whether some kinds have no such column

    @property
    def order(self) -> str:
        """As SQL says it."""
        way = " DESC" if self.is_descending else ""
        return f"{self.column}{way}, id{way}"

    @property
    def beyond(self) -> str:
        """How a row further on compares with one before."""
        return "<" if self.is_descending else ">"


NEWEST = Sort("newest", "sort_at", is_descending=True, has_none=False)
DUE = Sort("due", "due_at", is_descending=False, has_none=True)
AMOUNT = Sort("amount", "amount_fen", is_descending=True, has_none=True)
SORTS = {sort.name: sort for sort in (NEWEST, DUE, AMOUNT)}


@dataclass(frozen=True)
class Place:
    """After this item. Opaque to the caller. `key`: of the column that is sorted by, as text."""

    sort: Sort
    key: str
    id: str

    def write(self) -> str:
        named = [] if self.sort is NEWEST else [self.sort.name]  # as `reads.Cursor` has it
        return written([*named, self.key, self.id])

    @classmethod
    def read(cls, text: str, sort: Sort) -> "Place":
        """Raises ValueError for anything that `write` has not written of a list so sorted."""
        try:
            *named, key, id = unwritten(text)
            if named != ([] if sort is NEWEST else [sort.name]):
                raise ValueError("a cursor of another list")
            return cls(sort, _key(sort, key), str(UUID(id)))
        except NOT_WRITTEN_BY_US as error:
            raise ValueError("not a cursor") from error


def written(place: list[Any]) -> str:
    """A place as its cursor: base64url of JSON."""
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def unwritten(text: str) -> Any:
    """The place. Raises one of NOT_WRITTEN_BY_US."""
    if len(text) > MAX_CURSOR_LENGTH:
        raise ValueError("not a cursor")
    return json.loads(base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4)))


def _key(sort: Sort, text: str) -> str:
    if sort is AMOUNT:
        return str(_fen(text))
    return NEVER if sort is DUE and text == NEVER else instant(text).isoformat()


def _fen(text: str) -> int:
    if len(text) > MAX_DIGITS:
        raise ValueError("more than any amount")
    return int(text)


def instant(text: str) -> datetime:
    """In UTC: PostgreSQL knows no offsets of 16 hours or of fractions of a second."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time without its zone")
    return moment.astimezone(UTC)
