"""The bank's answer to a payout instruction: paid, failed, or unknown until it is reconciled."""

from datetime import datetime, timedelta
from typing import Any

from services.contracts.actor import Actor
from services.contracts.problems import Problem
from services.days import end_of_day, shanghai_date, start_of_day
from services.finance import ledger
from services.finance.commands import exposure, guards, journal, selection
from services.finance.commands.locking import live_positions, part_of_application
from services.finance.tables.applications import Application
from services.finance.tables.loans import Instruction, Loan
from services.finance.tables.offers import Offer
from services.messaging import Transaction

# A bank's clock, or a demonstration clock heard of a moment later, may be this far ahead of ours.
MAX_CLOCK_SKEW = timedelta(hours=1)
VERBS = {
    "paid": ("pay", "disbursed"),
    "failed": ("fail", "failed"),
    "unknown": ("lose_sight", "unknown"),
}


def record(actor: Actor, tx: Transaction, id: str, args: dict[str, Any]) -> None:
    """The first final answer stands: repeated it changes nothing, another one is refused.

    `unknown` waits for a final answer; the instruction is never given again meanwhile.
    """
    loan, application = part_of_application(tx, Loan, id, ("bank_id",))
    instruction = tx.session.get(Instruction, args["instruction_id"])
    if instruction is None or instruction.loan_id != loan.id:
        raise Problem("instruction_unknown", "/instruction_id")
    if _answered_so(instruction, args):
        return
    guards.may(loan, VERBS[args["outcome"]][0])
    paid_at = args["paid_at"] or tx.now
    judge_moment(tx, paid_at, "/paid_at")
    if paid_at < instruction.instructed_at - MAX_CLOCK_SKEW:  # interest would run before the money
        raise Problem("payout_before_instruction", "/paid_at")
    instruction.outcome, instruction.answered_at = args["outcome"], tx.now
    instruction.bank_reference = args["bank_reference"]
    if args["outcome"] == "paid":
        loan.disbursed_at, loan.bank_reference = paid_at, args["bank_reference"]
        loan.accrued_until = shanghai_date(paid_at)
    tx.move(loan, *VERBS[args["outcome"]])
    _follow(tx, loan, application)


def judge_moment(tx: Transaction, moment: datetime, pointer: str) -> None:
    """What a bank reports has happened already. Raises Problem("answer_in_future")."""
    if moment > tx.now + MAX_CLOCK_SKEW:
        raise Problem("answer_in_future", pointer)


def _answered_so(instruction: Instruction, args: dict[str, Any]) -> bool:
    """Whether this very answer was given before.

    Raises Problem("payout_answered_differently"): a second payment, or a failure taken back.
    """
    if instruction.outcome == "unknown":
        return bool(args["outcome"] == "unknown")
    if instruction.outcome is None:
        return False
    references = {instruction.bank_reference, args["bank_reference"]} - {None}
    if instruction.outcome != args["outcome"] or len(references) > 1:
        raise Problem("payout_answered_differently", "/outcome")
    return True


def _follow(tx: Transaction, loan: Loan, application: Application) -> None:
    """What a final answer means for all that hangs on the loan."""
    offer = tx.session.get_one(Offer, loan.offer_id)
    if loan.state == "active":
        _disburse(tx, loan, application, offer)
    elif loan.state == "failed":
        selection.lapse(tx, offer.id)


def _disburse(tx: Transaction, loan: Loan, application: Application, offer: Offer) -> None:
    tx.move(application, "disburse", "disbursed")
    tx.move(offer, "fulfil", "fulfilled")
    for position in live_positions(tx, application):
        tx.move(position, "fund", "funded")
    exposure.advance(tx, [offer], "used")
    reference = str(loan.instruction_id)
    journal.write(tx, loan, ledger.payout(reference, loan.principal_fen, loan.fee_fen))
    tx.schedule(loan, "fall_due", start_of_day(loan.due_date))
    tx.schedule(loan, "fall_overdue", end_of_day(loan.due_date))
