"""The live stream: server-sent events with replay, over the same feed and the same rights."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Protocol

from prometheus_client import Gauge
from sqlalchemy.orm import Session, sessionmaker

from services.contracts.problems import Problem
from services.gateway.readmodel import feed, horizon
from services.gateway.readmodel.feed import Item
from services.gateway.readmodel.live import Live
from services.messaging import Reader
from services.settings import Settings

MAX_STREAMS = 500  # per process: each is a socket and a greenlet of some 50 KB
# Every fact that is numbered wakes all streams, and most of them read an empty page then.
READS = 3  # pages read at once, of the process's ten pooled connections
PAUSE_S = 0.2  # between two pages of one stream, unless it has to catch up
HEARTBEAT_S = 15.0  # proxies close what is silent for 30 or 60 s
PULSE_S = 1.0  # how soon a stream notices that the process stops or its reader has gone
RECONNECT_MS = 1_000  # what a browser waits before it comes back with Last-Event-ID
PAGE_ITEMS = 100

STREAMS = Gauge("sails_http_streams", "Live streams that are open")


class News(Protocol):
    """Who hears, for all streams of the process, that facts were numbered."""

    def wait(self, after: int, timeout_s: float) -> bool:
        """Whether there is a fact past position `after`, within the time."""


class Streams:
    """The open streams of this process, counted."""

    def __init__(
        self,
        sessionmaker: sessionmaker[Session],
        reader: Reader,
        news: News,
        is_closing: Callable[[], bool] = lambda: False,
        per_person: int = Settings.streams_per_person,
    ) -> None:
        self.sessionmaker, self.news, self.is_closing = sessionmaker, news, is_closing
        self.live = Live(reader)
        self.reading = threading.BoundedSemaphore(READS)
        self._per_person, self._lock = per_person, threading.Lock()
        self._open: Counter[str] = Counter()

    def open(
        self,
        user_id: str,
        mine: Sequence[str],
        after: int,
        types: Sequence[str] | None,
        still_allowed: Callable[[], object],
        *,
        has_gone: Callable[[], bool] = lambda: False,
    ) -> "Stream":
        """Facts after a position.

        Raises Problem feed_forgotten, feed_ahead, too_many_streams, too_many_own_streams.

        `still_allowed` raises Problem once the caller's key is revoked; `has_gone` says that nobody
        reads any more, which heartbeats would show much later. All keys of a person share one
        limit, since a person may issue further ones.
        """
        with self.sessionmaker() as session:
            horizon.check(session, after)  # what is told while it flows, nobody understands
        with self._lock:
            if self._open.total() >= MAX_STREAMS:
                raise Problem("too_many_streams")
            if self._open[user_id] >= self._per_person:
                raise Problem("too_many_own_streams", limit=self._per_person)
            self._open[user_id] += 1
        STREAMS.inc()
        leave = partial(self._release, user_id)
        return Stream(
            self, mine, after, types, still_allowed=still_allowed, has_gone=has_gone, leave=leave
        )

    def _release(self, user_id: str) -> None:
        with self._lock:
            self._open[user_id] -= 1
            self._open += Counter()  # forgets who has none any more
        STREAMS.dec()


class Stream:
    """One reader's events as bytes. It holds a pooled connection only while it reads a page."""

    def __init__(
        self,
        streams: Streams,
        mine: Sequence[str],
        after: int,
        types: Sequence[str] | None,
        *,
        still_allowed: Callable[[], object],
        has_gone: Callable[[], bool],
        leave: Callable[[], None],
    ) -> None:
        self._streams, self._mine, self._types = streams, mine, types
        self._position, self._still_allowed, self._leave = after, still_allowed, leave
        self._has_gone, self._is_open = has_gone, True

    def __iter__(self) -> Iterator[bytes]:
        # The first id is a place to come back to even when no fact was told.
        yield f"retry: {RECONNECT_MS}\nid: {self._position}\n\n".encode()
        written_s = time.monotonic()
        while self._may_go_on():
            items, is_all = self._page()
            if items or time.monotonic() >= written_s + HEARTBEAT_S:
                yield b"".join(item.sent for item in items) or self._heartbeat()
                written_s = time.monotonic()
            if is_all:
                time.sleep(PAUSE_S)
                self._await_news(written_s + HEARTBEAT_S)

    def close(self) -> None:
        """The reader has gone."""
        if self._is_open:
            self._is_open = False
            self._leave()

    def _may_go_on(self) -> bool:
        try:
            self._still_allowed()
        except Problem:
            return False
        return self._is_open and not self._is_ending()

    def _is_ending(self) -> bool:
        return self._has_gone() or self._streams.is_closing()

    def _page(self) -> tuple[list[Item], bool]:
        """The next items, and whether there were no more: of what all read, or of its own."""
        shared = self._streams.live.page(self._mine, self._position, self._types)
        if shared is not None:
            items, self._position, is_all = shared
            return items, is_all
        with self._streams.reading, self._streams.sessionmaker() as session:
            items, self._position = feed.page(
                session, self._mine, self._position, PAGE_ITEMS, self._types
            )
        return items, len(items) < PAGE_ITEMS

    def _await_news(self, until_s: float) -> None:
        """Facts, whoever may see them, or the time for a sign of life."""
        while time.monotonic() < until_s and not self._is_ending():
            if self._streams.news.wait(self._position, PULSE_S):
                return

    def _heartbeat(self) -> bytes:
        """With how far it has come, others' facts included: they need not be passed over again."""
        return f": heartbeat\nid: {self._position}\n\n".encode()
