"""The candidates of a demand, from an index that follows the service's own numbered feed."""

import time
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from threading import Condition
from typing import Any

from sqlalchemy import NullPool, create_engine, func, select
from sqlalchemy.orm import Session, sessionmaker

from services.contracts.registry import events_of
from services.contracts.supply import supply as aggregate
from services.matching import metrics
from services.matching.index import Filters, FolderInUse, Mark, SupplyIndex, open_index
from services.matching.scoring import Relevance
from services.matching.sides import Wanted
from services.matching.tables import Base, Supply
from services.messaging import Numbered
from services.settings import load

CANDIDATES = 200  # judged and scored for one demand; the best twenty are all that people look at
# How long a ranking waits for supplies committed just before it. The way from a commit to the
# index takes some 50 ms; past two seconds the relay is away, and an answer now is worth more.
CATCH_UP_S = 2.0
PREDECESSOR_S = 20.0  # how long a process of the same replica may take to end what it has in hand
PREDECESSOR_POLL_S = 0.05
REBUILD_ROWS = 500  # rows in memory at a time while the index is built anew

SUPPLY_FACTS = events_of(aggregate)
_OUTBOX = Base.metadata.tables["outbox"]


class Retrieval:
    """One process's index: opened at its start, kept up by the feed, asked by rankings."""

    def __init__(self) -> None:
        self._index: SupplyIndex | None = None
        self._complete_to = 0  # every supply's fact up to this position is known to be in
        self._grown = Condition()
        self._pages = 0  # taken in so far

    @property
    def index(self) -> SupplyIndex:
        """Raises RuntimeError unless it is open."""
        if self._index is None:
            raise RuntimeError("the index is not open")
        return self._index

    def start(self) -> None:
        """Open the replica's own folder, as the environment says; waits for a predecessor's end.

        Raises FolderInUse.
        """
        settings = load("matching")
        folder = settings.state_dir / "matching" / settings.replica
        give_up_at = time.monotonic() + PREDECESSOR_S
        engine = create_engine(settings.database_url, poolclass=NullPool)
        while self._index is None:
            try:
                with Session(engine) as session:
                    self.open(folder, session)
            except FolderInUse:
                if time.monotonic() > give_up_at:
                    raise
                time.sleep(PREDECESSOR_POLL_S)

    def open(self, folder: Path, session: Session) -> None:
        """Open this folder, built from the database if need be. Raises FolderInUse."""
        self._index = open_index(
            folder, partial(is_of_feed, session), partial(rebuild, session=session)
        )
        self._complete_to = 0
        metrics.INDEX_POSITION.set(self.position)

    def close(self) -> None:
        """Let go of the folder."""
        self.index.close()
        self._index = None

    @property
    def position(self) -> int:
        """Of the service's feed; every supply stated up to here is in the index as it was."""
        mark = self.index.mark
        return mark.position if mark else 0

    def follow(self, page: Sequence[Numbered]) -> None:
        """Take in a page of the feed; repeated facts change nothing."""
        states = [event.data for _, event in page if event.type in SUPPLY_FACTS]
        self.index.follow(states, Mark(page[-1].position, page[-1].event.id))
        metrics.INDEX_POSITION.set(self.position)
        with self._grown:
            self._pages += 1
            self._grown.notify_all()

    def relevance(self, wanted: Wanted, limit: int = CANDIDATES) -> Mapping[str, Relevance]:
        """Supply id → what the index says of it, for the best by text and by track record."""
        filters = Filters(wanted.kind, wanted.buyer_id, wanted.region, wanted.budget_fen)
        text, experience = (
            dict(self.index.search(field, wanted.terms, filters, limit))
            for field in ("text", "experience")
        )
        joined = {id: Relevance(text.get(id, 0), experience.get(id, 0)) for id in text | experience}
        best = sorted(joined, key=lambda id: (-joined[id].total_milli, id))[:limit]
        return {id: joined[id] for id in best}

    def catch_up(self, sessionmaker: sessionmaker[Session]) -> bool:
        """Wait, bounded, until all supplies committed so far are in the index; False: gave up.

        No transaction is open while it waits: the feed's next page wakes it.
        """
        give_up_at = time.monotonic() + CATCH_UP_S
        newest: int | None = None
        while True:
            pages = self._pages
            missing = self._newest_missing(sessionmaker, newest)
            if missing is None:
                return True
            newest = newest or missing  # what comes later is waited for by later rankings
            if not self._wait(pages, give_up_at - time.monotonic()):
                metrics.INDEX_BEHIND.inc()
                return False

    def _wait(self, pages: int, timeout_s: float) -> bool:
        """Whether a page was taken in since there were so many."""
        with self._grown:
            return self._grown.wait_for(lambda: self._pages != pages, max(timeout_s, 0))

    def _newest_missing(
        self, sessionmaker: sessionmaker[Session], newest: int | None
    ) -> int | None:
        """The newest outbox id, up to `newest`, of a supply's fact that the index has not seen."""
        position = _OUTBOX.c.position
        facts = select(_OUTBOX.c.id).where(_OUTBOX.c.type.in_(SUPPLY_FACTS))
        if newest is not None:
            facts = facts.where(_OUTBOX.c.id <= newest)
        facts = facts.order_by(_OUTBOX.c.id.desc()).limit(1)
        known = max(self.position, self._complete_to)
        query = select(
            select(func.max(position)).scalar_subquery(),
            facts.where(position.is_(None)).scalar_subquery(),  # each has an index of its own
            facts.where(position > known).scalar_subquery(),
        )
        with sessionmaker() as session:
            top, *found = session.execute(query).one()
        missing = max((id for id in found if id is not None), default=None)
        if missing is None and newest is None:
            self._complete_to = top or 0
        return missing


def is_of_feed(session: Session, mark: Mark) -> bool:
    """Whether the mark is one of this database's feed; another database's index is of no use."""
    at_mark = select(_OUTBOX.c.event_id).where(_OUTBOX.c.position == mark.position)
    return session.scalar(at_mark) == mark.event_id


def rebuild(index: SupplyIndex, session: Session) -> None:
    """Fill an empty index from the database.

    The mark is read first: rows are at least as new as it says, and what the feed tells again
    after it changes nothing.
    """
    numbered = select(_OUTBOX.c.position, _OUTBOX.c.event_id).where(_OUTBOX.c.position > 0)
    last = session.execute(numbered.order_by(_OUTBOX.c.position.desc()).limit(1)).first()
    index.follow(_active_states(session), Mark(*last) if last else Mark(0, None))


def _active_states(session: Session) -> Iterator[Mapping[str, Any]]:
    query = select(Supply).where(Supply.state == "active").order_by(Supply.id)
    rows = session.scalars(query.execution_options(yield_per=REBUILD_ROWS))
    return (aggregate.schema.dump(row) for row in rows)
