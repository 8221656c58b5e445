"""Browsers in which a person has signed in before: what strangers guess is not counted there.

OWASP's device cookies: each holds 256 random bits of its own, of which only the digest is kept,
beside the person. It proves nothing but that somebody knew the password here; who has stolen one
still has to guess, and is counted by it alone.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.gateway import credentials
from services.gateway.credentials import sha256
from services.gateway.sessions import lockout
from services.gateway.tables import KNOWN_DEVICES

LASTS = timedelta(days=180)  # since the last sign-in: who comes back each quarter is known
MOST = 20  # of one person, as sessions; those not used for longest go

_TABLE = KNOWN_DEVICES.c


def is_known(session: Session, secret: str, user_id: str, now: datetime) -> bool:
    """Whether this person has signed in with this cookie."""
    mine = _TABLE.secret_sha256 == sha256(secret), _TABLE.user_id == user_id
    found = select(_TABLE.user_id).where(*mine, _TABLE.ends_at > now)
    return bool(secret) and session.scalar(found) is not None


def remember(session: Session, presented: str, user_id: str, now: datetime) -> str:
    """The secret for the cookie: another at each sign-in, also for others who are known here.

    The person is locked.
    """
    secret = credentials.new_session()
    digest, ends_at = sha256(secret), now + LASTS
    if presented:
        here = update(KNOWN_DEVICES).where(_TABLE.secret_sha256 == sha256(presented))
        moved = here.values(secret_sha256=digest).returning(_TABLE.user_id)
        for other_id in session.scalars(moved).all():
            lockout.carry(session, other_id, presented, secret)
    row = insert(KNOWN_DEVICES).values(secret_sha256=digest, user_id=user_id, ends_at=ends_at)
    latest = row.on_conflict_do_update(
        index_elements=["secret_sha256", "user_id"], set_={"ends_at": ends_at}
    )
    session.execute(latest)
    own = _TABLE.user_id == user_id
    newest = select(_TABLE.secret_sha256).where(own).order_by(_TABLE.ends_at.desc())
    session.execute(delete(KNOWN_DEVICES).where(own, _TABLE.secret_sha256.in_(newest.offset(MOST))))
    return secret
