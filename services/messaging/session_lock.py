"""A database session of one greenlet's own, that holds a lock and hears notifications.

A session lock survives the return of its connection to a pool, so this connection is in none.
What must happen only under the lock is done in this very session: both are lost together. Each
statement is a transaction of its own, without a BEGIN and a COMMIT to wait for.
"""

from typing import Any, Self

from eventlet.hubs import trampoline
from sqlalchemy import Engine, create_engine, func, select, text
from sqlalchemy.pool import NullPool

from services.messaging.database import CONNECT_ARGUMENTS


class LockSession:
    """Use as a context manager. When the session is lost every method raises.

    That is SQLAlchemy's DBAPIError, or, while waiting, psycopg2's own Error.
    """

    def __init__(self, url: str, lock: int | None = None, channel: str | None = None) -> None:
        self._lock, self._channel = lock, channel
        self._engine: Engine = create_engine(
            url,
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            hide_parameters=True,
            connect_args=CONNECT_ARGUMENTS,
        )
        self.holds_lock = False

    def __enter__(self) -> Self:
        self.connection = self._engine.connect()
        if self._channel is not None:
            with self.connection.begin():
                self.connection.execute(text(f'LISTEN "{self._channel}"'))
        return self

    def __exit__(self, *_: object) -> None:
        self.holds_lock = False
        self.connection.invalidate()  # closes the socket at once, and with it the session
        self.connection.close()

    def try_lock(self) -> bool:
        """Whether this session holds the lock, now or already."""
        if not self.holds_lock:
            with self.connection.begin():
                wish = select(func.pg_try_advisory_lock(self._lock))
                self.holds_lock = bool(self.connection.execute(wish).scalar())
        return self.holds_lock

    def wait(self, timeout_s: float) -> list[str]:
        """What notifications since the last call said; waits for one, none after the time-out."""
        raw: Any = self.connection.connection.dbapi_connection
        if (heard := _heard(raw)) or not timeout_s:
            return heard
        try:
            trampoline(raw.fileno(), read=True, timeout=timeout_s, timeout_exc=TimeoutError)
        except TimeoutError:
            return []
        return _heard(raw)


def _heard(raw: Any) -> list[str]:
    """What came with the answer to a statement is in the list already, and not on the socket."""
    raw.poll()
    heard = [notification.payload for notification in raw.notifies]
    raw.notifies.clear()
    return heard
