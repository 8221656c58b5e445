"""Every subscription of every service, found without starting one, and declared before any is."""

import importlib
from collections.abc import Iterator
from typing import Any, NamedTuple

from services.messaging.broker import BROKER_ERRORS, connect
from services.messaging.subscription import Subscription
from services.messaging.topology import SubscriptionQueue, declare_all
from services.process import PROGRAMS

__all__ = ["BROKER_ERRORS", "Found", "declare", "subscriptions", "subscriptions_of"]
ANSWER_TIMEOUT_S = 30.0  # a quorum queue is made in 20 ms, unless the machine is busy


class Found(NamedTuple):
    """One subscription, as its service's class declares it."""

    service: str
    name: str
    method: Any
    entry: Subscription

    @property
    def queue(self) -> SubscriptionQueue:
        return SubscriptionQueue(self.service, self.name, self.entry.types)


def subscriptions() -> Iterator[Found]:
    """Those of every process."""
    for program in PROGRAMS.values():
        module = importlib.import_module(program.module)
        yield from subscriptions_of(getattr(module, program.name))


def subscriptions_of(service_class: Any) -> Iterator[Found]:
    for name, method in vars(service_class).items():
        for entry in getattr(method, "nameko_entrypoints", ()):
            if isinstance(entry, Subscription):
                yield Found(service_class.name, name, method, entry)


def declare(uri: str) -> None:
    """All queues and exchanges, so that no fact is published before who waits for it can.

    For a process without greenlets. Repeating it changes nothing. Raises BROKER_ERRORS.
    """
    queues = [found.queue for found in subscriptions()]
    with connect(uri, heartbeat_s=0, answer_timeout_s=ANSWER_TIMEOUT_S) as connection:
        declare_all(connection.channel(), queues)
