"""What matching keeps of other services' facts, each row guarded by the sequence."""

from sqlalchemy import case
from sqlalchemy.dialects.postgresql import insert

from services.contracts.envelope import Event
from services.contracts.problems import Problem
from services.matching.tables import DemandCopy, PartyCopy
from services.messaging import Transaction, keeper

keep_parties = keeper(PartyCopy)


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
    values = {
        "id": event.subject,
        "sequence": event.sequence,
        "state": event.data["state"],
        "data": event.data,
    }
    row = insert(DemandCopy).values(values)
    is_newer = DemandCopy.sequence < row.excluded.sequence
    kept = {
        name: case((is_newer, row.excluded[name]), else_=getattr(DemandCopy, name))
        for name in values
    }
    noted = row.on_conflict_do_update(index_elements=["id"], set_=kept).returning(DemandCopy)
    return tx.session.scalars(noted, execution_options={"populate_existing": True}).one()


def demand(tx: Transaction, demand_id: str, *, lock: bool = True) -> DemandCopy:
    """The demand, locked. Raises Problem("not_found") for one that was never published."""
    found = tx.session.get(
        DemandCopy, demand_id, with_for_update=lock or None, populate_existing=lock
    )
    if found is None:
        raise Problem("not_found", "/demand_id")
    return found
