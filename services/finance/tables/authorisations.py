"""Consents to show data to banks."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from services.contracts.receivable import authorisation
from services.finance.lifecycle import AUTHORISATION
from services.finance.tables.base import Base, Id, Ids, Words, one_of
from services.messaging import AggregateRow


class Authorisation(AggregateRow, Base):
    """授权书 of one grantor to named banks."""

    __tablename__ = "authorisations"
    __table_args__: Sequence[Any] = (one_of("state", sorted(AUTHORISATION.states), "state"),)
    AGGREGATE = authorisation
    LIFECYCLE = AUTHORISATION

    grantor_id: Mapped[Id] = mapped_column(index=True)
    recipient_ids: Mapped[Ids]
    items: Mapped[Words]
    purpose: Mapped[str]
    valid_from: Mapped[datetime]
    valid_until: Mapped[date]
    revoked_at: Mapped[datetime | None]
    closed_down_to: Mapped[Id | None]  # the oldest application whose view was closed after its end

    def stands(self, today: date) -> bool:
        """Whether it still lets anyone see anything on `today`."""
        return self.state == AUTHORISATION.initial and today <= self.valid_until
