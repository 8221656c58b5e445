"""Exactly once in effect: a handler that acts notes each fact in the transaction of its effect."""

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.contracts.envelope import Event

_NOTE = text(
    """
    INSERT INTO inbox (handler, event_id)
    SELECT :handler, id FROM unnest(CAST(:ids AS uuid[])) AS fact (id)
    ON CONFLICT DO NOTHING RETURNING CAST(event_id AS text)
    """
)


def firsts(session: Session, handler: str, events: Sequence[Event]) -> list[Event]:
    """Note the facts; those that this handler has not taken into account before, each once."""
    distinct = {event.id: event for event in events}
    ids = sorted(distinct)  # one lock order for all
    new = set(session.scalars(_NOTE, {"handler": handler, "ids": ids}))
    return [event for id, event in distinct.items() if id in new]
