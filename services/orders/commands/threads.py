"""One thread, one lock: whatever hangs on a demand is changed under the lock of that demand.

Quotes, contracts, deliveries and payables of one thread wait for each other's rows; with a single
lock, taken first, two commands can never wait for each other in a circle.
"""

from collections.abc import Collection
from datetime import datetime
from typing import TypeVar

from services.messaging import Transaction
from services.orders.tables import Contract, Delivery, Demand, Payable, Quote

Member = TypeVar("Member", Quote, Contract, Delivery, Payable)
PARTIES = ("buyer_id", "supplier_id")


def lock(tx: Transaction, demand_id: str) -> Demand:
    """The demand for those who have shown their right to one of its members."""
    return tx.load(Demand, demand_id)


def load(
    tx: Transaction, table: type[Member], id: str, of: Collection[str]
) -> tuple[Demand, Member]:
    """The row and its demand, under the demand's lock. Raises Problem("not_found")."""
    demand_id = tx.load(table, id, of=of, lock=False).demand_id
    demand = lock(tx, demand_id)
    return demand, tx.load(table, id, of=of)


def context(contract: Contract) -> dict[str, str]:
    """What a row that hangs on a contract says of it, so that nobody need look it up."""
    return {
        "contract_number": contract.number,
        "buyer_id": contract.buyer_id,
        "buyer_name": contract.buyer_name,
        "supplier_id": contract.supplier_id,
        "supplier_name": contract.supplier_name,
    }


def over(tx: Transaction, until: datetime | None) -> bool:
    """Whether the time is up: a deadline belongs to the time after it."""
    return until is not None and tx.now >= until
