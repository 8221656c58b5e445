"""Whose an identity at the issuer is, and attempts to sign in by it: each is good for once.

An identity is the issuer and its lasting name of a person. It is joined to a person by that person
alone, while signed in here: an e-mail address says who can be written to, not who somebody is.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.contracts.problems import Problem
from services.gateway.credentials import sha256
from services.gateway.sessions import store
from services.gateway.tables import OIDC_ATTEMPTS, OIDC_LINKS

LASTS = timedelta(minutes=10)  # a second factor and a forgotten password at the issuer
MOST = 5  # identities of one person

_ATTEMPTS, _LINKS = OIDC_ATTEMPTS.c, OIDC_LINKS.c


class Attempt(NamedTuple):
    """What was sent with it; `user_id`: who is signed in and wants to connect, else None."""

    nonce: str
    verifier: str
    user_id: str | None


def begin(session: Session, state: str, attempt: Attempt, now: datetime) -> None:
    """Remember it, by the digest of `state`."""
    row = attempt._asdict() | {"state_sha256": sha256(state), "ends_at": now + LASTS}
    session.execute(insert(OIDC_ATTEMPTS).values(row))


def take(session: Session, state: str, now: datetime) -> Attempt | None:
    """It is used up; None where there is none: unknown, used already or too old."""
    mine = _ATTEMPTS.state_sha256 == sha256(state), _ATTEMPTS.ends_at > now
    taken = delete(OIDC_ATTEMPTS).where(*mine)
    row = session.execute(
        taken.returning(_ATTEMPTS.nonce, _ATTEMPTS.verifier, _ATTEMPTS.user_id)
    ).first()
    return None if row is None else Attempt(*row)


def person(session: Session, issuer: str, subject: str) -> str | None:
    """Whose identity it is."""
    known = select(_LINKS.user_id).where(_LINKS.issuer == issuer, _LINKS.subject == subject)
    found: str | None = session.scalar(known)
    return found


def connect(session: Session, issuer: str, subject: str, user_id: str) -> None:
    """It is this person's from now on. Raises Problem oidc_taken, too_many."""
    store.lock(session, user_id)
    own = list(session.scalars(select(_LINKS.subject).where(_LINKS.user_id == user_id)))
    if len(own) >= MOST:
        raise Problem("too_many", limit=MOST)
    link = {"issuer": issuer, "subject": subject, "user_id": user_id}
    session.execute(insert(OIDC_LINKS).values(link).on_conflict_do_nothing())
    if person(session, issuer, subject) != user_id:
        raise Problem("oidc_taken")


def disconnect(session: Session, user_id: str) -> None:
    """None of them is this person's any more."""
    session.execute(delete(OIDC_LINKS).where(_LINKS.user_id == user_id))
