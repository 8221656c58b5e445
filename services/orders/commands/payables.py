"""Payables: scheduled at signing, running from the day the law names, paid or overdue."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import func, select

from services.contracts.actor import Actor
from services.contracts.contract import MAX_REPORTED
from services.contracts.envelope import Event
from services.contracts.problems import Problem
from services.days import end_of_day, shanghai_date, start_of_day
from services.messaging import Transaction
from services.orders import copies
from services.orders.commands import threads
from services.orders.commands.handovers import handovers_of
from services.orders.rules import owing
from services.orders.rules.terms import Side, protects
from services.orders.tables import Contract, Demand, Payable, Payment, PaymentReport

SETTLED = frozenset({"paid", "paid_late"})
CLOCK_RUNS = frozenset({"running", "due", "part_paid"})


def schedule_all(tx: Transaction, contract: Contract) -> None:
    """One payable per payment node; a node whose share rounds to nothing owes nothing."""
    parts = owing.split(contract.amount_fen, contract.terms)
    for node_no, part_fen in enumerate(parts, 1):
        if part_fen:
            _schedule(tx, contract, node_no, part_fen)
    start_running(tx, contract)


def start_running(tx: Transaction, contract: Contract) -> None:
    """Start every clock whose day has come, by what has been delivered and accepted so far."""
    handovers = handovers_of(tx, contract)
    for payable in _of_contract(tx, contract):
        start = _start_date(contract, payable, handovers)
        if payable.state == "scheduled" and start is not None:
            _start(tx, payable, start)


def stop_running(tx: Transaction, contract: Contract) -> None:
    """Stop every clock that runs for what was rejected, unless it has run out.

    What stays handed over is undisputed and payable on time (Decree 802 art. 15), so a node is
    divided there: its first part keeps its dates, its rest waits for its delivery.
    Raises Problem("debt_confirmed").
    """
    for payable, kept_fen in _undone(tx, contract):
        catch_up(tx, payable)
        if payable.state in CLOCK_RUNS and kept_fen < payable.amount_fen:
            if kept_fen > payable.paid_fen:
                _divide(tx, contract, payable, kept_fen)
            else:
                _stop(tx, payable)


def fall_due(tx: Transaction, id: str) -> None:
    """Timer: its due date has begun."""
    _, payable = threads.load(tx, Payable, id, ())
    catch_up(tx, payable)


def become_overdue(tx: Transaction, id: str) -> None:
    """Timer: its due date is over."""
    _, payable = threads.load(tx, Payable, id, ())
    catch_up(tx, payable)


def catch_up(tx: Transaction, payable: Payable) -> None:
    """Make true what the date has decided already, whether or not the timer got to it."""
    if payable.due_date is None:
        return
    if payable.state == "running" and tx.today >= payable.due_date:
        tx.move(payable, "fall_due", "due")
    if payable.state in {"due", "part_paid"} and tx.today > payable.due_date:
        tx.move(payable, "become_overdue", "overdue")


def record_payment(actor: Actor, tx: Transaction, id: str, args: dict[str, Any]) -> None:
    """The supplier says what the buyer paid it; one reference counts once."""
    demand, payable = threads.load(tx, Payable, id, ("supplier_id",))
    contract = tx.load(Contract, payable.contract_id)
    amount_fen = args["amount_fen"]
    _judge_day(tx, contract, args["paid_on"])
    if tx.session.get(Payment, (payable.id, args["reference"])) is not None:
        raise Problem("payment_reference_used", "/reference")
    if payable.state not in SETTLED and amount_fen > payable.left_fen:
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
    if payable.state not in SETTLED:
        _judge_report(payable, args["amount_fen"])
    report = PaymentReport(reported_at=tx.now, received_before_fen=payable.paid_fen, **args)
    payable.reported_payments.append(report)
    tx.move(payable, "report_payment", "payment_reported")


def _judge_report(payable: Payable, amount_fen: int) -> None:
    if amount_fen > payable.unreported_fen:
        left_fen = payable.unreported_fen
        raise Problem("payment_reports_over_payable", "/amount", left_fen=left_fen)
    if len(payable.reported_payments) >= MAX_REPORTED:
        raise Problem("payment_reports_too_many")


def _judge_day(tx: Transaction, contract: Contract, paid_on: date) -> None:
    if paid_on > tx.today:
        raise Problem("payment_in_future", "/paid_on")
    if paid_on < _signed_on(contract):
        raise Problem("payment_before_contract", "/paid_on")


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
    for payable in sorted(_of_contract(tx, contract), key=_by_due_date):
        part_fen = min(left_fen, payable.left_fen)
        if payable.id in claim["payable_ids"] and part_fen > 0:
            _pay(tx, contract, payable, _of_claim(event, claim["number"], part_fen))
            left_fen -= part_fen
    _complete_if_paid(tx, demand, contract)


def _by_due_date(payable: Payable) -> tuple[str, str]:
    """The order in which a claim takes its payables; finance goes by the same."""
    return (str(payable.due_date), payable.id)


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


def _schedule(tx: Transaction, contract: Contract, node_no: int, amount_fen: int) -> None:
    node = contract.terms["nodes"][node_no - 1]
    payable = tx.new(
        Payable,
        thread_id=contract.thread_id,
        contract_id=contract.id,
        demand_id=contract.demand_id,
        **threads.context(contract),
        node_no=node_no,
        node_kind=node["kind"],
        amount_fen=amount_fen,
        paid_fen=0,
        term_days=node["term_days"],
        late_interest_fen=0,
    )
    tx.record(payable, "scheduled")


def _start_date(
    contract: Contract, payable: Payable, handovers: Sequence[owing.Handover]
) -> date | None:
    signed_on = _signed_on(contract)
    return owing.start_date(
        payable.node_no, contract.terms, contract.amount_fen, signed_on, handovers
    )


def _start(tx: Transaction, payable: Payable, start: date) -> None:
    due = owing.due_date(start, payable.term_days)
    payable.start_date, payable.due_date = start, due
    tx.move(payable, "start", "running")
    tx.schedule(payable, "fall_due", start_of_day(due))
    tx.schedule(payable, "become_overdue", end_of_day(due))


def _pay(tx: Transaction, contract: Contract, payable: Payable, payment: Payment) -> None:
    """Late is what arrives after the due date, whenever it is recorded."""
    catch_up(tx, payable)
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
    _forget_due_date(tx, payable)


def _forget_due_date(tx: Transaction, payable: Payable) -> None:
    for verb in ("fall_due", "become_overdue"):
        tx.unschedule(payable, verb)


def _moment(tx: Transaction, day: date) -> datetime:
    """Today's payment is now; of an earlier one only the day is known."""
    return tx.now if day == tx.today else start_of_day(day)


