"""Issue and revoke API keys."""

from typing import Any

from sqlalchemy import exists, func, select

from services.contracts.actor import Actor
from services.contracts.problems import Problem
from services.gateway.commands import four_eyes, rights, standing, webhooks
from services.gateway.commands.users import OPERATOR
from services.gateway.credentials import NewSecret
from services.gateway.tables import ApiKey, User
from services.messaging import Transaction

Arguments = dict[str, Any]

MAX_LIVE = 20  # keys of one person: one a system, and one more of each while it is changed


def issue(actor: Actor, tx: Transaction, args: Arguments, *, secret: NewSecret) -> dict[str, str]:
    """A key for oneself, or the first one ever for a new person of one's organisation.

    The operator hands the first key to a first person. Result: the digest of the secret shown.
    """
    standing.keep_known(tx, actor)
    user = _whose(actor, tx, args["user_id"])
    _refuse_too_many(tx, user)
    key = tx.new(
        ApiKey,
        party_id=user.party_id,
        user_id=user.id,
        name=args["name"],
        issued_by=actor.user_id,
        prefix=secret.prefix,
        secret_sha256=secret.sha256,
        scopes=_scopes(actor, user, args["scopes"]),
        revoked_at=None,
    )
    tx.record(key, "issued")
    return {"secret_sha256": secret.sha256}


def revoke(actor: Actor, tx: Transaction, id: str, args: Arguments) -> None:
    """By oneself or the operator; of a colleague any but the only one.

    Who has lost the last is added as a new person, so that one colleague could shut out another.
    With the last go the webhooks of the person.
    """
    is_operator = OPERATOR in actor.roles
    of = () if is_operator else ("party_id",)
    # The person first, as everywhere: of two at once one is the last.
    tx.session.get(User, tx.load(ApiKey, id, of, lock=False).user_id, with_for_update=True)
    key = tx.load(ApiKey, id, of)
    live = ApiKey.user_id == key.user_id, ApiKey.revoked_at.is_(None), ApiKey.id != key.id
    is_only = not tx.session.scalar(select(exists().where(*live)))
    if is_only and key.revoked_at is None and not (is_operator or key.user_id == actor.user_id):
        raise Problem("only_key")
    key.revoked_at = tx.now
    tx.move(key, "revoke", "revoked")
    if is_only:
        webhooks.stop_all_of(tx, key.user_id)


def revoke_all_of(tx: Transaction, user_id: str) -> None:
    """Those of a person, who is locked."""
    live = select(ApiKey).where(ApiKey.user_id == user_id, ApiKey.revoked_at.is_(None))
    for key in tx.session.scalars(live.order_by(ApiKey.id).with_for_update()):
        key.revoked_at = tx.now
        tx.move(key, "revoke", "revoked")


def _whose(actor: Actor, tx: Transaction, user_id: str) -> User:
    """The person, locked. A key is handed over only to who never had one: a revoked one counts.

    Who signs in by a password needs nobody's hand either.

    Whoever may revoke could else take the place of anybody. Handing it over leaves its trace, as
    adding the person did.
    """
    user = tx.session.get(User, user_id, with_for_update=True)
    known = user is not None and (user.party_id == actor.party_id or OPERATOR in actor.roles)
    if user is None or not known:
        raise Problem("user_unknown", "/user_id")
    if user.id == actor.user_id:
        return user
    if user.state == "left":
        raise Problem("person_left", "/user_id")
    hands = four_eyes.hands_of(tx, actor)
    four_eyes.refuse_other_half(hands, user.roles)
    if user.party_id == actor.party_id:
        rights.refuse_greater_person(tx, actor, user)
    if user.can_sign_in or tx.session.scalar(select(exists().where(ApiKey.user_id == user.id))):
        raise Problem("person_has_key")
    if user.party_id != actor.party_id and not user.is_first:
        raise Problem("first_person_only")
    user.lineage = sorted(hands.union(user.lineage))
    return user


def _refuse_too_many(tx: Transaction, user: User) -> None:
    live = select(func.count()).where(ApiKey.user_id == user.id, ApiKey.revoked_at.is_(None))
    if (tx.session.scalar(live) or 0) >= MAX_LIVE:
        raise Problem("too_many_keys", limit=MAX_LIVE)


def _scopes(actor: Actor, user: User, wanted: list[str] | None) -> list[str]:
    """All that may be given, or what is wanted of it."""
    allowed = rights.scopes_to_give(actor, user)
    for scope in wanted or ():
        if scope not in allowed:
            raise Problem("scope_not_allowed", "/scopes", scope=scope)
    return sorted(allowed if wanted is None else set(wanted))
