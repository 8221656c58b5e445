"""Publishes what the outbox holds, then numbers it: one greenlet, one at a time per database."""

import time
from collections.abc import Iterable

import structlog
from eventlet import sleep
from eventlet.event import Event as Outcome
from nameko.extensions import DependencyProvider
from sqlalchemy import Connection, TableClause, select

from services.contracts.envelope import Event
from services.contracts.registry import EVENTS
from services.messaging.broker import BROKER_ERRORS, close, connect, patience
from services.messaging.confirms import ConfirmWindow
from services.messaging.envelope import to_message
from services.messaging.metrics import RELAY_BATCH, RELAYED
from services.messaging.numbering import number, numbered_table, unnumbered
from services.messaging.outbox import RELAY_CHANNEL
from services.messaging.session_lock import LockSession
from services.messaging.tables import OUTBOX
from services.messaging.topology import creates_topology, declare_events

WINDOW = 200  # facts published before their confirms are awaited
CONFIRM_TIMEOUT_S = 10.0
POLL_S = 0.5  # the safety net under NOTIFY; also how soon a standby takes over
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.2, 2.0  # the broker is away; the outbox only grows meanwhile
PAUSE_S = 0.5  # after any other failure
LOCK = 0x5A11_0001  # "SAIL", one: who may publish and number in this database

_OLDEST = (
    select(OUTBOX.c.id, OUTBOX.c.envelope)
    .where(OUTBOX.c.position.is_(None))
    .order_by(OUTBOX.c.id)
    .limit(WINDOW)
)
_log = structlog.get_logger()


class Relay(DependencyProvider):
    """`relay = Relay()`; `number` names further tables of the database to give positions to.

    Such a table has `id` and a nullable `position`; its rows are numbered like the outbox's.
    """

    def __init__(self, number: Iterable[str] = ()) -> None:
        self.number = tuple(number)

    def setup(self) -> None:
        config = self.container.config
        self._url: str = config["DATABASE_URL"]
        self._outbox = OutboxPublisher(config["AMQP_URI"], creates_topology(config))
        self.is_stopping, self.role = False, "starting"
        self._ended = Outcome()

    def start(self) -> None:
        self.container.spawn_managed_thread(self._run, identifier="relay")

    def stop(self) -> None:
        self.is_stopping = True
        self._ended.wait()

    def not_ready(self) -> str | None:
        """Why nobody may be publishing; None for the lock's holder and for who stands by."""
        return None if self.role in {"holder", "standby"} else f"relay: {self.role}"

    def _run(self) -> None:
        while not self.is_stopping:
            try:
                with LockSession(self._url, LOCK, RELAY_CHANNEL) as session:
                    while not self.is_stopping:
                        self._round(session)
            except Exception as error:
                # Mostly the database; whatever it is, readiness names it and we begin again.
                self.role = f"interrupted by {type(error).__name__}"
                _log.error("relay interrupted", exc_info=error)
                sleep(PAUSE_S)
        self._outbox.close()
        self._ended.send()

    def _round(self, session: LockSession) -> None:
        self.role = "holder" if session.try_lock() else "standby"
        if self.role == "standby" or not self._move(session.connection):
            session.wait(POLL_S)

    def _move(self, connection: Connection) -> int:
        """Number and publish what is there; how many rows that were."""
        moved = sum(self._number(connection, numbered_table(name)) for name in self.number)
        with connection.begin():
            rows = connection.execute(_OLDEST).all()
        if rows and self._outbox.publish([Event.from_json(row.envelope) for row in rows]):
            with connection.begin():
                number(connection, numbered_table(OUTBOX.name), [row.id for row in rows])
            RELAYED.inc(len(rows))
            moved += len(rows)
        return moved

    def _number(self, connection: Connection, rows: TableClause) -> int:
        with connection.begin():
            ids = unnumbered(connection, rows, WINDOW)
            if ids:
                number(connection, rows, ids)
        return len(ids)


class OutboxPublisher:
    """A window of facts at a time. While the broker is away it says so and does not wait for it."""

    def __init__(self, uri: str, create: bool = True) -> None:
        self._uri, self._create = uri, create
        self._window: ConfirmWindow | None = None
        self._declared: set[str] = set()
        self._pause_s, self._paused_until = FIRST_PAUSE_S, 0.0

    def publish(self, events: list[Event]) -> bool:
        """Whether the broker has taken them all; else they are to be sent again, all of them."""
        if time.monotonic() < self._paused_until:
            return False
        try:
            self._publish(events)
        except BROKER_ERRORS as error:
            self._pause(error)
            return False
        self._pause_s = FIRST_PAUSE_S
        return True

    def close(self) -> None:
        """Nothing is under way any more: say goodbye."""
        if self._window is not None:
            close(self._window.connection)

    def _publish(self, events: list[Event]) -> None:
        window = self._window or self._open()
        exchanges = {EVENTS[event.type].exchange for event in events}
        self._declare(window, exchanges - self._declared)
        with patience(CONFIRM_TIMEOUT_S):  # a frozen broker also lets writes wait
            for event in events:
                window.publish(to_message(event), EVENTS[event.type].exchange, event.type)
            window.settle(CONFIRM_TIMEOUT_S)
        RELAY_BATCH.observe(len(events))

    def _open(self) -> ConfirmWindow:
        with patience():
            self._window = ConfirmWindow(connect(self._uri, heartbeat_s=0))
        self._declared = set()
        return self._window

    def _declare(self, window: ConfirmWindow, exchanges: set[str]) -> None:
        """Facts that nobody listens to yet must not stop those that somebody waits for."""
        if self._create and exchanges:
            with patience():
                declare_events(window.channel, exchanges)
            self._declared |= exchanges

    def _pause(self, error: Exception) -> None:
        """Which of the facts arrived is unknown, so the connection is of no more use."""
        _log.warning("not published", error=type(error).__name__, pause_s=self._pause_s)
        if self._window is not None:
            self._window.connection.collect()
        self._window = None
        self._paused_until = time.monotonic() + self._pause_s
        self._pause_s = min(self._pause_s * 2, LONGEST_PAUSE_S)
