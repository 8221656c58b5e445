"""Notifications 消息: what others did that concerns the caller, newest first.

They are the rows of the feed for the caller's organisation and its roles: what is told to everybody
concerns nobody in particular. Nothing is written for them; how far a person has read is one number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.contracts.actor import Actor
from services.gateway.readmodel import audiences, feed, timeline

PAGE_ITEMS = 20
MAX_PAGE_ITEMS = 50  # each may be about a document of 120 kB, which is looked through for its title
MAX_COUNTED = 99
# Rows of an audience that one page looks through: of a person who does much, most are its own. The
# page then ends early, with a cursor to go on from.
MAX_SCANNED = 1_000

# Backwards by the index of audience and position, and no further than the page needs: the inner
# LIMIT bounds the walk, the outer one ends it. What somebody did is not news to that person; of
# facts from before anybody's name was kept, not to the own organisation.
_NEWEST = text(
    """
    SELECT own.*
    FROM unnest(CAST(:mine AS text[])) WITH ORDINALITY AS held(audience, rank)
    CROSS JOIN LATERAL (
        SELECT walked.* FROM (
            SELECT feed.* FROM feed
            WHERE feed.audience = held.audience AND position < :before AND position > :above
            ORDER BY position DESC LIMIT :scanned
        ) AS walked
        WHERE NOT (actor_party IS NOT DISTINCT FROM CAST(:party AS uuid)
                   AND coalesce(actor_user, :person) = :person)
          AND NOT EXISTS (
            SELECT FROM feed AS same
            WHERE same.event_id = walked.event_id
              AND same.audience = ANY((CAST(:mine AS text[]))[1:rank - 1]))
        ORDER BY position DESC LIMIT :limit
    ) AS own
    ORDER BY position DESC LIMIT :limit
    """
)
# Where the walk ended of an audience that has more; what lies below it was not looked at.
_FLOOR = text(
    """
    SELECT max(last.position)
    FROM unnest(CAST(:mine AS text[])) AS held(audience)
    CROSS JOIN LATERAL (
        SELECT position FROM feed
        WHERE feed.audience = held.audience AND position < :before AND position > :above
        ORDER BY position DESC OFFSET :scanned - 1 LIMIT 1
    ) AS last
    """
)
_MARK = text("SELECT position FROM notification_marks WHERE user_id = CAST(:person AS uuid)")

# What a thing is called in a list; the first that is there.
TITLES = ("title", "demand_title", "name", "applicant_name", "supplier_name", "bank_name")


@dataclass(frozen=True)
class Unread:
    """How many, counted up to MAX_COUNTED, and the position of the newest of them."""

    count: int
    is_more: bool
    newest: int | None


def page(
    session: Session, actor: Actor, before: int, limit: int, *, unread: bool
) -> tuple[list[dict[str, Any]], int | None]:
    """At most `limit` items before a position, newest first, and the position to go on from."""
    read = mark(session, actor.user_id)
    rows, following = _walk(session, actor, before, read if unread else 0, limit)
    documents = timeline.documents(session, rows, audiences.mine(actor))
    items = [_item(row, documents.get(timeline.key(row), {}), read) for row in rows]
    return items, following


def unread(session: Session, actor: Actor) -> Unread:
    """Of the newest MAX_SCANNED facts of each audience."""
    read = mark(session, actor.user_id)
    given = _given(actor, feed.MAX_POSITION, read, MAX_COUNTED + 1)
    positions = [row.position for row in session.execute(_NEWEST, given)]
    is_more = len(positions) > MAX_COUNTED
    return Unread(min(len(positions), MAX_COUNTED), is_more, positions[0] if positions else None)


def mark(session: Session, user_id: str) -> int:
    """Up to which position this person has read."""
    return session.scalar(_MARK, {"person": user_id}) or 0


def _walk(
    session: Session, actor: Actor, before: int, above: int, limit: int
) -> tuple[list[Any], int | None]:
    """Nothing below the highest floor: of that audience the rows there were not looked at."""
    given = _given(actor, before, above, limit)
    rows = list(session.execute(_NEWEST, given))
    is_whole = len(rows) == limit and len(given["mine"]) == 1
    floor = None if is_whole else session.scalar(_FLOOR, given)
    shown = [row for row in rows if floor is None or row.position >= floor]
    return shown, shown[-1].position if len(shown) == limit else floor


def _given(actor: Actor, before: int, above: int, limit: int) -> dict[str, Any]:
    mine: Sequence[str] = [name for name in audiences.mine(actor) if name != audiences.PUBLIC]
    return {
        "mine": mine,
        "party": actor.party_id,
        "person": actor.user_id,
        "before": before,
        "above": above,
        "limit": limit,
        "scanned": MAX_SCANNED,
    }


def _item(row: Any, document: dict[str, Any], read: int) -> dict[str, Any]:
    """Of what the caller sees no more, only what the feed tells of it."""
    return {
        "position": row.position,
        "event_id": str(row.event_id),
        "type": row.type,
        "kind": row.kind,
        "resource_id": str(row.resource_id),
        "number": document.get("number"),
        "title": next((document[name] for name in TITLES if document.get(name)), None),
        "thread_id": row.thread_id and str(row.thread_id),
        "occurred_at": row.occurred_at.isoformat(),
        "actor": feed.actor(row),
        "state": document.get("state"),
        "amount": timeline.amount_of(document),
        "is_read": row.position <= read,
    }
