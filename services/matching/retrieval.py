"""The candidates of a demand: an index and columns that follow the service's own numbered feed."""

import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from threading import Condition
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    NullPool,
    Select,
    bindparam,
    create_engine,
    func,
    select,
)  # fmt: skip
from sqlalchemy.orm import Session, sessionmaker

from services.contracts.registry import events_of
from services.contracts.supply import supply as aggregate
from services.matching import metrics
from services.matching.asking import Index, Mark
from services.matching.columns import Columns
from services.matching.engine import Engine
from services.matching.external import open_external
from services.matching.opening import FolderInUse, hold, open_index
from services.matching.rebuild import columns, is_of_feed, rebuild
from services.matching.tables import Base
from services.messaging import Numbered
from services.settings import load

# How long a ranking waits for supplies committed just before it. The way from a commit to the
# index takes some 50 ms; past two seconds the relay is away, and an answer now is worth more.
CATCH_UP_S = 2.0
PREDECESSOR_S = 20.0  # how long a process of the same replica may take to end what it has in hand
PREDECESSOR_POLL_S = 0.05

SUPPLY_FACTS = events_of(aggregate)
_OUTBOX = Base.metadata.tables["outbox"]


def _missing(*up_to: ColumnElement[bool]) -> Select[Any]:
    """The newest position, and the newest facts of supplies without one and past a known one."""
    position = _OUTBOX.c.position
    # `+ 0`: else the planner may look for the greatest id from the end of the table, which
    # has few facts of supplies, in place of the few rows past a position.
    facts = select(func.max(_OUTBOX.c.id + 0)).where(_OUTBOX.c.type.in_(SUPPLY_FACTS))
    facts = facts.where(*up_to)
    return select(
        select(func.max(position)).scalar_subquery(),
        facts.where(position.is_(None)).scalar_subquery(),  # each has an index of its own
        facts.where(position > bindparam("known", type_=BigInteger)).scalar_subquery(),
    )


# Made once: building a statement costs more than asking it.
_MISSING = _missing()
_MISSING_UP_TO = _missing(_OUTBOX.c.id <= bindparam("newest", type_=BigInteger))


class Retrieval:
    """One process's index and columns: opened at its start, kept up by the feed, for rankings."""

    def __init__(self) -> None:
        self._engine: Engine | None = None
        self._complete_to = 0  # every supply's fact up to this position is known to be in
        self._stuck_at: int | None = None  # the first position of a page that is being taken in
        self._grown = Condition()
        self._pages = 0  # taken in so far

    @property
    def engine(self) -> Engine:
        """Raises RuntimeError unless it is open."""
        if self._engine is None:
            raise RuntimeError("the index is not open")
        return self._engine

    @property
    def index(self) -> Index:
        """Raises RuntimeError unless it is open."""
        return self.engine.index

    @property
    def columns(self) -> Columns:
        """Raises RuntimeError unless it is open."""
        return self.engine.columns

    def start(self) -> None:
        """Open the replica's own folder, as the environment says; waits for a predecessor's end.

        Raises FolderInUse.
        """
        settings = load("matching")
        folder = settings.state_dir / "matching" / settings.replica
        give_up_at = time.monotonic() + PREDECESSOR_S
        engine = create_engine(settings.database_url, poolclass=NullPool)
        while self._engine is None:
            try:
                with Session(engine) as session:
                    self.open(folder, session, settings.index_url)
            except FolderInUse:
                if time.monotonic() > give_up_at:
                    raise
                time.sleep(PREDECESSOR_POLL_S)

    def open(self, folder: Path, session: Session, index_url: str = "") -> None:
        """Open this folder, built from the database if need be. Raises FolderInUse.

        It is this process's own from before anything in it is looked at until the process ends.
        With `index_url` the index is there, and the folder only says whose it is.
        """
        self._lock = hold(folder)
        made = partial(is_of_feed, session), partial(rebuild, session=session)
        index: Index = (
            open_external(index_url, folder.name, *made) if index_url else open_index(folder, *made)
        )
        self._engine = Engine(index, columns(index))
        self._complete_to = 0
        metrics.INDEX_POSITION.set(self.position)

    def close(self) -> None:
        """Let go of the folder; a process that follows need not wait for this one's end."""
        self.index.close()
        self._engine = None
        self._lock.close()

    @property
    def position(self) -> int:
        """Of the service's feed; every supply stated up to here is in the index as it was."""
        mark = self.index.mark
        return mark.position if mark else 0

    def follow(self, page: Sequence[Numbered]) -> None:
        """Take in a page of the feed; repeated facts change nothing.

        One that cannot be taken in stops the index where it is: `not_ready` says so meanwhile.
        """
        self._stuck_at = page[0].position
        states = [event.data for _, event in page if event.type in SUPPLY_FACTS]
        self.engine.follow(states, Mark(page[-1].position, page[-1].event.id))
        self._stuck_at = None
        metrics.INDEX_POSITION.set(self.position)
        with self._grown:
            self._pages += 1
            self._grown.notify_all()

    def not_ready(self) -> str | None:
        """Why supplies are not found as they are now; None when all is well."""
        at = self._stuck_at
        return None if at is None else f"index: facts from position {at} on are not taken in"

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
        given = {"known": max(self.position, self._complete_to), "newest": newest}
        with sessionmaker() as session:
            top, *found = session.execute(
                _MISSING if newest is None else _MISSING_UP_TO, given
            ).one()
        missing = max((id for id in found if id is not None), default=None)
        if missing is None and newest is None:
            self._complete_to = top or 0
        return missing
