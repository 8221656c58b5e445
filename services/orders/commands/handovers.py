"""What has been handed over under a contract: its deliveries, and how the rules count them."""

from datetime import date

from sqlalchemy import select

from services.days import shanghai_date
from services.messaging import Transaction
from services.orders.rules.owing import Handover
from services.orders.tables import Contract, Delivery

ENDED_IN_SILENCE = frozenset({"deemed_conforming", "inspection_overdue"})


def deliveries_of(tx: Transaction, contract: Contract) -> list[Delivery]:
    """All deliveries of the contract, under the thread's lock."""
    wanted = select(Delivery).where(Delivery.contract_id == contract.id)
    return list(tx.session.scalars(wanted.order_by(Delivery.id)))


def live_fen(delivery: Delivery) -> int:
    """What it fulfils or still may fulfil of the contract, in fen."""
    if delivery.state == "rejected":
        return 0
    if delivery.state == "part_accepted":
        return delivery.accepted_fen or 0
    return delivery.amount_fen


def handovers_of(tx: Transaction, contract: Contract) -> list[Handover]:
    """Those that have arrived and were not rejected."""
    return [
        _handover(delivery, shanghai_date(delivery.delivered_at), delivery.inspect_until)
        for delivery in deliveries_of(tx, contract)
        if delivery.delivered_at and delivery.inspect_until and delivery.state != "rejected"
    ]


def _handover(delivery: Delivery, delivered_on: date, inspect_until: date) -> Handover:
    amount_fen = live_fen(delivery)
    if delivery.state in ENDED_IN_SILENCE:
        return Handover(amount_fen, delivered_on, amount_fen, inspect_until)
    if delivery.accepted_at is None:
        return Handover(amount_fen, delivered_on)
    # A word that came after the inspection period does not put off the end of the period.
    inspected_on = min(shanghai_date(delivery.accepted_at), inspect_until)
    return Handover(amount_fen, delivered_on, amount_fen, inspected_on)
