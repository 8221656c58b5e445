"""The read side: one keyed select for a resource, one index range for a page of a list."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, case, func, literal, select, text, tuple_
from sqlalchemy.orm import Session

from services.contracts.problems import Problem
from services.gateway.readmodel.rendering import MAX_PAGE_BYTES
from services.gateway.tables import VIEWS

PAGE_ITEMS = 50
MAX_CURSOR_LENGTH = 200  # what `write` makes has about 100 characters
MAX_PAGE_ITEMS = 200

# Said once, as text: it is most of what the API does.
_ONE = text(
    """
    SELECT document, etag FROM views
    WHERE kind = :kind AND id = CAST(:id AS uuid) AND audience = ANY(CAST(:mine AS text[]))
    ORDER BY array_position(CAST(:mine AS text[]), audience) LIMIT 1
    """
)


_NOT_WRITTEN_BY_US = (
    binascii.Error, ValueError, TypeError, AttributeError, OverflowError, RecursionError,
)  # fmt: skip


@dataclass(frozen=True)
class Cursor:
    """Where a list goes on: after this item. Opaque to the caller."""

    sort_at: datetime
    id: str

    def write(self) -> str:
        place = json.dumps([self.sort_at.isoformat(), self.id])
        return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")

    @classmethod
    def read(cls, written: str) -> "Cursor":
        """Raises ValueError for anything that `write` has not written."""
        if len(written) > MAX_CURSOR_LENGTH:
            raise ValueError("not a cursor")
        try:
            raw = base64.urlsafe_b64decode(written.encode("ascii") + b"=" * (-len(written) % 4))
            sort_at, id = json.loads(raw)
            return cls(_instant(sort_at), str(UUID(id)))
        except _NOT_WRITTEN_BY_US as error:
            raise ValueError("not a cursor") from error


@dataclass(frozen=True)
class Document:
    """One resource as one audience sees it: JSON text and its entity tag."""

    text: str
    etag: str


def one(session: Session, kind: str, id: str, mine: Sequence[str]) -> Document:
    """The fullest document that the caller may see. Raises Problem("not_found")."""
    row = session.execute(_ONE, {"kind": kind, "id": id, "mine": list(mine)}).first()
    if row is None:
        raise Problem("not_found")
    return Document(row.document, row.etag)


def page(
    session: Session,
    kind: str,
    audience: str,
    *,
    state: str | None,
    thread_id: str | None,
    limit: int,
    cursor: Cursor | None,
) -> tuple[list[str], str | None]:
    """One page of an audience's documents, youngest first, and the cursor of the next or None.

    It ends after `limit` items, or with the one that exceeds MAX_PAGE_BYTES.
    """
    listed = (
        select(VIEWS.c.document, VIEWS.c.sort_at, VIEWS.c.id)
        .where(VIEWS.c.audience == audience, VIEWS.c.kind == kind)
        .order_by(VIEWS.c.sort_at.desc(), VIEWS.c.id.desc())
        .limit(limit + 1)
    )
    rows = session.execute(_measured(_narrowed(listed, state, thread_id, cursor))).all()
    shown = [row for row in rows[:limit] if row.document is not None]
    return [row.document for row in shown], _next(shown) if len(shown) < len(rows) else None


def _measured(listed: Select[Any]) -> Select[Any]:
    """The same rows; those past the bytes of a page without their documents."""
    found = listed.subquery()
    order = (found.c.sort_at.desc(), found.c.id.desc())
    size = func.octet_length(found.c.document)
    before = func.sum(size).over(order_by=order) - size
    document = case((before < MAX_PAGE_BYTES, found.c.document)).label("document")
    return select(document, found.c.sort_at, found.c.id).order_by(*order)


def _narrowed(
    listed: Select[Any], state: str | None, thread_id: str | None, cursor: Cursor | None
) -> Select[Any]:
    if state is not None:
        listed = listed.where(VIEWS.c.state == state)
    if thread_id is not None:
        listed = listed.where(VIEWS.c.thread_id == thread_id)
    if cursor is not None:
        after = tuple_(literal(cursor.sort_at), literal(cursor.id, VIEWS.c.id.type))
        listed = listed.where(tuple_(VIEWS.c.sort_at, VIEWS.c.id) < after)
    return listed


def _next(shown: Sequence[Row[Any]]) -> str:
    return Cursor(shown[-1].sort_at, str(shown[-1].id)).write()


def _instant(written: str) -> datetime:
    """In UTC: PostgreSQL knows no offsets of 16 hours or of fractions of a second."""
    moment = datetime.fromisoformat(written)
    if moment.tzinfo is None:
        raise ValueError("a time without its zone")
    return moment.astimezone(UTC)


def is_uuid(written: str) -> bool:
    """Whether a path's id can be one of ours: canonical, in lower case."""
    try:
        return str(UUID(written)) == written
    except ValueError:
        return False
