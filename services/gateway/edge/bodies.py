"""The body of a request: read within its bounds, before anybody knows who sends it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from werkzeug.wrappers import Request

from services.contracts.declare import Command
from services.contracts.joining import DOCUMENT_BYTES
from services.contracts.problems import Problem
from services.gateway.edge import framing
from services.gateway.edge.routes import Route
from services.gateway.sheets.bounds import FILE_BYTES

# The largest ordinary command is a demand: two texts of 20,000 characters, six bytes each where a
# client escapes them.
COMMAND_BYTES = 256 * 1024
IMPORT_BYTES = 1024 * 1024  # an import comes in batches; one transaction must stay short
PIECE_BYTES = 16 * 1024  # read at once; most commands are smaller
# All bodies of a process together, without the first piece of each: two thousand connections must
# not hold two gigabytes.
MEMORY_BYTES = 64 * 1024 * 1024

Grow = Callable[[int], None]


class Memory:
    """What all bodies of a process may take up. First pieces are free: commands always get in."""

    def __init__(self, total: int = MEMORY_BYTES) -> None:
        self._free, self._lock = total, threading.Lock()

    @contextmanager
    def share(self) -> Iterator[Grow]:
        """For one request: `grow(bytes)`, given back at its end, raises Problem unavailable."""
        taken = 0

        def grow(size: int) -> None:
            nonlocal taken
            with self._lock:
                if size > self._free:
                    raise Problem("unavailable")
                self._free -= size
                taken += size

        try:
            yield grow
        finally:
            with self._lock:
                self._free += taken


def limit_bytes(route: Route) -> int:
    """How large a body this route takes."""
    if route.takes_file:
        return FILE_BYTES
    if route.is_file:
        return DOCUMENT_BYTES
    target = route.target
    is_import = isinstance(target, Command) and target.verb.startswith("import")
    return IMPORT_BYTES if is_import else COMMAND_BYTES


def read_body(request: Request, limit: int, grow: Grow) -> bytes:
    """The whole body. Raises Problem body_too_large, body_incomplete, header_invalid, unavailable.

    `grow` is asked for what is beyond the first piece.
    """
    declared = _declared(request)
    if declared is not None and declared > limit:
        raise Problem("body_too_large", limit_bytes=limit)
    body = _pieces(request, limit + 1 if declared is None else declared, grow)
    if len(body) > limit:
        raise Problem("body_too_large", limit_bytes=limit)
    if declared is not None and len(body) < declared:
        raise Problem("body_incomplete")
    return body


def _declared(request: Request) -> int | None:
    """The length in bytes; None when the body comes in chunks."""
    environ = request.environ
    encodings = [environ[name] for name in ("HTTP_TRANSFER_ENCODING",) if environ.get(name)]
    lengths = [environ[name] for name in ("CONTENT_LENGTH",) if environ.get(name)]
    if name := framing.fault(encodings, lengths):
        raise Problem("header_invalid", name=name)
    return None if encodings else int(lengths[0] if lengths else 0)


def _pieces(request: Request, wanted: int, grow: Grow) -> bytes:
    found = bytearray()
    while piece := _read(request, min(PIECE_BYTES, wanted - len(found))):
        if found:
            grow(len(piece))
        found += piece
    return bytes(found)


def _read(request: Request, size: int) -> bytes:
    """The raw stream: werkzeug's own would not read chunked bodies here."""
    try:
        return bytes(request.environ["wsgi.input"].read(size)) if size else b""
    except (OSError, ValueError) as error:  # timed out, cut off, or chunks that are none
        raise Problem("body_incomplete") from error
