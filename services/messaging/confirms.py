"""Windowed publisher confirms: publish many, then wait until the broker has taken them all."""

import time
from typing import Any, Self

import amqp

from services.messaging.broker import BrokerAway, connect, publish

_ALMOST_NONE_S = 0.001  # zero would mean "do not wait", and "for ever" to some transports


class ConfirmWindow:
    """One confirming channel. The caller bounds the window by how much it publishes per settle."""

    def __init__(self, connection: amqp.Connection) -> None:
        self.connection = connection
        self.channel = connection.channel()
        self.channel.confirm_select()
        self.channel.events["basic_ack"].add(self._acked)
        self.channel.events["basic_nack"].add(self._nacked)
        self.channel.events["basic_return"].add(self._came_back)
        self._sent = 0
        self._open: set[int] = set()
        self._refused = 0
        self.returned = 0

    @classmethod
    def open(cls, uri: str) -> Self:
        """On a connection of its own, without heartbeats. Raises BROKER_ERRORS."""
        connection = connect(uri, heartbeat_s=0)
        try:
            return cls(connection)
        except BaseException:  # a time-out too; nobody else knows of this socket
            connection.collect()
            raise

    def publish(
        self, message: amqp.Message, exchange: str, routing_key: str, mandatory: bool = False
    ) -> None:
        """Send without waiting."""
        self._sent += 1
        self._open.add(self._sent)
        publish(self.channel, message, exchange, routing_key, mandatory)

    def settle(self, timeout_s: float) -> None:
        """Return once everything sent is confirmed. Raises BrokerAway on a refusal or too late.

        After that the connection is of no more use: which messages arrived is unknown.
        """
        end = time.monotonic() + timeout_s
        while self._open:
            remaining_s = end - time.monotonic()
            try:
                self.connection.drain_events(timeout=max(remaining_s, _ALMOST_NONE_S))
            except TimeoutError:
                raise BrokerAway("not confirmed within the time-out") from None
        if self._refused:
            raise BrokerAway("the broker refused a message")

    def _acked(self, tag: int, multiple: bool) -> None:
        self._open -= {each for each in self._open if each <= tag} if multiple else {tag}

    def _nacked(self, tag: int, multiple: bool) -> None:
        self._refused += 1
        self._acked(tag, multiple)

    def _came_back(self, *_: Any) -> None:
        self.returned += 1
