"""Loans, the payout instructions given for them, and the repayments that banks reported."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.contracts.loan import PAYERS, loan
from services.finance.lifecycle import LOAN
from services.finance.tables.base import Base, Id, one_of
from services.messaging import AggregateRow

OUTCOMES = ("paid", "failed", "unknown")


class Instruction(Base):
    """One order to pay out; its first final answer stands."""

    __tablename__ = "instructions"
    __table_args__: Sequence[Any] = (one_of("outcome", OUTCOMES, "outcome"),)

    id: Mapped[Id] = mapped_column(primary_key=True)
    loan_id: Mapped[Id] = mapped_column(ForeignKey("loans.id"), index=True)
    instructed_at: Mapped[datetime]
    outcome: Mapped[str | None]
    bank_reference: Mapped[str | None]
    answered_at: Mapped[datetime | None]


class Repayment(Base):
    """Money that a bank says it received, and from whom; one reference of a bank counts once.

    `debtor_id` is null, too, where one of several debtors paid before it had to be said which.
    """

    __tablename__ = "repayments"
    __table_args__: Sequence[Any] = (
        UniqueConstraint("bank_id", "reference", name="uq_repayments_reference"),
        CheckConstraint(
            "amount_fen > 0 AND amount_fen = interest_fen + principal_fen + surplus_fen",
            name="applied",
        ),
        one_of("payer", PAYERS, "payer"),
        CheckConstraint("payer = 'debtor' OR debtor_id IS NULL", name="debtor"),
    )

    loan_id: Mapped[Id] = mapped_column(ForeignKey("loans.id"), primary_key=True)
    line_no: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[Id]
    reference: Mapped[str]
    payer: Mapped[str]
    debtor_id: Mapped[Id | None]
    received_at: Mapped[datetime]
    amount_fen: Mapped[int]
    interest_fen: Mapped[int]
    principal_fen: Mapped[int]
    surplus_fen: Mapped[int]


class Loan(AggregateRow, Base):
    """A loan. `interest_due_fen` is what had accrued and was unpaid on the day `accrued_until`."""

    __tablename__ = "loans"
    __table_args__: Sequence[Any] = (
        one_of("state", sorted(LOAN.states), "state"),
        CheckConstraint("principal_fen > fee_fen AND fee_fen >= 0", name="principal"),
        CheckConstraint("principal_paid_fen BETWEEN 0 AND principal_fen", name="principal_paid"),
        CheckConstraint("state <> 'paid' OR principal_paid_fen = principal_fen", name="paid"),
        CheckConstraint("interest_due_fen >= 0 AND interest_paid_fen >= 0", name="interest"),
        Index(
            "uq_loans_live",
            "application_id",
            unique=True,
            postgresql_where=text("state <> 'failed'"),
        ),
    )
    AGGREGATE = loan
    LIFECYCLE = LOAN

    application_id: Mapped[Id] = mapped_column(ForeignKey("applications.id"))
    offer_id: Mapped[Id] = mapped_column(ForeignKey("offers.id"), unique=True)
    bank_id: Mapped[Id] = mapped_column(index=True)
    bank_name: Mapped[str]
    borrower_id: Mapped[Id]
    principal_fen: Mapped[int]
    fee_fen: Mapped[int]
    rate_bp: Mapped[int]
    day_count: Mapped[str]
    recourse: Mapped[bool]
    instruction_id: Mapped[Id | None]
    instructed_at: Mapped[datetime | None]
    pay_until: Mapped[datetime | None]
    disbursed_at: Mapped[datetime | None]
    bank_reference: Mapped[str | None]
    due_date: Mapped[date]
    accrued_until: Mapped[date | None]
    interest_due_fen: Mapped[int]
    interest_paid_fen: Mapped[int]
    principal_paid_fen: Mapped[int]
    surplus_fen: Mapped[int]
    instructions: Mapped[list[Instruction]] = relationship(order_by=Instruction.instructed_at)
    repayments: Mapped[list[Repayment]] = relationship(order_by=Repayment.line_no)

    @property
    def principal_open_fen(self) -> int:
        """Lent and not yet repaid."""
        return self.principal_fen - self.principal_paid_fen
