"""Deliveries: shipped, arrived, and what the buyer says of them, or fails to say in time."""

from typing import Any

from services.contracts.actor import Actor
from services.contracts.problems import Problem
from services.days import add_days, end_of_day
from services.messaging import Transaction
from services.orders.commands import payables, threads
from services.orders.commands.handovers import deliveries_of, live_fen
from services.orders.rules import BOOK
from services.orders.tables import Contract, Delivery

SUPPLIER = ("supplier_id",)
BUYER = ("buyer_id",)


def ship(actor: Actor, tx: Transaction, args: dict[str, Any]) -> None:
    """Part or all of an active contract, never more than what is left of it."""
    _, contract = threads.load(tx, Contract, args["contract_id"], SUPPLIER)
    _check_room(tx, contract, args["amount_fen"])
    delivery = tx.new(
        Delivery,
        thread_id=contract.thread_id,
        demand_id=contract.demand_id,
        **threads.context(contract),
        shipped_at=tx.now,
        **args,
    )
    tx.record(delivery, "shipped")


def arrive(actor: Actor, tx: Transaction, id: str, args: dict[str, Any]) -> None:
    """At the buyer's place: the inspection period begins."""
    contract, delivery = _load(tx, id, SUPPLIER)
    delivery.delivered_at = tx.now
    delivery.inspect_until = add_days(tx.today, contract.terms["inspection_days"])
    tx.move(delivery, "arrive", "delivered")
    tx.schedule(delivery, "end_inspection", end_of_day(delivery.inspect_until))
    payables.start_running(tx, contract)


def accept(actor: Actor, tx: Transaction, id: str, args: dict[str, Any]) -> None:
    """All of it, or the part that is named; the rest counts as not delivered."""
    contract, delivery = _load(tx, id, BUYER)
    catch_up(tx, delivery)
    accepted_fen = args["accepted_fen"] or delivery.amount_fen
    if accepted_fen > delivery.amount_fen:
        raise Problem("accepted_over_delivered", "/accepted")
    delivery.accepted_fen, delivery.accepted_at = accepted_fen, tx.now
    if accepted_fen == delivery.amount_fen:
        tx.move(delivery, "accept", "accepted")
    else:
        tx.move(delivery, "accept_part", "part_accepted")
        payables.stop_running(tx, contract)
    tx.unschedule(delivery, "end_inspection")
    payables.start_running(tx, contract)


def reject(actor: Actor, tx: Transaction, id: str, args: dict[str, Any]) -> None:
    """Within the inspection period, with a reason; it counts as not delivered."""
    contract, delivery = _load(tx, id, BUYER)
    catch_up(tx, delivery)
    delivery.reason_note = args["note"]
    tx.move(delivery, "reject", "rejected", args["reason_code"])
    tx.unschedule(delivery, "end_inspection")
    payables.stop_running(tx, contract)


def redeliver(actor: Actor, tx: Transaction, id: str, args: dict[str, Any]) -> None:
    """The mended or replaced goods are on their way; everything starts anew."""
    contract, delivery = _load(tx, id, SUPPLIER)
    if delivery.state == "rejected":
        _check_room(tx, contract, delivery.amount_fen)
    delivery.shipped_at = tx.now
    delivery.delivered_at = delivery.inspect_until = delivery.reason_note = None
    tx.move(delivery, "redeliver", "redelivered")


def end_inspection(tx: Transaction, id: str) -> None:
    """Timer: the inspection period is over."""
    contract, delivery = _load(tx, id, ())
    catch_up(tx, delivery)
    payables.start_running(tx, contract)


def catch_up(tx: Transaction, delivery: Delivery) -> None:
    """Silence past the inspection period: goods are deemed conforming (Civil Code 621).

    That is no confirmation of the claim. Services and works are merely overdue for inspection;
    the payment clock starts for both.
    """
    if delivery.state != "delivered" or delivery.inspect_until is None:
        return
    if not threads.over(tx, end_of_day(delivery.inspect_until)):
        return
    rule = BOOK.at("inspection_silence", delivery.inspect_until)
    if delivery.subject in rule.parameters["deemed_conforming"]:
        tx.move(delivery, "deem_conforming", "deemed_conforming")
    else:
        tx.move(delivery, "overrun_inspection", "inspection_overdue")


def _load(tx: Transaction, id: str, of: tuple[str, ...]) -> tuple[Contract, Delivery]:
    _, delivery = threads.load(tx, Delivery, id, of)
    return tx.load(Contract, delivery.contract_id), delivery


def _check_room(tx: Transaction, contract: Contract, amount_fen: int) -> None:
    """Raises Problem when live deliveries would exceed the contract, or it is not in force."""
    if contract.state != "active":
        raise Problem("contract_not_active")
    left_fen = contract.amount_fen - sum(map(live_fen, deliveries_of(tx, contract)))
    if amount_fen > left_fen:
        raise Problem("over_delivery", "/amount", left_fen=left_fen)
