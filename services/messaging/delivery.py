"""One message as it was delivered, and the ways to settle it."""

from collections.abc import Callable
from typing import Any

import amqp
import structlog
from eventlet.semaphore import Semaphore

from services.messaging.broker import describe, one_write, patience, publish

_log = structlog.get_logger()


class Delivery:
    """A message of one connection. Settling it on a dead connection does nothing.

    The broker then delivers the message again, to us or to another replica.
    """

    def __init__(self, message: amqp.Message, writing: Semaphore) -> None:
        """`writing`: held by whoever writes to the message's connection."""
        self.message, self._writing = message, writing

    @property
    def body(self) -> bytes:
        body = self.message.body
        return body.encode() if isinstance(body, str) else body

    @property
    def headers(self) -> dict[str, Any]:
        return dict(self.message.properties.get("application_headers") or {})

    @property
    def properties(self) -> dict[str, Any]:
        return dict(self.message.properties)

    @property
    def returns(self) -> int:
        """How often the broker gave it out and got it back; a stranger's own count is none."""
        count = self.headers.get("x-delivery-count")
        return count if self._is_returned and isinstance(count, int) else 0

    @property
    def was_delivered_before(self) -> bool:
        return bool(self.headers.get("x-delivery-count")) or self._is_returned

    @property
    def _is_returned(self) -> bool:
        return bool(self.message.delivery_info["redelivered"])

    @property
    def is_alive(self) -> bool:
        """Whether its connection still is; else it will be delivered again anyway."""
        return self.message.channel.connection is not None

    def ack(self, *, multiple: bool = False) -> None:
        """With `multiple` also all before it on its channel, which the caller knows are done."""
        self._settle(lambda channel, tag: channel.basic_ack(tag, multiple=multiple))

    def answer(self, reply: amqp.Message, reply_to: str) -> None:
        """Send the reply and acknowledge, on one channel and in one write.

        The broker takes them in this order or, when the connection breaks, delivers the message
        again: so it never knows of the acknowledgement alone, and the reply needs no confirm.
        """

        def write(channel: amqp.Channel, tag: int) -> None:
            with one_write(channel.connection):
                publish(channel, reply, "", reply_to)
                channel.basic_ack(tag)

        self._settle(write)

    def reject(self) -> None:
        """To the dead letters, where the queue has some."""
        self._settle(lambda channel, tag: channel.basic_reject(tag, requeue=False))

    def _settle(self, write: Callable[[amqp.Channel, int], None]) -> None:
        with self._writing:
            if self.is_alive:
                self._write(write)

    def _write(self, write: Callable[[amqp.Channel, int], None]) -> None:
        connection = self.message.channel.connection
        try:
            with patience():
                write(self.message.channel, self.message.delivery_tag)
        except Exception as error:
            # BrokerAway in time; and the library raises OSError, AMQPError and AttributeError alike
            # when the connection goes away in the middle. A part may have been sent, so nothing
            # more can be; the reading greenlet notices that it is closed and connects again.
            connection.collect()
            _log.warning("not settled, connection given up", error=describe(error))
