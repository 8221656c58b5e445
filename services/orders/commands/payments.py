"""What was paid on payables: recorded by who received it, told by who says it paid, by claims."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from services.contracts.actor import Actor
from services.contracts.contract import MAX_REPORTED
from services.contracts.envelope import Event
from services.contracts.problems import Problem
from services.days import start_of_day
from services.messaging import Transaction
from services.orders.commands import payables, threads
from services.orders.rules import owing
from services.orders.rules.terms import Side, protects
from services.orders.tables import Contract, Demand, Payable, Payment, PaymentReport


def record_payment(actor: Actor, tx: Transaction, id: str, args: dict[str, Any]) -> None:
    """The supplier says what the buyer paid it; one reference counts once."""
    demand, payable = threads.load(tx, Payable, id, ("supplier_id",))
    contract = tx.load(Contract, payable.contract_id)
    amount_fen = args["amount_fen"]
    _judge_day(tx, contract, args["paid_on"])
    if tx.session.get(Payment, (payable.id, args["reference"])) is not None:
        raise Problem("payment_reference_used", "/reference")
    if payable.state not in payables.SETTLED and amount_fen > payable.left_fen:
        raise Problem("payment_over_payable", "/amount", left_fen=payable.left_fen)
    _pay(tx, contract, payable, Payment(recorded_at=tx.now, **args))
    _complete_if_paid(tx, demand, contract)


def report_payment(actor: Actor, tx: Transaction, id: str, args: dict[str, Any]) -> None:
    """The buyer says what it paid; nothing counts as paid before who received it says so."""
    _, payable = threads.load(tx, Payable, id, ("buyer_id",))
    _judge_day(tx, tx.load(Contract, payable.contract_id), args["paid_on"])
    reference = args["reference"]
    if tx.session.get(Payment, (payable.id, reference)) is not None:
        raise Problem("payment_reference_used", "/reference")
    if tx.session.get(PaymentReport, (payable.id, reference)) is not None:
        raise Problem("payment_reported_already", "/reference")
    if payable.state not in payables.SETTLED:
        _judge_report(payable, args["amount_fen"])
    report = PaymentReport(reported_at=tx.now, received_before_fen=payable.paid_fen, **args)
    payable.reported_payments.append(report)
    tx.move(payable, "report_payment", "payment_reported")


def settle_receivable(tx: Transaction, event: Event) -> None:
    """A claim over some payables was repaid in part or whole: they are paid, earliest due first.

    The fact says how much in all, so one that is late or repeated pays nothing twice; nor is paid
    twice what the supplier has recorded as paid directly.
    """
    claim = event.load()
    if not claim.get("settled_fen"):
        return
    found = tx.session.scalars(select(Payable).where(Payable.id.in_(claim["payable_ids"]))).first()
    if found is None:
        return  # a claim that was entered without a contract on the platform
    demand = threads.lock(tx, found.demand_id)
    contract = tx.load(Contract, found.contract_id)
    left_fen = claim["settled_fen"] - _paid_before(tx, claim)
    for payable in sorted(payables.of_contract(tx, contract), key=payables.by_due_date):
        part_fen = min(left_fen, payable.left_fen)
        if payable.id in claim["payable_ids"] and part_fen > 0:
            _pay(tx, contract, payable, _of_claim(event, claim["number"], part_fen))
            left_fen -= part_fen
    _complete_if_paid(tx, demand, contract)


def _judge_report(payable: Payable, amount_fen: int) -> None:
    if amount_fen > payable.unreported_fen:
        left_fen = payable.unreported_fen
        raise Problem("payment_reports_over_payable", "/amount", left_fen=left_fen)
    if len(payable.reported_payments) >= MAX_REPORTED:
        raise Problem("payment_reports_too_many")


def _judge_day(tx: Transaction, contract: Contract, paid_on: date) -> None:
    if paid_on > tx.today:
        raise Problem("payment_in_future", "/paid_on")
    if paid_on < payables.signed_on(contract):
        raise Problem("payment_before_contract", "/paid_on")


def _paid_before(tx: Transaction, claim: dict[str, Any]) -> int:
    """What earlier facts of the claim have paid, in fen."""
    paid = select(func.coalesce(func.sum(Payment.amount_fen), 0)).where(
        Payment.payable_id.in_(claim["payable_ids"]),
        Payment.reference.startswith(f"{claim['number']} "),
    )
    return int(tx.session.scalars(paid).one())


def _of_claim(event: Event, number: str, amount_fen: int) -> Payment:
    """Under the claim's number and the fact's id, which no supplier's own reference can equal."""
    return Payment(
        reference=f"{number} {event.id}",
        amount_fen=amount_fen,
        paid_on=date.fromisoformat(event.business_date),
        recorded_at=event.moment,
    )


def _pay(tx: Transaction, contract: Contract, payable: Payable, payment: Payment) -> None:
    """Late is what arrives after the due date, whenever it is recorded."""
    payables.catch_up(tx, payable)
    payment.payable_id = payable.id
    tx.session.add(payment)
    payable.late_interest_fen += _interest(contract, payable, payment)
    payable.paid_fen += payment.amount_fen
    if payable.left_fen:
        tx.move(payable, "pay_part", "part_paid")
    else:
        _pay_last(tx, payable, payment.paid_on)


def _pay_last(tx: Transaction, payable: Payable, on: date) -> None:
    payable.paid_at = _moment(tx, on)
    late = payable.due_date is not None and on > payable.due_date
    if late or payable.late_interest_fen:
        tx.move(payable, "pay_late", "paid_late")
    else:
        tx.move(payable, "pay", "paid")
    payables.forget_due_date(tx, payable)


def _moment(tx: Transaction, day: date) -> datetime:
    """Today's payment is now; of an earlier one only the day is known."""
    return tx.now if day == tx.today else start_of_day(day)


def _interest(contract: Contract, payable: Payable, payment: Payment) -> int:
    if payable.due_date is None:
        return 0
    signed_on = payables.signed_on(contract)
    rate = owing.daily_late_rate(contract.terms, _is_protected(contract), signed_on)
    return owing.late_interest(payment.amount_fen, payable.due_date, payment.paid_on, rate)


def _is_protected(contract: Contract) -> bool:
    """By natures and sizes as they were fixed at signing."""
    nature, funded = contract.buyer_nature or "private", bool(contract.buyer_fiscal_funded)
    buyer = Side(nature, funded, contract.buyer_size)
    return protects(buyer, Side("private", False, contract.supplier_size))


def _complete_if_paid(tx: Transaction, demand: Demand, contract: Contract) -> None:
    """All is paid: the contract is completed, the demand fulfilled."""
    if contract.state == "active" and all(
        payable.state in payables.SETTLED for payable in payables.of_contract(tx, contract)
    ):
        tx.move(contract, "complete", "completed")
        tx.move(demand, "fulfil", "fulfilled")
