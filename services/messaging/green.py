"""psycopg2 among greenlets: every wait for the server lets others work, and none is endless."""

import eventlet.hubs
import psycopg2
from psycopg2 import extensions

WAIT_TIMEOUT_S = 20.0  # past the server's own statement time-out it is frozen or gone


def cooperate() -> None:
    """Once per process, after `eventlet.monkey_patch`, which sets a callback without a bound."""
    extensions.set_wait_callback(_wait)


def _wait(connection: extensions.connection) -> None:
    while (state := connection.poll()) != extensions.POLL_OK:
        try:
            eventlet.hubs.trampoline(
                connection.fileno(),
                read=state == extensions.POLL_READ,
                write=state == extensions.POLL_WRITE,
                timeout=WAIT_TIMEOUT_S,
                timeout_exc=TimeoutError,
            )
        except TimeoutError:
            # psycopg2 closes a connection whose wait failed: its state is unknown.
            raise psycopg2.OperationalError("the server does not answer") from None
