"""The WSGI application around the API: routes, bodies, safe errors, request ids, measurements.

It runs outside of the workers: health is answered while all of them are busy, and a slow upload
holds none of them.
"""

import time
import uuid
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import structlog
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Request, Response

from services.contracts.problems import Problem
from services.gateway.edge import bodies, problems
from services.gateway.edge.bodies import Grow, Memory
from services.gateway.edge.intake import Call
from services.gateway.edge.measures import REQUESTS, SECONDS
from services.gateway.edge.places import Places
from services.gateway.edge.rates import Rates
from services.gateway.edge.routes import Route, url_map
from services.messaging.failures import is_conflict, is_outage

Serve = Callable[[Call], Response]
_log = structlog.get_logger()


class Edge:
    """`direct` actions are answered here; all others are served by a worker."""

    def __init__(
        self, serve: Serve, direct: Mapping[str, Serve], places: Places, rates: Rates
    ) -> None:
        self._serve, self._direct, self._places, self._rates = serve, direct, places, rates
        self._map, self._memory = url_map(), Memory()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        with self._memory.share() as grow:
            answer: Iterable[bytes] = self._answer(Request(environ), grow)(environ, start_response)
            return answer

    def _answer(self, request: Request, grow: Grow) -> Response:
        started_s = time.monotonic()
        request_id = _request_id(request)
        label, body = "unknown", None
        try:
            route, values = self._match(request)
            label = route.label
            body = bodies.read_body(request, bodies.limit_bytes(route), grow)
            # Deadlines are judged by the end of a request: its beginning proves no intention.
            call = Call(
                request,
                route,
                values.get("id", values.get("ocid")),
                body,
                request_id,
                datetime.now(UTC),
            )
            admitted = self._rates.admitted(request, route)
            with admitted as caller, self._places.held(route, caller):
                response = self._direct.get(route.action, self._serve)(call)
        except Exception as error:
            if body is None:
                _close_unread(request)
            response = self._refusal(error, request, request_id)
        response.headers["X-Request-Id"] = request_id
        response.headers["X-Content-Type-Options"] = "nosniff"
        REQUESTS.labels(_method(request), label, str(response.status_code)).inc()
        SECONDS.labels(label).observe(time.monotonic() - started_s)
        return response

    def _match(self, request: Request) -> tuple[Route, Mapping[str, Any]]:
        try:
            return self._map.bind_to_environ(request.environ).match()
        except MethodNotAllowed as error:
            raise Problem(
                "method_not_allowed", allow=", ".join(sorted(error.valid_methods or ()))
            ) from error
        except (HTTPException, RequestRedirect) as error:
            raise Problem("not_found") from error

    def _refusal(self, error: Exception, request: Request, request_id: str) -> Response:
        """Every failure as a problem; what it was stays in the log."""
        problem = _problem(error)
        if problem.code == "internal":
            _log.error("failed", request_id=request_id, path=request.path, exc_info=error)
        return problems.answer(problem, problems.language_of(request.accept_languages), request_id)


def _problem(error: Exception) -> Problem:
    if isinstance(error, Problem):
        return error
    is_passing = is_outage(error) or is_conflict(error)
    return Problem("unavailable" if is_passing else "internal")


def _close_unread(request: Request) -> None:
    """What is left of the body must not be taken for the next request: end the connection."""
    close = request.environ.get("sails.close_connection")
    if close is not None:  # a server that cannot be told ends it itself
        close()


def _request_id(request: Request) -> str:
    """The caller's own where it is a UUID, so that both sides' logs meet; else a new one."""
    try:
        return str(uuid.UUID(request.headers.get("X-Request-Id", "")))
    except ValueError:
        return str(uuid.uuid4())


def _method(request: Request) -> str:
    """Bounded: anyone may invent methods."""
    return request.method if request.method in ("GET", "HEAD", "POST") else "other"
