"""Keeps one queue consumed: connect, declare, recover, consume; and again when that breaks.

The connection belongs to one greenlet, which alone reads from it. Lanes, greenlets of their own,
hand deliveries to `handle`, which settles them.
"""

import contextlib
import time
from collections.abc import Callable

import amqp
import structlog
from eventlet import sleep
from eventlet.event import Event
from eventlet.queue import Empty, LightQueue
from eventlet.semaphore import Semaphore

from services.messaging.broker import HEARTBEAT_S, close, connect, describe, patience
from services.messaging.delivery import Delivery
from services.messaging.metrics import CONSUMER_FAILURES, DEAD_LETTERED

READ_S = 0.5  # how soon a stop is noticed, and how often heartbeats are looked after
# The broker counts every return, whether of a process that died, one that stopped with the message
# in hand, or a lost connection. As nothing is taken while it could only be held, few but the deadly
# come back this often. The broker's own limit is higher, for the neighbours in a window.
RETURNS_TOLERATED = 8
# A queue that goes may be made again before the broker has told its consumers. RabbitMQ 3.10 then
# takes them over to the new one, and what that gives them gets lost on the way. At a queue in
# memory a consumer may refuse to be taken over; at a quorum queue one that hears nothing subscribes
# anew, soon enough to be red in time when the queue is another one.
NOT_TAKEN_OVER = {"x-cancel-on-ha-failover": True}
QUIET_S = 5.0
SETTLE_POLL_S = 0.01  # while waiting for the lanes
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.2, 3.0  # between attempts to connect

_log = structlog.get_logger()


