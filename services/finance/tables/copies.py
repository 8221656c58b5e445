"""What finance keeps of other services' things, as their facts told it; newer replaces older."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.contracts import contract, party
from services.finance.tables.base import Base, Id, Words
from services.messaging import CopyRow


class PartyCopy(CopyRow, Base):
    """An organisation, as far as finance judges it."""

    __tablename__ = "party_copies"
    AGGREGATE = party.party

    name: Mapped[str]
    capacities: Mapped[Words]
    group_id: Mapped[Id | None]
    verified_until: Mapped[date | None]


class UserCopy(CopyRow, Base):
    """A person and the public keys that the person signs with."""

    __tablename__ = "user_copies"
    AGGREGATE = party.user

    party_id: Mapped[Id]
    signing_keys: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)


class MandateCopy(CopyRow, Base):
    """Who may confirm which claims for a debtor."""

    __tablename__ = "mandate_copies"
    AGGREGATE = party.mandate
    __table_args__ = (Index("ix_mandate_copies_person", "party_id", "user_id"),)

    party_id: Mapped[Id]
    user_id: Mapped[Id]
    supplier_id: Mapped[Id | None]
    contract_id: Mapped[Id | None]
    limit_fen: Mapped[int]
    valid_until: Mapped[date]
    revoked_at: Mapped[datetime | None]


class ContractCopy(CopyRow, Base):
    """A contract that claims arise from."""

    __tablename__ = "contract_copies"
    AGGREGATE = contract.contract

    number: Mapped[str]
    state: Mapped[str]
    kind: Mapped[str]
    buyer_id: Mapped[Id]
    buyer_name: Mapped[str]
    supplier_id: Mapped[Id]
    supplier_name: Mapped[str]
    amount_fen: Mapped[int]
    signed_at: Mapped[datetime | None]
    thread_id: Mapped[Id | None]


class PayableCopy(CopyRow, Base):
    """What is owed at one payment node; its row is locked while it is being claimed."""

    __tablename__ = "payable_copies"
    AGGREGATE = contract.payable

    state: Mapped[str]
    contract_id: Mapped[Id]
    amount_fen: Mapped[int]
    paid_fen: Mapped[int]
    due_date: Mapped[date | None]


class PayableClaim(Base):
    """How much of one payable a live receivable claims; gone once the receivable lets go."""

    __tablename__ = "payable_claims"

    receivable_id: Mapped[Id] = mapped_column(ForeignKey("receivables.id"), primary_key=True)
    payable_id: Mapped[Id] = mapped_column(primary_key=True, index=True)
    claimed_fen: Mapped[int]
