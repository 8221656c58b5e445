"""Issue and revoke API keys."""

from typing import Any

from sqlalchemy import exists, select

from services.contracts.actor import Actor
from services.contracts.problems import Problem
from services.contracts.roles import scopes_of
from services.gateway.commands.users import OPERATOR, refuse_other_half
from services.gateway.credentials import NewSecret
from services.gateway.tables import ApiKey, User
from services.messaging import Transaction

Arguments = dict[str, Any]


def issue(actor: Actor, tx: Transaction, args: Arguments, *, secret: NewSecret) -> dict[str, str]:
    """A key for oneself, or the first one for a new person of one's organisation.

    The operator hands the first key to a first person. Result: the digest of the secret shown.
    """
    user = _whose(actor, tx, args["user_id"])
    key = tx.new(
        ApiKey,
        party_id=user.party_id,
        user_id=user.id,
        prefix=secret.prefix,
        secret_sha256=secret.sha256,
        scopes=_scopes(actor, user, args["scopes"]),
        revoked_at=None,
    )
    tx.record(key, "issued")
    return {"secret_sha256": secret.sha256}


def revoke(actor: Actor, tx: Transaction, id: str, args: Arguments) -> None:
    """By anyone of the organisation, or the operator: taking access away is always safe."""
    of = () if OPERATOR in actor.roles else ("party_id",)
    key = tx.load(ApiKey, id, of=of)
    key.revoked_at = tx.now
    tx.move(key, "revoke", "revoked")


def _whose(actor: Actor, tx: Transaction, user_id: str) -> User:
    """The person, locked. Someone else's key is handed over only while they hold none."""
    user = tx.session.get(User, user_id, with_for_update=True)
    known = user is not None and (user.party_id == actor.party_id or OPERATOR in actor.roles)
    if user is None or not known:
        raise Problem("user_unknown", "/user_id")
    if user.id == actor.user_id:
        return user
    refuse_other_half(actor, user.roles)
    live = exists().where(ApiKey.user_id == user.id, ApiKey.revoked_at.is_(None))
    if tx.session.scalar(select(live)):
        raise Problem("person_has_key")
    return user


def _scopes(actor: Actor, user: User, wanted: list[str] | None) -> list[str]:
    """All that the duties allow, or what is wanted of it; for oneself no more than in hand."""
    allowed = scopes_of(frozenset(user.roles))
    if user.id == actor.user_id:
        allowed &= actor.scopes
    for scope in wanted or ():
        if scope not in allowed:
            raise Problem("scope_not_allowed", "/scopes", scope=scope)
    return sorted(allowed if wanted is None else set(wanted))
