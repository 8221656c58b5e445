"""What is to happen later: one row per subject and verb, carried out by the timer."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session as OrmSession

from services.messaging.tables import DEADLINES

GIVEN_WAY_S = 1  # a command holds its locks for less, mostly
FIRST_BACKOFF_S = 2
LONGEST_BACKOFF_S = 300  # a deadline that keeps failing is looked at every five minutes

Session = OrmSession | Connection


class Deadline(NamedTuple):
    """Which verb is due on which aggregate, and how often it failed before."""

    aggregate: str
    subject_id: str
    verb: str
    attempts: int = 0


def schedule(session: Session, aggregate: str, subject_id: str, verb: str, at: datetime) -> None:
    """Set the deadline; an earlier one of the same subject and verb is replaced."""
    row = insert(DEADLINES).values(
        aggregate=aggregate, subject_id=subject_id, verb=verb, due_at=at, attempts=0, retry_at=None
    )
    replaced = {"due_at": row.excluded.due_at, "attempts": 0, "retry_at": None}
    session.execute(row.on_conflict_do_update(index_elements=DEADLINES.primary_key, set_=replaced))


def schedule_unset(
    session: Session, aggregate: str, verb: str, due: Mapping[str, datetime]
) -> None:
    """Set the deadlines of those subjects that have none.

    One that is being met this moment is waited for, and then set: what it has seen is over.
    """
    rows = [
        {"aggregate": aggregate, "subject_id": subject_id, "verb": verb, "due_at": due_at}
        for subject_id, due_at in sorted(due.items())
    ]
    if rows:
        session.execute(insert(DEADLINES).on_conflict_do_nothing(), rows)


def unschedule(session: Session, aggregate: str, subject_id: str, verb: str) -> None:
    """Forget the deadline, if there is one."""
    session.execute(delete(DEADLINES).where(_is(Deadline(aggregate, subject_id, verb))))


def due(session: Session, now: datetime, real_now: datetime, limit: int) -> list[Deadline]:
    """The oldest due ones that wait for nothing. `now` is business time.

    Untried ones come first: many that give way again and again would else keep them out.
    """
    columns = (
        DEADLINES.c.aggregate,
        DEADLINES.c.subject_id,
        DEADLINES.c.verb,
        DEADLINES.c.attempts,
    )
    waiting_over = or_(DEADLINES.c.retry_at.is_(None), DEADLINES.c.retry_at <= real_now)
    oldest = select(*columns).where(DEADLINES.c.due_at <= now, waiting_over)
    order = (DEADLINES.c.retry_at.nulls_first(), DEADLINES.c.due_at, DEADLINES.c.subject_id)
    rows = session.execute(oldest.order_by(*order).limit(limit))
    return [Deadline(*row) for row in rows]


def take(session: Session, deadline: Deadline, now: datetime) -> bool:
    """Delete the row unless another transaction holds it or it was moved to later."""
    free = _free(deadline, now).with_for_update(skip_locked=True).cte("free")
    taken = delete(DEADLINES).where(_is(deadline), select(free).exists())
    return session.execute(taken.returning(DEADLINES.c.verb)).first() is not None


def postpone(session: Session, deadline: Deadline, real_now: datetime) -> None:
    """After a failure: try again later, twice as late each time."""
    backoff_s = min(FIRST_BACKOFF_S * 2**deadline.attempts, LONGEST_BACKOFF_S)
    _put_off(session, deadline, real_now + timedelta(seconds=backoff_s), deadline.attempts + 1)


def give_way(session: Session, deadline: Deadline, real_now: datetime) -> None:
    """Somebody else holds the aggregate: try again soon, which is no failure."""
    _put_off(session, deadline, real_now + timedelta(seconds=GIVEN_WAY_S), deadline.attempts)


def count_failing(session: Session) -> int:
    """How many deadlines have failed at least once and are still to be met."""
    failing = select(func.count()).select_from(DEADLINES).where(DEADLINES.c.attempts > 0)
    return session.execute(failing).scalar_one()


def _put_off(session: Session, deadline: Deadline, until: datetime, attempts: int) -> None:
    """Unless another transaction holds the row: it is about to move or forget it."""
    free = select(DEADLINES.c.verb).where(_is(deadline)).with_for_update(skip_locked=True)
    changed = update(DEADLINES).where(_is(deadline), select(free.cte("free")).exists())
    session.execute(changed.values(attempts=attempts, retry_at=until))


def _free(deadline: Deadline, now: datetime) -> Select:
    return select(DEADLINES.c.verb).where(_is(deadline), DEADLINES.c.due_at <= now)


def _is(deadline: Deadline) -> ColumnElement[bool]:
    return and_(
        DEADLINES.c.aggregate == deadline.aggregate,
        DEADLINES.c.subject_id == deadline.subject_id,
        DEADLINES.c.verb == deadline.verb,
    )
