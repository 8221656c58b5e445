"""Credit limits and what is reserved on them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from services.contracts.product import DECISIONS, limit
from services.finance import risk
from services.finance.lifecycle import CHANGING_LIMITS, LIMIT, OPEN_LIMITS, VOID_LIMITS
from services.finance.tables.base import Base, Id, one_of
from services.messaging import AggregateRow

STAGES = ("sealed", "reserved", "used")
_CHANGING = ", ".join(f"'{state}'" for state in CHANGING_LIMITS)
_VOID = ", ".join(f"'{state}'" for state in VOID_LIMITS)
FACTS = tuple(limit.event(past).name for past in DECISIONS)

# By which the decisions of one limit are found among all facts, which are kept for good.
_outbox = Base.metadata.tables["outbox"]
Index(
    "outbox_of_limits",
    _outbox.c.envelope["subject"].astext,
    postgresql_where=_outbox.c.type.in_(FACTS),
)


class Limit(AggregateRow, Base):
    """授信额度. `sealed_fen` is reserved by offers nobody may see yet, so no fact carries it."""

    __tablename__ = "limits"
    __table_args__: Sequence[Any] = (
        one_of("state", sorted(LIMIT.states), "state"),
        CheckConstraint("sealed_fen >= 0 AND reserved_fen >= 0 AND used_fen >= 0", name="fen"),
        CheckConstraint("sealed_fen + reserved_fen + used_fen <= granted_fen", name="granted"),
        CheckConstraint("(scope = 'total') = (subject_id IS NULL)", name="subject"),
        CheckConstraint("prepared_by <> approved_by", name="two_people"),
        CheckConstraint(
            f"(state IN ({_CHANGING})) = (proposed_fen IS NOT NULL)"
            " AND (proposed_fen IS NULL) = (proposed_by IS NULL)",
            name="proposed",
        ),
        # An ended one, too: what was lent under it counts against it when it is reopened.
        Index(
            "uq_limits_subject",
            "bank_id",
            "scope",
            "subject_id",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=text(f"state NOT IN ({_VOID})"),
        ),
    )
    AGGREGATE = limit
    LIFECYCLE = LIMIT
    REFUSALS = {  # noqa: RUF012
        "uq_limits_subject": "limit_exists",
        "ck_limits_granted": "limit_exhausted",
    }

    bank_id: Mapped[Id]
    scope: Mapped[str]
    subject_id: Mapped[Id | None]
    granted_fen: Mapped[int]
    sealed_fen: Mapped[int]
    reserved_fen: Mapped[int]
    used_fen: Mapped[int]
    prepared_by: Mapped[str]
    approved_by: Mapped[str | None]
    proposed_fen: Mapped[int | None]
    proposed_by: Mapped[str | None]
    reason_note: Mapped[str | None]
    ended_code: Mapped[str | None]
    ended_note: Mapped[str | None]

    @property
    def taken_fen(self) -> int:
        """By offers that are sealed or open, and by loans."""
        return self.sealed_fen + self.reserved_fen + self.used_fen

    @property
    def room_fen(self) -> int:
        """What may still be reserved: nothing once it has ended."""
        return self.granted_fen - self.taken_fen if self.state in OPEN_LIMITS else 0

    @property
    def terms(self) -> risk.Limit:
        """What `risk` judges by: whether a limit is used up must not tell of an unopened offer."""
        told_fen = self.room_fen + self.sealed_fen if self.state in OPEN_LIMITS else 0
        return risk.Limit(self.id, self.scope, self.subject_id, told_fen)


class Reservation(Base):
    """What one offer takes of one limit; gone once the offer or its loan has ended."""

    __tablename__ = "reservations"
    __table_args__: Sequence[Any] = (
        one_of("stage", STAGES, "stage"),
        CheckConstraint("amount_fen > 0", name="amount"),
    )

    limit_id: Mapped[Id] = mapped_column(ForeignKey("limits.id"), primary_key=True)
    offer_id: Mapped[Id] = mapped_column(ForeignKey("offers.id"), primary_key=True, index=True)
    amount_fen: Mapped[int]
    stage: Mapped[str]
