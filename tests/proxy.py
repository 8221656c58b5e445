"""A wire that can be cut, frozen and mended, in front of a real server."""

import contextlib
import selectors
import socket
import threading


class Wire:
    """Forwards a loopback port to a server.

    `cut`: connections are reset and new ones refused, as when the server is killed. `freeze`:
    connections stay and nothing passes, as when it is stopped in its tracks. `part`: one side takes
    them for lost, as when a router between them forgot.
    """

    def __init__(self, port: int, window_bytes: int | None = None) -> None:
        """`window_bytes`: how much may be on its way from the near side; the system's own, much."""
        self._target = port
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._kept: list[socket.socket] = []
        self._flowing = threading.Event()
        self._flowing.set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        if window_bytes is not None:
            self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window_bytes)
        self._accept()

    def cut(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits in accept
        self._listener.close()
        for pair in self._pairs:
            for end in pair:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
        self._pairs.clear()

    def mend(self) -> None:
        """After `cut`: listen on the same port again."""
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self._accept()

    def part(self) -> None:
        """The near side loses its connections, the far side still believes in them."""
        self._kept += [far.dup() for _, far in self._pairs]
        for near, _ in self._pairs:
            with contextlib.suppress(OSError):
                near.shutdown(socket.SHUT_RDWR)
        self._pairs.clear()

    def freeze(self) -> None:
        self._flowing.clear()

    def thaw(self) -> None:
        self._flowing.set()

    def close(self) -> None:
        self.thaw()
        self.cut()
        for far in self._kept:
            far.close()

    def _accept(self) -> None:
        threading.Thread(target=self._serve, args=(self._listener,), daemon=True).start()

    def _serve(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = listener.accept()
                far = socket.create_connection(("127.0.0.1", self._target))
                self._pairs.append((near, far))
                threading.Thread(target=self._forward, args=(near, far), daemon=True).start()

    def _forward(self, near: socket.socket, far: socket.socket) -> None:
        ends = selectors.DefaultSelector()
        ends.register(near, selectors.EVENT_READ, far)
        ends.register(far, selectors.EVENT_READ, near)
        with contextlib.suppress(OSError), near, far:
            while True:
                for ready, _ in ends.select():
                    data = ready.fileobj.recv(65536)  # type: ignore[union-attr]
                    self._flowing.wait()
                    if not data:
                        return
                    ready.data.sendall(data)
