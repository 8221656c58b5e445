"""Grant and revoke confirmation mandates 授权书."""

from typing import Any

from sqlalchemy import exists, select

from services.contracts.actor import Actor
from services.contracts.problems import Problem
from services.gateway.commands import four_eyes, standing
from services.gateway.readmodel.audiences import of_party
from services.gateway.tables import VIEWS, Mandate, Party, User
from services.messaging import Transaction

Arguments = dict[str, Any]

CONFIRMING = frozenset({"buyer.maker", "buyer.checker"})


def grant(actor: Actor, tx: Transaction, args: Arguments) -> Mandate:
    """To a maker or checker of the own organisation, by who is neither.

    Else a maker could widen its own mandate, or that of a second person it made for itself.
    """
    standing.keep_known(tx, actor)
    user = tx.session.get(User, args["user_id"], with_for_update=True)  # beside who lets them go
    if user is None or user.party_id != actor.party_id:
        raise Problem("user_unknown", "/user_id")
    if user.state == "left":
        raise Problem("person_left", "/user_id")
    if user.id == actor.user_id or CONFIRMING & four_eyes.hands_of(tx, actor):
        raise Problem("four_eyes")
    if CONFIRMING.isdisjoint(user.roles):
        raise Problem("role_not_of_party", "/user_id", role=", ".join(user.roles))
    _check_scope(actor, tx, args)
    mandate = tx.new(Mandate, party_id=actor.party_id, revoked_at=None, **args)
    tx.record(mandate, "granted")
    return mandate


def revoke(actor: Actor, tx: Transaction, id: str, args: Arguments) -> None:
    """From now on; what was confirmed under it stays confirmed."""
    mandate = tx.load(Mandate, id, of=("party_id",))
    mandate.revoked_at = tx.now
    tx.move(mandate, "revoke", "revoked")


def _check_scope(actor: Actor, tx: Transaction, args: Arguments) -> None:
    if args["valid_until"] < tx.today:
        raise Problem("in_the_past", "/valid_until")
    if args["supplier_id"] and tx.session.get(Party, args["supplier_id"]) is None:
        raise Problem("party_unknown", "/supplier_id")
    if args["contract_id"] and not _has_contract(actor, tx, args["contract_id"]):
        raise Problem("contract_unknown", "/contract_id")


def _has_contract(actor: Actor, tx: Transaction, contract_id: str) -> bool:
    seen = exists().where(
        VIEWS.c.kind == "contract",
        VIEWS.c.id == contract_id,
        VIEWS.c.audience == of_party(actor.party_id),
    )
    return bool(tx.session.scalar(select(seen)))
