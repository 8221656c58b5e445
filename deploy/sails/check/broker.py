"""How many messages lie in the dead-letter queues: one of each service."""

from urllib.parse import unquote, urlsplit

import amqp
from amqp.exceptions import NotFound

from deploy.sails.check.entry import Check
from deploy.sails.database import SERVICES

TIMEOUT_S = 10.0
PORT, TLS_PORT = 5672, 5671
CHECK = Check(
    "no_dead_letters", "broker", "没有死信", "No message was given up", ""
)  # fmt: skip


def dead_letters(amqp_uri: str) -> int:
    """Over all services; a queue that was never made is empty. Raises OSError, amqp.AMQPError."""
    with _open(amqp_uri) as connection:
        return sum(_count(connection, f"{service}.dead") for service in SERVICES)


def _count(connection: amqp.Connection, queue: str) -> int:
    """Asked passively, so nothing is created; a missing queue closes the channel that asked."""
    channel = connection.channel()
    try:
        count = int(channel.queue_declare(queue, passive=True).message_count)
    except NotFound:
        return 0
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
