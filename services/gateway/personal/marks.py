"""How far a person has read its notifications.

A plain write of one number that never goes back: said twice, or by two devices in any order, it
comes to the same. So it is no command and needs no Idempotency-Key.
"""

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.gateway.readmodel import horizon

_RAISE = text(
    """
    INSERT INTO notification_marks AS mark (user_id, position)
    VALUES (CAST(:person AS uuid), :position)
    ON CONFLICT (user_id) DO UPDATE SET position = greatest(mark.position, excluded.position)
    RETURNING position
    """
)


def raise_to(session: Session, user_id: str, position: int) -> int:
    """Where the mark stands now. Raises Problem("feed_ahead") for what nobody was told yet."""
    horizon.check_not_ahead(session, position)
    return int(session.execute(_RAISE, {"person": user_id, "position": position}).scalar_one())
