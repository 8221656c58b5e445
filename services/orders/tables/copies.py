"""What orders keeps of other services' facts."""

from datetime import date
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from services.contracts import party, receivable, supply
from services.messaging import CopyRow
from services.orders.tables.base import Base, id_column


class PartyCopy(CopyRow, Base):
    """What orders needs to know of an organisation, from the facts of the gateway."""

    __tablename__ = "party_copies"
    AGGREGATE = party.party

    name: Mapped[str]
    capacities: Mapped[list[Any]]
    nature: Mapped[str]
    fiscal_funded: Mapped[bool]
    size: Mapped[str | None]
    verified_until: Mapped[date | None]


class UserCopy(CopyRow, Base):
    """Whose signature counts for which organisation."""

    __tablename__ = "user_copies"
    AGGREGATE = party.user

    party_id: Mapped[str] = id_column()
    signing_keys: Mapped[list[Any]]


class MatchCopy(CopyRow, Base):
    """Which supply of whom answers which demand."""

    __tablename__ = "match_copies"
    AGGREGATE = supply.match

    demand_id: Mapped[str] = id_column()
    supplier_id: Mapped[str] = id_column()
    supply_id: Mapped[str] = id_column()


class ClaimCopy(CopyRow, Base):
    """Which payables of a contract a receivable claims, and how much the buyer has confirmed.

    `settled_fen`: what of it banks have received. `confirmed_fen` of a confirmed claim is null
    where its last fact was kept by an earlier release.
    """

    __tablename__ = "claim_copies"
    AGGREGATE = receivable.receivable
    __table_args__ = (Index("claim_copies_contract_id", "contract_id"),)

    state: Mapped[str]
    contract_id: Mapped[str] = id_column()
    payable_ids: Mapped[list[Any]]
    confirmed_fen: Mapped[int | None]
    settled_fen: Mapped[int | None]
