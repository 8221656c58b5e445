"""The sessions at rest: only the digest of what the cookie holds."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from services.contracts.problems import Problem
from services.contracts.roles import APPLICANT, scopes_of
from services.gateway import credentials
from services.gateway.admission import duties
from services.gateway.credentials import sha256
from services.gateway.site import csrf_token
from services.gateway.tables import SESSIONS, Party, User

# A working day with its breaks: who comes back the next morning signs in again.
IDLE = timedelta(hours=8)
# However busy: a cookie that was stolen unnoticed is of use for a week at most.
LONGEST = timedelta(days=7)
TOUCHED = timedelta(minutes=1)  # as exact as the idle time need be; else each read were a write
MOST = 20  # sessions of one person: more devices than anybody has; the oldest end

Document = dict[str, Any]
_TABLE = SESSIONS.c


def open_session(session: Session, user_id: str, now: datetime) -> str:
    """Sign a person in, however they have proved who they are; the secret for the cookie.

    The person is locked, so that what ends all sessions ends this one, too. Raises
    Problem("unauthenticated") for one who has left meanwhile.
    """
    user = lock(session, user_id)
    if user.state == "left":
        raise Problem("unauthenticated")
    _leave_room(session, user_id, now)
    secret = credentials.new_session()
    opened = SESSIONS.insert().values(
        secret_sha256=sha256(secret), user_id=user_id, roles=user.roles, opened_at=now,
        ends_at=now + LONGEST, seen_at=now,
    )  # fmt: skip
    session.execute(opened)
    return secret


def lock(session: Session, user_id: str) -> User:
    """The person: before anything else of theirs, or two of these would wait for each other."""
    return session.get_one(User, user_id, with_for_update=True)


def _leave_room(session: Session, user_id: str, now: datetime) -> None:
    """Forget which are over, and the oldest beyond the bound."""
    own = _TABLE.user_id == user_id
    over = (_TABLE.ends_at <= now) | (_TABLE.seen_at <= now - IDLE)
    session.execute(delete(SESSIONS).where(own, over))
    newest = select(_TABLE.secret_sha256).where(own).order_by(_TABLE.opened_at.desc())
    crowded = newest.offset(MOST - 1)
    session.execute(delete(SESSIONS).where(own, _TABLE.secret_sha256.in_(crowded)))


def end(session: Session, secret: str) -> None:
    """One session, if it is there."""
    if secret:
        session.execute(delete(SESSIONS).where(_TABLE.secret_sha256 == sha256(secret)))


def is_live(session: Session, secret: str, now: datetime) -> bool:
    """Whether it goes on; its person is locked."""
    live = select(_TABLE.user_id).where(_TABLE.secret_sha256 == sha256(secret), *_live(now))
    return session.scalar(live) is not None


def touch(session: Session, secret: str, now: datetime) -> None:
    """It was used."""
    used = update(SESSIONS).where(_TABLE.secret_sha256 == sha256(secret), _TABLE.seen_at < now)
    session.execute(used.values(seen_at=now))


def shown(session: Session, user_id: str, secret: str, now: datetime) -> Document | None:
    """What the person's pages need to know; None once the session is over."""
    asked = (
        select(User, Party, _TABLE.ends_at, _TABLE.seen_at)
        .join(Party, Party.id == User.party_id)
        .join(SESSIONS, _TABLE.user_id == User.id)
        .where(User.id == user_id, _TABLE.secret_sha256 == sha256(secret), *_live(now))
    )
    row = session.execute(asked).first()
    if row is None:
        return None
    user, party, ends_at, seen_at = row
    held = duties(user.roles, party.state)
    return {
        "csrf_token": csrf_token(secret),
        "expires_at": min(ends_at, seen_at + IDLE).isoformat(),
        "user": {
            **{name: getattr(user, name) for name in ("id", "number", "name", "is_first")},
            "roles": sorted(held - {APPLICANT}),
        },
        "party": {
            name: getattr(party, name)
            for name in ("id", "number", "name", "state", "capacities", "size", "nature")
        },
        "scopes": sorted(scopes_of(held)),
    }


def _live(now: datetime) -> tuple[Any, ...]:
    return _TABLE.ends_at > now, _TABLE.seen_at > now - IDLE
