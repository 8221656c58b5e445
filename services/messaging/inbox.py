"""Exactly once in effect: a handler that acts notes each fact in the transaction of its effect."""

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.contracts.envelope import Event
from services.messaging.tables import INBOX


def is_first(session: Session, handler: str, event: Event) -> bool:
    """Note the fact; False when this handler has taken it into account before."""
    row = insert(INBOX).values(handler=handler, event_id=event.id)
    noted = row.on_conflict_do_nothing().returning(INBOX.c.event_id)
    return session.execute(noted).first() is not None
