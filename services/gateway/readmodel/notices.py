"""Notifications 消息: what others did that concerns the caller, newest first.

They are the rows of the feed for the caller's organisation and its roles: what is told to everybody
concerns nobody in particular. Nothing is written for them; how far a person has read is one number.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from typing import Any, NamedTuple

from services.contracts.actor import Actor
from services.gateway.readmodel import audiences, feed, timeline
from services.messaging import Planned, Prepared, Reader

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
        WHERE audience = %s AND position < %s AND position > %s
        ORDER BY position DESC LIMIT %s
    ) AS walked
    WHERE NOT (actor_party IS NOT DISTINCT FROM CAST(%s AS uuid)
               AND (actor_user IS NULL OR actor_user = %s))
      AND kind <> ALL(CAST(%s AS text[]))
      AND NOT EXISTS (
        SELECT FROM feed AS same
        WHERE same.event_id = walked.event_id AND same.audience = ANY(CAST(%s AS text[])))
    ORDER BY position DESC LIMIT %s)
"""
_POSITIONS = "SELECT position FROM ({every}) AS told ORDER BY position DESC LIMIT %s"
# With the fullest document that the reader may see of what each is about.
_PAGE = """
    SELECT told.position, told.event_id::text, told.type, told.kind, told.resource_id::text,
           told.thread_id::text, told.occurred_at, told.actor_party::text, told.actor_name,
           told.state, present.document
    FROM (SELECT * FROM ({every}) AS every ORDER BY position DESC LIMIT %s) AS told
    LEFT JOIN LATERAL (
        SELECT document FROM views
        WHERE views.kind = told.kind AND views.id = told.resource_id
          AND views.audience = ANY(CAST(%s AS text[]))
        ORDER BY array_position(CAST(%s AS text[]), views.audience) LIMIT 1
    ) AS present ON true
    ORDER BY told.position DESC
"""
# Where the walk ended of an audience that has more; what lies below it was not looked at.
_FLOOR = """
    (SELECT position FROM feed
     WHERE audience = %s AND position < %s AND position > %s
     ORDER BY position DESC OFFSET %s LIMIT 1)
"""
_FLOORS = "SELECT max(position) FROM ({every}) AS last"
_MARK = Prepared(
    "notification_mark", ("uuid",), "SELECT position FROM notification_marks WHERE user_id = $1"
)

# What a thing is called in a list; the first that is there.
TITLES = ("title", "demand_title", "name", "applicant_name", "supplier_name", "bank_name")


@dataclass(frozen=True)
class Unread:
    """How many, counted up to MAX_COUNTED, and the position of the newest of them."""

    count: int
    is_more: bool
    newest: int | None


class Told(NamedTuple):
    """As the statement gives it; ids as text."""

    position: int
    event_id: str
    type: str
    kind: str
    resource_id: str
    thread_id: str | None
    occurred_at: datetime
    actor_party: str | None
    actor_name: str | None
    state: str | None
    document: str | None


@dataclass(frozen=True)
class _Asked:
    """A walk back from `before` down to `above`, past the kinds in `without`."""

    actor: Actor
    before: int
    above: int
    limit: int
    without: Collection[str]

    @cached_property
    def mine(self) -> list[str]:
        """Whose rows are walked: those of the party, and of at most one role for each capacity."""
        return [name for name in audiences.mine(self.actor) if name != audiences.PUBLIC]

    def newest(self) -> list[Any]:
        """The values of the newest rows, audience by audience."""
        party_id, person, without = self.actor.party_id, self.actor.user_id, list(self.without)
        walk = (self.before, self.above, MAX_SCANNED, party_id, person, without)
        each = [(own, *walk, self.mine[:n], self.limit) for n, own in enumerate(self.mine)]
        return [value for values in each for value in values] + [self.limit]

    def floor(self) -> list[Any]:
        """The values of the floors."""
        walk = (self.before, self.above, MAX_SCANNED - 1)
        return [value for own in self.mine for value in (own, *walk)]


def page(
    reader: Reader,
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
    read = mark(reader, actor.user_id)
    asked = _Asked(actor, before, read if unread else 0, limit, without)
    rows, following = _walk(reader, asked)
    return [_item(row, read) for row in rows], following


def unread(reader: Reader, actor: Actor, without: Collection[str] = ()) -> Unread:
    """Of the newest MAX_SCANNED facts of each audience."""
    read = mark(reader, actor.user_id)
    asked = _Asked(actor, feed.MAX_POSITION, read, MAX_COUNTED + 1, without)
    statement = _of_all("unread", _POSITIONS, _NEWEST, len(asked.mine))
    positions = [position for (position,) in reader.rows(statement, asked.newest())]
    is_more = len(positions) > MAX_COUNTED
    return Unread(min(len(positions), MAX_COUNTED), is_more, positions[0] if positions else None)


def mark(reader: Reader, user_id: str) -> int:
    """Up to which position this person has read."""
    row = reader.row(_MARK, (user_id,))
    return row[0] if row else 0


def _walk(reader: Reader, asked: _Asked) -> tuple[list[Told], int | None]:
    """Nothing below the highest floor: of that audience the rows there were not looked at."""
    statement = _of_all("notices", _PAGE, _NEWEST, len(asked.mine))
    every = list(audiences.mine(asked.actor))
    rows = [Told(*row) for row in reader.rows(statement, [*asked.newest(), every, every])]
    is_whole = len(rows) == asked.limit and len(asked.mine) == 1
    floor = None if is_whole else _floor(reader, asked)
    shown = [row for row in rows if floor is None or row.position >= floor]
    return shown, shown[-1].position if len(shown) == asked.limit else floor


def _floor(reader: Reader, asked: _Asked) -> int | None:
    statement = _of_all("notices_floor", _FLOORS, _FLOOR, len(asked.mine))
    position: int | None = reader.rows(statement, asked.floor())[0][0]
    return position


@cache
def _of_all(name: str, whole: str, one: str, count: int) -> Planned:
    return Planned(name, whole.format(every=" UNION ALL ".join([one] * count)))


def _item(row: Told, read: int) -> dict[str, Any]:
    """Of what the caller sees no more, only what the feed tells of it."""
    document = json.loads(row.document) if row.document else {}
    return {
        "position": row.position,
        "event_id": row.event_id,
        "type": row.type,
        "kind": row.kind,
        "resource_id": row.resource_id,
        "number": document.get("number"),
        "title": next((document[name] for name in TITLES if document.get(name)), None),
        "thread_id": row.thread_id,
        "occurred_at": row.occurred_at.isoformat(),
        "actor": feed.actor(row),
        "state": document.get("state"),
        "state_after": row.state,
        "amount": timeline.amount_of(document),
        "is_read": row.position <= read,
    }
