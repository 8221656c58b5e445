"""Receivables and the invoices that they claim."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.contracts.receivable import receivable
from services.finance.lifecycle import RECEIVABLE
from services.finance.tables.base import Base, Id, Ids, one_of
from services.messaging import AggregateRow

_LEFT = "coalesce(confirmed_fen, 0) - credited_fen"


class Receivable(AggregateRow, Base):
    """A claim. `allocated_fen` is held by live positions, `settled_fen` was repaid through some."""

    __tablename__ = "receivables"
    __table_args__: Sequence[Any] = (
        one_of("state", sorted(RECEIVABLE.states), "state"),
        CheckConstraint("claimed_fen > 0", name="claimed"),
        CheckConstraint("confirmed_fen > 0 AND confirmed_fen <= claimed_fen", name="confirmed"),
        CheckConstraint(
            "credited_fen >= 0 AND allocated_fen >= 0 AND settled_fen >= 0", name="fen"
        ),
        CheckConstraint(f"allocated_fen + settled_fen <= {_LEFT}", name="allocated"),
        CheckConstraint(
            "state IN ('confirmed', 'settled') OR allocated_fen + settled_fen = 0",
            name="allocated_when_confirmed",
        ),
        CheckConstraint("prepared_by <> confirmed_by", name="two_people"),
    )
    AGGREGATE = receivable
    LIFECYCLE = RECEIVABLE
    REFUSALS = {"ck_receivables_allocated": "not_enough_left"}  # noqa: RUF012

    instrument = "receivable"  # circulating certificates are off: 银发〔2025〕77号

    seller_id: Mapped[Id] = mapped_column(index=True)
    seller_name: Mapped[str]
    debtor_id: Mapped[Id] = mapped_column(index=True)
    debtor_name: Mapped[str]
    contract_id: Mapped[Id]
    contract_number: Mapped[str]
    payable_ids: Mapped[Ids]
    invoice_code: Mapped[str]
    invoice_number: Mapped[str]
    invoice_issued_on: Mapped[date]
    invoice_total_fen: Mapped[int]
    invoice_tax_fen: Mapped[int]
    invoice_sha256: Mapped[str | None]
    claimed_fen: Mapped[int]
    confirmed_fen: Mapped[int | None]
    credited_fen: Mapped[int]
    allocated_fen: Mapped[int]
    settled_fen: Mapped[int]
    due_date: Mapped[date]
    confirm_until: Mapped[date | None]
    confirmation_overdue: Mapped[bool]
    prepared_by: Mapped[str | None]
    confirmed_by: Mapped[str | None]
    confirmed_at: Mapped[datetime | None]
    confirmation_sha256: Mapped[str | None]
    confirmation_key_id: Mapped[Id | None]
    confirmation_signature: Mapped[str | None]
    refused_by: Mapped[str | None]
    refused_as: Mapped[str | None]
    refused_at: Mapped[datetime | None]
    requested_on: Mapped[date | None]
    reason_note: Mapped[str | None]

    @property
    def invoice(self) -> dict[str, Any]:
        """The invoice as the state shows it."""
        return {
            "code": self.invoice_code,
            "number": self.invoice_number,
            "issued_on": self.invoice_issued_on,
            "total_fen": self.invoice_total_fen,
            "tax_fen": self.invoice_tax_fen,
            "document_sha256": self.invoice_sha256,
        }

    @property
    def free_fen(self) -> int:
        """Confirmed, not credited, and neither held by a live position nor already repaid."""
        confirmed_fen = self.confirmed_fen or 0
        return confirmed_fen - self.credited_fen - self.allocated_fen - self.settled_fen


class Invoice(Base):
    """An invoice by its key: live claims never allocate more than its total."""

    __tablename__ = "invoices"
    __table_args__: Sequence[Any] = (
        CheckConstraint("allocated_fen >= 0 AND allocated_fen <= total_fen", name="allocated"),
    )

    seller_id: Mapped[Id] = mapped_column(primary_key=True)
    debtor_id: Mapped[Id] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(primary_key=True)
    total_fen: Mapped[int]
    allocated_fen: Mapped[int]
