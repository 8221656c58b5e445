"""Notifications 消息: what others did that concerns the caller, newest first.

They are the rows of the feed for the caller's organisation and its roles: what is told to everybody
concerns nobody in particular. Nothing is written for them; how far a person has read is one number.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import TextClause, text
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
# LIMIT bounds the walk, the outer one ends it. Each audience is named where it is looked for, not
# joined from a list: the planner, which sees the values, then knows how many rows it has, and does
# not sort half of the feed for a role. What somebody did is not news to that person; of facts from
# before anybody's name was kept, not to the own organisation.
_NEWEST = """
    (SELECT walked.* FROM (
        SELECT * FROM feed
        WHERE audience = :own{n} AND position < :before AND position > :above
        ORDER BY position DESC LIMIT :scanned
    ) AS walked
    WHERE NOT (actor_party IS NOT DISTINCT FROM CAST(:party AS uuid)
               AND coalesce(actor_user, :person) = :person)
      AND kind <> ALL(CAST(:without AS text[]))
      AND NOT EXISTS (
        SELECT FROM feed AS same
        WHERE same.event_id = walked.event_id
          AND same.audience = ANY(CAST(:fuller{n} AS text[])))
    ORDER BY position DESC LIMIT :limit)
"""
# Where the walk ended of an audience that has more; what lies below it was not looked at.
_FLOOR = """
    (SELECT position FROM feed
     WHERE audience = :own{n} AND position < :before AND position > :above
     ORDER BY position DESC OFFSET :skipped LIMIT 1)
"""
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
    session: Session,
    actor: Actor,
    before: int,
    limit: int,
    *,
    unread: bool,
    without: Collection[str] = (),
) -> tuple[list[dict[str, Any]], int | None]:
    """At most `limit` items before a position, newest first, and the position to go on from.

    `without`: kinds of things that the reader wants to hear nothing of.
    """
    read = mark(session, actor.user_id)
    given = _given(actor, before, read if unread else 0, limit, without)
    rows, following = _walk(session, given)
    documents = timeline.documents(session, rows, audiences.mine(actor))
    items = [_item(row, documents.get(timeline.key(row), {}), read) for row in rows]
    return items, following


def unread(session: Session, actor: Actor, without: Collection[str] = ()) -> Unread:
    """Of the newest MAX_SCANNED facts of each audience."""
    read = mark(session, actor.user_id)
    given = _given(actor, feed.MAX_POSITION, read, MAX_COUNTED + 1, without)
    positions = [row.position for row in session.execute(_newest(given), given)]
    is_more = len(positions) > MAX_COUNTED
    return Unread(min(len(positions), MAX_COUNTED), is_more, positions[0] if positions else None)


def mark(session: Session, user_id: str) -> int:
    """Up to which position this person has read."""
    return session.scalar(_MARK, {"person": user_id}) or 0


def _walk(session: Session, given: Mapping[str, Any]) -> tuple[list[Any], int | None]:
    """Nothing below the highest floor: of that audience the rows there were not looked at."""
    rows = list(session.execute(_newest(given), given))
    is_whole = len(rows) == given["limit"] and "own1" not in given
    floor = None if is_whole else session.scalar(_floor(given), given)
    shown = [row for row in rows if floor is None or row.position >= floor]
    return shown, shown[-1].position if len(shown) == given["limit"] else floor


def _given(
    actor: Actor, before: int, above: int, limit: int, without: Collection[str]
) -> dict[str, Any]:
    mine = [name for name in audiences.mine(actor) if name != audiences.PUBLIC]
    given: dict[str, Any] = {f"own{n}": audience for n, audience in enumerate(mine)}
    given |= {f"fuller{n}": mine[:n] for n in range(len(mine))}
    return given | {
        "party": actor.party_id,
        "person": actor.user_id,
        "before": before,
        "above": above,
        "limit": limit,
        "without": list(without),
        "scanned": MAX_SCANNED,
        "skipped": MAX_SCANNED - 1,
    }


def _newest(given: Mapping[str, Any]) -> TextClause:
    return _of_all(
        _NEWEST,
        "SELECT * FROM ({every}) AS told ORDER BY position DESC LIMIT :limit",
        _count(given),
    )


def _floor(given: Mapping[str, Any]) -> TextClause:
    return _of_all(_FLOOR, "SELECT max(position) FROM ({every}) AS last", _count(given))


def _count(given: Mapping[str, Any]) -> int:
    """Of audiences: the party, and at most one for each role that has one."""
    return sum(name.startswith("own") for name in given)


@cache
def _of_all(one: str, whole: str, count: int) -> TextClause:
    return text(whole.format(every=" UNION ALL ".join(one.format(n=n) for n in range(count))))


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
