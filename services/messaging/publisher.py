"""Publishing one message at a time, confirmed, with a bound: requests, and what is put aside.

Facts are published by the relay and nobody else.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import amqp
from eventlet.semaphore import Semaphore
from nameko.extensions import SharedExtension

from services.messaging.broker import BROKER_ERRORS, BrokerAway, close, describe, patience
from services.messaging.confirms import ConfirmWindow

PUBLISH_TIMEOUT_S = 5  # a broker that takes longer to confirm is blocked or frozen


class Unroutable(Exception):
    """No queue took the message; the text is its routing key."""


class Publisher(SharedExtension):
    """One connection per process, shared under a lock; without heartbeats, for nobody reads it."""

    def setup(self) -> None:
        self._uri: str = self.container.config["AMQP_URI"]
        self._lock = Semaphore()
        self._window: ConfirmWindow | None = None

    def stop(self) -> None:
        if self._window is not None:
            close(self._window.connection)

    def publish(
        self, message: amqp.Message, exchange: str, routing_key: str, *, mandatory: bool = False
    ) -> None:
        """Return once the broker has the message. Raises Unroutable if `mandatory`, BrokerAway.

        A connection found dead is replaced and the message sent again: it may arrive twice.
        """
        with self._bounded():
            try:
                returned = self._send(message, exchange, routing_key, mandatory)
            except (OSError, amqp.AMQPError):
                self._drop()
                returned = self._send(message, exchange, routing_key, mandatory)
        if returned:
            raise Unroutable(routing_key)

    @contextmanager
    def _bounded(self) -> Iterator[None]:
        with patience(PUBLISH_TIMEOUT_S), self._lock:
            try:
                yield
            except BROKER_ERRORS as error:
                self._drop()
                raise BrokerAway(describe(error)) from error

    def _send(self, message: amqp.Message, exchange: str, key: str, mandatory: bool) -> bool:
        """Whether the broker returned it."""
        if self._window is None:
            self._window = ConfirmWindow.open(self._uri)
        before = self._window.returned
        self._window.publish(message, exchange, key, mandatory)
        self._window.settle(PUBLISH_TIMEOUT_S)
        return self._window.returned > before

    def _drop(self) -> None:
        if self._window is not None:
            self._window.connection.collect()
        self._window = None
