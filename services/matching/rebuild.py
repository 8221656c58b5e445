"""The index from the database, and the columns from the index: how empty ones are filled."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.contracts.supply import supply as aggregate
from services.matching import facts
from services.matching.asking import Index, Mark
from services.matching.columns import Columns
from services.matching.profile import known
from services.matching.tables import Base, Supply

ROWS = 500  # in memory at a time
_OUTBOX = Base.metadata.tables["outbox"]


def is_of_feed(session: Session, mark: Mark) -> bool:
    """Whether the mark is one of this database's feed; another database's index is of no use."""
    at_mark = select(_OUTBOX.c.event_id).where(_OUTBOX.c.position == mark.position)
    return session.scalar(at_mark) == mark.event_id


def rebuild(index: Index, session: Session) -> None:
    """Fill an empty index from the database.

    The mark is read first: rows are at least as new as it says, and what the feed tells again
    after it changes nothing.
    """
    numbered = select(_OUTBOX.c.position, _OUTBOX.c.event_id).where(_OUTBOX.c.position > 0)
    last = session.execute(numbered.order_by(_OUTBOX.c.position.desc()).limit(1)).first()
    index.follow(map(known, _active_states(session)), Mark(*last) if last else Mark(0, None))


def columns(index: Index) -> Columns:
    """The columns of every supply that the index has, as it has them."""
    filled = Columns()
    for state, profile, _ in index.kept():
        filled.put(*facts.stated(state), profile)
    return filled


def _active_states(session: Session) -> Iterator[Mapping[str, Any]]:
    query = select(Supply).where(Supply.state == "active").order_by(Supply.id)
    rows = session.scalars(query.execution_options(yield_per=ROWS))
    return (aggregate.schema.dump(row) for row in rows)
