"""Who signed a contract or the confirmation of a claim, as its two parties are told."""

import json
from typing import Any

from sqlalchemy import select

from services.contracts.actor import Actor
from services.contracts.problems import Problem
from services.gateway.readmodel import signatories
from services.gateway.readmodel.audiences import of_party
from services.gateway.tables import VIEWS
from services.messaging import Transaction

Arguments = dict[str, Any]


def of_contract(actor: Actor, tx: Transaction, id: str, args: Arguments) -> dict[str, Any]:
    """Raises Problem("not_found")."""
    return _of("contract", actor, tx, id)


def of_receivable(actor: Actor, tx: Transaction, id: str, args: Arguments) -> dict[str, Any]:
    """Raises Problem("not_found")."""
    return _of("receivable", actor, tx, id)


def _of(kind: str, actor: Actor, tx: Transaction, id: str) -> dict[str, Any]:
    mine = of_party(actor.party_id)
    own = VIEWS.c.kind == kind, VIEWS.c.id == id, VIEWS.c.audience == mine
    text = tx.session.scalar(select(VIEWS.c.document).where(*own))
    document = json.loads(text) if text else {}
    if not signatories.is_between(kind, document, [mine]):
        raise Problem("not_found")
    return {"items": signatories.told(tx.session, signatories.under(kind, document))}
