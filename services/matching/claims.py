"""Columns of a supply: how it is classified, what its supplier claims, what of it is proved."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from services.contracts.supply_parts import Badge, TrackRecord
from services.matching.column_types import Json, Parts


class Claims:
    """A mixin for the table of supplies. What counts for a score is not here but `track_record`."""

    version: Mapped[int]
    item_code: Mapped[str | None]
    capability_codes: Mapped[list[str]]
    capabilities_from: Mapped[str]
    gbt4754: Mapped[str | None]
    external_code: Mapped[str | None]
    capacity_unit: Mapped[str | None]
    capacity_period: Mapped[str | None]
    evidence_until: Mapped[date | None]
    badges: Mapped[list[Json]] = mapped_column(Parts(Badge))
    claimed_badges: Mapped[list[Json]] = mapped_column(Parts(Badge))
    claimed_deals: Mapped[list[Json]] = mapped_column(Parts(TrackRecord))
    reason_note: Mapped[str | None]


UNCLAIMED: dict[str, Any] = {"item_code": None, "claimed_badges": [], "claimed_deals": []}
