"""Materialises deadlines: one greenlet, one at a time per database.

It judges nothing. A command that comes too late is refused whether the timer ran or not.
"""

import time

import structlog
from eventlet import sleep
from sqlalchemy import Connection

from services.messaging import deadlines
from services.messaging.database import Database
from services.messaging.deadlines import Deadline
from services.messaging.failures import gave_way, is_away, is_conflict
from services.messaging.session_lock import LockSession
from services.messaging.session_loop import SessionLoop
from services.messaging.worker import WorkerEntrypoint

BATCH = 100  # due deadlines looked up at once
POLL_S = 0.5  # how late the state may follow the clock; no right depends on it
HELD_UP_S = 60.0  # giving way for longer is worth a line: some transaction holds on
LOCK = 0x5A11_0002  # "SAIL", two: whose timer runs in this database

_log = structlog.get_logger()


class DeadlineEntry(WorkerEntrypoint):
    """What is done when `verb` is due on an aggregate."""

    def __init__(self, aggregate: str, verb: str) -> None:
        super().__init__()
        self.aggregate, self.verb = aggregate, verb


class Timer(SessionLoop):
    """`timer = Timer()` in a service that declares `on_deadline`."""

    label, lock = "timer", LOCK

    def setup(self) -> None:
        super().setup()
        self._held_up_since: dict[Deadline, float] = {}
        self._entries: dict[tuple[str, str], DeadlineEntry] = {
            (entry.aggregate, entry.verb): entry
            for entry in self.container.entrypoints
            if isinstance(entry, DeadlineEntry)
        }
        (self._database,) = (
            each for each in self.container.dependencies if isinstance(each, Database)
        )

    def turn(self, session: LockSession) -> None:
        """Meet what is due."""
        self.role = "holder" if session.try_lock() else "standby"
        due = self._due(session.connection) if self.role == "holder" else []
        met = [self._meet(session.connection, deadline) for deadline in due if not self.is_stopping]
        if not any(met):
            sleep(POLL_S)

    def _due(self, connection: Connection) -> list[Deadline]:
        clock = self._database.transactions.clock
        with connection.begin():
            return deadlines.due(connection, clock.now(connection), clock.real(), BATCH)

    def _meet(self, connection: Connection, deadline: Deadline) -> bool:
        """Whether it is done. One that fails or gives way waits, and holds nobody else up."""
        try:
            met = bool(self._entries[deadline.aggregate, deadline.verb].call(deadline))
        except Exception as error:
            if is_conflict(error) or gave_way(error):
                self._give_way(connection, deadline)
            elif not is_away(error):  # else it is not its fault
                self._postpone(connection, deadline, error)
            return False
        self._held_up_since.pop(deadline, None)
        return met

    def _give_way(self, connection: Connection, deadline: Deadline) -> None:
        """Says so when that has gone on for long, and then once in as long again."""
        now = time.monotonic()
        since = self._held_up_since.setdefault(deadline, now)
        if now - since >= HELD_UP_S:
            _log.info("deadline held up", deadline=deadline._asdict(), waited_s=int(now - since))
            del self._held_up_since[deadline]
        with connection.begin():
            deadlines.give_way(connection, deadline, self._database.transactions.clock.real())

    def _postpone(self, connection: Connection, deadline: Deadline, error: Exception) -> None:
        _log.error("deadline failed", deadline=deadline._asdict(), exc_info=error)
        with connection.begin():
            deadlines.postpone(connection, deadline, self._database.transactions.clock.real())
