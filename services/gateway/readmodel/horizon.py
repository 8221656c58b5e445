"""How far back the feed tells everything: news has an end, a deal's story has none.

A fact about no deal is news, forgotten when it is old; rows of a deal are its timeline and stay as
long as its documents do. The horizon says up to which position the feed may lack something: who
would go on from before it is told so, never given the rest as if it were all.
"""

from datetime import timedelta

from sqlalchemy import Connection, select, text
from sqlalchemy.orm import Session

from services.contracts.problems import Problem
from services.gateway.tables import FEED_HORIZON
from services.messaging import PRUNED_AT_ONCE

# More than a year: whoever reads along once a year, for its annual accounts, still misses nothing.
NEWS_KEPT = timedelta(days=400)

# The next rows past the horizon, by the index of positions, as far as they are old and every
# enabled webhook has passed them. So each row is looked at once, whether it goes or stays. The
# newest stays in any case: positions go on from there.
_MOVE = text(
    """
    WITH next AS (
        SELECT position, thread_id, occurred_at FROM feed
        WHERE position > coalesce((SELECT position FROM feed_horizon), 0)
        ORDER BY position LIMIT :limit
    ), bound AS (
        SELECT least((SELECT min(position) - 1 FROM next WHERE occurred_at > now() - :kept),
                     (SELECT min(position) FROM webhooks WHERE state = 'enabled'),
                     (SELECT max(position) - 1 FROM feed)) AS position
    ), passed AS (
        SELECT next.position, next.thread_id FROM next, bound
        WHERE next.position <= bound.position
    ), gone AS (
        DELETE FROM feed
        WHERE position = ANY(ARRAY(SELECT position FROM passed WHERE thread_id IS NULL))
    ), moved AS (
        INSERT INTO feed_horizon (id, position)
        SELECT 1, max(position) FROM passed HAVING count(*) > 0
        ON CONFLICT (id) DO UPDATE SET position = excluded.position
    )
    SELECT count(*) FROM passed
    """
)


def move(connection: Connection) -> bool:
    """Forget a batch of old news; whether there may be more of it."""
    with connection.begin():
        passed = connection.scalar(_MOVE, {"limit": PRUNED_AT_ONCE, "kept": NEWS_KEPT})
    return bool(passed == PRUNED_AT_ONCE)


def check(session: Session, after: int) -> None:
    """Raises Problem("feed_forgotten") for a position from which something may be missing."""
    if after < (whole_after := position(session)):
        raise forgotten(whole_after)


def position(session: Session) -> int:
    """The position after which the feed is whole."""
    return session.scalar(select(FEED_HORIZON.c.position)) or 0


def forgotten(whole_after: int) -> Problem:
    """What a reader from before the horizon is told."""
    return Problem("feed_forgotten", resume_after=whole_after)
