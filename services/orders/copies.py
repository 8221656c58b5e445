"""What orders knows of parties, people and matches: small copies kept from their facts."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy.dialects.postgresql import insert

from services.contracts.envelope import Event
from services.contracts.problems import Problem
from services.messaging import Transaction
from services.orders.rules.terms import Side
from services.orders.tables import Base, MatchCopy, PartyCopy, UserCopy


def keep_parties(tx: Transaction, events: list[Event]) -> None:
    """Projection of the party facts."""
    _keep(tx, PartyCopy, events)


def keep_users(tx: Transaction, events: list[Event]) -> None:
    """Projection of the user facts."""
    _keep(tx, UserCopy, events)


def keep_matches(tx: Transaction, events: list[Event]) -> None:
    """Projection of the match facts."""
    _keep(tx, MatchCopy, events)


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


def _keep(tx: Transaction, table: type[Base], events: Iterable[Event]) -> None:
    """Upsert where the sequence is greater; of several facts of one subject the newest counts."""
    names = [column.name for column in table.__table__.columns]
    rows: dict[str, dict[str, Any]] = {}
    for event in sorted(events, key=lambda event: event.sequence):
        rows[event.subject] = {name: event.data.get(name) for name in names}
    # One lock order for all: two batches never wait for each other in a circle.
    statement = insert(table).values([rows[id] for id in sorted(rows)])
    newer = statement.on_conflict_do_update(
        index_elements=["id"],
        set_={name: statement.excluded[name] for name in names if name != "id"},
        where=table.__table__.c.sequence < statement.excluded.sequence,
    )
    tx.session.execute(newer)
