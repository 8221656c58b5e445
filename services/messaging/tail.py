"""Hearing when numbered rows come, and following them in every process."""

from collections.abc import Callable, Collection
from functools import partial
from typing import Any

import structlog
from eventlet import Timeout, sleep
from eventlet.event import Event as Signal
from sqlalchemy import BigInteger, Connection, column, func, select, table

from services.messaging.database import Database
from services.messaging.feed import Numbered, read_feed
from services.messaging.numbering import NUMBERED_CHANNEL
from services.messaging.session_lock import LockSession
from services.messaging.session_loop import SessionLoop
from services.messaging.tables import OUTBOX

POLL_S = 1.0  # the safety net under NOTIFY
PAUSE_S = 1.0  # after a failure

Apply = Callable[[list[Numbered]], Any]
_log = structlog.get_logger()


class Tail(SessionLoop):
    """Hears when rows of `table` get positions: `self.tail.wait(after, timeout_s)` in a worker.

    With `start` and `apply` it also follows the outbox in every process, as an index of its own
    needs it: from the position that `start()` answers, 0 by default, `apply(list[Numbered])` in
    order; a batch that fails is applied again.
    """

    channel = NUMBERED_CHANNEL

    def __init__(
        self,
        table: str = OUTBOX.name,
        *,
        start: Callable[[], int] = int,
        apply: Apply | None = None,
        types: Collection[str] = (),
    ) -> None:
        self.label, self.table, self.types = f"tail of {table}", table, tuple(types)
        self._start_at, self._apply = start, apply

    def setup(self) -> None:
        super().setup()
        self.position = 0
        self._grown, self._followed = Signal(), Signal()
        (self._database,) = (
            each for each in self.container.dependencies if isinstance(each, Database)
        )

    def start(self) -> None:
        super().start()
        if self._apply is None:
            self._followed.send()
        else:
            follow = partial(self._follow, self._apply)
            self.container.spawn_managed_thread(follow, identifier=f"follow {self.table}")

    def stop(self) -> None:
        super().stop()
        self._followed.wait()

    def get_dependency(self, worker_ctx: Any) -> "Tail":
        return self

    def wait(self, after: int, timeout_s: float) -> bool:
        """Whether there is a row past position `after`; waits for one, holding no connection."""
        if self.position <= after and not self.is_stopping:
            with Timeout(timeout_s, False):
                self._grown.wait()
        return self.position > after

    def turn(self, session: LockSession) -> None:
        """Wait for a notification, which says how far the table is; after a while look."""
        heard = session.wait(POLL_S if self.role == "listening" else 0)
        told = [int(position) for table, position in map(str.split, heard) if table == self.table]
        if told or not heard:
            self._reach(max(told, default=0) or self._look(session.connection))
        self.role = "listening"

    def _look(self, connection: Connection) -> int:
        position = func.max(column("position", BigInteger))
        last = select(func.coalesce(position, 0)).select_from(table(self.table))
        with connection.begin():
            return int(connection.execute(last).scalar_one())

    def _reach(self, position: int) -> None:
        if position != self.position:
            self.position = position
            grown, self._grown = self._grown, Signal()
            grown.send()

    def _follow(self, apply: Apply) -> None:
        after: int | None = None
        while not self.is_stopping:
            try:
                after = self._start_at() if after is None else self._step(after, apply)
            except Exception as error:
                # The follower's own business went wrong; the same facts are handed to it again.
                _log.error("not followed", table=self.table, exc_info=error)
                sleep(PAUSE_S)
        self._followed.send()

    def _step(self, after: int, apply: Apply) -> int:
        """Apply the next page; the position up to which everything is applied now."""
        known = self.position
        with self._database.transactions.sessionmaker() as session:
            page = read_feed(session, after, types=self.types)
        if page:
            apply(page)
            return page[-1].position
        if known > after:  # nothing but facts of other types up to there
            return known
        self.wait(after, POLL_S)
        return after
