"""Four eyes 四眼原则: neither half of a pair of duties may bring the other into being.

Whoever adds a person or hands over a first key could keep that key. So a person counts with the
duties of everyone through whose hands it came, and what one may not do, nobody one has made may.
"""

from collections.abc import Collection

from services.contracts.actor import Actor
from services.contracts.problems import Problem
from services.gateway.tables import User
from services.messaging import Transaction

PAIRS = {
    "buyer.maker": "buyer.checker",
    "buyer.checker": "buyer.maker",
    "bank.maker": "bank.approver",
    "bank.approver": "bank.maker",
}


def hands_of(tx: Transaction, actor: Actor) -> frozenset[str]:
    """The caller's duties and those of all through whose hands the caller came."""
    caller = tx.session.get_one(User, actor.user_id)
    return frozenset(caller.roles) | frozenset(caller.lineage)


def refuse_other_half(hands: Collection[str], roles: Collection[str]) -> None:
    """Raises Problem("four_eyes") where these hands hold the other half of one of the duties."""
    if any(PAIRS.get(role) in hands for role in roles):
        raise Problem("four_eyes")


def refuse_both_halves(roles: Collection[str]) -> None:
    """Raises Problem("four_eyes") for one person with both halves of a pair."""
    if any(PAIRS.get(role) in roles for role in roles):
        raise Problem("four_eyes", "/roles")


def refuse_halves(roles: Collection[str]) -> None:
    """Raises Problem("four_eyes") for a first person with either half of a pair."""
    if any(role in PAIRS for role in roles):
        raise Problem("four_eyes", "/roles")