class Consumer:
    """`declare(channel)` makes or checks the queue and answers its name.

    At most `prefetch` deliveries are held, `batch` of them handed over at once, in `lanes`
    concurrent calls. With `recovering`, those that were delivered before are taken one by one
    after each connect: if one of them kills the process, it takes no neighbours along. Meanwhile
    none is taken while `hindrance` says why it could not be settled.

    While it is not this process's `turn`, another one takes the messages, and this one stands by.
    A batch that is not full is handed over `gather_s` after its first delivery came.
    `check(channel)` raises when the queue is not as it was declared. One in memory needs none.
    """

    def __init__(
        self,
        uri: str,
        declare: Callable[[amqp.Channel], str],
        handle: Callable[[list[Delivery]], None],
        *,
        prefetch: int,
        batch: int = 1,
        lanes: int = 1,
        recovering: bool = True,
        hindrance: Callable[[], str | None] = lambda: None,
        turn: Callable[[], bool] = lambda: True,
        gather_s: float = 0.0,
        check: Callable[[amqp.Channel], None] | None = None,
    ) -> None:
        self.lanes = lanes
        self.is_live = False
        self.is_stopping = False
        self.error: str | None = "connecting"
        self.uri, self._declare, self._handle = uri, declare, handle
        self._prefetch, self._batch, self._recovering = prefetch, batch, recovering
        self._hindrance, self._turn, self._check = hindrance, turn, check
        self._gather_s = gather_s
        self._buffer: LightQueue = LightQueue()
        self._writing = Semaphore()
        self._unsettled = 0
        self._pause_s = FIRST_PAUSE_S
        self._ended = Event()

    def run(self) -> None:
        """The connection's greenlet. Returns after `stop`."""
        while not self.is_stopping:
            try:
                self._consume()
            except Exception as error:
                # Whatever it is, the answer is the same: readiness goes red, connect again.
                self._note(error)
                sleep(self._pause_s)
                self._pause_s = min(self._pause_s * 2, LONGEST_PAUSE_S)
        self._ended.send()

    def work(self) -> None:
        """One lane's greenlet. Ends with the container."""
        while True:
            deliveries = self._next_batch()
            alive = [delivery for delivery in deliveries if delivery.is_alive]
            if alive:
                self._handle(alive)
            self._unsettled -= len(deliveries)

    def stop(self) -> None:
        """Take no more, let the lanes finish what they have in hand, say goodbye."""
        self.is_stopping = True
        self._ended.wait()

    def _consume(self) -> None:
        connection, self._writing = connect(self.uri, HEARTBEAT_S), Semaphore()
        try:
            with patience():
                channel = connection.channel()
                queue = self._declare(channel)
            self._stand_by(connection)
            if self._recovering:
                self._recover(connection, channel, queue)
            if self.is_stopping:  # a window that is taken and given back would count
                close(connection)
            else:
                self._consume_windows(connection, channel, queue)
        finally:
            self.is_live = False
            connection.collect()

    def _consume_windows(
        self, connection: amqp.Connection, channel: amqp.Channel, queue: str
    ) -> None:
        tag = self._subscribe(channel, queue)
        self.is_live, self.error, self._pause_s = True, None, FIRST_PAUSE_S
        while self._turn() and not self.is_stopping:
            self._pump(connection, READ_S)
            if self._check is not None and self._is_quiet():
                with patience():
                    self._check(channel)
                if not self._is_quiet():  # heard of one while it was waiting for the answer
                    continue
                with self._writing, patience():
                    channel.close()  # gives back what this consumer was given and never heard of
                    channel = connection.channel()
                tag = self._subscribe(channel, queue)
        self._finish(connection, channel, tag)

    def _subscribe(self, channel: amqp.Channel, queue: str) -> str:
        self._heard_s = time.monotonic()
        arguments = NOT_TAKEN_OVER if self._check is None else {}
        with patience():
            channel.basic_qos(0, self._prefetch, False)
            return str(channel.basic_consume(queue, callback=self._take, arguments=arguments))

    def _is_quiet(self) -> bool:
        return not self._unsettled and time.monotonic() > self._heard_s + QUIET_S

    def _stand_by(self, connection: amqp.Connection) -> None:
        """Ready to go on at once, and nothing is amiss meanwhile."""
        while not self._turn() and not self.is_stopping:
            self.is_live, self.error, self._pause_s = True, None, FIRST_PAUSE_S
            self._pump(connection, READ_S)
        self.is_live = False

    def _recover(self, connection: amqp.Connection, channel: amqp.Channel, queue: str) -> None:
        """Until the first message that nobody was ever given: one in hand at any time."""
        while self._may_take(connection):
            with patience():
                message = channel.basic_get(queue)
            if message is None:
                return
            delivery = Delivery(message, self._writing)
            if delivery.returns >= RETURNS_TOLERATED:
                self._give_up(delivery, queue)
                continue
            self._take(message)
            self._until_settled(connection)
            if not delivery.was_delivered_before:
                return

    def _may_take(self, connection: amqp.Connection) -> bool:
        """Waits, with nothing in hand, until nothing hinders; False when it is time to stop."""
        while not self.is_stopping and (hindrance := self._hindrance()):
            self.error = hindrance
            self._pump(connection, READ_S)
        self.error = "recovering"
        return not self.is_stopping

    def _give_up(self, delivery: Delivery, queue: str) -> None:
        _log.error("given up, it came back too often", queue=queue, returns=delivery.returns)
        DEAD_LETTERED.labels(queue).inc()
        delivery.reject()

    def _finish(self, connection: amqp.Connection, channel: amqp.Channel, tag: str) -> None:
        with self._writing, patience():
            channel.basic_cancel(tag)
        with contextlib.suppress(Empty):
            while True:  # bounded by the prefetch; the broker gives them to someone else
                self._buffer.get_nowait()
                self._unsettled -= 1
        self._until_settled(connection)
        close(connection)

    def _until_settled(self, connection: amqp.Connection) -> None:
        while self._unsettled:
            self._pump(connection, SETTLE_POLL_S)

    def _pump(self, connection: amqp.Connection, timeout_s: float) -> None:
        """Read what has come, keep the heart beating."""
        with contextlib.suppress(TimeoutError):
            connection.drain_events(timeout=timeout_s)
        if self._writing.acquire(blocking=False):  # what is being written shows we live as well
            try:
                with patience():
                    connection.heartbeat_tick()
            finally:
                self._writing.release()

    def _take(self, message: amqp.Message) -> None:
        self._heard_s = time.monotonic()
        self._unsettled += 1
        self._buffer.put(Delivery(message, self._writing))

    def _next_batch(self) -> list[Delivery]:
        deliveries = [self._buffer.get()]
        if self._gather_s and self._buffer.qsize() < self._batch - 1:
            sleep(self._gather_s)
        with contextlib.suppress(Empty):
            while len(deliveries) < self._batch:
                deliveries.append(self._buffer.get_nowait())
        return deliveries

    def _note(self, error: Exception) -> None:
        self.error = describe(error)
        CONSUMER_FAILURES.inc()
        _log.warning("not consuming", error=self.error, pause_s=self._pause_s)
