"""The platform tells a bank to pay out; each instruction has an id of its own."""

from typing import Any

from services.contracts.actor import Actor
from services.contracts.problems import Problem
from services.finance.commands import guards
from services.finance.commands.locking import part_of_application
from services.finance.tables.applications import Application
from services.finance.tables.loans import Instruction, Loan
from services.finance.tables.offers import Offer
from services.messaging import Transaction


def make_ready(tx: Transaction, application: Application, offer: Offer) -> None:
    """Create the loan that the accepted offer promises and instruct its payout."""
    loan = tx.new(
        Loan,
        application_id=application.id,
        offer_id=offer.id,
        bank_id=offer.bank_id,
        bank_name=offer.bank_name,
        borrower_id=offer.applicant_id,
        principal_fen=offer.sealed_amount_fen,
        fee_fen=offer.sealed_fee_fen,
        rate_bp=offer.sealed_rate_bp,
        day_count=offer.sealed_day_count,
        recourse=offer.sealed_recourse,
        due_date=offer.sealed_loan_due_date,
        pay_until=offer.pay_until,
        interest_due_fen=0,
        interest_paid_fen=0,
        principal_paid_fen=0,
        surplus_fen=0,
        instructions=[],
        repayments=[],
        thread_id=application.thread_id,
    )
    application.loan_id = loan.id
    tx.move(application, "make_ready", "ready")
    _instruct(tx, loan)


def instruct(actor: Actor, tx: Transaction, id: str, args: dict[str, Any]) -> None:
    """Anew under a new id, after the bank said for certain that the last one failed."""
    loan, application = part_of_application(tx, Loan, id, ("bank_id",))
    guards.may(loan, "instruct")
    offer = tx.session.get_one(Offer, loan.offer_id)
    if application.loan_id != loan.id or offer.pay_until is None or tx.now >= offer.pay_until:
        raise Problem("payment_deadline_over")
    _instruct(tx, loan)


def _instruct(tx: Transaction, loan: Loan) -> None:
    instruction = Instruction(id=tx.ids.new(), instructed_at=tx.now)
    loan.instructions.append(instruction)
    loan.instruction_id, loan.instructed_at = instruction.id, instruction.instructed_at
    tx.move(loan, "instruct", "instructed")
