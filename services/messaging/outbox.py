"""Facts wait here, in the database of the service that states them, until the relay sends them."""

import json
from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.contracts.envelope import Event
from services.messaging.dialect import ENDS
from services.messaging.idempotency import KEEP, Kept

RELAY_CHANNEL = "relay"  # NOTIFY after commit: the relay has something to do

_FACTS = """
    INSERT INTO outbox (event_id, type, envelope)
    SELECT event_id, type, envelope FROM ROWS FROM (
        json_to_recordset(CAST(:facts AS json)) AS (event_id uuid, type text, envelope jsonb)
    ) WITH ORDINALITY AS fact (event_id, type, envelope, place) ORDER BY place
"""
_WAKE = f"NOTIFY {RELAY_CHANNEL}"
_WRITE = text(f"{_FACTS}; {_WAKE}")
_WRITE_AND_KEEP = text(f"{_FACTS}; {_WAKE}; {KEEP}")
_KEEP, _WAKE_ONLY = text(KEEP), text(_WAKE)


def write(session: Session, events: Sequence[Event], kept: Kept | None = None) -> None:
    """The facts of one transaction in their order, the reply to keep, and COMMIT: one round trip.

    All of the transaction's rows are written before, and nothing can be written after. The order
    holds for each aggregate: whoever writes its next fact waited for this transaction's lock on its
    row, hence draws a later outbox id. The relay is told, once the transaction has committed.
    """
    session.flush()
    reply = {} if kept is None else vars(kept)
    if events:
        statement = _WRITE if kept is None else _WRITE_AND_KEEP
        session.execute(statement, {"facts": _facts(events), **reply}, execution_options=ENDS)
    elif kept is not None:
        session.execute(_KEEP, reply, execution_options=ENDS)


def wake_relay(session: Session) -> None:
    """Tell the relay, once this transaction has committed."""
    session.execute(_WAKE_ONLY)


def _facts(events: Sequence[Event]) -> str:
    rows = [
        {"event_id": event.id, "type": event.type, "envelope": event.to_json()} for event in events
    ]
    return json.dumps(rows, ensure_ascii=False)
