"""The numbered feed: every fact once, in one order, to those who may know of it.

A reader goes on from the `next` it was given and misses nothing, however late a transaction
committed: the relay numbers facts only after their commit, one after the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from services.gateway.readmodel.rendering import to_text

PAGE_ITEMS = 100
MAX_PAGE_ITEMS = 500  # banks pull in batches; items are small, their documents a few kilobytes
MAX_POSITION = 2**63 - 1

# A fact has one row per audience; the caller gets that of the fullest of its audiences. First the
# next rows of all of them, by the index and not more than asked for, then without those that have
# a fuller one: so a page may hold fewer items, and `last` is how far it has come.
# The document is the present one, the fullest of the caller's; there may be none any more.
_PAGE = text(
    """
    WITH found AS MATERIALIZED (
        SELECT own.*, (CAST(:mine AS text[]))[1:rank - 1] AS fuller
        FROM unnest(CAST(:mine AS text[])) WITH ORDINALITY AS held(audience, rank)
        CROSS JOIN LATERAL (
            SELECT * FROM feed
            WHERE feed.audience = held.audience AND position > :after
              AND (:every OR type = ANY(CAST(:types AS text[])))
            ORDER BY position LIMIT :limit
        ) AS own
        ORDER BY position LIMIT :limit
    ), reached AS (
        SELECT CASE WHEN count(*) = :limit THEN max(position)
                    ELSE (SELECT max(position) FROM feed) END AS last
        FROM found
    )
    SELECT told.*, present.document, reached.last
    FROM reached
    LEFT JOIN found AS told ON NOT EXISTS (
        SELECT 1 FROM feed
        WHERE feed.event_id = told.event_id AND feed.audience = ANY(told.fuller))
    LEFT JOIN LATERAL (
        SELECT views.document FROM views
        WHERE views.kind = told.kind AND views.id = told.resource_id
          AND views.audience = ANY(CAST(:mine AS text[]))
        ORDER BY array_position(CAST(:mine AS text[]), views.audience) LIMIT 1
    ) AS present ON true
    ORDER BY told.position
    """
)
_NEWEST = text("SELECT coalesce(max(position), 0) FROM feed")


@dataclass(frozen=True)
class Item:
    """One fact as its reader sees it, ready to be sent."""

    position: int
    event_id: str
    type: str
    text: str


def page(
    session: Session, mine: Sequence[str], after: int, limit: int, types: Sequence[str] | None
) -> tuple[list[Item], int]:
    """At most `limit` next items after a position, and the position to go on from."""
    given = {
        "mine": list(mine),
        "after": after,
        "limit": limit,
        "every": not types,
        "types": list(types or ()),
    }
    rows = session.execute(_PAGE, given).all()
    items = [item(row) for row in rows if row.position is not None]
    return items, max(after, rows[0].last or 0)


def newest(session: Session) -> int:
    """The position of the latest numbered fact, whoever may see it."""
    return int(session.execute(_NEWEST).scalar_one())


def item(row: Row[Any]) -> Item:
    """The document is spliced in as the text that it is stored as."""
    head = to_text(
        {
            "position": row.position,
            "id": str(row.event_id),
            "type": row.type,
            "kind": row.kind,
            "resource_id": str(row.resource_id),
            "sequence": row.sequence,
            "thread_id": row.thread_id and str(row.thread_id),
            "occurred_at": row.occurred_at.isoformat(),
            "business_date": row.business_date.isoformat(),
            "actor": actor(row),
        }
    )
    body = f'{head[:-1]},"document":{row.document or "null"}}}'
    return Item(row.position, str(row.event_id), row.type, body)


def actor(row: Row[Any]) -> dict[str, Any] | None:
    """Who acted, where the reader may know it."""
    if row.actor_party is None:
        return None
    return {"party_id": str(row.actor_party), "name": row.actor_name}
