"""The names and arguments of every exchange and queue.

<service>.events            topic exchange, routing key = type of the fact
<service>.<handler>         one quorum queue per subscription
<service>.retry.<n>s        fanout exchange and queue: gives a message back after n seconds
<service>.dead              what was given up, until someone replays or drops it
rpc.<service>               requests to a service
sails.topology              exchange without a use but one: it is declared last, so whoever finds
                            it knows that every queue was there that its declarer knew of

An older version's marker says nothing of the subscriptions that are new: an upgrade runs `sails
migrate`, which declares them, before it starts any service.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import amqp
from amqp.protocol import queue_declare_ok_t

from services.contracts.registry import EVENTS
from services.messaging.broker import BrokerAway

MARKER = "sails.topology"
# Every restart of a process counts as a delivery of every message it held, so the limit is far
# above the number of restarts that an innocent message may live through.
DELIVERY_LIMIT = 20
BACKOFF_S = (1, 2, 4, 8)  # an order of facts that mends itself does so within seconds
LOOKS = 1_000_000_000  # looking at a dead letter returns it, and RabbitMQ 4 drops after 20 returns
RPC_UNUSED_S = 10  # a service that is away for longer has no queue: callers are refused at once

_QUORUM = {"x-queue-type": "quorum", "x-overflow": "reject-publish"}
_SAFE_DEAD_LETTERS = {"x-dead-letter-exchange": "", "x-dead-letter-strategy": "at-least-once"}


@dataclass(frozen=True)
class SubscriptionQueue:
    """The queue of one handler, and where its messages go when the handler fails."""

    service: str
    handler: str
    types: tuple[str, ...]

    @property
    def name(self) -> str:
        return f"{self.service}.{self.handler}"

    @property
    def dead(self) -> str:
        return dead_queue(self.service)

    def retry(self, attempt: int) -> str | None:
        """The exchange to wait in after a failed attempt, counted from 1; None after the last."""
        if attempt > len(BACKOFF_S):
            return None
        return _retry(self.service, BACKOFF_S[attempt - 1])

    def declare(self, channel: amqp.Channel, create: bool = True) -> None:
        """Make it all; without the right to `create`, only check that the queues are there."""
        if create:
            _declare_waiting(channel, self.service)
            self.bind(channel)
            return
        for queue in (self.name, self.dead, *_retries(self.service)):
            channel.queue_declare(queue, passive=True)

    def check(self, channel: amqp.Channel, create: bool = True) -> None:
        """For one of its consumers. Raises BROKER_ERRORS when the queue is not theirs any more."""
        still_consumed(_declare_queue(channel, self.name, self._arguments(), passive=not create))

    def bind(self, channel: amqp.Channel) -> None:
        """Only its own queue, hearing the facts of its types."""
        _declare_queue(channel, self.name, self._arguments())
        declare_events(channel, {EVENTS[type_].exchange for type_ in self.types})
        for type_ in self.types:
            channel.queue_bind(self.name, EVENTS[type_].exchange, type_)

    def _arguments(self) -> dict[str, Any]:
        return {
            **_QUORUM,
            **_SAFE_DEAD_LETTERS,
            "x-delivery-limit": DELIVERY_LIMIT,
            "x-dead-letter-routing-key": self.dead,
        }


class TopologyMissing(BrokerAway):
    """Not everything is declared: a fact published now might reach nobody, for good."""

    def __init__(self) -> None:
        super().__init__(f"no exchange {MARKER}: run `sails migrate` (docs/settings.md)")


def declare_all(channel: amqp.Channel, queues: Collection[SubscriptionQueue]) -> None:
    """All that facts pass through, and last the marker. Repeating it changes nothing."""
    declare_events(channel, {event.exchange for event in EVENTS.values()})
    for service in {queue.service for queue in queues}:
        _declare_waiting(channel, service)
    for queue in queues:
        queue.bind(channel)
    channel.exchange_declare(MARKER, "fanout", durable=True, auto_delete=False)


def check_declared(channel: amqp.Channel) -> None:
    """Raises TopologyMissing, and the channel is of no more use."""
    try:
        channel.exchange_declare(MARKER, "fanout", passive=True)
    except amqp.NotFound:
        raise TopologyMissing from None


def creates_topology(config: Mapping[str, Any]) -> bool:
    """False where users may not configure: exchanges and queues then come from definitions."""
    return bool(config.get("DECLARE_TOPOLOGY", True))


def dead_queue(service: str) -> str:
    return f"{service}.dead"


def rpc_queue(service: str) -> str:
    return f"rpc.{service}"


def still_consumed(found: queue_declare_ok_t) -> None:
    """Raises BrokerAway: its consumer asks, so without any it is a new one, bound to nothing."""
    if not found.consumer_count:
        raise BrokerAway(f"{found.queue} is said to have no consumers")


def declare_rpc(channel: amqp.Channel, service: str, create: bool = True) -> queue_declare_ok_t:
    """The requests of a service: in memory, because a request is worth its caller's wait.

    Such a queue lives on one node of the broker. When that goes, the others forget the queue at
    once, and its consumers make it anew; a durable one could not be reached until its node is
    back, and one on several nodes costs a request a flush to disk on each.
    """
    expires = {"x-expires": RPC_UNUSED_S * 1000}
    return channel.queue_declare(
        rpc_queue(service), passive=not create, durable=False, auto_delete=False, arguments=expires
    )


def declare_events(channel: amqp.Channel, exchanges: Iterable[str]) -> None:
    """The topic exchanges that facts are published to."""
    for exchange in exchanges:
        channel.exchange_declare(exchange, "topic", durable=True, auto_delete=False)


def _retry(service: str, seconds: int) -> str:
    return f"{service}.retry.{seconds}s"


def _retries(service: str) -> set[str]:
    return {_retry(service, seconds) for seconds in BACKOFF_S}


def _declare_waiting(channel: amqp.Channel, service: str) -> None:
    """Where messages of a service rest or wait."""
    _declare_queue(channel, dead_queue(service), {**_QUORUM, "x-delivery-limit": LOOKS})
    for seconds in set(BACKOFF_S):
        _declare_retry(channel, service, seconds)


def _declare_retry(channel: amqp.Channel, service: str, seconds: int) -> None:
    """Messages keep the routing key they came with: the name of the queue they go back to."""
    name = _retry(service, seconds)
    ttl = {"x-message-ttl": seconds * 1000}
    channel.exchange_declare(name, "fanout", durable=True, auto_delete=False)
    _declare_queue(channel, name, {**_QUORUM, **_SAFE_DEAD_LETTERS, **ttl})
    channel.queue_bind(name, name)


def _declare_queue(
    channel: amqp.Channel, name: str, arguments: dict[str, Any], passive: bool = False
) -> queue_declare_ok_t:
    return channel.queue_declare(
        name, passive=passive, durable=True, auto_delete=False, arguments=arguments
    )
