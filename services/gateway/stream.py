"""The live stream: server-sent events with replay, over the same feed and the same rights."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence

from sqlalchemy.orm import Session, sessionmaker

from services.contracts.problems import Problem
from services.gateway import feed
from services.gateway.feed import Item
from services.gateway.news import News

MAX_STREAMS = 500  # per process: each is a socket and a greenlet of some 50 KB
HEARTBEAT_S = 15.0  # proxies close what is silent for 30 or 60 s
RECONNECT_MS = 1_000  # what a browser waits before it comes back with Last-Event-ID
PAGE_ITEMS = 100


class Streams:
    """The open streams of this process, counted."""

    def __init__(self, sessionmaker: sessionmaker[Session], news: News) -> None:
        self.sessionmaker, self.news = sessionmaker, news
        self._slots = threading.BoundedSemaphore(MAX_STREAMS)

    def open(
        self,
        mine: Sequence[str],
        after: int,
        types: Sequence[str] | None,
        still_allowed: Callable[[], object],
    ) -> "Stream":
        """Facts after a position. Raises Problem("too_many_streams").

        `still_allowed` raises Problem once the caller's key is revoked.
        """
        if not self._slots.acquire(blocking=False):
            raise Problem("too_many_streams")
        return Stream(self, mine, after, types, still_allowed)

    def release(self) -> None:
        self._slots.release()


class Stream:
    """One reader's events as bytes. It holds a pooled connection only while it reads a page."""

    def __init__(
        self,
        streams: Streams,
        mine: Sequence[str],
        after: int,
        types: Sequence[str] | None,
        still_allowed: Callable[[], object],
    ) -> None:
        self._streams, self._mine, self._types = streams, mine, types
        self._position, self._still_allowed = after, still_allowed
        self._is_open = True

    def __iter__(self) -> Iterator[bytes]:
        yield f"retry: {RECONNECT_MS}\n\n".encode()
        sent_at_s = time.monotonic()
        while self._is_open and self._is_allowed():
            items = self._page()
            if items:
                yield b"".join(map(_event, items))
            elif time.monotonic() - sent_at_s >= HEARTBEAT_S:
                yield b": heartbeat\n\n"
            else:
                self._wait(sent_at_s + HEARTBEAT_S - time.monotonic())
                continue
            sent_at_s = time.monotonic()

    def close(self) -> None:
        """The reader has gone."""
        if self._is_open:
            self._is_open = False
            self._streams.release()

    def _is_allowed(self) -> bool:
        try:
            self._still_allowed()
        except Problem:
            return False
        return not self._streams.news.is_over

    def _page(self) -> list[Item]:
        with self._streams.sessionmaker() as session:
            items, self._position = feed.page(
                session, self._mine, self._position, PAGE_ITEMS, self._types
            )
        return items

    def _wait(self, timeout_s: float) -> None:
        self._streams.news.wait_beyond(self._position, max(0.0, timeout_s))


def _event(item: Item) -> bytes:
    """JSON text has no line breaks, so one data line holds it."""
    return f"id: {item.position}\nevent: {item.type}\ndata: {item.text}\n\n".encode()
