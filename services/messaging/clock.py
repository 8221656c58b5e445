"""Real time, and business time, which a demonstration may run ahead."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.messaging.tables import CLOCK

_ONLY_ROW = 1


class Clock:
    """`real()` stamps what happened; `now(session)` is what deadlines and rules go by.

    The offset is a fact kept in each service's own database. Without `demo` nobody reads it, so
    that no row can ever move the clock of a production system.
    """

    def __init__(self, *, demo: bool = False, offset_s: int = 0) -> None:
        self.demo = demo
        self.offset_s = offset_s

    def real(self) -> datetime:
        return datetime.now(UTC)

    def now(self, session: Session | Connection) -> datetime:
        """Business time, by the offset that this database has heard of last."""
        if not self.demo:
            return self.real()
        heard = session.execute(select(CLOCK.c.offset_s)).scalar()
        return self.real() + timedelta(seconds=self.offset_s if heard is None else heard)


def adopt_offset(session: Session | Connection, offset_s: int, sequence: int) -> None:
    """Follow a clock that was advanced; an older or repeated fact changes nothing."""
    row = insert(CLOCK).values(id=_ONLY_ROW, offset_s=offset_s, sequence=sequence)
    newer = row.on_conflict_do_update(
        index_elements=[CLOCK.c.id],
        set_={"offset_s": row.excluded.offset_s, "sequence": row.excluded.sequence},
        where=CLOCK.c.sequence < row.excluded.sequence,
    )
    session.execute(newer)
