"""What orders keeps of other services' facts."""

from datetime import date
from typing import Any

from sqlalchemy import Uuid
from sqlalchemy.orm import Mapped, mapped_column

from services.orders.tables.base import Base, id_column


class PartyCopy(Base):
    """What orders needs to know of an organisation, from the facts of the gateway."""

    __tablename__ = "party_copies"

    id: Mapped[str] = mapped_column(Uuid(as_uuid=False), primary_key=True)
    sequence: Mapped[int]
    name: Mapped[str]
    capacities: Mapped[list[Any]]
    nature: Mapped[str]
    fiscal_funded: Mapped[bool]
    size: Mapped[str | None]
    verified_until: Mapped[date | None]


class UserCopy(Base):
    """Whose signature counts for which organisation."""

    __tablename__ = "user_copies"

    id: Mapped[str] = mapped_column(Uuid(as_uuid=False), primary_key=True)
    sequence: Mapped[int]
    party_id: Mapped[str] = id_column()
    signing_keys: Mapped[list[Any]]


class MatchCopy(Base):
    """Which supply of whom answers which demand."""

    __tablename__ = "match_copies"

    id: Mapped[str] = mapped_column(Uuid(as_uuid=False), primary_key=True)
    sequence: Mapped[int]
    demand_id: Mapped[str] = id_column()
    supplier_id: Mapped[str] = id_column()
    supply_id: Mapped[str] = id_column()
