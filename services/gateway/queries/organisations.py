"""What the operator looks at to let an organisation in: who came, and what they have shown."""

from typing import Any

from sqlalchemy import select

from services.contracts.actor import Actor
from services.contracts.party import MAX_KEYS
from services.contracts.problems import Problem
from services.days import shanghai_date
from services.gateway.commands.users import OPERATOR
from services.gateway.tables import CONTACTS, KEY_USES, ApiKey, Document
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


def key_uses(actor: Actor, tx: Transaction, id: str, args: Arguments) -> dict[str, Any]:
    """Raises Problem("not_found")."""
    _refuse_others(actor, id)
    asked = select(KEY_USES).join(ApiKey, ApiKey.id == KEY_USES.c.key_id)
    newest = asked.where(ApiKey.party_id == id).order_by(KEY_USES.c.used_at.desc()).limit(MAX_KEYS)
    rows = tx.session.execute(newest)
    used = [{"key_id": row.key_id, "last_used_on": shanghai_date(row.used_at)} for row in rows]
    return {"items": used}


def _refuse_others(actor: Actor, party_id: str) -> None:
    """It is for the operator and the organisation itself."""
    if party_id != actor.party_id and OPERATOR not in actor.roles:
        raise Problem("not_found")
