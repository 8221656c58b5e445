"""The numbered feed: every fact once, in one order, to those who may know of it.

A reader goes on from the `next` it was given and misses nothing, however late a transaction
committed: the relay numbers facts only after their commit, one after the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.gateway.readmodel import horizon
from services.gateway.readmodel.rendering import MAX_PAGE_BYTES, to_text

PAGE_ITEMS = 100
MAX_PAGE_ITEMS = 500  # banks pull in batches; items are small, their documents a few kilobytes
MAX_TYPES = 50  # that one reader may ask for; more is the whole feed
MAX_POSITION = 2**63 - 1

# A fact has one row per audience; the caller gets that of the fullest of its audiences. First the
# next rows of all of them, by the index and not more than asked for, then without those that have
# a fuller one: so a page may hold fewer items, and `last` is how far it has come.
# The document is the present one, the fullest of the caller's; there may be none any more.
# Of a reader of few types each type has an index range of its own. Past MAX_PAGE_BYTES the
# documents are left out, and so are their facts: the next page begins there.
_EVERY = "FROM feed WHERE feed.audience = held.audience AND position > :after"
_TYPED = """
            FROM unnest(CAST(:types AS text[])) AS asked(type)
            CROSS JOIN LATERAL (
                SELECT * FROM feed
                WHERE feed.audience = held.audience AND feed.type = asked.type
                  AND position > :after
                ORDER BY position LIMIT :limit
            ) AS feed
"""
_PAGE = """
    WITH found AS MATERIALIZED (
        SELECT own.*, (CAST(:mine AS text[]))[1:rank - 1] AS fuller
        FROM unnest(CAST(:mine AS text[])) WITH ORDINALITY AS held(audience, rank)
        CROSS JOIN LATERAL (
            SELECT feed.* {source}
            ORDER BY position LIMIT :limit
        ) AS own
        ORDER BY position LIMIT :limit
    ), reached AS (
        SELECT CASE WHEN count(*) = :limit THEN max(position)
                    ELSE (SELECT max(position) FROM feed) END AS last,
               coalesce((SELECT position FROM feed_horizon), 0) AS horizon
        FROM found
    ), told AS (
        SELECT found.*, present.document, coalesce(sum(octet_length(present.document)) OVER (
            ORDER BY found.position ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
        FROM found
        LEFT JOIN LATERAL (
            SELECT views.document FROM views
            WHERE views.kind = found.kind AND views.id = found.resource_id
              AND views.audience = ANY(CAST(:mine AS text[]))
            ORDER BY array_position(CAST(:mine AS text[]), views.audience) LIMIT 1
        ) AS present ON true
        WHERE NOT EXISTS (
            SELECT 1 FROM feed
            WHERE feed.event_id = found.event_id AND feed.audience = ANY(found.fuller))
    )
    SELECT told.position, told.event_id, told.type, told.kind, told.resource_id, told.sequence,
           told.thread_id, told.occurred_at, told.business_date, told.actor_party,
           told.actor_name, told.before >= :bytes AS is_beyond, reached.last,
           reached.horizon,
           CASE WHEN told.before < :bytes THEN told.document END AS document
    FROM reached LEFT JOIN told ON true
    ORDER BY told.position
"""
_PAGES = {is_typed: text(_PAGE.format(source=source))
          for is_typed, source in ((False, _EVERY), (True, _TYPED))}  # fmt: skip
_LEFT = """
    SELECT count(DISTINCT own.event_id)
    FROM unnest(CAST(:mine AS text[])) AS held(audience)
    CROSS JOIN LATERAL (SELECT feed.event_id {source} ORDER BY position LIMIT :limit) AS own
"""
_LEFTS = {is_typed: text(_LEFT.format(source=source))
          for is_typed, source in ((False, _EVERY), (True, _TYPED))}  # fmt: skip
_ONE = text(
    """
    SELECT told.*, present.document
    FROM (
        SELECT * FROM feed
        WHERE event_id = CAST(:event_id AS uuid) AND audience = ANY(CAST(:mine AS text[]))
        ORDER BY array_position(CAST(:mine AS text[]), audience) LIMIT 1
    ) AS told
    LEFT JOIN LATERAL (
        SELECT document FROM views
        WHERE views.kind = told.kind AND views.id = told.resource_id
          AND views.audience = ANY(CAST(:mine AS text[]))
        ORDER BY array_position(CAST(:mine AS text[]), views.audience) LIMIT 1
    ) AS present ON true
    """
)
_NEWEST = text("SELECT coalesce(max(position), 0) FROM feed")


@dataclass(frozen=True)
class Row:
    """What the feed holds of a fact for one audience; ids as text."""

    position: int
    event_id: str
    type: str
    kind: str
    resource_id: str
    sequence: int | None
    thread_id: str | None
    occurred_at: datetime
    business_date: date
    actor_party: str | None
    actor_name: str | None


@dataclass(frozen=True)
class Item:
    """One fact as its reader sees it, ready to be sent."""

    position: int
    event_id: str
    type: str
    text: str

    @cached_property
    def sent(self) -> bytes:
        """As a server-sent event. JSON text has no line breaks, so one data line holds it."""
        return f"id: {self.position}\nevent: {self.type}\ndata: {self.text}\n\n".encode()


def page(
    session: Session, mine: Sequence[str], after: int, limit: int, types: Sequence[str] | None
) -> tuple[list[Item], int]:
    """At most `limit` next items after a position, and the position to go on from.

    It ends early with the item that exceeds MAX_PAGE_BYTES. Raises Problem feed_forgotten,
    feed_ahead where the feed does not tell all that came after the position.
    """
    given = {"mine": list(mine), "after": after, "limit": limit, "bytes": MAX_PAGE_BYTES}
    if types:
        given["types"] = sorted(set(types))  # a type named twice would be told twice
    rows = session.execute(_PAGES[bool(types)], given).all()
    horizon.check_within(after, rows[0].horizon, rows[0].last or 0)
    told = [row for row in rows if row.position is not None and not row.is_beyond]
    items = [item(row, row.document) for row in told]
    is_cut = rows[-1].is_beyond is True
    return items, items[-1].position if is_cut else max(after, rows[0].last or 0)


def left(session: Session, mine: Sequence[str], after: int, types: Sequence[str], most: int) -> int:
    """How many facts these audiences are told after a position, counted up to `most`."""
    given = {"mine": list(mine), "after": after, "limit": most}
    if types:
        given["types"] = sorted(set(types))
    return min(most, session.scalar(_LEFTS[bool(types)], given) or 0)


def one(session: Session, mine: Sequence[str], event_id: str) -> Item | None:
    """One fact as these audiences are told of it; None where they are not, or it is forgotten."""
    row = session.execute(_ONE, {"mine": list(mine), "event_id": event_id}).first()
    return item(row, row.document) if row else None


def newest(session: Session) -> int:
    """The position of the latest numbered fact, whoever may see it."""
    return int(session.execute(_NEWEST).scalar_one())


def item(row: Any, document: str | None) -> Item:
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
    body = f'{head[:-1]},"document":{document or "null"}}}'
    return Item(row.position, str(row.event_id), row.type, body)


def actor(row: Any) -> dict[str, Any] | None:
    """Who acted, where the reader may know it."""
    if row.actor_party is None:
        return None
    return {"party_id": str(row.actor_party), "name": row.actor_name}
