"""How far back the feed tells everything: news has an end, a deal's story has none.

A fact about no deal is news, forgotten when it is old; rows of a deal are its timeline and stay as
long as its documents do. The horizon says up to which position the feed may lack something: who
would go on from before it is told so, never given the rest as if it were all. So is who would go
on from past the end.
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

_ENDS = text(
    """
    SELECT coalesce((SELECT position FROM feed_horizon), 0),
           coalesce((SELECT max(position) FROM feed), 0)
    """
)


def move(connection: Connection) -> bool:
    """Forget a batch of old news; whether there may be more of it."""
    with connection.begin():
        passed = connection.scalar(_MOVE, {"limit": PRUNED_AT_ONCE, "kept": NEWS_KEPT})
    return bool(passed == PRUNED_AT_ONCE)


def check(session: Session, after: int) -> None:
    """Raises Problem feed_forgotten, feed_ahead; see `check_within`."""
    whole_after, newest = session.execute(_ENDS).one()
    check_within(after, whole_after, newest)


def check_within(after: int, whole_after: int, newest: int) -> None:
    """Whether the feed tells all that comes after a position; all three as of one moment.

    Raises Problem feed_forgotten; feed_ahead for a position that was never given. Who holds one was
    told of facts that are no more, as after a restore from a back-up, and would wait in silence
    while others are told what has come in their place. The newest is never forgotten, so that
    nobody's `next` is ahead.
    """
    if after < whole_after:
        raise Problem("feed_forgotten", resume_after=whole_after)
    _refuse_ahead(after, newest)


def check_not_ahead(session: Session, position: int) -> None:
    """Raises Problem("feed_ahead") for a position that was never given."""
    _refuse_ahead(position, session.execute(_ENDS).one()[1])


def _refuse_ahead(position: int, newest: int) -> None:
    if position > newest:
        raise Problem("feed_ahead", resume_after=newest)


def position(session: Session) -> int:
    """The position after which the feed is whole."""
    return session.scalar(select(FEED_HORIZON.c.position)) or 0
