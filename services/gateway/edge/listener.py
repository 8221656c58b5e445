"""The connections of a listening socket: eventlet's server, in which all have bounded room."""

import time
from collections.abc import Callable
from typing import Any

import eventlet
import structlog
from eventlet import wsgi

from services.gateway.edge.connection import Protocol
from services.gateway.edge.guests import Guest, Guests
from services.gateway.edge.rates import Buckets
from services.settings import Rate

SOCKET_TIMEOUT_S = 10.0  # a client that sends or takes nothing for so long is gone
KEEP_ALIVE_S = 65.0  # longer than proxies keep theirs, so that they are never cut off by us
ACCEPT_PAUSE_S = 0.1  # no place, or no descriptor: some are given back soon
# So often a refusal is lingered over for one address: the 4 MB then taken cost a millisecond.
LINGERING = Rate(5, 50)

_log = structlog.get_logger()


class WsgiServer(wsgi.Server):
    """All connections of one listening socket."""

    is_draining = False

    def __init__(
        self, listening: Any, application: Callable[..., Any], guests: Guests | None = None
    ) -> None:
        super().__init__(
            listening,
            listening.getsockname(),
            application,
            protocol=Protocol,
            keepalive=KEEP_ALIVE_S,
            socket_timeout=SOCKET_TIMEOUT_S,
            log_output=False,
            debug=False,
        )
        self.guests, self.lingering = guests or Guests(), Buckets(LINGERING)

    def accept_on(self) -> None:
        """Until the socket is closed and the greenlet killed."""
        while True:
            if self.guests.is_full:
                eventlet.sleep(ACCEPT_PAUSE_S)  # the next ones wait in the backlog
                continue
            try:
                accepted, address = self.socket.accept()
            except OSError as error:
                _log.warning("not accepted", error=str(error))
                eventlet.sleep(ACCEPT_PAUSE_S)
                continue
            accepted.settimeout(SOCKET_TIMEOUT_S)
            guest = Guest(address, accepted)
            if self.guests.let_in(guest):
                eventlet.spawn_n(self.process_request, guest)
            else:
                accepted.close()

    def process_request(self, conn_state: Guest) -> None:
        """One broken connection must not end the process."""
        try:
            super().process_request(conn_state)
        except Exception as error:
            _log.info("connection ended", error=type(error).__name__)
        finally:
            self.guests.leave(conn_state)

    def drain(self, timeout_s: float, poll_s: float) -> None:
        """Wait for the requests under way."""
        until_s = time.monotonic() + timeout_s
        while self.outstanding_requests and time.monotonic() < until_s:
            eventlet.sleep(poll_s)
