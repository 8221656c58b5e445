"""How many messages lie in the queues: waiting for a handler, or given up."""

from collections.abc import Iterator, Mapping
from urllib.parse import unquote, urlsplit

import amqp
from amqp.exceptions import NotFound

from deploy.sails.check import queues
from deploy.sails.check.entry import Check, Violation, violation

TIMEOUT_S = 10.0
PORT, TLS_PORT = 5672, 5671
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
    with _open(amqp_uri) as connection:
        return {figure: _counted(connection, names[figure]) for figure in names}


def is_used(amqp_uri: str) -> bool:
    """Whether a platform has declared its queues there. Raises OSError, amqp.AMQPError."""
    with _open(amqp_uri) as connection:
        return any(_count(connection, name) is not None for name in queues.dead())


def violations(waiting: Mapping[str, Counts]) -> Iterator[Violation]:
    """What of `CHECKS` does not hold."""
    for figure, check in CHECK_OF.items():
        if waiting[figure]:
            yield violation(check, list(waiting[figure].items()))


def _counted(connection: amqp.Connection, names: list[str]) -> Counts:
    counted = {name: _count(connection, name) for name in names}
    return {name: count for name, count in counted.items() if count}


def _count(connection: amqp.Connection, queue: str) -> int | None:
    """None when there is no such queue.

    Asked passively, so nothing is created; a missing queue closes the channel that asked.
    """
    channel = connection.channel()
    try:
        count = int(channel.queue_declare(queue, passive=True).message_count)
    except NotFound:
        return None
    channel.close()
    return count


def _open(uri: str) -> amqp.Connection:
    parts = urlsplit(uri)
    secure = parts.scheme == "amqps"
    return amqp.Connection(
        host=f"{parts.hostname}:{parts.port or (TLS_PORT if secure else PORT)}",
        userid=unquote(parts.username or "guest"),
        password=unquote(parts.password or "guest"),
        virtual_host=unquote(parts.path[1:]) or "/",
        ssl={"server_hostname": parts.hostname} if secure else False,
        connect_timeout=TIMEOUT_S,
        read_timeout=TIMEOUT_S,
        write_timeout=TIMEOUT_S,
    )
