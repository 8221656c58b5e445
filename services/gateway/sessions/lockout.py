"""Failures in a row make a guesser wait: longer each time, and never for ever.

An attempt is counted before its password is looked at, so that a hundred at once are no hundred
guesses; the right password takes the count away. While it is locked nothing is counted. Open
sessions are not asked, and a device on which the person has signed in before has a count of its
own: a stranger who locks a login keeps out who would sign in on a new device just then, for the
longest wait at most.
"""

import math
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.contracts.problems import Problem
from services.gateway.credentials import sha256
from services.gateway.tables import SIGN_IN_FAILURES

FREE = 5  # typing errors that cost no wait
FIRST_WAIT_S, LONGEST_WAIT_S = 30, 900  # doubled each time: four guesses an hour in the long run
FORGOTTEN = timedelta(hours=1)  # without a failure, all are forgotten; longer than any wait

_TABLE = SIGN_IN_FAILURES.c


def of_login(login: str) -> str:
    """What failures to sign in are counted by, on all devices together that are not known."""
    return sha256(f"login {login}")


def of_device(secret: str, user_id: str) -> str:
    """What failures of one person on a known device are counted by; `secret` is of its cookie."""
    return sha256(f"device {sha256(secret)} {user_id}")


def of_person(user_id: str) -> str:
    """What wrong present passwords within a session are counted by: no stranger adds to them."""
    return sha256(f"person {user_id}")


def wait_s(failures: int) -> int:
    """How long after so many failures the next attempt must wait."""
    if failures < FREE:
        return 0
    return int(min(FIRST_WAIT_S * 2 ** min(failures - FREE, 10), LONGEST_WAIT_S))


def locked_s(failures: int, last_at: datetime, now: datetime) -> int:
    """Whole seconds that are left of the wait."""
    left = last_at + timedelta(seconds=wait_s(failures)) - now
    return max(0, math.ceil(left.total_seconds()))


def claim(session: Session, subject: str, now: datetime) -> None:
    """Count an attempt. Raises Problem("locked_out") where it must wait."""
    fresh = insert(SIGN_IN_FAILURES).values(subject=subject, failures=0, last_at=now)
    session.execute(fresh.on_conflict_do_nothing())
    known = select(_TABLE.failures, _TABLE.last_at).where(_TABLE.subject == subject)
    failures, last_at = session.execute(known.with_for_update()).one()
    if now - last_at > FORGOTTEN:
        failures = 0
    if left_s := locked_s(failures, last_at, now):
        raise Problem("locked_out", retry_after_s=left_s)
    counted = update(SIGN_IN_FAILURES).where(_TABLE.subject == subject)
    session.execute(counted.values(failures=failures + 1, last_at=now))


def carry(session: Session, user_id: str, before: str, secret: str) -> None:
    """A device has another cookie: what was counted of the person there goes on to count.

    Else whoever may sign in on it begins the count of all others anew by doing so.
    """
    counted = update(SIGN_IN_FAILURES).where(_TABLE.subject == of_device(before, user_id))
    session.execute(counted.values(subject=of_device(secret, user_id)))


def clear(session: Session, *subjects: str) -> None:
    """The right password: nothing is held against anybody any more."""
    session.execute(delete(SIGN_IN_FAILURES).where(_TABLE.subject.in_(subjects)))
