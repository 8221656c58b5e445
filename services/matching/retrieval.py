"""The candidates of a demand, from an index that follows the service's own numbered feed."""

import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.contracts.envelope import Event
from services.contracts.supply import supply as aggregate
from services.matching import metrics
from services.matching.index import Filters, SupplyIndex, open_index
from services.matching.scoring import Relevance
from services.matching.sides import Wanted
from services.matching.tables import Base, Supply

CANDIDATES = 200  # judged and scored for one demand; the best twenty are all that people look at
# How long a ranking waits for supplies committed just before it. The way from a commit to the
# index takes some 50 ms; past two seconds the relay is away, and an answer now is worth more.
CATCH_UP_S = 2.0
POLL_S = 0.01
REBUILD_ROWS = 500  # rows in memory at a time while the index is built anew

_OUTBOX = Base.metadata.tables["outbox"]
_PREFIX = f"{aggregate.name}."


class Retrieval:
    """One process's index: opened at its start, kept up by the feed, asked by rankings."""

    def __init__(self) -> None:
        self._index: SupplyIndex | None = None

    @property
    def index(self) -> SupplyIndex:
        """Raises RuntimeError before `open`."""
        if self._index is None:
            raise RuntimeError("the index is not open")
        return self._index

    def open(self, folder: Path, session: Session) -> int:
        """Open the replica's folder, built from the database if need be; answers its position."""
        self._index = open_index(folder, lambda draft: rebuild(draft, session))
        metrics.INDEX_POSITION.set(self.position)
        return self.position

    def close(self) -> None:
        """Let go of the folder."""
        if self._index is not None:
            self._index.close()
            self._index = None

    @property
    def position(self) -> int:
        """Of the service's feed; every supply stated up to here is in the index as it was."""
        return self.index.position or 0

    def follow(self, events: Sequence[Event], position: int) -> None:
        """Take in facts of the feed up to `position`; repeated ones change nothing."""
        states = [event.data for event in events if event.type.startswith(_PREFIX)]
        self.index.follow(states, position)
        metrics.INDEX_POSITION.set(position)

    def relevance(self, wanted: Wanted, limit: int = CANDIDATES) -> Mapping[str, Relevance]:
        """Supply id → what the index says of it, for the best by text and by track record."""
        filters = Filters(wanted.kind, wanted.buyer_id, wanted.region, wanted.budget_fen)
        found = {
            field: {
                hit.supply_id: hit.relevance_milli
                for hit in self.index.search(field, wanted.terms, filters, limit)
            }
            for field in ("text", "experience")
        }
        text, experience = found["text"], found["experience"]
        joined = {id: Relevance(text.get(id, 0), experience.get(id, 0)) for id in text | experience}
        best = sorted(joined, key=lambda id: (-joined[id].total_milli, id))[:limit]
        return {id: joined[id] for id in best}

    def catch_up(self, session: Session) -> bool:
        """Wait, bounded, until all supplies committed so far are in the index; False: gave up."""
        give_up_at = time.monotonic() + CATCH_UP_S
        newest = _newest_missing(session, self.position, None)
        while newest is not None and _newest_missing(session, self.position, newest) is not None:
            if time.monotonic() > give_up_at:
                metrics.INDEX_BEHIND.inc()
                return False
            time.sleep(POLL_S)
        return True


def rebuild(index: SupplyIndex, session: Session) -> None:
    """Fill an empty index from the database.

    The position is read first: rows are at least as new as it says, and what the feed tells
    again after it changes nothing.
    """
    position = session.scalar(select(func.max(_OUTBOX.c.position))) or 0
    index.follow(_active_states(session), position)


def _active_states(session: Session) -> Iterator[Mapping[str, Any]]:
    query = select(Supply).where(Supply.state == "active").order_by(Supply.id)
    rows = session.scalars(query.execution_options(yield_per=REBUILD_ROWS))
    return (aggregate.schema.dump(row) for row in rows)


def _newest_missing(session: Session, position: int, newest: int | None) -> int | None:
    """The newest outbox id, up to `newest`, of a supply's fact that the index has not seen."""
    column = _OUTBOX.c.position
    found: list[int] = []
    for condition in (column.is_(None), column > position):  # each has an index of its own
        query = select(_OUTBOX.c.id).where(condition, _OUTBOX.c.type.startswith(_PREFIX))
        if newest is not None:
            query = query.where(_OUTBOX.c.id <= newest)
        found += session.scalars(query.order_by(_OUTBOX.c.id.desc()).limit(1))
    return max(found, default=None)
