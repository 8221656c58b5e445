"""The journal: append-only (a trigger refuses changes), each entry sums to zero (another one)."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.finance.ledger import ACCOUNTS
from services.finance.tables.base import Base, Id, one_of


class Posting(Base):
    """Whole fen on one account of the entry's loan."""

    __tablename__ = "postings"
    __table_args__: Sequence[Any] = (
        one_of("account", ACCOUNTS, "account"),
        CheckConstraint("amount_fen <> 0", name="amount"),
    )

    entry_id: Mapped[Id] = mapped_column(ForeignKey("journal_entries.id"), primary_key=True)
    account: Mapped[str] = mapped_column(primary_key=True)
    amount_fen: Mapped[int]


class JournalEntry(Base):
    """One thing that the bank answered, once per loan, kind and reference."""

    __tablename__ = "journal_entries"
    __table_args__: Sequence[Any] = (
        UniqueConstraint("loan_id", "kind", "reference", name="uq_journal_entries_reference"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    loan_id: Mapped[Id] = mapped_column(ForeignKey("loans.id"))
    kind: Mapped[str]
    reference: Mapped[str]
    booked_at: Mapped[datetime]
    business_date: Mapped[date]
    postings: Mapped[list[Posting]] = relationship()
