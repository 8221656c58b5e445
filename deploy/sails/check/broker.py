"""How many messages lie in the queues: waiting for a handler, or given up."""

from collections.abc import Iterator, Mapping

import amqp

from deploy.sails.check import queues
from deploy.sails.check.entry import Check, Violation, violation
from deploy.sails.vhost import count, opened

Counts = dict[str, int]

# By the figure that counts them.
CHECK_OF = {
    "messages_waiting": Check(
        "no_messages_waiting", "broker", "没有等待处理或重试的消息",
        "No message waits for its handler or for a retry", "", passing=True,
    ),
    "dead_letters": Check(
        "no_dead_letters", "broker", "没有死信", "No message was given up", "",
    ),
}  # fmt: skip
CHECKS = tuple(CHECK_OF.values())


def counts(amqp_uri: str) -> dict[str, Counts]:
    """By figure, the queues that are not empty and how much lies in each.

    A queue that was never made is empty; a message that its handler holds is not counted.
    Raises OSError, amqp.AMQPError.
    """
    names = {"messages_waiting": queues.waiting(), "dead_letters": queues.dead()}
    with opened(amqp_uri) as connection:
        return {figure: _counted(connection, names[figure]) for figure in names}


def violations(waiting: Mapping[str, Counts]) -> Iterator[Violation]:
    """What of `CHECKS` does not hold."""
    for figure, check in CHECK_OF.items():
        if waiting[figure]:
            yield violation(check, list(waiting[figure].items()))


def _counted(connection: amqp.Connection, names: list[str]) -> Counts:
    counted = {name: count(connection, name) for name in names}
    return {name: messages for name, messages in counted.items() if messages}
