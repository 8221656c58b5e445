"""Connections to RabbitMQ, with every wait bounded.

A broker may have several nodes, any of which serves every client: their URIs are separated by
semicolons, and a connection goes to one of them by chance, so that replicas spread over them, or
to the next one when that is away.
"""

import contextlib
import random
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit

import amqp
import eventlet
from amqp import spec

SEPARATOR = ";"
CONNECT_TIMEOUT_S = 5
NODE_TIMEOUT_S = 2.5  # of several nodes: a second one is reached within the patience of a publisher
# Two missed heartbeats end a connection: a broker frozen for 15 s is survived, a dead one noticed.
HEARTBEAT_S = 10
CLOSE_TIMEOUT_S = 1  # a polite goodbye is not worth more
READ_AHEAD = 16 * 1024  # bytes: some facts; more would be copied about for each of them
PORT, TLS_PORT = 5672, 5671
NO_ANSWER = "no answer within the time-out"
ANSWER_TIMEOUT_S = 5  # a broker that is still starting takes connections and then says nothing


class BrokerAway(Exception):
    """There is no connection to the broker, or it did not answer within the bound."""


BROKER_ERRORS = (OSError, amqp.AMQPError, BrokerAway)


def connect(
    uri: str, heartbeat_s: int = HEARTBEAT_S, answer_timeout_s: float | None = None
) -> amqp.Connection:
    """An open connection to some node. `heartbeat_s` 0 when nobody reads from it while it is idle.

    `answer_timeout_s` is for a process without greenlets, where `patience` cannot interrupt: the
    longest that the socket may keep it waiting. Raises BROKER_ERRORS, of the last node tried.
    """
    nodes = uri.split(SEPARATOR)
    random.shuffle(nodes)
    timeout_s = CONNECT_TIMEOUT_S if len(nodes) == 1 else NODE_TIMEOUT_S
    reason: Exception = BrokerAway(NO_ANSWER)
    for node in nodes:
        silence = BrokerAway(NO_ANSWER)
        try:
            with eventlet.Timeout(timeout_s, silence):
                return _connect(node, heartbeat_s, answer_timeout_s, timeout_s)
        except BROKER_ERRORS as error:
            if isinstance(error, BrokerAway) and error is not silence:
                raise  # the patience of our caller, who will not wait for the next node
            reason = error
    raise reason


def _connect(
    uri: str, heartbeat_s: int, answer_timeout_s: float | None, connect_timeout_s: float
) -> amqp.Connection:
    parts = urlsplit(uri)
    secure = parts.scheme == "amqps"
    host = parts.hostname or "127.0.0.1"
    connection = amqp.Connection(
        host=f"{host}:{parts.port or (TLS_PORT if secure else PORT)}",
        userid=unquote(parts.username or "guest"),
        password=unquote(parts.password or "guest"),
        virtual_host=unquote(parts.path[1:]) or "/",
        ssl=_verified(host) if secure else False,
        connect_timeout=connect_timeout_s,
        read_timeout=answer_timeout_s,
        write_timeout=answer_timeout_s,
        heartbeat=heartbeat_s,
    )
    try:
        connection.connect()
    except BaseException:  # the library frees its socket after an OSError only
        connection.collect()
        raise
    _read_ahead(connection)
    if answer_timeout_s is None:
        _write_on(connection)
    return connection


def _read_ahead(connection: amqp.Connection) -> None:
    """Take what has come in one call, and not a message in nine; the library keeps the rest."""
    transport = connection.transport
    receive = transport._quick_recv
    transport._quick_recv = lambda wanted: receive(max(wanted, READ_AHEAD))


def _write_on(connection: amqp.Connection) -> None:
    """Write until all is sent or the writer's `patience` ends.

    The library sets the time-out of a read on the socket that others write to. By that a write of
    which a part is sent would fail, and what followed would be taken for the rest of its frame.
    """
    transport = connection.transport
    send = transport.sock.send

    def write(data: bytes) -> None:
        left = memoryview(data)
        while left:
            with contextlib.suppress(TimeoutError):  # nothing of this piece is sent then
                left = left[send(left) :]

    transport._write = write


@contextmanager
def one_write(connection: amqp.Connection) -> Iterator[None]:
    """What is sent inside leaves in one write at the end. Nobody else writes meanwhile."""
    transport, gathered = connection.transport, bytearray()
    write, transport._write = transport._write, gathered.extend
    try:
        yield
    finally:
        transport._write = write
    if gathered:
        transport.write(gathered)


def publish(
    channel: amqp.Channel, message: amqp.Message, exchange: str, key: str, mandatory: bool = False
) -> None:
    """Send without waiting.

    Not by the channel's `basic_publish`: it looks for what has come in before each message.
    """
    channel.send_method(spec.Basic.Publish, "Bssbb", (0, exchange, key, mandatory, False), message)


def describe(error: Exception) -> str:
    """What may be shown of it. The broker's words are safe; others' may hold a URI's password."""
    kind = type(error).__name__
    return f"{kind}: {error}" if isinstance(error, BROKER_ERRORS) else kind


def patience(timeout_s: float = ANSWER_TIMEOUT_S) -> eventlet.Timeout:
    """Around anything that waits for the broker, because the library waits for ever.

    Raises BrokerAway; the connection is then of no more use.
    """
    return eventlet.Timeout(timeout_s, BrokerAway(NO_ANSWER))


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
