"""Who may do what: duties, two different people, known and verified organisations."""

from services.contracts.actor import Actor
from services.contracts.problems import Problem
from services.finance.tables.copies import PartyCopy
from services.messaging import AggregateRow, Transaction


def duty(actor: Actor, role: str) -> None:
    """Raises Problem("forbidden") unless the person has this duty in the organisation."""
    if role not in actor.roles:
        raise Problem("forbidden")


def other_person(actor: Actor, first_user_id: str | None) -> None:
    """Two people (四眼原则). Raises Problem("same_person")."""
    if actor.user_id == first_user_id:
        raise Problem("same_person")


def may(row: AggregateRow, verb: str) -> None:
    """Raises IllegalMove before anything else is judged, so that a wrong state answers 409."""
    row.LIFECYCLE.next(row.state, verb)


def known(tx: Transaction, party_id: str, pointer: str = "") -> PartyCopy:
    """Raises Problem("party_unknown")."""
    party = tx.session.get(PartyCopy, party_id)
    if party is None:
        raise Problem("party_unknown", pointer)
    return party


def verified(tx: Transaction, party_id: str) -> PartyCopy:
    """Raises Problem("party_unknown") or, when its papers are not in order today, another."""
    party = known(tx, party_id)
    if not is_verified(tx, party):
        raise Problem("party_unverified")
    return party


def is_verified(tx: Transaction, party: PartyCopy) -> bool:
    """Whether an operator's verification covers today."""
    return party.verified_until is not None and tx.today <= party.verified_until


def bank(tx: Transaction, actor: Actor) -> PartyCopy:
    """The actor's organisation, a verified bank. Raises Problem("not_a_bank") and those above."""
    party = verified(tx, actor.party_id)
    if "bank" not in party.capacities:
        raise Problem("not_a_bank")
    return party
