"""A seat of an organisation: by what its person comes in and acts, and how all of that ends.

Whoever could come back by a key, a webhook or a code that was made before has not left.
"""

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from services.contracts.actor import Actor
from services.contracts.problems import Problem
from services.gateway.commands import keys, standing, webhooks
from services.gateway.commands.users import OPERATOR
from services.gateway.tables import (
    INVITATIONS,
    KNOWN_DEVICES,
    LOGINS,
    OIDC_ATTEMPTS,
    OIDC_LINKS,
    SESSIONS,
    Mandate,
    User,
)
from services.messaging import Transaction

Arguments = dict[str, Any]

# By what somebody is signed in or may come to be, beside login and password.
_WAYS_IN = (SESSIONS, OIDC_LINKS, OIDC_ATTEMPTS, INVITATIONS, KNOWN_DEVICES)


def leave(actor: Actor, tx: Transaction, id: str, args: Arguments) -> None:
    """A person has left; others with the same duties go on with what is to be done."""
    user = _load(actor, tx, id)
    if user.id == actor.user_id:
        raise Problem("not_oneself")
    _require_first(actor, tx)
    vacate(tx, user)


def vacate(tx: Transaction, user: User) -> None:
    """The person, who is locked, is out for good."""
    user.LIFECYCLE.next(user.state, "leave")
    tx.session.execute(delete(LOGINS).where(LOGINS.c.user_id == user.id))
    user.can_sign_in = False
    clear(tx, user)
    tx.move(user, "leave", "left")


def clear(tx: Transaction, user: User) -> None:
    """For another person: nothing of whoever sat here comes in, acts or signs any more."""
    close_ways_in(tx.session, user.id)
    stop_machines(tx, user.id)
    user.signing_keys = [
        key if key["revoked_at"] else _revoked(tx, key) for key in user.signing_keys
    ]
    _revoke_mandates(tx, user)


def close_ways_in(session: Session, user_id: str) -> None:
    """Sessions, identities at a provider, codes, known devices; the person is locked."""
    for table in _WAYS_IN:
        session.execute(delete(table).where(table.c.user_id == user_id))


def stop_machines(tx: Transaction, user_id: str) -> None:
    """API keys, and the webhooks that live by them."""
    keys.revoke_all_of(tx, user_id)
    webhooks.stop_all_of(tx, user_id)


def revoke_signing_key(actor: Actor, tx: Transaction, id: str, args: Arguments) -> None:
    """By oneself, the first person of the organisation or the operator."""
    user = _load(actor, tx, id)
    if user.id != actor.user_id:
        _require_first(actor, tx)
    key = next((key for key in user.signing_keys if key["key_id"] == args["key_id"]), None)
    if key is None:
        raise Problem("signing_key_unknown", "/key_id")
    if key["revoked_at"]:
        raise Problem("signing_key_revoked", "/key_id")
    user.signing_keys = [_revoked(tx, one) if one is key else one for one in user.signing_keys]
    tx.record(user, "signing_key_revoked")


def _load(actor: Actor, tx: Transaction, id: str) -> User:
    standing.keep_known(tx, actor)
    return tx.load(User, id, of=() if OPERATOR in actor.roles else ("party_id",))


def _require_first(actor: Actor, tx: Transaction) -> None:
    if OPERATOR not in actor.roles and not tx.session.get_one(User, actor.user_id).is_first:
        raise Problem("seat_beyond")


def _revoked(tx: Transaction, key: dict[str, Any]) -> dict[str, Any]:
    """It stays where it was: signatures made with it are verified by it."""
    return key | {"revoked_at": tx.now.isoformat()}


def _revoke_mandates(tx: Transaction, user: User) -> None:
    """They name a person, and no seat."""
    own = select(Mandate).where(Mandate.user_id == user.id, Mandate.state == "active")
    for mandate in tx.session.scalars(own.order_by(Mandate.id).with_for_update()):
        mandate.revoked_at = tx.now
        tx.move(mandate, "revoke", "revoked")
