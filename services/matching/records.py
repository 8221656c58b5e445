"""A supply's track record 业绩: what may be kept of it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from services.contracts.fields import MAX_ITEMS
from services.matching.tables import Supply

Record = dict[str, Any]


def add(supply: Supply, found: Sequence[Record]) -> int:
    """Add those that are not known yet and answer how many; the newest MAX_ITEMS are kept."""
    known = {_key(record) for record in supply.track_record}
    fresh = list({_key(record): record for record in found if _key(record) not in known}.values())
    by_date = sorted([*supply.track_record, *fresh], key=lambda one: one["date"] or date.min)
    supply.track_record = by_date[-MAX_ITEMS:]
    return len(fresh)


def _key(record: Record) -> tuple[Any, ...]:
    return record["title"], record["date"], record["outcome"]
