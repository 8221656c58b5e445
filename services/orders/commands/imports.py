"""Real notices of named buyers, brought in by the operator. What they do not say stays null."""

from typing import Any

from sqlalchemy import func, select

from services.contracts.actor import Actor
from services.days import start_of_day
from services.messaging import Transaction
from services.orders import copies
from services.orders.commands import demands
from services.orders.rules.terms import shares_are_whole
from services.orders.tables import Demand, PartyCopy

# Two imports of the same notices at once: the second waits and then skips them.
IMPORT_LOCK = 0x1D

Row = dict[str, Any]


def import_demands(actor: Actor, tx: Transaction, args: dict[str, Any]) -> dict[str, Any]:
    """Publish each row at once; a `source_ref` that is there already is skipped.

    The result says for each row by its index: imported, skipped or failed, and why.
    """
    tx.session.execute(select(func.pg_advisory_xact_lock(IMPORT_LOCK)))
    rows: list[Row] = args["rows"]
    known = _known(tx, rows)
    buyers = _buyers(tx, rows)
    tx.draw_numbers(Demand, sum(row["source_ref"] not in known for row in rows))
    results = []
    for index, row in enumerate(rows):
        outcome, demand, reason = _import(tx, row, known, buyers)
        results.append(
            {
                "index": index,
                "outcome": outcome,
                "id": demand and demand.id,
                "number": demand and demand.number,
                "reason": reason,
            }
        )
    return {"results": results}


def _import(
    tx: Transaction, row: Row, known: dict[str, Demand], buyers: dict[str, PartyCopy]
) -> tuple[str, Demand | None, str | None]:
    ref, buyer = row["source_ref"], buyers.get(row["buyer_id"])
    if ref in known:
        return "skipped", known[ref], "source_ref_known"
    if buyer is None:
        return "failed", None, "party_unknown"
    if row["published_on"] > tx.today:  # it would stand first in the hall until its day has come
        return "failed", None, "published_in_future"
    if row["terms"] is not None and not shares_are_whole(row["terms"]):
        return "failed", None, "terms_shares"
    known[ref] = _publish(tx, row, buyer)
    return "imported", known[ref], None


def _publish(tx: Transaction, row: Row, buyer: PartyCopy) -> Demand:
    given = {name: value for name, value in row.items() if name != "published_on"}
    demand = demands.new(
        tx, given, buyer_name=buyer.name, buyer_verified=copies.is_verified(tx, buyer),
        origin="imported", published_at=start_of_day(row["published_on"]),
    )  # fmt: skip
    tx.move(demand, "publish", "published")
    demands.await_deadline(tx, demand)
    return demand


def _known(tx: Transaction, rows: list[Row]) -> dict[str, Demand]:
    refs = [row["source_ref"] for row in rows]
    found = tx.session.scalars(select(Demand).where(Demand.source_ref.in_(refs)))
    return {str(demand.source_ref): demand for demand in found}


def _buyers(tx: Transaction, rows: list[Row]) -> dict[str, PartyCopy]:
    ids = {row["buyer_id"] for row in rows}
    found = tx.session.scalars(select(PartyCopy).where(PartyCopy.id.in_(ids)))
    return {party.id: party for party in found}
