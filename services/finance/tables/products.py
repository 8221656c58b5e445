"""Financing products of banks."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.contracts.product import product
from services.finance.lifecycle import PRODUCT
from services.finance.risk import Criteria
from services.finance.tables.base import Base, Id, one_of
from services.messaging import AggregateRow


class Product(AggregateRow, Base):
    """A product with the criteria that its bank wants applied before it is asked."""

    __tablename__ = "products"
    __table_args__: Sequence[Any] = (
        one_of("state", sorted(PRODUCT.states), "state"),
        CheckConstraint("min_fen <= max_fen", name="amounts"),
    )
    AGGREGATE = product
    LIFECYCLE = PRODUCT

    bank_id: Mapped[Id] = mapped_column(index=True)
    bank_name: Mapped[str]
    kind: Mapped[str]
    name: Mapped[str]
    security: Mapped[str]
    recourse: Mapped[bool]
    advance_rate_bp: Mapped[int]
    min_fen: Mapped[int]
    max_fen: Mapped[int]
    max_term_days: Mapped[int]
    grace_days: Mapped[int]
    day_count: Mapped[str]

    @property
    def criteria(self) -> Criteria:
        """What `risk` judges by."""
        return Criteria(
            product_id=self.id,
            bank_id=self.bank_id,
            kind=self.kind,
            advance_rate_bp=self.advance_rate_bp,
            min_fen=self.min_fen,
            max_fen=self.max_fen,
            max_term_days=self.max_term_days,
            published=self.state == PRODUCT.initial,
        )
