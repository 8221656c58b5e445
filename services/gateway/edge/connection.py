"""One connection: eventlet's protocol, with the bounds and refusals that it leaves out."""

import socket
import uuid
from contextlib import AbstractContextManager, ExitStack, suppress
from functools import partial
from http import HTTPStatus
from typing import Any

import eventlet
from eventlet import patcher, wsgi
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from services.contracts.problems import Problem
from services.gateway.edge import framing, problems
from services.gateway.edge.guests import Guest
from services.gateway.edge.wire import Body

# From the first byte of a request to the end of its headers; and for the very first to come.
HEAD_S = 10.0
OLD = "HTTP/1.0"
# After a refusal so much is still taken, so that who is in the middle of a sentence can hear it.
LINGER_S, LINGER_BYTES = 2.0, 4 * 1024 * 1024
_RUBBISH = bytearray(256 * 1024)  # what nobody will read, of all connections

_select = patcher.original("select")  # eventlet takes `poll` away; it waits for nothing here


class Protocol(wsgi.HttpProtocol):
    """One connection."""

    rfile: Any  # while a head is read, its lines
    path: str

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
        self._head = self.rfile = framing.Head(self.rfile)  # eventlet puts its own back
        try:
            is_parsed = super().parse_request()
        except (wsgi.HeaderLineTooLong, wsgi.HeadersTooLarge):
            self._refuse(Problem("headers_too_large"))
            return False
        self._waiting.close()  # now it is for us to say something
        if is_parsed and (problem := self._fault()):
            self._refuse(problem)
            return False
        if is_parsed:
            self.path = framing.origin_form(self.path)
        return bool(is_parsed)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What is not even HTTP gets a problem as well, and nothing of it is repeated."""
        is_too_much = code == HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE  # too many, to Python
        self._refuse(Problem("headers_too_large" if is_too_much else "request_malformed"))

    def get_environ(self) -> dict[str, Any]:
        """What the application is given; with ways to end the connection and to see its end."""
        environ: dict[str, Any] = super().get_environ()
        awaiting = partial(self.server.guests.awaiting, self.conn_state)
        body = Body.of(environ["eventlet.input"], awaiting)
        environ["wsgi.input"] = environ["eventlet.input"] = body
        environ["sails.close_connection"] = self._close_unread
        environ["sails.has_gone"] = self._has_gone
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
        line = self._read_line()
        if line in framing.END:  # one that older clients send after a body (RFC 9112 § 2.2)
            line = self._read_line()
        if len(line) < self.server.url_length_limit:
            return line
        self._refuse(Problem("address_too_long"))
        return b""

    def _read_line(self) -> bytes:
        return super()._read_request_line() or b""

    def _is_asked(self) -> bool:
        is_known = self.conn_state.was_answered
        self.connection.settimeout(self.server.keepalive if is_known else HEAD_S)
        try:
            return bool(self.rfile.peek(1))
        except OSError:
            return False

    def _fault(self) -> Problem | None:
        if not (framing.is_request(self.raw_requestline) and self._head.is_plain):
            return Problem("request_malformed")
        hosts, encodings, lengths = (
            self.headers.get_all(name, [])
            for name in ("Host", "Transfer-Encoding", "Content-Length")
        )
        is_old = self.request_version == OLD
        name = framing.fault(encodings, lengths, is_old=is_old)
        if not framing.is_of_one_host(hosts, is_old=is_old):
            name = "Host"
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

    def _has_gone(self) -> bool:
        """Whether the client has closed the connection, whatever of it is still to be read.

        Who only says that it has no more to say is taken for gone too, as proxies do.
        """
        try:
            poll = _select.poll()
            poll.register(self.connection, _select.POLLRDHUP)
            return bool(poll.poll(0))
        except (OSError, ValueError):  # closed by us
            return True

    def _close(self) -> None:
        self.close_connection = 1

    def _close_unread(self) -> None:
        self._close()
        self._is_unread = True


def _within(timeout_s: float, what: str) -> AbstractContextManager[object]:
    bounded: AbstractContextManager[object] = eventlet.Timeout(timeout_s, TimeoutError(what))
    return bounded
