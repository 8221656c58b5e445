"""Publishes what the outbox holds, then numbers it: one greenlet, one at a time per database."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import structlog
from eventlet import sleep
from sqlalchemy import Connection, Text, select
from sqlalchemy.dialects.postgresql import JSONB

from services.contracts.registry import EVENTS
from services.messaging.broker import BROKER_ERRORS, close, describe, one_write, patience
from services.messaging.confirms import ConfirmWindow
from services.messaging.envelope import carried
from services.messaging.metrics import RELAY_BATCH, RELAYED
from services.messaging.numbering import number
from services.messaging.outbox import RELAY_CHANNEL
from services.messaging.retention import Prune, Pruning
from services.messaging.session_lock import LockSession
from services.messaging.session_loop import SessionLoop
from services.messaging.tables import OUTBOX
from services.messaging.topology import check_declared

WINDOW = 200  # facts published before their confirms are awaited
# A fact that comes alone leaves at once, and those that follow it so soon leave together: here and
# at each consumer it is the transaction that costs, not the fact.
GATHER_S = 0.005
# RabbitMQ sends what was on its way to a node that left once more, but only after ten seconds.
CONFIRM_TIMEOUT_S = 5.0
POLL_S = 0.5  # the safety net under NOTIFY; also how soon a standby takes over
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.2, 2.0  # the broker is away; the outbox only grows meanwhile
LOCK = 0x5A11_0001  # "SAIL", one: who may publish and number in this database

# The data stay the text that they will be on their way.
_OLDEST = (
    select(
        OUTBOX.c.id,
        OUTBOX.c.envelope.op("-", return_type=JSONB)("data").label("head"),
        OUTBOX.c.envelope["data"].cast(Text).label("body"),
    )
    .where(OUTBOX.c.position.is_(None))
    .order_by(OUTBOX.c.id)
    .limit(WINDOW)
)
# A batch of at most so many rows, in a transaction of its own; how many those were.
Number = Callable[[Connection, int], int]
_log = structlog.get_logger()


class Fact(Protocol):
    """A row of the outbox: its envelope without the data, and the data as they are sent."""

    head: dict[str, Any]
    body: str


class Relay(SessionLoop):
    """`relay = Relay()`; `number` gives positions to a further table of the database.

    Nobody else does while it is called. As every database has a relay, it also prunes what the
    database keeps for a while; `prune` names what else that is.
    """

    label, lock, channel = "relay", LOCK, RELAY_CHANNEL

    def __init__(
        self, number: Number | None = None, prune: Mapping[str, Prune] | None = None
    ) -> None:
        self.number, self.prune = number, prune or {}

    def setup(self) -> None:
        super().setup()
        self._outbox = OutboxPublisher(self.container.config["AMQP_URI"])
        self._pruning = Pruning(self.prune)

    def stop(self) -> None:
        super().stop()
        self._outbox.close()

    def not_ready(self) -> str | None:
        """Why nobody may be publishing: no session, or a broker that does not take facts."""
        if self.role == "holder" and self._outbox.error:
            return f"relay: {self._outbox.error}"
        return super().not_ready()

    def turn(self, session: LockSession) -> None:
        """Without facts too the publisher is kept open, so that a refusal shows before one."""
        self.role = "holder" if session.try_lock() else "standby"
        moved = self._work(session.connection) if self.role == "holder" else 0
        session.wait(0 if moved else POLL_S)
        if 0 < moved < WINDOW:
            sleep(GATHER_S)

    def _work(self, connection: Connection) -> int:
        """How many rows were moved; a whole window when there is more to prune at once."""
        moved = self._move(connection)
        return WINDOW if self._pruning.turn(connection) else moved

    def _move(self, connection: Connection) -> int:
        """Number and publish what is there; how many rows that were."""
        moved = self.number(connection, WINDOW) if self.number else 0
        with connection.begin():
            rows = connection.execute(_OLDEST).all()
        sent = self._outbox.publish(rows)
        if rows and sent:
            with connection.begin():
                number(connection, [row.id for row in rows])
            RELAYED.inc(len(rows))
            moved += len(rows)
        return moved


class OutboxPublisher:
    """A window of facts at a time. While the broker is away it says so and does not wait for it."""

    def __init__(self, uri: str) -> None:
        self.error: str | None = None
        self._uri = uri
        self._window: ConfirmWindow | None = None
        self._pause_s, self._paused_until = FIRST_PAUSE_S, 0.0

    def publish(self, facts: Sequence[Fact]) -> bool:
        """Whether the broker has taken them all; else they are to be sent again, all of them."""
        if time.monotonic() < self._paused_until:
            return False
        try:
            self._publish(facts)
        except BROKER_ERRORS as error:
            self._pause(error)
            return False
        self.error, self._pause_s = None, FIRST_PAUSE_S
        return True

    def close(self) -> None:
        """Nothing is under way any more: say goodbye."""
        if self._window is not None:
            close(self._window.connection)

    def _publish(self, facts: Sequence[Fact]) -> None:
        window = self._window or self._open()
        if not facts:
            return
        with patience(CONFIRM_TIMEOUT_S):  # a frozen broker also lets writes wait
            with one_write(window.connection):
                for fact in facts:
                    type_ = fact.head["type"]
                    window.publish(carried(fact.head, fact.body), EVENTS[type_].exchange, type_)
            window.settle(CONFIRM_TIMEOUT_S)
        RELAY_BATCH.observe(len(facts))

    def _open(self) -> ConfirmWindow:
        """Raises TopologyMissing: some queue that a fact is for may not exist yet."""
        with patience():
            self._window = ConfirmWindow.open(self._uri)
            check_declared(self._window.channel)
        return self._window

    def _pause(self, error: Exception) -> None:
        """Which of the facts arrived is unknown, so the connection is of no more use."""
        self.error = describe(error)
        _log.warning("not published", error=self.error, pause_s=self._pause_s)
        if self._window is not None:
            self._window.connection.collect()
        self._window = None
        self._paused_until = time.monotonic() + self._pause_s
        self._pause_s = min(self._pause_s * 2, LONGEST_PAUSE_S)
