"""Who is told by machine, and the clock of a demonstration."""

from datetime import datetime

from sqlalchemy import BigInteger, Integer, Text, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.contracts import party as contract
from services.contracts.webhook import webhook
from services.gateway import lifecycle
from services.gateway.tables.base import Base, Moment, Uid
from services.messaging import AggregateRow


class Webhook(AggregateRow, Base):
    """Where a party's facts go, and how far they have gone.

    `secret` signs, so it cannot be a hash; it is in no fact, document or log. `user_id` is who
    registered or last enabled it, `capacities` those of that person's duties: it is told what that
    person could read, and ends with the person's last key. `due_at` (real time)
    is when the sender looks next: it is the back-off, and the lease of the sender at work.
    `last_success_at` (real time) is of the last call that was answered 2xx.
    """

    __tablename__ = "webhooks"
    AGGREGATE = webhook
    LIFECYCLE = lifecycle.WEBHOOK

    party_id: Mapped[str] = mapped_column(Uid, index=True)
    user_id: Mapped[str | None] = mapped_column(Uid, index=True)
    url: Mapped[str] = mapped_column(Text)
    event_types: Mapped[list[str]] = mapped_column(JSONB)
    capacities: Mapped[list[str]] = mapped_column(JSONB)
    secret: Mapped[str] = mapped_column(Text)
    position: Mapped[int] = mapped_column(BigInteger)
    failures: Mapped[int] = mapped_column(Integer)
    disabled_at: Mapped[datetime | None] = mapped_column(Moment)
    rotated_at: Mapped[datetime | None] = mapped_column(Moment)
    last_success_at: Mapped[datetime | None] = mapped_column(Moment)
    due_at: Mapped[datetime] = mapped_column(Moment, server_default=func.now())


class ClockSetting(AggregateRow, Base):
    """How far business time runs ahead: one row, and only in a demonstration."""

    __tablename__ = "clock_settings"
    AGGREGATE = contract.clock
    LIFECYCLE = lifecycle.CLOCK

    offset_s: Mapped[int] = mapped_column(BigInteger)
