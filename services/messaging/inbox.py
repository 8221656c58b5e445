"""Exactly once in effect: a handler that acts notes each fact in the transaction of its effect."""

from collections.abc import Sequence

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.contracts.envelope import Event
from services.messaging.tables import INBOX


def firsts(session: Session, handler: str, events: Sequence[Event]) -> list[Event]:
    """Note the facts; those that this handler has not taken into account before, each once."""
    distinct = {event.id: event for event in events}
    rows = [{"handler": handler, "event_id": id} for id in sorted(distinct)]  # one lock order
    noted = insert(INBOX).values(rows).on_conflict_do_nothing().returning(INBOX.c.event_id)
    new = set(session.scalars(noted))
    return [event for id, event in distinct.items() if id in new]
