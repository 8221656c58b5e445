"""What the operator looks at to let an organisation in: who came, and what they have shown."""

from typing import Any

from sqlalchemy import select

from services.contracts.actor import Actor
from services.contracts.problems import Problem
from services.gateway.commands.users import OPERATOR
from services.gateway.tables import CONTACTS, Document
from services.messaging import Transaction

Arguments = dict[str, Any]


def contact(actor: Actor, tx: Transaction, id: str, args: Arguments) -> dict[str, Any]:
    """How to reach the person by whom it came. Raises Problem("not_found")."""
    _refuse_others(actor, id)
    row = tx.session.execute(select(CONTACTS).where(CONTACTS.c.party_id == id)).first()
    if row is None:
        raise Problem("not_found")
    return row._asdict()


def documents(actor: Actor, tx: Transaction, id: str, args: Arguments) -> dict[str, Any]:
    """Those that are kept. Raises Problem("not_found")."""
    _refuse_others(actor, id)
    kept = select(Document).where(Document.party_id == id, Document.state == "kept")
    return {"items": list(tx.session.scalars(kept.order_by(Document.id)))}


def _refuse_others(actor: Actor, party_id: str) -> None:
    """It is for the operator and the organisation itself."""
    if party_id != actor.party_id and OPERATOR not in actor.roles:
        raise Problem("not_found")
