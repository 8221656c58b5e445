"""A handler of facts and its queue: acknowledged when done, retried with back-off, then given up.

done                 ack
the database is away hold it and try again: the fact is not to blame
malformed, invalid   to the dead letters at once
anything else        to a retry queue, longer each time, then to the dead letters
that queue is away   hold it and try again, as above
the process dies     delivered again, one by one; after some returns to the dead letters
"""

import amqp
import structlog
from eventlet import sleep

from services.contracts.envelope import Event
from services.messaging.aside import Aside
from services.messaging.consumer import Consumer
from services.messaging.database import Database
from services.messaging.delivery import Delivery
from services.messaging.envelope import MalformedEvent, from_message
from services.messaging.failures import is_away
from services.messaging.publisher import Publisher
from services.messaging.relay import Relay
from services.messaging.topology import SubscriptionQueue, creates_topology
from services.messaging.worker import WorkerEntrypoint

BATCH = 100  # facts per transaction of a projection: past this the gain is small, the locks long
PREFETCH_BATCHES = 2  # the next batch is here when one is done
OUTAGE_PAUSE_S = 1.0

_log = structlog.get_logger()


class Subscription(WorkerEntrypoint):
    """Calls `method(queue_name, events)` with up to `batch` facts of the given types.

    `in_order`: the replicas do not share them, so that none overtakes another. The one whose
    relay publishes takes them; when that ends the next one does. `gather_s`: how long the first
    of them waits for others.
    """

    publisher = Publisher()

    def __init__(
        self,
        types: tuple[str, ...],
        batch: int = BATCH,
        *,
        in_order: bool = False,
        gather_s: float = 0.0,
    ) -> None:
        super().__init__()
        self.types, self.batch, self.in_order, self.gather_s = types, batch, in_order, gather_s

    def setup(self) -> None:
        config = self.container.config
        service = self.container.service_name
        self.queue = SubscriptionQueue(service, self.method_name, self.types)
        self._create = creates_topology(config)
        self.consumer = Consumer(
            config["AMQP_URI"],
            self._declare,
            self._handle,
            prefetch=self.batch * PREFETCH_BATCHES,
            batch=self.batch,
            hindrance=self._hindrance,
            turn=self._leads if self.in_order else lambda: True,
            gather_s=self.gather_s,
            check=lambda channel: self.queue.check(channel, self._create),
        )
        self._aside = Aside(self.queue, self.consumer, self.publisher, self._create)
        (self._database,) = (
            each for each in self.container.dependencies if isinstance(each, Database)
        )

    def start(self) -> None:
        self.container.spawn_managed_thread(self.consumer.run, identifier=self.queue.name)
        self.container.spawn_managed_thread(self.consumer.work, identifier=self.queue.name)

    def stop(self) -> None:
        self.consumer.stop()

    def not_ready(self) -> str | None:
        """Why facts are not consumed, or failed ones not put aside; None when all is well."""
        reason = self._aside.obstacle if self.consumer.is_live else self.consumer.error
        return f"{self.queue.name}: {reason}" if reason else None

    def _declare(self, channel: amqp.Channel) -> str:
        self.queue.declare(channel, self._create)
        return self.queue.name

    def _leads(self) -> bool:
        return any(each.leads for each in self.container.dependencies if isinstance(each, Relay))

    def _hindrance(self) -> str | None:
        """Why a message that is taken now could only be held in hand."""
        return self._database.not_ready() or self._aside.standing_obstacle()

    def _handle(self, deliveries: list[Delivery]) -> None:
        """Together; if that fails, one by one, so that only the culprit suffers."""
        readable = [(delivery, event) for delivery in deliveries if (event := self._read(delivery))]
        error = self._outcome([event for _, event in readable]) if readable else None
        if self._is_ours_no_more(error):
            return
        if error is None:
            self._ack([delivery for delivery, _ in readable])
        elif len(readable) == 1:
            self._failed(readable[0][0], error)
        else:
            for delivery, _ in readable:
                self._handle([delivery])

    def _ack(self, deliveries: list[Delivery]) -> None:
        """All with one word, but for the time of a stop.

        There is one lane, so whatever came before them is settled: all but a failed message that a
        stop let go of, and that is the broker's again.
        """
        together = not self.consumer.is_stopping
        for delivery in deliveries[-1:] if together else deliveries:
            delivery.ack(multiple=together)

    def _is_ours_no_more(self, error: Exception | None) -> bool:
        """Stopped while the database was away: the broker gives the facts to someone else."""
        return error is not None and self.consumer.is_stopping and is_away(error)

    def _read(self, delivery: Delivery) -> Event | None:
        content_type = delivery.properties.get("content_type")
        try:
            return from_message(delivery.headers, content_type, delivery.body)
        except MalformedEvent as error:
            self._failed(delivery, error)
            return None

    def _outcome(self, events: list[Event]) -> Exception | None:
        """The handler's error, if any; waits as long as the database is away."""
        while True:
            error = self._run(events)
            if error is None or not is_away(error) or self.consumer.is_stopping:
                return error
            _log.warning("database away", queue=self.queue.name, error=type(error).__name__)
            sleep(OUTAGE_PAUSE_S)

    def _run(self, events: list[Event]) -> Exception | None:
        try:
            self.call(self.queue.name, events)
        except Exception as error:  # sorted by kind where the message's fate is decided
            return error
        return None

    def _failed(self, delivery: Delivery, error: Exception) -> None:
        """Settle a message that was not handled. Never raises: its lane is there for the others."""
        try:
            self._aside.put(delivery, error)
        except Exception as odd:
            _log.error("not put aside, given up", queue=self.queue.name, exc_info=odd)
            delivery.reject()
