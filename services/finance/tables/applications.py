"""Applications, what they ask for, and the banks that declined them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.contracts.application import application
from services.finance.lifecycle import APPLICATION
from services.finance.tables.base import Base, Id, Ids, Words, one_of
from services.messaging import AggregateRow

# Who owes the next step in a state: what the applicant asks first.
WAITING_FOR = {
    "offering": "bank",
    "selecting": "applicant",
    "securing": "registry",
    "releasing": "registry",
    "ready": "bank",
    "disbursed": "debtor",
}


class Share(Base):
    """What is asked for on one receivable, and the position that holds it now."""

    __tablename__ = "application_shares"
    __table_args__: Sequence[Any] = (CheckConstraint("amount_fen > 0", name="amount"),)

    application_id: Mapped[Id] = mapped_column(ForeignKey("applications.id"), primary_key=True)
    receivable_id: Mapped[Id] = mapped_column(ForeignKey("receivables.id"), primary_key=True)
    line_no: Mapped[int]
    debtor_id: Mapped[Id]
    amount_fen: Mapped[int]
    due_date: Mapped[date]
    position_id: Mapped[Id | None]


class Screening(Base):
    """A bank's refusal before any offer, with its coded reasons."""

    __tablename__ = "screenings"

    application_id: Mapped[Id] = mapped_column(ForeignKey("applications.id"), primary_key=True)
    bank_id: Mapped[Id] = mapped_column(primary_key=True)
    reason_codes: Mapped[Words]
    screened_at: Mapped[datetime]


class Application(AggregateRow, Base):
    """融资申请. Its row is the lock of everything that hangs on it: positions, offers, the loan."""

    __tablename__ = "applications"
    __table_args__: Sequence[Any] = (
        one_of("state", sorted(APPLICATION.states), "state"),
        CheckConstraint("amount_fen > 0", name="amount"),
        Index("ix_applications_authorisation_ids", "authorisation_ids", postgresql_using="gin"),
    )
    AGGREGATE = application
    LIFECYCLE = APPLICATION

    applicant_id: Mapped[Id] = mapped_column(index=True)
    applicant_name: Mapped[str]
    debtor_ids: Mapped[Ids]
    debtor_names: Mapped[Words]
    amount_fen: Mapped[int]
    latest_due_date: Mapped[date]
    purpose: Mapped[str]
    authorisation_ids: Mapped[Ids]
    opened_to: Mapped[Ids]
    eligible_bank_ids: Mapped[Ids]
    submitted_at: Mapped[datetime]
    offers_until: Mapped[datetime]
    select_until: Mapped[datetime | None]
    offer_count: Mapped[int]
    accepted_offer_id: Mapped[Id | None]
    loan_id: Mapped[Id | None]
    shares: Mapped[list[Share]] = relationship(order_by=Share.line_no)
    screenings: Mapped[list[Screening]] = relationship(order_by=Screening.screened_at)

    # Whom the fact `opened` that is being stated is about; not a column: it belongs to the fact.
    view_changed_for = cast("list[str] | None", None)

    def open_to_banks(self, banks: list[str]) -> None:
        """Its sheet is seen by these from now on; to be recorded as `opened`."""
        self.view_changed_for = sorted(set(banks) ^ set(self.opened_to))
        self.opened_to = banks

    @property
    def waiting_for(self) -> str | None:
        """Who owes the next step; None when there is none."""
        return WAITING_FOR.get(self.state)
