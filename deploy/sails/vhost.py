"""A look into a virtual host that changes nothing there, without any code of the services."""

import contextlib
from urllib.parse import unquote, urlsplit

import amqp

TIMEOUT_S = 10.0
PORT, TLS_PORT = 5672, 5671
SEPARATOR = ";"  # between the URIs of a broker's nodes, any of which shows the same


def opened(uri: str) -> amqp.Connection:
    """To the first node that answers; used as a context manager. Raises OSError, amqp.AMQPError."""
    *others, last = map(_prepared, uri.split(SEPARATOR))
    for connection in others:
        with contextlib.suppress(OSError, amqp.AMQPError):
            connection.connect()
            return connection
    last.connect()
    return last


def _prepared(uri: str) -> amqp.Connection:
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


def count(connection: amqp.Connection, queue: str) -> int | None:
    """How many messages lie in it; None when there is no such queue.

    Asked passively, so nothing is created; a missing queue closes the channel that asked.
    """
    channel = connection.channel()
    try:
        messages = int(channel.queue_declare(queue, passive=True).message_count)
    except amqp.NotFound:
        return None
    channel.close()
    return messages
