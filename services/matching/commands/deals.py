"""A contract of the platform is completed: it enters its supplier's track record 业绩."""

from datetime import date
from typing import Any

from sqlalchemy import select

from services.contracts.envelope import Event
from services.matching import records
from services.matching.tables import DemandCopy, Match, Reservation, Supply
from services.messaging import Transaction

State = dict[str, Any]


def keep(tx: Transaction, event: Event) -> None:
    """As delivered, with the supply that was awarded; a supplier without any supply has none."""
    contract = event.data
    demand = tx.session.get(DemandCopy, contract["demand_id"], with_for_update=True)
    supply_id = _supply_id(tx, contract)
    if supply_id is None:
        return
    supply = tx.load(Supply, supply_id)
    place = demand.data.get("region") if demand else None
    deal = {
        "title": contract["title"],
        "buyer": contract.get("buyer_name"),
        "place": place,
        "date": date.fromisoformat(event.business_date),
        "amount_fen": contract["amount_fen"],
        "outcome": "delivered",
    }
    if records.add(supply, [deal]):
        tx.record(supply, "recorded")


def _supply_id(tx: Transaction, contract: State) -> str | None:
    """The one that was reserved for the contract's quote; else that of the supplier's match with
    the demand, else its newest.
    """
    demand_id, supplier_id = contract["demand_id"], contract["supplier_id"]
    own = select(Supply.id).where(Supply.supplier_id == supplier_id)
    reserved = select(Reservation.supply_id).where(
        Reservation.demand_id == demand_id,
        Reservation.quote_id == contract["quote_id"],
        Reservation.supply_id.in_(own),
    )
    matched = (
        select(Match.supply_id)
        .where(Match.demand_id == demand_id, Match.supplier_id == supplier_id)
        .order_by(Match.rank.nulls_last(), Match.id)
    )
    newest = own.where(Supply.state == "active").order_by(Supply.id.desc())
    for query in (reserved, matched, newest):
        if found := tx.session.scalars(query.limit(1)).first():
            return str(found)
    return None
