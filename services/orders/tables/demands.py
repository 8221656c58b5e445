"""Demands and the sealed quotes for them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped

from services.contracts import demand as contract
from services.messaging import AggregateRow
from services.orders import lifecycle
from services.orders.tables.base import Base, Json, id_column, states_check


class Demand(AggregateRow, Base):
    """A demand, and the one lock of its whole thread (see commands/threads.py)."""

    __tablename__ = "demands"
    AGGREGATE = contract.demand
    LIFECYCLE = lifecycle.DEMAND

    kind: Mapped[str]
    method: Mapped[str]
    buyer_id: Mapped[str] = id_column()
    buyer_name: Mapped[str]
    buyer_verified: Mapped[bool]
    title: Mapped[str]
    text: Mapped[str]
    category: Mapped[str | None]
    region: Mapped[str | None]
    quantity: Mapped[str | None]
    budget_fen: Mapped[int | None]
    quote_deadline_at: Mapped[datetime | None]
    delivery_due_date: Mapped[date | None]
    requirements: Mapped[list[Any] | None]
    performance: Mapped[str | None]
    facets: Mapped[Json | None]
    terms: Mapped[Json | None]
    version: Mapped[int]
    origin: Mapped[str]
    source_ref: Mapped[str | None]
    published_at: Mapped[datetime | None]
    quote_count: Mapped[int]
    awarded_quote_id: Mapped[str | None] = id_column(null=True)
    awarded_supplier_id: Mapped[str | None] = id_column(null=True)
    awarded_supply_id: Mapped[str | None] = id_column(null=True)
    award_confirm_until: Mapped[datetime | None]
    award_reason: Mapped[str | None]
    capacity: Mapped[str]
    contract_id: Mapped[str | None] = id_column(null=True)
    reason_note: Mapped[str | None]

    __table_args__ = (
        states_check(lifecycle.DEMAND),
        CheckConstraint("capacity IN ('unchecked', 'reserved', 'short')", name="capacity"),
        CheckConstraint("budget_fen >= 0", name="budget"),
        CheckConstraint(
            "state NOT IN ('awarded', 'contracting', 'contracted', 'fulfilled')"
            " OR awarded_quote_id IS NOT NULL",
            name="awarded",
        ),
        CheckConstraint("(origin = 'imported') = (source_ref IS NOT NULL)", name="origin"),
        Index("demands_source_ref", "source_ref", unique=True),
    )


class Quote(AggregateRow, Base):
    """A quote. The `sealed_*` columns never leave the service before `opened_at` is set."""

    __tablename__ = "quotes"
    AGGREGATE = contract.quote
    LIFECYCLE = lifecycle.QUOTE
    REFUSALS: ClassVar[Mapping[str, str]] = {"quotes_one_live": "quote_exists"}

    demand_id: Mapped[str] = id_column("demands")
    demand_version: Mapped[int]
    buyer_id: Mapped[str] = id_column()
    supplier_id: Mapped[str] = id_column()
    supplier_name: Mapped[str]
    match_id: Mapped[str | None] = id_column(null=True)
    supply_id: Mapped[str | None] = id_column(null=True)
    round_no: Mapped[int]
    seal: Mapped[str]
    salt: Mapped[str]
    sealed_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    sealed_price_fen: Mapped[int]
    sealed_delivery_days: Mapped[int]
    sealed_note: Mapped[str]
    valid_until: Mapped[date]

    __table_args__ = (
        states_check(lifecycle.QUOTE),
        CheckConstraint("sealed_price_fen > 0", name="price"),
        CheckConstraint("state <> 'sealed' OR opened_at IS NULL", name="sealed"),
        Index("quotes_demand_id", "demand_id"),
        Index(
            "quotes_one_live", "demand_id", "supplier_id", unique=True,
            postgresql_where=text("state IN ('draft', 'sealed', 'opened', 'accepted')"),
        ),
    )  # fmt: skip

    @property
    def price_fen(self) -> int | None:
        """In fen; null while sealed."""
        return self.sealed_price_fen if self.opened_at else None

    @property
    def delivery_days(self) -> int | None:
        return self.sealed_delivery_days if self.opened_at else None

    @property
    def note(self) -> str | None:
        return self.sealed_note if self.opened_at else None
