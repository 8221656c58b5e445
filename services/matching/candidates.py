"""Both sides of a match as plain values, from rows and from facts."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, Uuid, any_, bindparam, select, type_coerce
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Session

from services.contracts import demand as contract
from services.days import shanghai_date
from services.matching.sides import Holding, Offered, Requirement, Wanted
from services.matching.tables import DemandCopy, PartyCopy, Supply

_SIDE = (
    Supply.id,
    Supply.number,
    Supply.supplier_id,
    Supply.supplier_name,
    Supply.kind,
    Supply.state,
    Supply.origin,
    Supply.regions,
    type_coerce(Supply.qualifications, JSONB).label("qualifications"),  # read by hand: faster
    Supply.price_min_fen,
    Supply.capacity_free,
    Supply.lead_time_days,
    PartyCopy.verified_until,
)
_TEXTS = (Supply.title, Supply.categories, Supply.text)
# No more of a demand is read than is looked at.
_DEMAND = contract.demand.state(
    only=(
        "kind", "buyer_id", "buyer_name", "title", "text", "category", "region", "budget_fen",
        "delivery_due_date", "requirements",
    )
)  # fmt: skip
State = dict[str, Any]


class Shown(NamedTuple):
    """A supply that people are shown: its side of a match, and what it says of itself."""

    offered: Offered
    supplier_name: str
    title: str
    texts: tuple[str, ...]

    @property
    def id(self) -> str:
        return self.offered.id

    @property
    def supplier_id(self) -> str:
        return self.offered.supplier_id


def offered(session: Session, supply_id: str) -> Offered:
    """The supply's side of a match, as its row is now."""
    return _offered(session.execute(_select().where(Supply.id == supply_id)).one())


def shown(
    session: Session, supply_ids: Collection[str], *, on_offer: bool = False
) -> dict[str, Shown]:
    """These as their rows are now; nobody else's long texts are read.

    `on_offer`: only those that were not archived meanwhile, locked against it. An archiving that
    waits for these locks finds the new matches and withdraws them.
    """
    if not supply_ids:
        return {}
    query = _LOCK_ON_OFFER if on_offer else _SHOW
    return {row.id: _shown(row) for row in session.execute(query, {"ids": list(supply_ids)})}


# Of a public state what `stated` looks at.
STATED = (
    "id", "number", "sequence", "supplier_id", "kind", "state", "origin", "regions",
    "qualifications", "price_min_fen", "capacity_declared", "capacity_reserved", "capacity_used",
    "lead_time_days",
)  # fmt: skip


def stated(state: Mapping[str, Any]) -> tuple[Offered, int]:
    """The supply's side of a match from the public state that a fact carries, and its sequence."""
    declared = state["capacity_declared"]
    taken = state["capacity_reserved"] + state["capacity_used"]
    side = Offered(
        id=state["id"],
        number=running(state["number"]),
        supplier_id=state["supplier_id"],
        kind=state["kind"],
        is_active=state["state"] == "active",
        regions=_served(state["origin"], state["regions"]),
        qualifications=_holdings(state["qualifications"]),
        price_min_fen=state["price_min_fen"],
        capacity_free=None if declared is None else declared - taken,
        lead_time_days=state["lead_time_days"],
    )
    return side, state["sequence"]


def running(number: str) -> int:
    """The running part of a supply's number, drawn from one sequence for all years."""
    return int(number.rpartition("-")[2])


def _select(*texts: Any) -> Select[Any]:
    return select(*_SIDE, *texts).outerjoin(PartyCopy, PartyCopy.id == Supply.supplier_id)


# Made once: building a statement costs more than asking it. One array parameter, whatever the
# number of supplies: it is planned once, too.
_IDS = bindparam("ids", type_=ARRAY(Uuid(as_uuid=False)))
_SHOW = _select(*_TEXTS).where(Supply.id == any_(_IDS)).order_by(Supply.id)
_LOCK_ON_OFFER = _SHOW.where(Supply.state == "active").with_for_update(read=True, of=Supply)


def _offered(row: Row[Any]) -> Offered:
    return Offered(
        id=row.id,
        number=running(row.number),
        supplier_id=row.supplier_id,
        kind=row.kind,
        is_active=row.state == "active",
        verified_until=row.verified_until,
        regions=_served(row.origin, row.regions),
        qualifications=_holdings(row.qualifications),
        price_min_fen=row.price_min_fen,
        capacity_free=row.capacity_free,
        lead_time_days=row.lead_time_days,
    )


def _shown(row: Row[Any]) -> Shown:
    texts = (row.title, *row.categories, row.text)
    return Shown(_offered(row), row.supplier_name, row.title, texts)


def wanted(demand: DemandCopy) -> Wanted:
    """The demand's side of a match, from its newest known public state."""
    state: dict[str, Any] = _DEMAND.load(demand.data)
    closes_at = wanted_until(demand)
    required = state.get("requirements")
    return Wanted(
        kind=state["kind"],
        buyer_id=state["buyer_id"],
        title=state["title"],
        buyer_name=state.get("buyer_name") or "",
        text=state.get("text") or "",
        category=state.get("category"),
        region=state.get("region"),
        budget_fen=state.get("budget_fen"),
        quotes_until=shanghai_date(closes_at) if closes_at else None,
        delivery_due_date=state.get("delivery_due_date"),
        requirements=None if required is None else tuple(_requirement(item) for item in required),
    )


def wanted_until(demand: DemandCopy) -> datetime | None:
    """The instant at which quotes close; None when that is unknown."""
    closes_at = demand.data.get("quote_deadline_at")
    return datetime.fromisoformat(closes_at) if closes_at else None


def _served(origin: str, served: list[str]) -> tuple[str, ...] | None:
    """A public source that names no region is silent; a supplier that names none serves all."""
    return None if origin == "imported" and not served else tuple(served)


def _holdings(items: list[dict[str, Any]] | None) -> tuple[Holding, ...] | None:
    return None if items is None else tuple(_holding(item) for item in items)


def _holding(item: dict[str, Any]) -> Holding:
    expires_on = item.get("expires_on")
    return Holding(
        item["name"], item.get("grade"), date.fromisoformat(expires_on) if expires_on else None
    )


def _requirement(item: dict[str, Any]) -> Requirement:
    return Requirement(item["name"], item.get("grade"))
