"""Materialises deadlines: one greenlet, one at a time per database.

It judges nothing. A command that comes too late is refused whether the timer ran or not.
"""

import time

import structlog
from eventlet import sleep
from eventlet.event import Event as Outcome
from nameko.extensions import DependencyProvider
from sqlalchemy import Connection

from services.messaging import deadlines, retention
from services.messaging.database import Database
from services.messaging.deadlines import Deadline
from services.messaging.failures import is_away, is_conflict
from services.messaging.session_lock import LockSession
from services.messaging.worker import WorkerEntrypoint

BATCH = 100  # due deadlines looked up at once
POLL_S = 0.5  # how late the state may follow the clock; no right depends on it
PRUNE_INTERVAL_S = 600.0
PAUSE_S = 0.5  # after a failure
LOCK = 0x5A11_0002  # "SAIL", two: whose timer runs in this database

_log = structlog.get_logger()


class DeadlineEntry(WorkerEntrypoint):
    """What is done when `verb` is due on an aggregate."""

    def __init__(self, aggregate: str, verb: str) -> None:
        super().__init__()
        self.aggregate, self.verb = aggregate, verb


class Timer(DependencyProvider):
    """`timer = Timer()` in a service that declares `on_deadline`."""

    def setup(self) -> None:
        self.is_stopping, self.role = False, "starting"
        self._url: str = self.container.config["DATABASE_URL"]
        self._ended = Outcome()
        self._prune_at = time.monotonic() + PRUNE_INTERVAL_S
        self._entries: dict[tuple[str, str], DeadlineEntry] = {
            (entry.aggregate, entry.verb): entry
            for entry in self.container.entrypoints
            if isinstance(entry, DeadlineEntry)
        }
        (self._database,) = (
            each for each in self.container.dependencies if isinstance(each, Database)
        )

    def start(self) -> None:
        self.container.spawn_managed_thread(self._run, identifier="timer")

    def stop(self) -> None:
        self.is_stopping = True
        self._ended.wait()

    def not_ready(self) -> str | None:
        """Why no deadline may be met; None for the lock's holder and for who stands by."""
        return None if self.role in {"holder", "standby"} else f"timer: {self.role}"

    def _run(self) -> None:
        while not self.is_stopping:
            try:
                with LockSession(self._url, LOCK) as session:
                    while not self.is_stopping:
                        self._round(session)
            except Exception as error:
                # Mostly the database; whatever it is, readiness names it and we begin again.
                self.role = f"interrupted by {type(error).__name__}"
                _log.error("timer interrupted", exc_info=error)
                sleep(PAUSE_S)
        self._ended.send()

    def _round(self, session: LockSession) -> None:
        self.role = "holder" if session.try_lock() else "standby"
        due = self._due(session.connection) if self.role == "holder" else []
        met = [self._meet(session.connection, deadline) for deadline in due if not self.is_stopping]
        if not any(met):
            sleep(POLL_S)

    def _due(self, connection: Connection) -> list[Deadline]:
        clock = self._database.transactions.clock
        with connection.begin():
            self._prune(connection)
            return deadlines.due(connection, clock.now(connection), clock.real(), BATCH)

    def _meet(self, connection: Connection, deadline: Deadline) -> bool:
        """Whether it is done. One that fails waits, and holds nobody else up."""
        try:
            return bool(self._entries[deadline.aggregate, deadline.verb].call(deadline))
        except Exception as error:
            if not (is_conflict(error) or is_away(error)):  # those are not its fault
                self._postpone(connection, deadline, error)
            return False

    def _postpone(self, connection: Connection, deadline: Deadline, error: Exception) -> None:
        _log.error("deadline failed", deadline=deadline._asdict(), exc_info=error)
        with connection.begin():
            deadlines.postpone(connection, deadline, self._database.transactions.clock.real())

    def _prune(self, connection: Connection) -> None:
        if time.monotonic() > self._prune_at:
            self._prune_at = time.monotonic() + PRUNE_INTERVAL_S
            retention.prune(connection)
