"""Both sides of a match, from the rows: no candidate is fetched on its own."""

from collections import OrderedDict
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, Uuid, any_, bindparam, select, type_coerce
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Session

from services.contracts import demand as contract
from services.days import shanghai_date
from services.matching import regions
from services.matching.sides import Holding, Offered, Requirement, Wanted
from services.matching.tables import DemandCopy, PartyCopy, Supply

# A supply's side is some two kilobytes: forty megabytes at most, and every supply of a park.
REMEMBERED = 20_000

# An Offered follows from the supply's row and its supplier's, so their sequences are its key.
Key = tuple[str, int, int | None]
_KEY = (Supply.id, Supply.sequence, PartyCopy.sequence.label("party_sequence"))
_COLUMNS = (
    *_KEY,
    Supply.supplier_id,
    Supply.kind,
    Supply.state,
    Supply.origin,
    Supply.regions,
    type_coerce(Supply.qualifications, JSONB).label("qualifications"),  # read by hand: faster
    Supply.categories,
    Supply.price_min_fen,
    Supply.capacity_free,
    Supply.lead_time_days,
    Supply.record_count,
    Supply.won_count,
    Supply.places,
    PartyCopy.verified_until,
    PartyCopy.region,
)
_remembered: OrderedDict[Key, Offered] = OrderedDict()


def offered(session: Session, supply_ids: Collection[str]) -> list[Offered]:
    """The supplies' side of a match, as their rows are now; one that is gone is not in it.

    One select of keys, and one of the rows that have changed since they were last looked at.
    """
    keys = {row.id: _key(row) for row in session.execute(_of(_KEY, supply_ids))}
    missing = [id for id, key in keys.items() if key not in _remembered]
    found = {id: _remembered[key] for id, key in keys.items() if key in _remembered}
    for row in session.execute(_of(_COLUMNS, missing)) if missing else ():
        found[row.id] = _remembered[_key(row)] = _offered(row)
    while len(_remembered) > REMEMBERED:
        _remembered.popitem(last=False)
    return list(found.values())


def _of(columns: Sequence[Any], supply_ids: Collection[str]) -> Select[Any]:
    """One array parameter, whatever their number: the statement is compiled and planned once."""
    ids = bindparam("ids", list(supply_ids), ARRAY(Uuid(as_uuid=False)))
    suppliers = PartyCopy.id == Supply.supplier_id
    return select(*columns).outerjoin(PartyCopy, suppliers).where(Supply.id == any_(ids))


def _key(row: Row[Any]) -> Key:
    return row.id, row.sequence, row.party_sequence


def _offered(row: Row[Any]) -> Offered:
    at_home = regions.places([row.region]) if row.region else frozenset()
    return Offered(
        id=row.id,
        supplier_id=row.supplier_id,
        kind=row.kind,
        is_active=row.state == "active",
        verified_until=row.verified_until,
        regions=_served(row),
        qualifications=_holdings(row.qualifications),
        categories=tuple(row.categories),
        price_min_fen=row.price_min_fen,
        capacity_free=row.capacity_free,
        lead_time_days=row.lead_time_days,
        record_count=row.record_count,
        won_count=row.won_count,
        places=at_home.union(row.places),
    )


def wanted(demand: DemandCopy) -> Wanted:
    """The demand's side of a match, from its newest known public state."""
    state: dict[str, Any] = contract.demand.schema.load(demand.data)
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


def _served(row: Row[Any]) -> tuple[str, ...] | None:
    """A public source that names no region is silent; a supplier that names none serves all."""
    return None if row.origin == "imported" and not row.regions else tuple(row.regions)


def _holdings(items: list[dict[str, Any]] | None) -> tuple[Holding, ...] | None:
    return None if items is None else tuple(_holding(item) for item in items)


def _holding(item: dict[str, Any]) -> Holding:
    expires_on = item.get("expires_on")
    return Holding(
        item["name"], item.get("grade"), date.fromisoformat(expires_on) if expires_on else None
    )


def _requirement(item: dict[str, Any]) -> Requirement:
    return Requirement(item["name"], item.get("grade"))
