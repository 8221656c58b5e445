"""Open demands that are to be ranked again: a supply is new, or a place among their notices free.

A mark is a deadline of the timer. However often a demand is marked it is ranked again at most once
in AGAIN_EVERY, and a demand that is marked is ranked, whatever crashes.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from sqlalchemy import select

from services.contracts.demand import demand as aggregate
from services.matching.tables import DemandCopy
from services.messaging import Transaction

RANK_AGAIN = "rank_again"
AGAIN_EVERY = timedelta(seconds=60)


def mark(tx: Transaction, demands: Iterable[tuple[str, datetime | None]]) -> None:
    """By id, each with when it was ranked again last: at once, or as soon as that is over."""
    due = {id: max(tx.now, last + AGAIN_EVERY) if last else tx.now for id, last in demands}
    tx.schedule_unset(aggregate, RANK_AGAIN, due)


def fill_places(tx: Transaction, demand_ids: Collection[str]) -> None:
    """Somebody has left these demands: of those that are open the next best are to be told."""
    if demand_ids:
        left = select(DemandCopy.id, DemandCopy.ranked_again_at).where(
            DemandCopy.id.in_(demand_ids), DemandCopy.state == "published"
        )
        mark(tx, [(id, last) for id, last in tx.session.execute(left)])
