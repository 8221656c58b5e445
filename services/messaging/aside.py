"""Where a message goes whose handler failed: to a retry queue, longer each time, then to the dead.

What cannot be moved there is held in hand. Given back, it would come again at once, and be one of
too many deliveries soon.
"""

from typing import Any

import amqp
import structlog
from eventlet import sleep
from marshmallow import ValidationError

from services.messaging.broker import BROKER_ERRORS, BrokerAway, close, connect, describe, patience
from services.messaging.consumer import Consumer
from services.messaging.delivery import Delivery
from services.messaging.envelope import PERSISTENT, MalformedEvent
from services.messaging.metrics import DEAD_LETTERED, RETRIED
from services.messaging.publisher import Publisher, Unroutable
from services.messaging.topology import SubscriptionQueue
from services.messaging.tracing import traced

PAUSE_S = 1.0  # between attempts to move a message
PERMANENT = (MalformedEvent, ValidationError)  # no repetition makes them right
ATTEMPT_HEADER, QUEUE_HEADER, ERROR_HEADER = "x-attempt", "x-queue", "x-error"
NOBODY = "sails.nobody"  # no queue has this name: what is sent there comes back

_log = structlog.get_logger()


class Aside:
    """Puts the failed messages of one queue aside. `creates`: whether it may make their queues."""

    def __init__(
        self, queue: SubscriptionQueue, consumer: Consumer, publisher: Publisher, creates: bool
    ) -> None:
        self.obstacle: str | None = None
        self._queue, self._consumer = queue, consumer
        self._publisher, self._creates = publisher, creates

    def put(self, delivery: Delivery, error: Exception) -> None:
        """Move the message to where it waits or rests, then let go of it here."""
        attempt = _attempts(delivery.headers) + 1
        retry = None if isinstance(error, PERMANENT) else self._queue.retry(attempt)
        with traced(delivery.headers.get("ce-traceparent")):
            fate = retry or self._queue.dead
            _log.error("handler failed", attempt=attempt, goes_to=fate, exc_info=error)
        message = self._marked(delivery, attempt, error)
        if self._moved(delivery, message, retry):
            (DEAD_LETTERED if retry is None else RETRIED).labels(self._queue.name).inc()
            delivery.ack()

    def standing_obstacle(self) -> str | None:
        """Why nothing can be moved, if that is still so; a connection may have come and gone."""
        if self.obstacle and self._is_taken():
            self.obstacle = None
        return self.obstacle

    def _is_taken(self) -> bool:
        """Whether the broker takes messages: it returns one that is for nobody."""
        try:
            self._publisher.publish(amqp.Message(b""), "", NOBODY, mandatory=True)
        except BrokerAway:
            return False
        except Unroutable:
            return True
        return True

    def _moved(self, delivery: Delivery, message: amqp.Message, retry: str | None) -> bool:
        """Publish it, as often as it takes; False when it is not ours to settle any more."""
        while delivery.is_alive:
            if self._is_published(message, retry):
                return True
            if self._consumer.is_stopping:
                return False
            sleep(PAUSE_S)
        return False

    def _is_published(self, message: amqp.Message, retry: str | None) -> bool:
        exchange, key = ("", self._queue.dead) if retry is None else (retry, self._queue.name)
        try:
            self._publisher.publish(message, exchange, key, mandatory=True)
        except (BrokerAway, Unroutable) as error:
            self.obstacle = f"nothing can be moved to {exchange or key}: {error}"
            _log.warning("not put aside", queue=self._queue.name, obstacle=self.obstacle)
            if isinstance(error, Unroutable) and self._creates:
                self._remake()
            return False
        self.obstacle = None
        return True

    def _remake(self) -> None:
        """What was deleted while the connection is well: nothing else would declare it again."""
        connection = None
        try:
            connection = connect(self._consumer.uri, heartbeat_s=0)
            with patience():
                self._queue.declare(connection.channel())
        except BROKER_ERRORS as error:
            _log.warning("not made again", queue=self._queue.name, error=describe(error))
        finally:
            close(connection)

    def _marked(self, delivery: Delivery, attempt: int, error: Exception) -> amqp.Message:
        """The same message, with what an operator wants to know; never the error's own text."""
        headers = {
            name: value
            for name, value in delivery.headers.items()
            if name not in {"x-death", "x-delivery-count"}
        }
        marks = {
            ATTEMPT_HEADER: attempt,
            QUEUE_HEADER: self._queue.name,
            ERROR_HEADER: type(error).__name__,
        }
        return amqp.Message(
            delivery.body,
            application_headers=headers | marks,
            content_type=delivery.properties.get("content_type", ""),
            message_id=delivery.properties.get("message_id", ""),
            type=delivery.properties.get("type", ""),
            delivery_mode=PERSISTENT,
        )


def _attempts(headers: dict[str, Any]) -> int:
    """How often the message failed before; strangers may write anything there."""
    attempts = headers.get(ATTEMPT_HEADER)
    return attempts if isinstance(attempts, int) and attempts > 0 else 0
