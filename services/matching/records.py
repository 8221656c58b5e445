"""A supply's track record 业绩: what may be kept of it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from services.contracts.fields import MAX_ITEMS
from services.matching.tables import Supply

Record = dict[str, Any]


def add(supply: Supply, found: Sequence[Record]) -> int:
    """Add those that are not known yet and answer how many; the newest MAX_ITEMS are kept."""
    fresh = unknown(supply, found)
    by_date = sorted([*supply.track_record, *fresh], key=lambda one: one["date"] or date.min)
    supply.track_record = by_date[-MAX_ITEMS:]
    return len(fresh)


def unknown(supply: Supply, found: Sequence[Record]) -> list[Record]:
    """Those of them that do not count already, each once."""
    known = {_key(record) for record in supply.track_record}
    distinct = {_key(record): record for record in found}
    return [record for key, record in distinct.items() if key not in known]


def _key(record: Record) -> tuple[Any, ...]:
    return record["title"], record["date"], record["outcome"]
