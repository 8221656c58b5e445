"""Strangers that mean no good: `python -m tests.bench.hostile_load HOST PORT`, until it is ended.

Connections that say nothing, half a head or half a body, each begun anew as soon as it is closed;
and senders of bodies of 100 MB, announced or in chunks, that begin anew when they are cut off.
"""

import selectors
import socket
import sys
import threading
from contextlib import suppress

HALF_OPEN, SENDERS = 400, 4
BODY_BYTES, PIECE = 100_000_000, b"x" * 65_536
POST = b"POST /api/v1/demands HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
HALVES = (b"", POST[:40], POST + b"Content-Length: 200\r\n\r\n{")
ANNOUNCED = POST + b"Content-Length: %d\r\n\r\n" % BODY_BYTES
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
PAUSE_S = 0.05  # between two connections of one sender: no wire brings them faster
TIMEOUT_S = 10.0

Address = tuple[str, int]


def hold(address: Address) -> None:
    """As many half-open connections all the time."""
    waiting = selectors.DefaultSelector()
    for nth in range(HALF_OPEN):
        _begin(waiting, address, nth)
    while True:
        for key, _ in waiting.select():
            with suppress(OSError):
                if key.fileobj.recv(4_096):  # type: ignore[union-attr]
                    continue
            waiting.unregister(key.fileobj)
            key.fileobj.close()  # type: ignore[union-attr]
            _begin(waiting, address, key.data)


def _begin(waiting: selectors.BaseSelector, address: Address, nth: int) -> None:
    opened = socket.create_connection(address, TIMEOUT_S)
    opened.sendall(HALVES[nth % len(HALVES)])
    waiting.register(opened, selectors.EVENT_READ, nth)


def send(address: Address, nth: int) -> None:
    """One body after the other."""
    pause = threading.Event()
    while not pause.wait(PAUSE_S):
        with suppress(OSError), socket.create_connection(address, TIMEOUT_S) as opened:
            _send_body(opened, is_chunked=bool(nth % 2))


def _send_body(opened: socket.socket, *, is_chunked: bool) -> None:
    opened.sendall(CHUNKED if is_chunked else ANNOUNCED)
    piece = b"%x\r\n%s\r\n" % (len(PIECE), PIECE) if is_chunked else PIECE
    for _ in range(BODY_BYTES // len(PIECE)):
        opened.sendall(piece)


def main(host: str, port: str) -> None:
    address = host, int(port)
    for nth in range(SENDERS):
        threading.Thread(target=send, args=(address, nth), daemon=True).start()
    print("begun", flush=True)
    hold(address)


if __name__ == "__main__":
    main(*sys.argv[1:])
