"""Contracts, their signatures, deliveries, payables and payments."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.contracts import contract as contracts
from services.messaging import AggregateRow
from services.orders import lifecycle
from services.orders.tables.base import Base, Json, id_column, states_check


class Signature(Base):
    """One party's signature under one contract."""

    __tablename__ = "signatures"

    contract_id: Mapped[str] = mapped_column(ForeignKey("contracts.id"), primary_key=True)
    party_id: Mapped[str] = mapped_column(Uuid(as_uuid=False), primary_key=True)
    user_id: Mapped[str] = id_column()
    key_id: Mapped[str] = id_column()
    signature: Mapped[str]
    signed_at: Mapped[datetime]


class Contract(AggregateRow, Base):
    """A contract; `buyer_nature`, `*_size` are set once, at the last signature."""

    __tablename__ = "contracts"
    AGGREGATE = contracts.contract
    LIFECYCLE = lifecycle.CONTRACT

    kind: Mapped[str]
    demand_id: Mapped[str] = id_column("demands")
    quote_id: Mapped[str] = id_column("quotes")
    buyer_id: Mapped[str] = id_column()
    buyer_name: Mapped[str]
    supplier_id: Mapped[str] = id_column()
    supplier_name: Mapped[str]
    title: Mapped[str]
    amount_fen: Mapped[int]
    delivery_due_date: Mapped[date | None]
    terms: Mapped[Json]
    buyer_nature: Mapped[str | None]
    buyer_fiscal_funded: Mapped[bool | None]
    buyer_size: Mapped[str | None]
    supplier_size: Mapped[str | None]
    content_sha256: Mapped[str]
    findings: Mapped[list[Any]]
    reason_note: Mapped[str | None]
    sign_until: Mapped[datetime | None]
    signed_at: Mapped[datetime | None]
    signatures: Mapped[list[Signature]] = relationship(order_by=Signature.signed_at)

    __table_args__ = (
        states_check(lifecycle.CONTRACT),
        CheckConstraint("amount_fen > 0", name="amount"),
        CheckConstraint(
            "state NOT IN ('active', 'completed') OR signed_at IS NOT NULL", name="signed"
        ),
        Index(
            "contracts_one_live", "demand_id", unique=True,
            postgresql_where=text("state NOT IN ('declined', 'expired')"),
        ),
    )  # fmt: skip


class Delivery(AggregateRow, Base):
    """A delivery of part or all of a contract."""

    __tablename__ = "deliveries"
    AGGREGATE = contracts.delivery
    LIFECYCLE = lifecycle.DELIVERY

    contract_id: Mapped[str] = id_column("contracts")
    demand_id: Mapped[str] = id_column("demands")
    buyer_id: Mapped[str] = id_column()
    buyer_name: Mapped[str | None]
    supplier_id: Mapped[str] = id_column()
    supplier_name: Mapped[str | None]
    contract_number: Mapped[str | None]
    subject: Mapped[str]
    amount_fen: Mapped[int]
    note: Mapped[str | None]
    evidence_sha256: Mapped[str | None]
    shipped_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    inspect_until: Mapped[date | None]
    accepted_at: Mapped[datetime | None]
    accepted_fen: Mapped[int | None]
    reason_note: Mapped[str | None]

    __table_args__ = (
        states_check(lifecycle.DELIVERY),
        CheckConstraint("amount_fen > 0", name="amount"),
        CheckConstraint("accepted_fen > 0 AND accepted_fen <= amount_fen", name="accepted"),
        CheckConstraint("(delivered_at IS NULL) = (inspect_until IS NULL)", name="inspection"),
        Index("deliveries_contract_id", "contract_id"),
    )


class PaymentReport(Base):
    """A payment that a buyer says it made; one reference counts once per payable."""

    __tablename__ = "payment_reports"

    payable_id: Mapped[str] = mapped_column(ForeignKey("payables.id"), primary_key=True)
    reference: Mapped[str] = mapped_column(Text, primary_key=True)
    amount_fen: Mapped[int]
    paid_on: Mapped[date]
    reported_at: Mapped[datetime]
    received_before_fen: Mapped[int]

    __table_args__ = (
        CheckConstraint("amount_fen > 0", name="amount"),
        CheckConstraint("received_before_fen >= 0", name="received_before"),
    )


class Payable(AggregateRow, Base):
    """What is owed at one payment node of a contract, or of a part of it once it was divided."""

    __tablename__ = "payables"
    AGGREGATE = contracts.payable
    LIFECYCLE = lifecycle.PAYABLE

    contract_id: Mapped[str] = id_column("contracts")
    demand_id: Mapped[str] = id_column("demands")
    buyer_id: Mapped[str] = id_column()
    buyer_name: Mapped[str | None]
    supplier_id: Mapped[str] = id_column()
    supplier_name: Mapped[str | None]
    contract_number: Mapped[str | None]
    node_no: Mapped[int]
    node_kind: Mapped[str]
    amount_fen: Mapped[int]
    paid_fen: Mapped[int]
    term_days: Mapped[int]
    start_date: Mapped[date | None]
    due_date: Mapped[date | None]
    paid_at: Mapped[datetime | None]
    late_interest_fen: Mapped[int]
    reported_payments: Mapped[list[PaymentReport]] = relationship(
        order_by=(PaymentReport.reported_at, PaymentReport.reference)
    )

    __table_args__ = (
        states_check(lifecycle.PAYABLE),
        CheckConstraint("amount_fen > 0", name="amount"),
        CheckConstraint("paid_fen >= 0 AND paid_fen <= amount_fen", name="paid"),
        CheckConstraint(
            "(state IN ('paid', 'paid_late')) = (paid_fen = amount_fen)", name="settled"
        ),
        CheckConstraint("(start_date IS NULL) = (due_date IS NULL)", name="dates"),
        CheckConstraint("late_interest_fen >= 0", name="late_interest"),
        Index("payables_contract_id", "contract_id"),
    )

    @property
    def left_fen(self) -> int:
        """What is still owed, in fen."""
        return self.amount_fen - self.paid_fen

    @property
    def unreported_fen(self) -> int:
        """What of it the buyer has not said it paid, in fen.

        What is recorded as received answers all that was said before. Of a payable that was divided
        since, more may have been said than is left.
        """
        waiting = [
            report.amount_fen
            for report in self.reported_payments
            if report.received_before_fen == self.paid_fen
        ]
        return max(0, self.left_fen - sum(waiting))


class Payment(Base):
    """Money that a supplier says it received; one reference counts once per payable."""

    __tablename__ = "payments"

    payable_id: Mapped[str] = mapped_column(ForeignKey("payables.id"), primary_key=True)
    reference: Mapped[str] = mapped_column(Text, primary_key=True)
    amount_fen: Mapped[int]
    paid_on: Mapped[date]
    recorded_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("amount_fen > 0", name="amount"),)
