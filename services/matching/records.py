"""A supply's track record 业绩: what may be kept of it, and what is derived from it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from services.contracts.fields import MAX_ITEMS
from services.matching import regions
from services.matching.tables import Supply

Record = dict[str, Any]
SUCCESSES = frozenset({"won", "delivered"})


def add(supply: Supply, found: Sequence[Record]) -> int:
    """Add those that are not known yet and answer how many; the newest MAX_ITEMS are kept."""
    known = {_key(record) for record in supply.track_record}
    fresh = list({_key(record): record for record in found if _key(record) not in known}.values())
    by_date = sorted([*supply.track_record, *fresh], key=lambda one: one["date"] or date.min)
    supply.track_record = by_date[-MAX_ITEMS:]
    derive(supply)
    return len(fresh)


def derive(supply: Supply) -> None:
    """Bring counts and places in line with regions and track record."""
    records = supply.track_record
    supply.record_count, supply.won_count = len(records), won(records)
    supply.places = sorted(places(supply.regions, records))


def won(records: Sequence[Record]) -> int:
    """How many of these deals were won."""
    return sum(record["outcome"] in SUCCESSES for record in records)


def places(served: Sequence[str], records: Sequence[Record]) -> frozenset[str]:
    """Where it serves and has worked."""
    worked = [record["place"] for record in records if record["place"]]
    return regions.places([*served, *worked])


def _key(record: Record) -> tuple[Any, ...]:
    return record["title"], record["date"], record["outcome"]
