"""The owner keeps (party, key) -> first answer, in the command's own transaction.

Two identical requests at once: the second waits on the unique index for the first to commit, then
gets its answer; if the first rolls back, the second becomes the first.
"""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from services.contracts.problems import Problem
from services.messaging.failures import LOCK_NOT_AVAILABLE, sqlstate
from services.messaging.request import Request
from services.messaging.tables import IDEMPOTENCY

Reply = dict[str, Any]

_CLAIM = insert(IDEMPOTENCY).on_conflict_do_nothing().returning(IDEMPOTENCY.c.key)
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


def first_reply(session: Session, request: Request, method: str) -> Reply | None:
    """None: the key is this transaction's to use. Else the reply that was given before.

    Raises Problem("idempotency_key_reused") for another method, object or body under the same key,
    Problem("in_flight") when the first request takes longer than the lock time-out.
    """
    if request.idempotency_key is None or _claim(session, request, method):
        return None
    kept = session.execute(select(IDEMPOTENCY).where(*_where(request))).one()
    if kept.request != _fingerprint(request, method):
        raise Problem("idempotency_key_reused")
    reply: Reply = kept.reply
    return reply


def kept(request: Request, reply: Reply) -> Kept | None:
    """What is stored beside the effects, so that both or neither exist; None without a key."""
    text = json.dumps(reply, ensure_ascii=False)  # what cannot be answered is not committed either
    if request.idempotency_key is None:
        return None
    return Kept(request.actor.party_id, request.idempotency_key, text)


def _claim(session: Session, request: Request, method: str) -> bool:
    row = {
        "party_id": request.actor.party_id,
        "key": request.idempotency_key,
        "request": _fingerprint(request, method),
    }
    try:
        return session.execute(_CLAIM, row).first() is not None
    except OperationalError as error:
        if sqlstate(error) == LOCK_NOT_AVAILABLE:
            raise Problem("in_flight") from error
        raise


def _where(request: Request) -> tuple:
    return (
        IDEMPOTENCY.c.party_id == request.actor.party_id,
        IDEMPOTENCY.c.key == request.idempotency_key,
    )


def _fingerprint(request: Request, method: str) -> str:
    return f"{method} {request.id or ''} {request.body_sha256}"
