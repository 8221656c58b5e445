"""What orders knows of parties, people, matches and claims: small copies kept from their facts."""

from collections.abc import Sequence

from sqlalchemy import select

from services.contracts.problems import Problem
from services.messaging import Transaction, keeper
from services.orders.rules.terms import Side
from services.orders.tables import ClaimCopy, MatchCopy, PartyCopy, UserCopy

keep_parties = keeper(PartyCopy)
# The keys stay as the fact's JSON: their instants are only compared with null.
keep_users = keeper(UserCopy, signing_keys=lambda event: event.data["signing_keys"])
keep_matches = keeper(MatchCopy)
keep_claims = keeper(ClaimCopy)


def known_party(tx: Transaction, party_id: str) -> PartyCopy:
    """Raises Problem("party_unknown")."""
    party = tx.session.get(PartyCopy, party_id)
    if party is None:
        raise Problem("party_unknown")
    return party


def is_verified(tx: Transaction, party: PartyCopy) -> bool:
    """Whether its verification holds today."""
    return party.verified_until is not None and party.verified_until >= tx.today


def verified_party(tx: Transaction, party_id: str) -> PartyCopy:
    """Raises Problem("party_unknown") or Problem("party_unverified")."""
    party = known_party(tx, party_id)
    if not is_verified(tx, party):
        raise Problem("party_unverified")
    return party


def side(tx: Transaction, party_id: str) -> Side:
    """The party as the rules see it today."""
    party = known_party(tx, party_id)
    return Side(party.nature, party.fiscal_funded, party.size)


def confirmed_claims(tx: Transaction, contract_id: str) -> Sequence[ClaimCopy]:
    """Those of the contract that the buyer has confirmed, in whole or part, and not paid; by id.

    A confirmation ends with the payment only; one just signed may be heard of a moment later, and
    until then finance lends nothing on a payable that was stopped or divided below it.
    """
    wanted = select(ClaimCopy).where(
        ClaimCopy.contract_id == contract_id, ClaimCopy.state == "confirmed"
    )
    return tx.session.scalars(wanted.order_by(ClaimCopy.id)).all()
