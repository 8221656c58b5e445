"""Public demands with their buyers, for the open data: by cursor, or one by its number."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from services.gateway.readmodel.reads import Cursor
from services.gateway.readmodel.rendering import MAX_PAGE_BYTES
from services.messaging import Prepared, Reader
from services.messaging.reader import Row

PAGE_ITEMS, MAX_PAGE_ITEMS = 50, 100
# Beyond what any timestamp of the platform is: an end that is left open.
EARLIEST, LATEST = datetime(1999, 1, 1, tzinfo=UTC), datetime(2102, 1, 1, tzinfo=UTC)
_BEFORE_ALL = Cursor(LATEST, "ffffffff-ffff-ffff-ffff-ffffffffffff")


@dataclass(frozen=True)
class Published:
    """A demand and its buyer as everybody sees them; `changed_at` in UTC, RFC 3339."""

    demand: Mapping[str, Any]
    buyer: Mapping[str, Any]
    etag: str
    changed_at: str


def page(
    reader: Reader, start: datetime | None, end: datetime | None, cursor: Cursor | None, limit: int
) -> tuple[list[Published], Cursor | None]:
    """Published from `start` and before `end`, the newest first; where the next page begins."""
    after = cursor or _BEFORE_ALL
    given = (limit + 1, start or EARLIEST, end or LATEST, after.sort_at, after.id, MAX_PAGE_BYTES)
    rows = reader.rows(_PAGE, given)
    kept = [row for row in rows[:limit] if row[0] is not None]
    is_last = len(kept) == len(rows)
    following = None if is_last else Cursor(datetime.fromisoformat(kept[-1][4]), kept[-1][5])
    return [_published(row) for row in kept], following


def one(reader: Reader, number: str) -> Published | None:
    """The demand with this number, if everybody may see it."""
    row = reader.row(_ONE, (number,))
    return None if row is None else _published(row)


def _published(row: Row) -> Published:
    moment = datetime.fromisoformat(row[3]).astimezone(UTC)
    buyer = {} if row[1] is None else json.loads(row[1])
    return Published(json.loads(row[0]), buyer, row[2], moment.isoformat(timespec="seconds"))


# Documents past the bytes of a page are left out, as in other lists.
_PAGE = Prepared(
    "ocds_page",
    ("int", "timestamptz", "timestamptz", "timestamptz", "uuid", "bigint"),
    """
    SELECT CASE WHEN before < $6 THEN document END, buyer, etag, changed_at, at, key
    FROM (
        SELECT views.document, buyer.document AS buyer, entry.etag, entry.changed_at::text,
               entry.sort_at, entry.sort_at::text AS at, entry.id::text AS key,
               sum(octet_length(views.document)) OVER listed - octet_length(views.document)
                   AS before
        FROM (
            SELECT id, owner_id, etag, changed_at, sort_at FROM public_entries
            WHERE kind = 'demand' AND sort_at >= $2 AND sort_at < $3 AND (sort_at, id) < ($4, $5)
            ORDER BY sort_at DESC, id DESC LIMIT $1
        ) AS entry
        JOIN views ON views.kind = 'demand' AND views.id = entry.id AND views.audience = 'public'
        LEFT JOIN views AS buyer ON buyer.kind = 'party' AND buyer.id = entry.owner_id
             AND buyer.audience = 'public'
        WINDOW listed AS (ORDER BY entry.sort_at DESC, entry.id DESC)
    ) AS measured
    ORDER BY sort_at DESC, key DESC
    """,
)
_ONE = Prepared(
    "ocds_one",
    ("text",),
    """
    SELECT views.document, buyer.document, entry.etag, entry.changed_at::text
    FROM public_entries AS entry
    JOIN views ON views.kind = 'demand' AND views.id = entry.id AND views.audience = 'public'
    LEFT JOIN views AS buyer ON buyer.kind = 'party' AND buyer.id = entry.owner_id
         AND buyer.audience = 'public'
    WHERE entry.number = $1 AND entry.kind = 'demand' LIMIT 1
    """,
)
