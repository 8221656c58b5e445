"""The owner keeps (party, key) -> first answer, in the command's own transaction.

Two identical requests at once: the second waits on the unique index for the first to commit, then
gets its answer; if the first rolls back, the second becomes the first. A colleague's request is
another one, whatever is in it: answered from here, it would pass by what only its sender may.
"""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from services.contracts.declare import Command
from services.contracts.problems import Problem
from services.messaging.failures import LOCK_NOT_AVAILABLE, sqlstate
from services.messaging.request import Request
from services.messaging.tables import IDEMPOTENCY, number_sequence

Reply = dict[str, Any]

# What is going to be made gets its number by the way.
_CLAIM = text(
    """
    INSERT INTO idempotency (party_id, key, request)
    VALUES (CAST(:party_id AS uuid), :key, :request)
    ON CONFLICT DO NOTHING
    RETURNING nextval(CAST(:sequence AS regclass)) AS number
    """
)
KEEP = """
    UPDATE idempotency SET reply = CAST(:reply AS jsonb)
    WHERE party_id = CAST(:party_id AS uuid) AND key = :key
"""


@dataclass(frozen=True)
class Kept:
    """A reply as JSON, and whose it is: the parameters of KEEP."""

    party_id: str
    key: str
    reply: str


def first_reply(
    session: Session, request: Request, command: Command
) -> tuple[Reply | None, int | None]:
    """No reply: the key is this transaction's to use. Else the reply that was given before.

    Beside it the number of what a "create" is going to make, if it was drawn already.

    Raises Problem("idempotency_key_reused") for another person, method, object or body under
    the same key, Problem("in_flight") when the first request takes longer than the lock time-out.
    """
    if request.idempotency_key is None:
        return None, None
    if (claimed := _claim(session, request, command)) is not None:
        return None, claimed.number
    kept = session.execute(select(IDEMPOTENCY).where(*_where(request))).one()
    if kept.request != _fingerprint(request, command):
        raise Problem("idempotency_key_reused")
    reply: Reply = kept.reply
    return reply, None


def kept(request: Request, reply: Reply) -> Kept | None:
    """What is stored beside the effects, so that both or neither exist; None without a key."""
    text = json.dumps(reply, ensure_ascii=False)  # what cannot be answered is not committed either
    if request.idempotency_key is None:
        return None
    return Kept(request.actor.party_id, request.idempotency_key, text)


def _claim(session: Session, request: Request, command: Command) -> Row[Any] | None:
    """None where somebody else has claimed the key."""
    aggregate = command.aggregate
    is_numbered = command.verb == "create" and aggregate.is_counted
    row = {
        "party_id": request.actor.party_id,
        "key": request.idempotency_key,
        "request": _fingerprint(request, command),
        "sequence": number_sequence(aggregate.prefix) if is_numbered else None,
    }
    try:
        return session.execute(_CLAIM, row).first()
    except OperationalError as error:
        if sqlstate(error) == LOCK_NOT_AVAILABLE:
            raise Problem("in_flight") from error
        raise


def _where(request: Request) -> tuple:
    return (
        IDEMPOTENCY.c.party_id == request.actor.party_id,
        IDEMPOTENCY.c.key == request.idempotency_key,
    )


def _fingerprint(request: Request, command: Command) -> str:
    return f"{command.name} {request.id or ''} {request.body_sha256} {request.actor.user_id}"
