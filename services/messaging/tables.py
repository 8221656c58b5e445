"""The tables that every service's database has beside its own.

The runtime uses the tables below; `messaging_tables` copies them into a service's metadata, so
that `create_all` and Alembic know them as well.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

_shared = MetaData()
_now = func.now()

# One row per fact. `position` is given by the relay once the fact is published: readers of the
# feed go by it, never by `id`, because a transaction may commit long after a younger one did.
# Rows are kept for good: they are the service's numbered history, and the evidence of who did what.
OUTBOX = Table(
    "outbox",
    _shared,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("event_id", Uuid(as_uuid=False), nullable=False, unique=True),
    Column("type", Text, nullable=False),
    Column("envelope", JSONB, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False, server_default=_now),
    Column("position", BigInteger, unique=True),
)
Index("outbox_unnumbered", OUTBOX.c.id, postgresql_where=OUTBOX.c.position.is_(None))

# Which facts a handler that acts has taken into account.
INBOX = Table(
    "inbox",
    _shared,
    Column("handler", Text, primary_key=True),
    Column("event_id", Uuid(as_uuid=False), primary_key=True),
    Column("handled_at", DateTime(timezone=True), nullable=False, server_default=_now),
)
Index("inbox_handled_at", INBOX.c.handled_at)

# The first answer to (party, key), written in the command's own transaction.
IDEMPOTENCY = Table(
    "idempotency",
    _shared,
    Column("party_id", Uuid(as_uuid=False), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("request", Text, nullable=False),
    Column("reply", JSONB),
    Column("answered_at", DateTime(timezone=True), nullable=False, server_default=_now),
)
Index("idempotency_answered_at", IDEMPOTENCY.c.answered_at)

# What the timer is to do when. `due_at` is business time, `retry_at` real time.
DEADLINES = Table(
    "deadlines",
    _shared,
    Column("aggregate", Text, primary_key=True),
    Column("subject_id", Uuid(as_uuid=False), primary_key=True),
    Column("verb", Text, primary_key=True),
    Column("due_at", DateTime(timezone=True), nullable=False),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("retry_at", DateTime(timezone=True)),
)
Index("deadlines_due_at", DEADLINES.c.due_at)

# At most one row: how far business time runs ahead of real time in a demonstration.
CLOCK = Table(
    "clock",
    _shared,
    Column("id", SmallInteger, primary_key=True),
    Column("offset_s", BigInteger, nullable=False),
    Column("sequence", BigInteger, nullable=False),
)

ALL = (OUTBOX, INBOX, IDEMPOTENCY, DEADLINES, CLOCK)


def messaging_tables(metadata: MetaData) -> None:
    """Add outbox, inbox, idempotency, deadlines and clock to a service's metadata."""
    for table in ALL:
        table.to_metadata(metadata)


def number_sequence(prefix: str) -> str:
    """The name of the PostgreSQL sequence behind the human numbers `QF-<prefix>-...`."""
    return f"number_{prefix.lower()}"
