"""Wakes whoever waits: one database connection per process listens for all of its streams."""

import select
import threading
import time
from collections.abc import Callable

import psycopg2
import structlog
from psycopg2.extensions import ISOLATION_LEVEL_AUTOCOMMIT, connection
from sqlalchemy.engine import make_url

from services.gateway.access import KEYS_CHANNEL

FEED_CHANNEL = "feed"  # NOTIFY by the relay: new facts are numbered
POLL_S = 1.0  # how late news can be when a notice is lost
RECONNECT_S = 0.5
CONNECT_TIMEOUT_S = 5

_log = structlog.get_logger()


class News:
    """The newest position of the feed that this process has heard of."""

    def __init__(self) -> None:
        self.position = 0
        self.is_over = False
        self._changed = threading.Condition()

    def tell(self, position: int) -> None:
        """There is news up to `position`."""
        with self._changed:
            if position > self.position:
                self.position = position
                self._changed.notify_all()

    def wait_beyond(self, position: int, timeout_s: float) -> bool:
        """Whether there is news after `position`, within the time; at once when all is over."""
        with self._changed:
            self._changed.wait_for(lambda: self.is_over or self.position > position, timeout_s)
            return self.position > position

    def end(self) -> None:
        """The process stops: nobody need wait any more."""
        with self._changed:
            self.is_over = True
            self._changed.notify_all()


class Listener:
    """Keeps `news` up to date and hands on which keys were revoked, until `stop`."""

    def __init__(self, database_url: str, news: News, forget_key: Callable[[str], None]) -> None:
        url = make_url(database_url).set(drivername="postgresql")
        self._dsn = url.render_as_string(hide_password=False)
        self._news, self._forget_key = news, forget_key
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="listener", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ends within POLL_S."""
        self._stopped.set()
        self._thread.join(POLL_S + CONNECT_TIMEOUT_S)

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                self._listen()
            except psycopg2.Error as error:
                _log.warning("listening again soon", error=str(error).strip())
                self._stopped.wait(RECONNECT_S)

    def _listen(self) -> None:
        opened = psycopg2.connect(self._dsn, connect_timeout=CONNECT_TIMEOUT_S)
        try:
            opened.set_isolation_level(ISOLATION_LEVEL_AUTOCOMMIT)
            with opened.cursor() as cursor:
                cursor.execute(f"LISTEN {FEED_CHANNEL}; LISTEN {KEYS_CHANNEL}")
            while not self._stopped.is_set():
                self._hear(opened)
        finally:
            opened.close()

    def _hear(self, opened: connection) -> None:
        with opened.cursor() as cursor:
            cursor.execute("SELECT coalesce(max(position), 0) FROM feed")
            row = cursor.fetchone()
        self._news.tell(row[0] if row else 0)
        until_s = time.monotonic() + POLL_S
        while not opened.notifies and time.monotonic() < until_s:
            select.select([opened], [], [], max(0.0, until_s - time.monotonic()))
            opened.poll()
        for notice in opened.notifies:
            if notice.channel == KEYS_CHANNEL:
                self._forget_key(notice.payload)
        opened.notifies.clear()
