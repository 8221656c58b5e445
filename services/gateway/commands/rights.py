"""Nobody gives rights that they do not have: not by a person they add, not by a key they hand over.

But for the first person of an organisation, whom the operator adds: of the others each holds a part
only, and somebody must be able to bring in every part. `four_eyes` holds for them all the same.
"""

from collections.abc import Collection

from services.contracts.actor import Actor
from services.contracts.problems import Problem
from services.contracts.roles import ROLES, scopes_of
from services.gateway.tables import User
from services.messaging import Transaction


def refuse_greater_duties(
    tx: Transaction, actor: Actor, roles: Collection[str], pointer: str
) -> None:
    """Raises Problem("duty_beyond") unless the caller holds each of them or what contains it."""
    caller = tx.session.get_one(User, actor.user_id)
    if not (caller.is_first or all(_contains(caller.roles, role) for role in roles)):
        raise Problem("duty_beyond", pointer)


def refuse_greater_person(tx: Transaction, actor: Actor, user: User) -> None:
    """Whoever hands over a first key could keep it. Raises Problem("duty_beyond")."""
    refuse_greater_duties(tx, actor, user.roles, "/user_id")
    if user.is_first and not tx.session.get_one(User, actor.user_id).is_first:
        raise Problem("duty_beyond", "/user_id")


def scopes_to_give(actor: Actor, user: User) -> frozenset[str]:
    """What a key for this person may carry, given out with the key in hand.

    All that their duties allow; of a narrow key no more than it carries itself, for oneself and for
    colleagues. First persons get theirs of the operator, who has none of those rights.
    """
    allowed = scopes_of(frozenset(user.roles))
    is_narrow = not actor.scopes >= scopes_of(actor.roles)
    if user.party_id == actor.party_id and (is_narrow or user.id == actor.user_id):
        return allowed & actor.scopes
    return allowed


def _contains(own: Collection[str], role: str) -> bool:
    """It is one of the caller's duties, or a lesser one in the same capacity."""
    capacities = {held.partition(".")[0] for held in own}
    is_lesser = ROLES[role] <= scopes_of(frozenset(own))
    return role in own or (is_lesser and role.partition(".")[0] in capacities)
