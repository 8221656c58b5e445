"""Organisations and the files that they show."""

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import BigInteger, Boolean, Date, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.contracts import joining
from services.contracts import party as contract
from services.gateway import lifecycle
from services.gateway.tables.base import Base, Moment, Uid
from services.messaging import AggregateRow


class Party(AggregateRow, Base):
    """An organisation. One credit code, one party; names may repeat.

    But for the code of an application that was rejected: it is free again.
    """

    __tablename__ = "parties"
    __table_args__ = (
        Index(
            "parties_credit_code",
            "credit_code",
            unique=True,
            postgresql_where=text("state <> 'rejected'"),
        ),
        Index("parties_name", "name"),
        Index(
            "parties_joining",
            "state",
            postgresql_where=text("state IN ('applying', 'applied')"),
        ),
    )
    AGGREGATE = contract.party
    LIFECYCLE = lifecycle.PARTY
    REFUSALS: ClassVar = {"parties_credit_code": "credit_code_taken"}

    name: Mapped[str] = mapped_column(Text)
    credit_code: Mapped[str | None] = mapped_column(Text)
    capacities: Mapped[list[str]] = mapped_column(JSONB)
    nature: Mapped[str] = mapped_column(Text)
    fiscal_funded: Mapped[bool] = mapped_column(Boolean)
    size: Mapped[str | None] = mapped_column(Text)
    region: Mapped[str | None] = mapped_column(Text)
    industry: Mapped[str | None] = mapped_column(Text)
    tiers: Mapped[list[str]] = mapped_column(JSONB)
    group_id: Mapped[str | None] = mapped_column(Uid)
    verified_until: Mapped[date | None] = mapped_column(Date)
    reason_note: Mapped[str | None] = mapped_column(Text)
    apply_until: Mapped[datetime | None] = mapped_column(Moment)


class Document(AggregateRow, Base):
    """A file of an organisation; what is in it lies beside, by its digest."""

    __tablename__ = "documents"
    AGGREGATE = joining.document
    LIFECYCLE = lifecycle.DOCUMENT

    party_id: Mapped[str] = mapped_column(Uid, index=True)
    purpose: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(Text)
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    media_type: Mapped[str] = mapped_column(Text)
