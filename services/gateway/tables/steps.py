"""Who owes the next step of what."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Computed,
    Date,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    false,
)
from sqlalchemy.dialects.postgresql import ARRAY

from services.gateway.tables.base import Moment, Uid, metadata

# Who owes the next step of what (`readmodel.steps`): one row for each thing, owner and step. The
# owner is an audience. `urgent_at` orders them whatever the time is: by when each was or is due, or
# since when it waits. Other things do the `whole` of some, each a part of it: one that `is_done` is
# owed no more, until a part of it comes to nothing (`readmodel.steps.settling`).
STEPS = Table(
    "steps",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("id", Uid, primary_key=True),
    Column("owner", Text, primary_key=True),
    Column("step", Text, primary_key=True),
    Column("role", Text, nullable=False),
    Column("thread_id", Uid),
    Column("number", Text, nullable=False),
    Column("title", Text),
    Column("counterparts", ARRAY(Uid), nullable=False),
    Column("amount_fen", BigInteger),
    Column("since", Moment, nullable=False),
    Column("due_at", Moment),
    Column("due_date", Date),
    Column(
        "urgent_at", Moment, Computed("coalesce(due_at, since)", persisted=True), nullable=False
    ),
    Column("about", Uid),
    Column("whole", BigInteger),
    Column("is_on_board", Boolean, nullable=False),
    Column("is_done", Boolean, nullable=False, server_default=false()),
)
Index(
    "steps_owed", STEPS.c.owner, STEPS.c.step, STEPS.c.urgent_at, STEPS.c.id,
    postgresql_include=["due_at"], postgresql_where=~STEPS.c.is_done,
)  # fmt: skip
Index(
    "steps_on_board", STEPS.c.step, STEPS.c.urgent_at, STEPS.c.id, STEPS.c.owner,
    postgresql_include=["due_at"], postgresql_where=STEPS.c.is_on_board & ~STEPS.c.is_done,
)  # fmt: skip
Index("steps_in_parts", STEPS.c.about, STEPS.c.owner, postgresql_where=STEPS.c.whole.is_not(None))
STEP_PARTS = Table(
    "step_parts",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("id", Uid, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("about", Uid, nullable=False),
    Column("part", BigInteger, nullable=False),
)
Index("step_parts_of", STEP_PARTS.c.about, STEP_PARTS.c.owner)
# At most one row: by which version of the table of steps all rows were made (`steps.refill`).
STEPS_MADE = Table(
    "steps_made",
    metadata,
    Column("id", SmallInteger, primary_key=True),
    Column("version", Integer, nullable=False),
)