def _interest(contract: Contract, payable: Payable, payment: Payment) -> int:
    if payable.due_date is None:
        return 0
    rate = owing.daily_late_rate(contract.terms, _is_protected(contract), _signed_on(contract))
    return owing.late_interest(payment.amount_fen, payable.due_date, payment.paid_on, rate)


def _is_protected(contract: Contract) -> bool:
    """By natures and sizes as they were fixed at signing."""
    nature, funded = contract.buyer_nature or "private", bool(contract.buyer_fiscal_funded)
    buyer = Side(nature, funded, contract.buyer_size)
    return protects(buyer, Side("private", False, contract.supplier_size))


def _complete_if_paid(tx: Transaction, demand: Demand, contract: Contract) -> None:
    """All is paid: the contract is completed, the demand fulfilled."""
    if contract.state == "active" and all(
        payable.state in SETTLED for payable in _of_contract(tx, contract)
    ):
        tx.move(contract, "complete", "completed")
        tx.move(demand, "fulfil", "fulfilled")


def _undone(tx: Transaction, contract: Contract) -> list[tuple[Payable, int]]:
    """Whose clock has started, though not all that it needs is handed over now; what stays of each.

    Raises Problem("debt_confirmed"): who has confirmed a debt cannot deny it later to those who
    take the claim (民法典担保解释 61, 合同编通则解释 49), and so no one inspecting undoes it.
    """
    handovers, payables = handovers_of(tx, contract), _of_contract(tx, contract)
    found = [
        (payable, kept_fen)
        for payable, kept_fen in zip(payables, _kept(contract, payables, handovers), strict=True)
        if payable.start_date is not None
        and payable.state not in SETTLED
        and _start_date(contract, payable, handovers) is None
    ]
    confirmed = _confirmed(tx, contract, payables) if found else {}
    if any(confirmed[payable.id] > kept_fen for payable, kept_fen in found):
        raise Problem("debt_confirmed")
    return found


def _kept(
    contract: Contract, payables: Sequence[Payable], handovers: Sequence[owing.Handover]
) -> list[int]:
    """How much of each is owed for what is handed over, in fen."""
    handed_fen = sum(handover.delivered_fen for handover in handovers)
    nodes = groupby(payables, key=lambda payable: payable.node_no)
    parts = ([payable.amount_fen for payable in node] for _, node in nodes)
    return [fen for each in parts for fen in owing.kept(each, handed_fen, contract.amount_fen)]


def _confirmed(tx: Transaction, contract: Contract, payables: Sequence[Payable]) -> dict[str, int]:
    """How much of each is confirmed in claims that are not paid, in fen, as finance takes them."""
    found = dict.fromkeys((payable.id for payable in payables), 0)
    for claim in copies.confirmed_claims(tx, contract.id):
        left_fen = contract.amount_fen if claim.confirmed_fen is None else claim.confirmed_fen
        for payable in sorted(payables, key=_by_due_date):
            if payable.id in claim.payable_ids:
                part_fen = min(left_fen, payable.amount_fen - found[payable.id])
                found[payable.id] += part_fen
                left_fen -= part_fen
    return found


def _divide(tx: Transaction, contract: Contract, payable: Payable, kept_fen: int) -> None:
    """The payable keeps its dates and so much; the rest of it is a payable of its own."""
    rest_fen, payable.amount_fen = payable.amount_fen - kept_fen, kept_fen
    tx.record(payable, "divided")
    _schedule(tx, contract, payable.node_no, rest_fen)


def _stop(tx: Transaction, payable: Payable) -> None:
    payable.start_date = payable.due_date = None
    tx.move(payable, "stop", "scheduled")
    _forget_due_date(tx, payable)


def _of_contract(tx: Transaction, contract: Contract) -> list[Payable]:
    """In the order of the payment nodes and of their parts; under the thread's lock."""
    wanted = select(Payable).where(Payable.contract_id == contract.id)
    return list(tx.session.scalars(wanted.order_by(Payable.node_no, Payable.id)))


def _signed_on(contract: Contract) -> date:
    """The day of the last signature; only contracts in force have payables."""
    if contract.signed_at is None:
        raise ValueError(f"{contract.number} is not signed")
    return shanghai_date(contract.signed_at)
