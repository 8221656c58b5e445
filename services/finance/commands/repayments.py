"""Money that the bank received: applied, booked, and the loan closed once nothing is owed.

A repayment is what came in for one loan, whoever paid it. A debtor's is payment of the claims on
it that were assigned for the loan (民法典 546): what it pays to the bank, up to the positions on
it, it no longer owes, and not a fen more; of what other debtors owe it pays nothing. Nor does the
borrower's own money: it pays the loan, and the claims return to the borrower as they are. What the
bank received beyond what it is owed is booked as surplus: passed on to the seller or kept (民法典
766, 767), recorded, not held.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from services.contracts.actor import Actor
from services.contracts.loan import MAX_REPAYMENTS
from services.contracts.problems import Problem
from services.days import shanghai_date
from services.finance import ledger, pricing
from services.finance.commands import exposure, guards, holding, journal
from services.finance.commands.locking import live_positions, part_of_application
from services.finance.commands.payouts import judge_moment
from services.finance.tables.loans import Loan, Repayment
from services.finance.tables.offers import Offer
from services.finance.tables.positions import Position
from services.messaging import Transaction

# The same reference for another of the bank's loans, at the same time.
REFUSALS = {"uq_repayments_reference": "repayment_reference_used"}


def record(actor: Actor, tx: Transaction, id: str, args: dict[str, Any]) -> None:
    """One reference of a bank counts once: repeated it changes nothing."""
    loan, application = part_of_application(tx, Loan, id, ("bank_id",))
    if _recorded(tx, loan, args):
        return
    guards.may(loan, "repay")
    if len(loan.repayments) >= MAX_REPAYMENTS:
        raise Problem("too_many", limit=MAX_REPAYMENTS)
    judge_moment(tx, args["received_at"], "/received_at")
    positions = live_positions(tx, application)
    debtor_id = _debtor(positions, args)
    applied = _apply(loan, shanghai_date(args["received_at"]), args["amount_fen"])
    _keep(loan, applied, debtor_id, args)
    parts_fen = holding.spread(tx, positions, _received_fen(loan, positions))
    paid = not (loan.principal_open_fen or loan.interest_due_fen)
    tx.move(loan, *(("repay", "paid") if paid else ("repay_part", "part_paid")))
    _book(tx, loan, applied, args, sum(parts_fen.values()))
    if paid:
        ledger.assert_cleared(journal.balances(tx, loan))
        tx.move(application, "close", "closed")
    holding.collect(tx, positions, parts_fen, ends=paid)
    if paid:
        exposure.release(tx, [tx.session.get_one(Offer, loan.offer_id)])


def fall_due(tx: Transaction, id: str) -> None:
    """Timer: the loan's last day has come."""
    loan, _ = part_of_application(tx, Loan, id)
    if loan.state == "active" and tx.today >= loan.due_date:
        tx.move(loan, "fall_due", "due")


def fall_overdue(tx: Transaction, id: str) -> None:
    """Timer: the loan's last day is over and something is still owed."""
    loan, _ = part_of_application(tx, Loan, id)
    if loan.LIFECYCLE.allows(loan.state, "fall_overdue") and tx.today > loan.due_date:
        tx.move(loan, "fall_overdue", "overdue")


def _recorded(tx: Transaction, loan: Loan, args: dict[str, Any]) -> bool:
    same = (Repayment.bank_id == loan.bank_id, Repayment.reference == args["reference"])
    earlier = tx.session.scalars(select(Repayment).where(*same)).one_or_none()
    if earlier is None:
        return False
    said = (loan.id, args["payer"], args["amount_fen"], args["received_at"])
    is_same = (earlier.loan_id, earlier.payer, earlier.amount_fen, earlier.received_at) == said
    if not is_same or args["debtor_id"] not in (None, earlier.debtor_id):
        raise Problem("repayment_reference_used", "/reference")
    return True


def _debtor(positions: Sequence[Position], args: dict[str, Any]) -> str | None:
    """Who of the positions' debtors paid; none did where the borrower did.

    Raises Problem("repayment_debtor_missing") where that may be one of several, "not_found" for a
    debtor of none of them.
    """
    if args["payer"] != "debtor":
        return None
    debtors = {position.debtor_id for position in positions}
    if args["debtor_id"] is None and len(debtors) > 1:
        raise Problem("repayment_debtor_missing", "/debtor_id")
    paid = args["debtor_id"] or min(debtors)
    if paid not in debtors:
        raise Problem("not_found", "/debtor_id")
    return str(paid)


def _apply(loan: Loan, day: date, amount_fen: int) -> pricing.Applied:
    """Accrue interest up to the day the money came, then use the money up."""
    since = loan.accrued_until or day
    if day < since:
        raise Problem("repayment_out_of_order", "/received_at")
    days = pricing.days_between(since, day)
    accrued_fen = pricing.interest_fen(loan.principal_open_fen, loan.rate_bp, days, loan.day_count)
    owed = pricing.Owed(0, loan.interest_due_fen + accrued_fen, loan.principal_open_fen)
    applied = pricing.apply_repayment(amount_fen, owed)
    loan.accrued_until = day
    loan.interest_due_fen = owed.interest_fen - applied.interest_fen
    return applied


def _keep(
    loan: Loan, applied: pricing.Applied, debtor_id: str | None, args: dict[str, Any]
) -> None:
    repayment = Repayment(
        line_no=len(loan.repayments) + 1,
        bank_id=loan.bank_id,
        reference=args["reference"],
        payer=args["payer"],
        debtor_id=debtor_id,
        received_at=args["received_at"],
        amount_fen=args["amount_fen"],
        interest_fen=applied.interest_fen,
        principal_fen=applied.principal_fen,
        surplus_fen=applied.surplus_fen,
    )
    loan.repayments.append(repayment)
    loan.interest_paid_fen += applied.interest_fen
    loan.principal_paid_fen += applied.principal_fen
    loan.surplus_fen += applied.surplus_fen


def _received_fen(loan: Loan, positions: Sequence[Position]) -> dict[str, int]:
    """By debtor, what it has paid for the loan and its positions have not had yet.

    That is what it paid now, with what an earlier release did not count. Positions may have had
    more than their debtor is known to have paid, from before it was said which of several paid.
    """
    received_fen, now = Counter[str](), loan.repayments[-1]
    for each in loan.repayments:
        if each.debtor_id:
            received_fen[each.debtor_id] += each.amount_fen
    for position in positions:
        received_fen[position.debtor_id] -= position.settled_fen
    if now.debtor_id:
        received_fen[now.debtor_id] = max(received_fen[now.debtor_id], now.amount_fen)
    return received_fen


def _book(
    tx: Transaction, loan: Loan, applied: pricing.Applied, args: dict[str, Any], claims_fen: int
) -> None:
    """A surplus without recourse is the bank's to keep as far as the claims yielded it."""
    reference, surplus_fen = args["reference"], applied.surplus_fen
    journal.write(tx, loan, ledger.repayment(reference, applied))
    is_kept = not loan.recourse and args["payer"] == "debtor"
    beyond_fen = max(0, args["amount_fen"] - claims_fen) if is_kept else surplus_fen
    returned_fen = min(surplus_fen, beyond_fen)
    for part_fen, recourse in ((returned_fen, True), (surplus_fen - returned_fen, False)):
        if part_fen:
            journal.write(tx, loan, ledger.surplus(reference, part_fen, recourse=recourse))
