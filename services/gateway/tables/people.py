"""People, what they may do, and by what they do it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Date, Table, Text, false
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.contracts import party as contract
from services.gateway import lifecycle
from services.gateway.tables.base import Base, Moment, Uid, metadata
from services.messaging import AggregateRow


class User(AggregateRow, Base):
    """A person or a system of one organisation. `signing_keys` as the contract shows them.

    `lineage`: the duties of all through whose hands it came, of who added it and who gave it its
    first key, and of those who made these. No fact shows it: only `commands.four_eyes` asks.
    `is_first`: the operator added it; `commands.rights` asks.
    """

    __tablename__ = "users"
    AGGREGATE = contract.user
    LIFECYCLE = lifecycle.USER

    party_id: Mapped[str] = mapped_column(Uid, index=True)
    name: Mapped[str] = mapped_column(Text)
    roles: Mapped[list[str]] = mapped_column(JSONB)
    lineage: Mapped[list[str]] = mapped_column(JSONB)
    is_first: Mapped[bool] = mapped_column(Boolean, server_default=false())
    signing_keys: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    can_sign_in: Mapped[bool] = mapped_column(Boolean, server_default=false())


class ApiKey(AggregateRow, Base):
    """A key: found by its prefix, proved by the SHA-256 of its 256 random bits.

    `issued_by`: the person who made it; null of keys of earlier releases and of the first ones.
    """

    __tablename__ = "api_keys"
    AGGREGATE = contract.api_key
    LIFECYCLE = lifecycle.API_KEY

    party_id: Mapped[str] = mapped_column(Uid, index=True)
    user_id: Mapped[str] = mapped_column(Uid, index=True)
    name: Mapped[str] = mapped_column(Text, server_default="未命名")
    issued_by: Mapped[str | None] = mapped_column(Uid)
    prefix: Mapped[str] = mapped_column(Text, unique=True)
    secret_sha256: Mapped[str] = mapped_column(Text)
    scopes: Mapped[list[str]] = mapped_column(JSONB)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)


class Mandate(AggregateRow, Base):
    """Who of a buyer may confirm which claims, up to what amount, until when."""

    __tablename__ = "mandates"
    AGGREGATE = contract.mandate
    LIFECYCLE = lifecycle.MANDATE

    party_id: Mapped[str] = mapped_column(Uid, index=True)
    user_id: Mapped[str] = mapped_column(Uid)
    supplier_id: Mapped[str | None] = mapped_column(Uid)
    contract_id: Mapped[str | None] = mapped_column(Uid)
    limit_fen: Mapped[int] = mapped_column(BigInteger)
    valid_until: Mapped[date] = mapped_column(Date)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)


# When a key was last used, to the hour and in real time. In no fact: it is no wish of anybody.
KEY_USES = Table(
    "key_uses",
    metadata,
    Column("key_id", Uid, primary_key=True),
    Column("used_at", Moment, nullable=False),
)
# Whose a signing key is, over all organisations: one person's, also after it was revoked.
SIGNING_KEYS = Table(
    "signing_keys",
    metadata,
    Column("public_key", Text, primary_key=True),
    Column("user_id", Uid, nullable=False),
)
