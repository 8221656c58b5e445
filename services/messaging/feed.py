"""Reading a service's numbered history."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import BindParameter, Connection, bindparam, select
from sqlalchemy.orm import Session

from services.contracts.envelope import Event
from services.messaging.tables import OUTBOX

MAX_PAGE = 500  # facts per read


class Numbered(NamedTuple):
    """A fact and its place in the feed."""

    position: int
    event: Event


def read_feed(
    session: Session | Connection, after: int, limit: int = MAX_PAGE, types: Collection[str] = ()
) -> list[Numbered]:
    """Facts with a position greater than `after`, in order; of all `types` when none are named.

    Whoever goes on from the last position it has seen misses nothing.
    """
    rows = select(OUTBOX.c.position, OUTBOX.c.envelope).where(OUTBOX.c.position > after)
    if types:
        rows = rows.where(OUTBOX.c.type.in_(types))
    page = session.execute(rows.order_by(OUTBOX.c.position).limit(min(limit, MAX_PAGE)))
    return [Numbered(row.position, Event.from_json(row.envelope)) for row in page]


def read_subject(
    session: Session | Connection, subject: str, types: Collection[str], most: int = MAX_PAGE
) -> list[Event]:
    """The first `most` facts of these types about one aggregate, in order.

    The service has an index of them: the types are written into the statement, so that the planner
    sees that it is of these.
    """
    asked: BindParameter[list[str]] = bindparam(
        "types", sorted(types), expanding=True, literal_execute=True
    )
    rows = (
        select(OUTBOX.c.envelope)
        .where(OUTBOX.c.envelope["subject"].astext == subject, OUTBOX.c.type.in_(asked))
        .order_by(OUTBOX.c.id)
        .limit(most)
    )
    return [Event.from_json(envelope) for envelope in session.scalars(rows)]
