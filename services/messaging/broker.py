"""Connections to RabbitMQ, with every wait bounded."""

from urllib.parse import unquote, urlsplit

import amqp
import eventlet

CONNECT_TIMEOUT_S = 5
# Two missed heartbeats end a connection: a broker frozen for 15 s is survived, a dead one noticed.
HEARTBEAT_S = 10
CLOSE_TIMEOUT_S = 1  # a polite goodbye is not worth more
PORT, TLS_PORT = 5672, 5671
ANSWER_TIMEOUT_S = 5  # a broker that is still starting takes connections and then says nothing


class BrokerAway(Exception):
    """There is no connection to the broker, or it did not answer within the bound."""


BROKER_ERRORS = (OSError, amqp.AMQPError, BrokerAway)


def connect(
    uri: str, heartbeat_s: int = HEARTBEAT_S, answer_timeout_s: float | None = None
) -> amqp.Connection:
    """An open connection. `heartbeat_s` 0 for one that nobody reads from while it is idle.

    `answer_timeout_s` is for a process without greenlets, where `patience` cannot interrupt: the
    longest that the socket may keep it waiting. Raises BROKER_ERRORS.
    """
    parts = urlsplit(uri)
    secure = parts.scheme == "amqps"
    host = parts.hostname or "127.0.0.1"
    connection = amqp.Connection(
        host=f"{host}:{parts.port or (TLS_PORT if secure else PORT)}",
        userid=unquote(parts.username or "guest"),
        password=unquote(parts.password or "guest"),
        virtual_host=unquote(parts.path[1:]) or "/",
        ssl=_verified(host) if secure else False,
        connect_timeout=CONNECT_TIMEOUT_S,
        read_timeout=answer_timeout_s,
        write_timeout=answer_timeout_s,
        heartbeat=heartbeat_s,
    )
    try:
        with patience(CONNECT_TIMEOUT_S):
            connection.connect()
    except BaseException:  # the library frees its socket after an OSError only
        connection.collect()
        raise
    return connection


def describe(error: Exception) -> str:
    """What may be shown of it. The broker's words are safe; others' may hold a URI's password."""
    kind = type(error).__name__
    return f"{kind}: {error}" if isinstance(error, BROKER_ERRORS) else kind


def patience(timeout_s: float = ANSWER_TIMEOUT_S) -> eventlet.Timeout:
    """Around anything that waits for the broker, because the library waits for ever.

    Raises BrokerAway; the connection is then of no more use.
    """
    return eventlet.Timeout(timeout_s, BrokerAway("no answer within the time-out"))


def close(connection: amqp.Connection | None) -> None:
    """Say goodbye if the broker still listens; free the socket in any case."""
    if connection is None:
        return
    try:
        with patience(CLOSE_TIMEOUT_S):
            connection.close()
    except BROKER_ERRORS:
        connection.collect()


def _verified(host: str) -> dict[str, object]:
    """Without `server_hostname` any certificate of a known authority would do."""
    return {"context": {"check_hostname": True}, "server_hostname": host}
