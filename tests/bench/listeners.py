"""Many readers of the live stream in one thread: when did which of them see what?"""

import re
import selectors
import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

READ_BYTES = 256 * 1024
CONNECT_TIMEOUT_S = 30.0
POLL_S = 0.2
_SEEN = re.compile(
    rb'data: \{"position":\d+,"id":"[^"]*","type":"demand\.published\.v1","kind":"demand",'
    rb'"resource_id":"([^"]*)"'
)


@dataclass
class Listener:
    """One open stream; `seen` by demand, on the clock of `time.monotonic`."""

    line: socket.socket
    seen: dict[str, float] = field(default_factory=dict)
    _rest: bytes = b""

    def read(self) -> bool:
        """Take what has come; False at its end."""
        came = self.line.recv(READ_BYTES)
        at_s = time.monotonic()
        whole, mark, self._rest = (self._rest + came).rpartition(b"\n\n")
        for id in _SEEN.findall(whole + mark):
            self.seen.setdefault(id.decode(), at_s)
        return bool(came)


class Listeners:
    """As many streams as there are keys, read by a thread of their own until the block ends."""

    def __init__(self, host: str, port: int, keys: Sequence[str]) -> None:
        self._address = (host, port)
        self._selector, self._is_open = selectors.DefaultSelector(), True
        self.all = [self._opened(key) for key in keys]
        self._thread = threading.Thread(target=self._read, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_open = False
        self._thread.join()
        for listener in self.all:
            listener.line.close()

    def have_seen(self, id: str) -> int:
        """How many of them."""
        return sum(id in listener.seen for listener in self.all)

    def delays_ms(self, published_s: dict[str, float]) -> list[float]:
        """Of each publication at each stream, in order. Raises KeyError where one is missing."""
        return sorted(
            (listener.seen[id] - at_s) * 1_000
            for listener in self.all
            for id, at_s in published_s.items()
        )

    def _opened(self, key: str) -> Listener:
        line = socket.create_connection(self._address, CONNECT_TIMEOUT_S)
        asked = f"GET /api/v1/stream HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {key}\r\n\r\n"
        line.sendall(asked.encode())
        begun = line.recv(READ_BYTES)
        assert begun.startswith(b"HTTP/1.1 200"), begun
        listener = Listener(line)
        self._selector.register(line, selectors.EVENT_READ, listener)
        return listener

    def _read(self) -> None:
        while self._is_open:
            for ready, _ in self._selector.select(POLL_S):
                if not ready.data.read():
                    self._selector.unregister(ready.fileobj)
