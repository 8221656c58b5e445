"""What matching keeps of other services' facts, each row guarded by the sequence."""

from sqlalchemy import Boolean, bindparam, column, select, text
from sqlalchemy.dialects.postgresql import JSONB

from services.contracts.envelope import Event
from services.contracts.problems import Problem
from services.matching.tables import DemandCopy, PartyCopy
from services.messaging import Transaction, keeper

keep_parties = keeper(PartyCopy)

# A row that was not there has no earlier version that a transaction could have ended.
_NOTE = select(DemandCopy, column("is_new", Boolean)).from_statement(
    text(
        """
        INSERT INTO demand_copies AS known (id, sequence, state, data)
        VALUES (:id, :sequence, :state, :data)
        ON CONFLICT (id) DO UPDATE SET
            sequence = greatest(known.sequence, excluded.sequence),
            state = CASE WHEN known.sequence < excluded.sequence
                    THEN excluded.state ELSE known.state END,
            data = CASE WHEN known.sequence < excluded.sequence
                   THEN excluded.data ELSE known.data END
        RETURNING known.*, xmax = 0 AS is_new
        """
    ).bindparams(bindparam("data", type_=JSONB))
)
_ANEW = {"populate_existing": True}


def party(tx: Transaction, party_id: str) -> PartyCopy:
    """Raises Problem("party_unknown")."""
    found = tx.session.get(PartyCopy, party_id)
    if found is None:
        raise Problem("party_unknown", "/supplier_id")
    return found


def note_demand(tx: Transaction, event: Event) -> DemandCopy:
    """The newest known state of the event's demand, locked until the end of the transaction.

    Facts overtake each other on their way; whoever acts on one decides by the newest known.
    """
    stated = {"id": event.subject, "sequence": event.sequence, "state": event.data["state"]}
    rows = tx.session.execute(_NOTE, stated | {"data": event.data}, execution_options=_ANEW)
    noted: DemandCopy
    noted, noted.is_first_heard_of = rows.one()
    return noted


def demand(tx: Transaction, demand_id: str, *, lock: bool = True) -> DemandCopy:
    """The demand, locked. Raises Problem("not_found") for one that was never published."""
    found = tx.session.get(
        DemandCopy, demand_id, with_for_update=lock or None, populate_existing=lock
    )
    if found is None:
        raise Problem("not_found", "/demand_id")
    return found
