"""What everybody is told, in order."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    Identity,
    Index,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
)

from services.gateway.tables.base import Moment, Uid, metadata


def _told() -> tuple[Column[Any], ...]:
    """A fact as one audience is told of it.

    `actor_user` tells the operator who acted, in the audit alone; whoever acted is not notified of
    it. `state`: the one that the fact left its thing in, where its reader sees one; of an earlier
    release only the operator's rows have it.
    """
    return (
        Column("event_id", Uid, nullable=False),
        Column("audience", Text, nullable=False),
        Column("type", Text, nullable=False),
        Column("kind", Text, nullable=False),
        Column("resource_id", Uid, nullable=False),
        Column("sequence", BigInteger),
        Column("thread_id", Uid),
        Column("occurred_at", Moment, nullable=False),
        Column("business_date", Date, nullable=False),
        Column("actor_party", Uid),
        Column("actor_name", Text),
        Column("actor_user", Text),
        Column("state", Text),
    )


# Every fact once per audience. Readers go by `position` and never skip a transaction that committed
# late, because a row enters with its position, which the relay gives after commit: until then it
# waits. `sequence` is null where the audience's document is masked or gone.
FEED = Table(
    "feed",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    *_told(),
    UniqueConstraint("event_id", "audience", name="feed_once"),
)
Index("feed_read", FEED.c.audience, FEED.c.position)
Index("feed_by_type", FEED.c.audience, FEED.c.type, FEED.c.position)
# What was told and has no position yet, oldest first; a fact may wait here twice. It is looked for
# by the fact and by the thread, whatever waits while no relay is there.
FEED_WAITING = Table(
    "feed_waiting",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    *_told(),
)
Index("feed_waiting_event_id", FEED_WAITING.c.event_id)
Index(
    "feed_waiting_of_thread",
    FEED_WAITING.c.thread_id,
    postgresql_where=FEED_WAITING.c.thread_id.is_not(None),
)


# At most one row: up to which position the feed may lack old news (`readmodel.horizon`).
FEED_HORIZON = Table(
    "feed_horizon",
    metadata,
    Column("id", SmallInteger, primary_key=True),
    Column("position", BigInteger, nullable=False),
)
Index(
    "feed_of_thread",
    FEED.c.thread_id,
    FEED.c.audience,
    postgresql_where=FEED.c.thread_id.is_not(None),
)
# What the operator searches, newest first; other audiences' rows need not be found like that.
_AUDITED = FEED.c.audience == "role:operator"
Index("feed_audited", FEED.c.occurred_at.desc(), FEED.c.position.desc(), postgresql_where=_AUDITED)
Index(
    "feed_audited_party", FEED.c.actor_party, FEED.c.occurred_at.desc(), postgresql_where=_AUDITED
)
Index(
    "feed_audited_type", FEED.c.type, FEED.c.occurred_at.desc(), FEED.c.position.desc(),
    postgresql_where=_AUDITED,
)  # fmt: skip
Index(
    "feed_audited_thing", FEED.c.resource_id, postgresql_include=["occurred_at", "position"],
    postgresql_where=_AUDITED,
)  # fmt: skip
# When a deal first came to each step of the programme's funnel (`readmodel.milestones`).
MILESTONES = Table(
    "milestones",
    metadata,
    Column("thread_id", Uid, primary_key=True),
    Column("at_demand", Moment),
    Column("at_matched", Moment),
    Column("at_quoted", Moment),
    Column("at_awarded", Moment),
    Column("at_contracted", Moment),
    Column("at_accepted", Moment),
    Column("at_confirmed", Moment),
    Column("at_applied", Moment),
    Column("at_offered", Moment),
    Column("at_disbursed", Moment),
    Column("at_settled", Moment),
)
