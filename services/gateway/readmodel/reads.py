"""The read side: one keyed select for a resource, one index range for a page of a list."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product
from uuid import UUID

from services.contracts.problems import Problem
from services.gateway.readmodel.rendering import MAX_PAGE_BYTES
from services.messaging import Prepared, Reader
from services.messaging.reader import Row

PAGE_ITEMS = 50
MAX_CURSOR_LENGTH = 200  # what `write` makes has about 100 characters
MAX_PAGE_ITEMS = 200

_ONE = Prepared(
    "one_view",
    ("text", "uuid", "text[]"),
    """
    SELECT document, etag FROM views WHERE kind = $1 AND id = $2 AND audience = ANY($3)
    ORDER BY array_position($3, audience) LIMIT 1
    """,
)
# Documents past the bytes of a page are left out. One statement per set of filters, so that each
# goes by the index that fits it.
_LISTED = """
    SELECT CASE WHEN before < $8 THEN document END, sort_at::text AS at, id::text AS key
    FROM (
        SELECT document, sort_at, id,
               sum(octet_length(document)) OVER (ORDER BY sort_at DESC, id DESC)
               - octet_length(document) AS before
        FROM (
            SELECT document, sort_at, id FROM views WHERE audience = $1 AND kind = $2 {narrowed}
            ORDER BY sort_at DESC, id DESC LIMIT $3
        ) AS listed
    ) AS measured
    ORDER BY sort_at DESC, id DESC
"""

NOT_WRITTEN_BY_US = (
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
            return cls(instant(sort_at), str(UUID(id)))
        except NOT_WRITTEN_BY_US as error:
            raise ValueError("not a cursor") from error


@dataclass(frozen=True)
class Document:
    """One resource as one audience sees it: JSON text and its entity tag."""

    text: str
    etag: str


def one(reader: Reader, kind: str, id: str, mine: Sequence[str]) -> Document:
    """The fullest document that the caller may see. Raises Problem("not_found")."""
    row = reader.row(_ONE, (kind, id, list(mine)))
    if row is None:
        raise Problem("not_found")
    return Document(*row)


def page(
    reader: Reader,
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
    statement = _LISTS[state is not None, thread_id is not None, cursor is not None]
    after = (cursor.sort_at, cursor.id) if cursor else (None, None)
    given = (audience, kind, limit + 1, state, thread_id, *after, MAX_PAGE_BYTES)
    rows = reader.rows(statement, given)
    shown = [row for row in rows[:limit] if row[0] is not None]
    return [row[0] for row in shown], _next(shown[-1]) if len(shown) < len(rows) else None


def _listing(by_state: bool, of_thread: bool, after: bool) -> Prepared:
    filters = ((by_state, "AND state = $4"), (of_thread, "AND thread_id = $5"),
               (after, "AND (sort_at, id) < ($6, $7)"))  # fmt: skip
    narrowed = " ".join(sql for wanted, sql in filters if wanted)
    name = f"views_{by_state:d}{of_thread:d}{after:d}"
    types = ("text", "text", "int", "text", "uuid", "timestamptz", "uuid", "bigint")
    return Prepared(name, types, _LISTED.format(narrowed=narrowed))


def _next(last: Row) -> str:
    return Cursor(datetime.fromisoformat(last[1]), last[2]).write()


_LISTS = {filters: _listing(*filters) for filters in product((False, True), repeat=3)}


def instant(written: str) -> datetime:
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
