"""The HTTP server: eventlet's, with the bounds that nameko's own leaves out."""

import time
from typing import Any

import eventlet
import structlog
from eventlet import wsgi

from services.gateway.edge import direct
from services.gateway.edge.application import Edge
from services.messaging.worker import WorkerEntrypoint

# A client that sends or takes nothing for so long is gone; it bounds slow headers and bodies.
SOCKET_TIMEOUT_S = 10.0
KEEP_ALIVE_S = 65.0  # longer than proxies keep theirs, so that they are never cut off by us
MAX_CONNECTIONS = 2_000  # per process; the next ones wait in the backlog
BACKLOG = 512
DRAIN_NOTICE_S = 0.5  # readiness is red and requests are still taken: balancers look elsewhere
DRAIN_S = 10.0  # for requests under way; a command's own time-out is 8 s
POLL_S = 0.05
ACCEPT_PAUSE_S = 0.1  # out of descriptors: some are given back soon

_log = structlog.get_logger()


class Protocol(wsgi.HttpProtocol):
    """One connection."""

    def get_environ(self) -> dict[str, Any]:
        """What the application is given; with a way to end the connection after its answer."""
        environ: dict[str, Any] = super().get_environ()
        environ["sails.close_connection"] = self._close
        if self.server.is_draining:
            self._close()
        return environ

    def _close(self) -> None:
        self.close_connection = 1


class WsgiServer(wsgi.Server):
    """All connections of one socket."""

    is_draining = False

    def process_request(self, conn_state: list[Any]) -> None:
        """One broken connection must not end the process."""
        try:
            super().process_request(conn_state)
        except Exception as error:
            _log.info("connection ended", error=type(error).__name__)


class HttpServer(WorkerEntrypoint):
    """Runs the service's method for each call, in a worker; see `Edge` for what comes before."""

    def setup(self) -> None:
        settings = self.container.config["SETTINGS"]
        self._address = (settings.http_host, settings.http_port)
        self._connections = eventlet.GreenPool(MAX_CONNECTIONS)

    def start(self) -> None:
        self._socket = eventlet.listen(self._address, backlog=BACKLOG)
        self._wsgi = WsgiServer(
            self._socket,
            self._socket.getsockname(),
            Edge(self.call, direct.actions(self.reasons)),
            protocol=Protocol,
            keepalive=KEEP_ALIVE_S,
            socket_timeout=SOCKET_TIMEOUT_S,
            log_output=False,
            debug=False,
        )
        self._accepting = eventlet.spawn(self._accept)
        _log.info("serving", address=":".join(map(str, self._address)))

    def stop(self) -> None:
        """Say so, stop accepting, finish what was begun."""
        self._wsgi.is_draining = True
        eventlet.sleep(DRAIN_NOTICE_S)
        self._accepting.kill()
        self._socket.close()
        until_s = time.monotonic() + DRAIN_S
        while self._wsgi.outstanding_requests and time.monotonic() < until_s:
            eventlet.sleep(POLL_S)

    @property
    def is_draining(self) -> bool:
        """Whether open streams should end."""
        return bool(self._wsgi.is_draining)

    def reasons(self) -> list[str]:
        """Why this process should get no requests."""
        found = ["draining"] if self.is_draining else []
        probes = [
            each.not_ready for each in self.container.extensions if hasattr(each, "not_ready")
        ]
        return found + [reason for probe in probes if (reason := probe())]

    def _accept(self) -> None:
        while True:
            try:
                accepted, address = self._socket.accept()
            except OSError as error:
                _log.warning("not accepted", error=str(error))
                eventlet.sleep(ACCEPT_PAUSE_S)
                continue
            accepted.settimeout(SOCKET_TIMEOUT_S)
            state = [address, accepted, wsgi.STATE_IDLE]
            self._connections.spawn_n(self._wsgi.process_request, state)


http_server = HttpServer.decorator
