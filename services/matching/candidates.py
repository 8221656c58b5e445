"""The candidates' facts, all in one select: no row is fetched on its own."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, select, type_coerce
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from services.contracts import demand as contract
from services.days import shanghai_date
from services.matching import regions
from services.matching.sides import Holding, Offered, Requirement, Wanted
from services.matching.tables import DemandCopy, PartyCopy, Supply

_COLUMNS = (
    Supply.id,
    Supply.supplier_id,
    Supply.supplier_name,
    Supply.title,
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


def fetch(session: Session, supply_ids: Collection[str]) -> dict[str, Row[Any]]:
    """Supply id → row with what a ranking needs; a supply that is gone is not in it."""
    query = (
        select(*_COLUMNS)
        .outerjoin(PartyCopy, PartyCopy.id == Supply.supplier_id)
        .where(Supply.id.in_(supply_ids))
    )
    return {row.id: row for row in session.execute(query)}


def offered(row: Row[Any]) -> Offered:
    """The supply's side of a match."""
    at_home = regions.places([row.region]) if row.region else frozenset()
    return Offered(
        id=row.id,
        supplier_id=row.supplier_id,
        kind=row.kind,
        is_active=row.state == "active",
        is_imported=row.origin == "imported",
        verified_until=row.verified_until,
        regions=tuple(row.regions),
        qualifications=tuple(_holding(item) for item in row.qualifications),
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


def _holding(item: dict[str, Any]) -> Holding:
    expires_on = item.get("expires_on")
    return Holding(
        item["name"], item.get("grade"), date.fromisoformat(expires_on) if expires_on else None
    )


def _requirement(item: dict[str, Any]) -> Requirement:
    return Requirement(item["name"], item.get("grade"))
