"""Payables: scheduled at signing, running from the day the law names, divided, overdue."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from sqlalchemy import select

from services.contracts.problems import Problem
from services.days import end_of_day, shanghai_date, start_of_day
from services.messaging import Transaction
from services.orders import copies
from services.orders.commands import threads
from services.orders.commands.handovers import handovers_of
from services.orders.rules import owing
from services.orders.tables import Contract, Payable

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
    for payable in of_contract(tx, contract):
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


def by_due_date(payable: Payable) -> tuple[str, str]:
    """The order in which a claim takes its payables; finance goes by the same."""
    return (str(payable.due_date), payable.id)


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
    return owing.start_date(
        payable.node_no, contract.terms, contract.amount_fen, signed_on(contract), handovers
    )


def _start(tx: Transaction, payable: Payable, start: date) -> None:
    due = owing.due_date(start, payable.term_days)
    payable.start_date, payable.due_date = start, due
    tx.move(payable, "start", "running")
    tx.schedule(payable, "fall_due", start_of_day(due))
    tx.schedule(payable, "become_overdue", end_of_day(due))


def forget_due_date(tx: Transaction, payable: Payable) -> None:
    for verb in ("fall_due", "become_overdue"):
        tx.unschedule(payable, verb)


def _undone(tx: Transaction, contract: Contract) -> list[tuple[Payable, int]]:
    """Whose clock has started, though not all that it needs is handed over now; what stays of each.

    Raises Problem("debt_confirmed"): who has confirmed a debt cannot deny it later to those who
    take the claim (民法典担保解释 61, 合同编通则解释 49), and so no one inspecting undoes it.
    """
    handovers, payables = handovers_of(tx, contract), of_contract(tx, contract)
    found = [
        (payable, kept_fen)
        for payable, kept_fen in zip(payables, _kept(contract, payables, handovers), strict=True)
        if payable.start_date is not None
        and payable.state not in SETTLED
        and _start_date(contract, payable, handovers) is None
    ]
    confirmed = _confirmed(tx, contract, payables) if found else {}
    if any(confirmed[one.id] > max(kept_fen - one.paid_fen, 0) for one, kept_fen in found):
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
    """How much of each is confirmed in claims and not paid, in fen, as finance takes them."""
    found = dict.fromkeys((payable.id for payable in payables), 0)
    for claim in copies.confirmed_claims(tx, contract.id):
        left_fen = contract.amount_fen if claim.confirmed_fen is None else claim.confirmed_fen
        left_fen -= claim.settled_fen or 0
        for payable in sorted(payables, key=by_due_date):
            if payable.id in claim.payable_ids:
                part_fen = min(left_fen, payable.left_fen - found[payable.id])
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
    forget_due_date(tx, payable)


def of_contract(tx: Transaction, contract: Contract) -> list[Payable]:
    """In the order of the payment nodes and of their parts; under the thread's lock."""
    wanted = select(Payable).where(Payable.contract_id == contract.id)
    return list(tx.session.scalars(wanted.order_by(Payable.node_no, Payable.id)))


def signed_on(contract: Contract) -> date:
    """The day of the last signature; only contracts in force have payables."""
    if contract.signed_at is None:
        raise ValueError(f"{contract.number} is not signed")
    return shanghai_date(contract.signed_at)
