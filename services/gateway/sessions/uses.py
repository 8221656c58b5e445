"""When keys were last used: noted once an hour of a key, so that a request is no write."""

from datetime import datetime, timedelta

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, sessionmaker

from services.gateway.tables import KEY_USES

NOTED = timedelta(hours=1)  # people ask on which day it was


def note(sessions: sessionmaker[Session], key_id: str, now: datetime) -> None:
    """It was used. Of several processes that saw it, one writes."""
    used = insert(KEY_USES).values(key_id=key_id, used_at=now)
    later = used.on_conflict_do_update(
        index_elements=[KEY_USES.c.key_id],
        set_={"used_at": now},
        where=KEY_USES.c.used_at <= now - NOTED,
    )
    with sessions.begin() as session:
        session.execute(later)
