"""Facts wait here, in the database of the service that states them, until the relay sends them."""

from collections.abc import Sequence

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from services.contracts.envelope import Event
from services.messaging.tables import OUTBOX

RELAY_CHANNEL = "relay"  # NOTIFY after commit: the relay has something to do
_WAKE = text(f"NOTIFY {RELAY_CHANNEL}")


def write(session: Session, events: Sequence[Event]) -> None:
    """Insert the facts of one transaction in their order, after all of its rows are written.

    The order holds for each aggregate: whoever writes its next fact waited for this transaction's
    lock on its row, hence draws a later outbox id.
    """
    session.flush()
    if events:
        session.execute(insert(OUTBOX), [_row(event) for event in events])


def wake_relay(session: Session) -> None:
    """Tell the relay, once this transaction has committed."""
    session.execute(_WAKE)


def _row(event: Event) -> dict[str, object]:
    return {"event_id": event.id, "type": event.type, "envelope": event.to_json()}
