"""Into the feed: a fact waits, once for each who is told of it, until the relay gives its places.

Rows enter the feed with their position, in one write: given afterwards it would write every row
and every entry of its indexes twice.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from services.gateway.readmodel import sought
from services.gateway.readmodel.audiences import OPERATOR
from services.gateway.readmodel.milestones import COLUMNS, STEP_OF, STEPS
from services.gateway.readmodel.rendering import to_text
from services.messaging import NUMBERED_CHANNEL

Row = dict[str, Any]

# Who acts for the platform is no secret to anybody.
PLATFORM = ("operator", "registry")

# Who acted is named to those whose row says so, and to all where it acts for the platform. `place`
# keeps the order of the facts, whatever way the names are joined.
_TELL = text(
    """
    INSERT INTO feed_waiting
        (event_id, audience, type, kind, resource_id, sequence, thread_id, occurred_at,
         business_date, actor_party, actor_name, actor_user, state)
    SELECT row.event_id, row.audience, row.type, row.kind, row.resource_id, row.sequence,
           row.thread_id, row.occurred_at, row.business_date, actor.id, actor.name,
           CASE WHEN actor.id IS NOT NULL THEN row.actor_user END, row.state
    FROM json_to_recordset(CAST(:rows AS json)) AS row
        (place int, event_id uuid, audience text, type text, kind text, resource_id uuid,
         sequence bigint, thread_id uuid, occurred_at timestamptz, business_date date,
         actor_party uuid, actor_user text, is_named boolean, state text)
    LEFT JOIN parties AS actor ON actor.id = row.actor_party
        AND (row.is_named OR actor.capacities ?| CAST(:platform AS text[]))
    WHERE NOT EXISTS (
        SELECT FROM feed WHERE feed.event_id = row.event_id AND feed.audience = row.audience)
    ORDER BY row.place
    """
)
_PASSED = {
    column: f"min(occurred_at) FILTER (WHERE type IN ({', '.join(map(repr, STEPS[step]))}))"
    for step, column in COLUMNS.items()
}
# A fact comes twice, in a command's reply and by the broker; the first that waits is told. All rows
# of a fact enter at once: who reads between two of them would be told of it twice.
_NUMBER = text(
    f"""
    WITH taken AS (
        DELETE FROM feed_waiting
        WHERE event_id = ANY(ARRAY(SELECT event_id FROM feed_waiting ORDER BY id LIMIT :limit))
        RETURNING *
    ), fresh AS (
        SELECT DISTINCT ON (event_id, audience) * FROM taken
        WHERE NOT EXISTS (
            SELECT FROM feed
            WHERE feed.event_id = taken.event_id AND feed.audience = taken.audience)
        ORDER BY event_id, audience, id
    ), told AS (
        INSERT INTO feed
            (position, event_id, audience, type, kind, resource_id, sequence, thread_id,
             occurred_at, business_date, actor_party, actor_name, actor_user, state)
        SELECT (SELECT coalesce(max(position), 0) FROM feed) + row_number() OVER (ORDER BY id),
               event_id, audience, type, kind, resource_id, sequence, thread_id,
               occurred_at, business_date, actor_party, actor_name, actor_user, state
        FROM fresh ORDER BY id
        RETURNING position
    ), passed AS (
        INSERT INTO milestones (thread_id, {", ".join(_PASSED)})
        SELECT thread_id, {", ".join(_PASSED.values())} FROM fresh
        WHERE audience = :operator AND thread_id IS NOT NULL AND type = ANY(:counted)
        GROUP BY thread_id
        ON CONFLICT (thread_id) DO UPDATE SET {
        ", ".join(f"{each} = least(milestones.{each}, excluded.{each})" for each in _PASSED)
    }
    )
    SELECT (SELECT count(*) FROM taken), (SELECT array_agg(kind) FROM taken),
           (SELECT array_agg(CAST(resource_id AS text)) FROM taken),
           (SELECT CAST(pg_notify('{NUMBERED_CHANNEL}', 'feed ' || max(position)) AS text)
            FROM told HAVING count(*) > 0)
    """  # noqa: S608  the name is our own
)
_COUNTED = {"counted": list(STEP_OF), "operator": OPERATOR}


def tell(session: Session, rows: Sequence[Row]) -> None:
    """Have these rows wait for their positions, in their order, those told already excepted."""
    if rows:
        placed = [row | {"place": place} for place, row in enumerate(rows)]
        session.execute(_TELL, {"rows": to_text(placed), "platform": list(PLATFORM)})


def number(connection: Connection, limit: int) -> int:
    """Give positions to the facts of the first `limit` rows that wait, and tell who listens.

    What they are about is found by a search from then on. The answer is how many rows that were;
    the last facts may have a few more than the limit.
    Only for who holds the database's relay lock: two at once would give out the same numbers.
    """
    with connection.begin():
        taken, kinds, ids, _ = connection.execute(_NUMBER, {"limit": limit, **_COUNTED}).one()
        if taken:
            sought.mark(connection, kinds, ids)
    return int(taken)
