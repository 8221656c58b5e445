"""Banks' offers; what they say is hidden until the window has closed."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from services.contracts.application import offer
from services.finance.lifecycle import LIVE_OFFERS, OFFER
from services.finance.tables.base import Base, Id, one_of
from services.messaging import AggregateRow

_LIVE = ", ".join(f"'{state}'" for state in LIVE_OFFERS)


class Sealed:
    """A term under its public name: None until the offer is opened. The column is `sealed_*`."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.column = f"sealed_{name}"

    def __get__(self, row: "Offer | None", owner: type) -> Any:
        return getattr(row, self.column) if row is not None and row.opened_at else None


class Offer(AggregateRow, Base):
    """融资报价. Facts read the public names, so a sealed term cannot slip into one."""

    __tablename__ = "offers"
    __table_args__: Sequence[Any] = (
        one_of("state", sorted(OFFER.states), "state"),
        CheckConstraint("sealed_amount_fen > sealed_fee_fen", name="amount"),
        CheckConstraint("prepared_by <> approved_by", name="two_people"),
        Index(
            "uq_offers_live",
            "application_id",
            "bank_id",
            unique=True,
            postgresql_where=text(f"state IN ({_LIVE})"),
        ),
        Index(
            "uq_offers_accepted",
            "application_id",
            unique=True,
            postgresql_where=text("state IN ('accepted', 'fulfilled')"),
        ),
    )
    AGGREGATE = offer
    LIFECYCLE = OFFER
    REFUSALS = {"uq_offers_live": "offer_exists"}  # noqa: RUF012

    application_id: Mapped[Id] = mapped_column(ForeignKey("applications.id"))
    applicant_id: Mapped[Id]
    bank_id: Mapped[Id] = mapped_column(index=True)
    bank_name: Mapped[str]
    product_id: Mapped[Id] = mapped_column(ForeignKey("products.id"))
    prepared_by: Mapped[str]
    approved_by: Mapped[str | None]
    valid_until: Mapped[datetime]
    pay_until: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    reason_note: Mapped[str | None]  # of its approver, beside `reason_code`; in no fact
    sealed_amount_fen: Mapped[int]
    sealed_rate_bp: Mapped[int]
    sealed_fee_fen: Mapped[int]
    sealed_interest_fen: Mapped[int]
    sealed_all_in_cost_bp: Mapped[int]
    sealed_day_count: Mapped[str]
    sealed_recourse: Mapped[bool]
    sealed_loan_due_date: Mapped[date]
    sealed_pay_within_hours: Mapped[int]

    amount_fen = Sealed()
    rate_bp = Sealed()
    fee_fen = Sealed()
    interest_fen = Sealed()
    all_in_cost_bp = Sealed()
    day_count = Sealed()
    recourse = Sealed()
    loan_due_date = Sealed()
    pay_within_hours = Sealed()
