"""Invite a person to sign in: the code is handed over, and whoever hands it over could keep it.

So whom one may invite is whom one may hand a first key. Who can act already, by a key or a
password, would lose their place to whoever invites them anew: that is left to themselves and to who
could bring in anybody anyway, the first person of the organisation, and of a first person the
operator. A maker with a small mandate cannot take the seat of one with a large mandate so.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import insert

from services.contracts.actor import Actor
from services.contracts.problems import Problem
from services.contracts.roles import scopes_of
from services.gateway.commands import four_eyes, rights, standing
from services.gateway.commands.users import OPERATOR
from services.gateway.credentials import NewSecret
from services.gateway.tables import INVITATIONS, ApiKey, User
from services.messaging import Transaction

Arguments = dict[str, Any]

LASTS = timedelta(hours=72)  # over a weekend


def invite(
    actor: Actor, tx: Transaction, id: str, args: Arguments, *, secret: NewSecret
) -> dict[str, str]:
    """Let the person choose login and password. Result: the digest of the code shown.

    It is real time that ends it. A newer code replaces an older one.
    """
    standing.keep_known(tx, actor)
    user = tx.load(User, id, of=() if OPERATOR in actor.roles else ("party_id",))
    if user.state == "left":  # what they signed and did is told under their name
        raise Problem("person_left")
    if user.id != actor.user_id:
        _check_inviter(actor, tx, user)
    _check_scopes(actor, user)
    ends_at = datetime.now(UTC) + LASTS
    by_oneself = user.id == actor.user_id
    code = {"code_sha256": secret.sha256, "ends_at": ends_at, "by_oneself": by_oneself}
    kept = insert(INVITATIONS).values(user_id=user.id, **code)
    tx.session.execute(kept.on_conflict_do_update(index_elements=["user_id"], set_=code))
    tx.record(user, "invited")
    return {"secret_sha256": secret.sha256}


def _check_inviter(actor: Actor, tx: Transaction, user: User) -> None:
    """Leaves its trace on the person. Raises Problem."""
    is_colleague = user.party_id == actor.party_id
    hands = four_eyes.hands_of(tx, actor)
    four_eyes.refuse_other_half(hands, user.roles)
    if is_colleague:
        rights.refuse_greater_person(tx, actor, user)
    elif not user.is_first:
        raise Problem("first_person_only")
    by_first = is_colleague and tx.session.get_one(User, actor.user_id).is_first
    if is_colleague and not by_first and _can_act(tx, user):
        raise Problem("invitation_beyond")
    user.lineage = sorted(hands.union(user.lineage))


def _check_scopes(actor: Actor, user: User) -> None:
    """Who signs in has all that the duties allow: a narrow key must not be widened so."""
    missing = scopes_of(frozenset(user.roles)) - rights.scopes_to_give(actor, user)
    if missing:
        raise Problem("no_scope", scope=min(missing))


def _can_act(tx: Transaction, user: User) -> bool:
    """By a key, a revoked one counting, or a password."""
    had_key = exists().where(ApiKey.user_id == user.id)
    return user.can_sign_in or bool(tx.session.scalar(select(had_key)))
