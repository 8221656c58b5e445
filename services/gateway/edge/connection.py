"""Connections: eventlet's server, with the bounds and refusals that it leaves out."""

import socket
import time
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, suppress
from functools import partial
from typing import Any

import eventlet
import structlog
from eventlet import wsgi
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from services.contracts.problems import Problem
from services.gateway.edge import framing, problems
from services.gateway.edge.guests import Guest, Guests
from services.gateway.edge.rates import Buckets
from services.gateway.edge.wire import Body
from services.settings import Rate

SOCKET_TIMEOUT_S = 10.0  # a client that sends or takes nothing for so long is gone
# From the first byte of a request to the end of its headers; and for the very first to come.
HEAD_S = 10.0
KEEP_ALIVE_S = 65.0  # longer than proxies keep theirs, so that they are never cut off by us
ACCEPT_PAUSE_S = 0.1  # no place, or no descriptor: some are given back soon
# After a refusal so much is still taken, so that who is in the middle of a sentence can hear it;
# by one address only so often: 4 MB cost a millisecond.
LINGER_S, LINGER_BYTES = 2.0, 4 * 1024 * 1024
LINGERING = Rate(5, 50)
_RUBBISH = bytearray(256 * 1024)  # what nobody will read, of all connections

_log = structlog.get_logger()


class Protocol(wsgi.HttpProtocol):
    """One connection."""

    def handle_one_request(self) -> None:
        """Idle connections are kept for long; one that has begun a request must get on with it."""
        guest: Guest = self.conn_state
        self._waiting = ExitStack()
        with self._waiting:
            self._waiting.enter_context(self.server.guests.awaiting(guest))
            guest.has_begun = self._is_asked()
            if not guest.has_begun:
                self._close()
                return
            self._waiting.enter_context(_within(HEAD_S, "headers too slow"))
            super().handle_one_request()
        guest.has_begun, guest.was_answered = False, True

    def parse_request(self) -> bool:
        """Whether there is a request to answer. One of doubtful length ends the connection."""
        try:
            is_parsed = super().parse_request()
        except (wsgi.HeaderLineTooLong, wsgi.HeadersTooLarge):
            self._refuse(Problem("headers_too_large"))
            return False
        self._waiting.close()  # now it is for us to say something
        if is_parsed and (problem := self._fault()):
            self._refuse(problem)
            return False
        return bool(is_parsed)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What is not even HTTP gets a problem as well, and nothing of it is repeated."""
        self._refuse(Problem("request_malformed"))

    def get_environ(self) -> dict[str, Any]:
        """What the application is given; with a way to end the connection after its answer."""
        environ: dict[str, Any] = super().get_environ()
        awaiting = partial(self.server.guests.awaiting, self.conn_state)
        body = Body.of(environ["eventlet.input"], awaiting)
        environ["wsgi.input"] = environ["eventlet.input"] = body
        environ["sails.close_connection"] = self._close_unread
        if self.server.is_draining:
            self._close()
        return environ

    def handle_one_response(self) -> None:
        """The answer, also to who is still talking."""
        self._is_unread = False
        super().handle_one_response()
        if self._is_unread:
            self._linger()

    def _read_request_line(self) -> bytes:
        line: bytes = super()._read_request_line() or b""
        if len(line) < self.server.url_length_limit:
            return line
        self._refuse(Problem("address_too_long"))
        return b""

    def _is_asked(self) -> bool:
        is_known = self.conn_state.was_answered
        self.connection.settimeout(self.server.keepalive if is_known else HEAD_S)
        try:
            return bool(self.rfile.peek(1))
        except OSError:
            return False

    def _fault(self) -> Problem | None:
        headers = self.headers
        if framing.is_cut_short(headers):
            return Problem("request_malformed")
        encodings, lengths = (
            headers.get_all(name, []) for name in ("Transfer-Encoding", "Content-Length")
        )
        name = framing.fault(encodings, lengths)
        return Problem("header_invalid", name=name) if name else None

    def _refuse(self, problem: Problem) -> None:
        self._close()
        spoken = getattr(self, "headers", {}).get("Accept-Language", "")
        language = problems.language_of(parse_accept_header(spoken, LanguageAccept))
        request_id = str(uuid.uuid4())
        answer = problems.answer(problem, language, request_id)
        answer.headers.update({"X-Request-Id": request_id, "Connection": "close"})
        head = f"HTTP/1.1 {answer.status}\r\n{answer.headers}"
        self.wfile.write(head.encode("latin-1") + answer.get_data())
        self._linger()

    def _linger(self) -> None:
        """Ending at once would take the answer away from who is still sending."""
        self.wfile.flush()
        guest = self.conn_state
        if self.server.lingering.take(guest.site):
            return
        due = _within(LINGER_S, "still talking")
        with suppress(OSError), self.server.guests.awaiting(guest), due:
            self.connection.shutdown(socket.SHUT_WR)
            room = LINGER_BYTES
            while room > 0 and (size := self.connection.recv_into(_RUBBISH)):
                room -= size

    def _close(self) -> None:
        self.close_connection = 1

    def _close_unread(self) -> None:
        self._close()
        self._is_unread = True


def _within(timeout_s: float, what: str) -> AbstractContextManager[object]:
    bounded: AbstractContextManager[object] = eventlet.Timeout(timeout_s, TimeoutError(what))
    return bounded


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
