"""A body as it comes over the wire, with the bounds that eventlet's own reader leaves out."""

import re
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import eventlet
from eventlet import wsgi

BODY_S = 30.0  # for all of it: 1 MB at 280 kbit/s
LINE_BYTES = 4 * 1024  # a chunk's size with its extensions; lines are read before anyone is known
TRAILER_BYTES = 8 * 1024  # nobody reads them

Awaiting = Callable[[], AbstractContextManager[None]]
_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r\n")


class Body(wsgi.Input):
    """Chunks are read exactly as RFC 9112 § 7.1 writes them, and all within one total time.

    Raises OSError when it is cut off or late, ChunkReadError (a ValueError) for what is no chunk.
    """

    @classmethod
    def of(cls, given: wsgi.Input, awaiting: Awaiting) -> "Body":
        """In the place of eventlet's own; `awaiting()` is entered while the client is to speak."""
        return cls(
            given.rfile, given.content_length, given.get_socket(), given.wfile, given.wfile_line,
            given.chunked_input, awaiting=awaiting,
        )  # fmt: skip

    def __init__(self, *given: Any, awaiting: Awaiting) -> None:
        super().__init__(*given)
        self._awaiting = awaiting
        self._until_s: float | None = None
        self._left, self._has_ended = 0, False

    def read(self, length: int | None = None) -> bytes:
        now_s = time.monotonic()
        if self._until_s is None:
            self._until_s = now_s + BODY_S
        late = TimeoutError("a body too slow")
        with self._awaiting(), eventlet.Timeout(max(0.0, self._until_s - now_s), late):
            found: bytes = super().read(length)
            return found

    def _chunked_read(
        self, rfile: Any, length: int | None = None, use_readline: bool = False
    ) -> bytes:
        """eventlet's entry for bodies in chunks; nobody reads those by lines."""
        if self.should_send_hundred_continue:
            self.send_hundred_continue_response()
            self.is_hundred_continue_response_sent = True
        found = bytearray()
        while not self._has_ended and (length is None or len(found) < length):
            if self._left:
                found += self._of_chunk(self._left if length is None else length - len(found))
            else:
                self._begin_chunk()
        return bytes(found)

    def _of_chunk(self, wanted: int) -> bytes:
        data: bytes = self.rfile.read(min(wanted, self._left))
        if not data:
            raise OSError("cut off within a chunk")
        self._left -= len(data)
        if not self._left and self._line(len(b"\r\n")) != b"\r\n":
            raise wsgi.ChunkReadError("a chunk longer than its size")
        return data

    def _begin_chunk(self) -> None:
        size = _SIZE.fullmatch(self._line(LINE_BYTES))
        if size is None:
            raise wsgi.ChunkReadError("not the size of a chunk")
        self._left = int(size[1], 16)
        if not self._left:
            self._end()

    def _end(self) -> None:
        """After the last chunk, whose trailers are passed over."""
        room = TRAILER_BYTES
        while (line := self._line(min(LINE_BYTES, room))) != b"\r\n":
            room -= len(line)
        self._has_ended = True

    def _line(self, limit: int) -> bytes:
        line: bytes = self.rfile.readline(limit)
        if not line.endswith(b"\r\n"):
            raise wsgi.ChunkReadError("a line without its end")
        return line
