"""Shares of receivables that secure applications."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.contracts.contract import ReportedPayment
from services.contracts.receivable import position
from services.finance.lifecycle import LIVE_POSITIONS, POSITION
from services.finance.tables.base import Base, Id, one_of
from services.messaging import AggregateRow

_LIVE = ", ".join(f"'{state}'" for state in LIVE_POSITIONS)


_REPORT = ReportedPayment()


class Position(AggregateRow, Base):
    """融资份额. `filed_at` is the registry's time, `noticed_at` our server's.

    `settled_fen` is what its bank has received of it from the debtor, `settled_at` when its loan
    ended.
    `reports` are payments as facts write them, each with the payable that it is of.
    """

    __tablename__ = "positions"
    __table_args__: Sequence[Any] = (
        one_of("state", sorted(POSITION.states), "state"),
        CheckConstraint("amount_fen > 0", name="amount"),
        CheckConstraint("settled_fen BETWEEN 0 AND amount_fen", name="settled"),
        CheckConstraint("state <> 'settled' OR settled_fen = amount_fen", name="settled_whole"),
        CheckConstraint("(bank_id IS NULL) = (bank_name IS NULL)", name="bank"),
        Index(
            "uq_positions_live",
            "application_id",
            "receivable_id",
            unique=True,
            postgresql_where=text(f"state IN ({_LIVE})"),
        ),
    )
    AGGREGATE = position
    LIFECYCLE = POSITION

    application_id: Mapped[Id] = mapped_column(ForeignKey("applications.id"), index=True)
    receivable_id: Mapped[Id] = mapped_column(ForeignKey("receivables.id"), index=True)
    seller_id: Mapped[Id]
    debtor_id: Mapped[Id]
    bank_id: Mapped[Id | None]
    bank_name: Mapped[str | None]
    security: Mapped[str | None]
    amount_fen: Mapped[int]
    settled_fen: Mapped[int]
    filing_number: Mapped[str | None]
    filed_at: Mapped[datetime | None]
    search: Mapped[str | None]
    noticed_at: Mapped[datetime | None]
    voucher_sha256: Mapped[str | None]
    acknowledged_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    reports: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]")

    @property
    def reported_payments(self) -> list[dict[str, Any]]:
        """What the debtor says it paid, as the state shows it."""
        return [_REPORT.load(report) for report in self.reports]

    @property
    def left_fen(self) -> int:
        """What the debtor has not paid of it."""
        return self.amount_fen - self.settled_fen

    @property
    def filing(self) -> dict[str, Any] | None:
        """The registry's answer as the state shows it."""
        if self.filed_at is None:
            return None
        number, search = self.filing_number, self.search
        return {"filing_number": number, "filed_at": self.filed_at, "search": search}

    @property
    def notice(self) -> dict[str, Any] | None:
        """The assignment notice as the state shows it: it names the factor (民法典 764)."""
        if self.noticed_at is None:
            return None
        voucher, factor = self.voucher_sha256, self.bank_name
        return {"arrived_at": self.noticed_at, "factor_name": factor, "voucher_sha256": voucher}
