"""What matching knows on the day of the split: suppliers with the deals of the days before it.

The rows go the way of an import: the contract's schema, the columns of a new supply, its track
record, the public state. So whatever a supply gains there it has here.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from marshmallow import ValidationError

from services.contracts.demand import demand
from services.contracts.fields import MAX_ITEMS, TEXT_LENGTH
from services.contracts.money import as_money
from services.contracts.supply import supply as aggregate
from services.contracts.supply_texts import ImportedSupply
from services.matching import records
from services.matching.commands import imports, supplies
from services.matching.evaluation.lines import clean
from services.matching.evaluation.market import AWARDED, PLACE_LENGTH, Market, Supplier, Tender
from services.matching.tables import PartyCopy, Supply

State = dict[str, Any]
# What of a text of qualifications is named and graded; the import's reader, given by the caller.
Holdings = Callable[[str], list[dict[str, Any]]]

RECORD_TITLE_LENGTH, REGION_LENGTH = 300, 40  # the contract's bounds
NOBODY = str(UUID(int=0))  # the buyer: the files name none
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)  # rows have times; nothing here looks at them
_SCHEMA = ImportedSupply()
_DEMAND = demand.state(
    only=("kind", "buyer_id", "title", "text", "category", "region", "budget_fen"),
)


def supplier_id(place: int) -> str:
    """The id of the supplier at this place, and of its one supply; in the order of the file."""
    return str(UUID(int=place + 1))


def place_of(id: str) -> int:
    """The other way round."""
    return UUID(id).int - 1


def supply_states(
    market: Market,
    known: Iterable[Tender],
    holdings: Holdings,
    *,
    only: Collection[int] | None = None,
) -> list[State]:
    """The public state of each supplier's supply, with these tenders as its track record.

    A line that the contract refuses is counted, and left out. `only`: of these places alone.
    """
    deals: dict[int, list[State]] = {}
    for tender in known:
        for place, grade in tender.grades.items():
            deals.setdefault(place, []).append(_deal(tender, grade))
    found = []
    for place, supplier in enumerate(market.suppliers):
        if only is not None and place not in only:
            continue
        try:
            found.append(_supply_state(place, supplier, deals.get(place, []), holdings))
        except ValidationError:
            market.skipped["supplier_refused"] += 1
    return found


def demand_state(tender: Tender) -> State:
    """The public state of the tender as a published order; what it does not say is unknown."""
    return {
        "id": NOBODY,
        "state": "published",
        "kind": "order",
        "buyer_id": NOBODY,
        "title": tender.title,
        "text": tender.scope,
        "category": None,
        "region": clean(tender.place, REGION_LENGTH) or None,
        "budget_fen": tender.price_fen,
        "quote_deadline_at": None,
        "delivery_due_date": None,
        "requirements": None,
    }


def is_fit(tender: Tender) -> bool:
    """Whether the contract takes it for a demand; not with a title that nobody sees."""
    return not _DEMAND.validate(demand_state(tender))


def _supply_state(
    place: int, supplier: Supplier, deals: Sequence[State], holdings: Holdings
) -> State:
    args = _SCHEMA.load(_row(place, supplier, holdings) | {"track_record": deals[-MAX_ITEMS:]})
    party = PartyCopy(id=supplier_id(place), name=supplier.name, region=None, verified_until=None)
    columns = supplies.first_columns(party, imports.as_stated(args), "imported", verified=False)
    supply = Supply(**_identity(place) | columns)
    records.add(supply, args["track_record"])
    state: State = aggregate.schema.dump(supply)
    return state


def _row(place: int, supplier: Supplier, holdings: Holdings) -> State:
    """A row of the import of supplies: the whole text of qualifications stays, too."""
    said = "\n".join(filter(None, (supplier.text, supplier.qualifications)))
    return {
        "supplier_id": supplier_id(place),
        "source_ref": supplier.id,
        "kind": "service",
        "title": supplier.name,
        "text": clean(said, TEXT_LENGTH),
        "qualifications": holdings(supplier.qualifications),
    }


def _identity(place: int) -> State:
    times = dict.fromkeys(("created_at", "updated_at"), _EPOCH)
    named = {"id": supplier_id(place), "number": f"QF-S-{place + 1}", "state": "active"}
    return times | named | {"sequence": 1, "reason_code": None, "thread_id": None}


def _deal(tender: Tender, grade: int) -> State:
    """A row of the import of track records; a deal is known by its title, so scope goes there."""
    fen = tender.price_fen
    return {
        "title": clean(f"{tender.title}\n{tender.scope}", RECORD_TITLE_LENGTH),
        "place": clean(tender.place, PLACE_LENGTH) or None,
        "date": tender.day.isoformat(),
        "amount": None if fen is None else as_money(fen),
        "outcome": "won" if grade == AWARDED else "bid",
    }
