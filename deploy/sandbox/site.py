"""The HTTP side of every sandbox: webhooks in, health, behaviour by remote control."""

import json
import logging
import signal
import sys
from collections.abc import Callable
from typing import Any

from standardwebhooks.webhooks import Webhook, WebhookVerificationError
from werkzeug.exceptions import BadRequest, HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from deploy.sandbox.behaviour import Behaviour, Behaviours
from deploy.sandbox.follower import Follower
from deploy.sandbox.settings import Settings
from services.client import NoAnswer, Refused

BODY_LIMIT_BYTES = 1_000_000  # a webhook is a few kilobytes

Answer = tuple[int, dict[str, Any]]
Handler = Callable[..., Answer]

log = logging.getLogger(__name__)


class Site:
    """A WSGI application: the shared routes, and those of the sandbox itself."""

    def __init__(
        self,
        settings: Settings,
        follower: Follower,
        behaviours: Behaviours,
        routes: dict[str, Handler],
    ) -> None:
        """`routes`: "GET /things/<id>" to what answers it with (status, document)."""
        self.settings, self.follower, self.behaviours = settings, follower, behaviours
        shared: dict[str, Handler] = {
            "POST /webhooks": self._webhook,
            "GET /sandbox/behaviour": self._show_behaviour,
            "POST /sandbox/behaviour": self._set_behaviour,
            "DELETE /sandbox/behaviour": self._clear_behaviour,
            "GET /healthz": lambda request: (200, {"name": settings.name}),
            "GET /readyz": self._ready,
        }
        self._map = Map([_rule(route, handler) for route, handler in (shared | routes).items()])

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        request = Request(environ)
        request.max_content_length = BODY_LIMIT_BYTES
        try:
            handler, arguments = self._map.bind_to_environ(environ).match()
            status, document = handler(request, **arguments)
        except HTTPException as refused:
            status, document = refused.code or 500, {"detail": refused.description}
        except (ValueError, KeyError, TypeError) as wrong:  # what is in the body is not usable
            status, document = 422, {"detail": f"{type(wrong).__name__}: {wrong}"}
        except (Refused, NoAnswer) as unwilling:
            status, document = 502, {"detail": str(unwilling)}
        text = json.dumps(document, ensure_ascii=False)
        return Response(text, status, mimetype="application/json")(environ, start_response)

    def serve(self) -> None:
        """Answer requests and follow the feed until SIGTERM or SIGINT."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: sys.exit(0))
        server = make_server(self.settings.host, self.settings.port, self, threaded=True)
        self.follower.start()
        try:
            server.serve_forever()
        finally:
            self.follower.stop()
            server.server_close()

    def _webhook(self, request: Request) -> Answer:
        """Only its signature counts: the fact itself is pulled from the feed, in order."""
        try:
            Webhook(self.settings.webhook_secret).verify(request.get_data(), dict(request.headers))
        except WebhookVerificationError as forged:
            log.warning("a webhook without a valid signature: %s", forged)
            return 401, {"detail": str(forged)}
        self.follower.wake()
        return 200, {}

    def _show_behaviour(self, request: Request) -> Answer:
        return 200, self.behaviours.to_json()

    def _set_behaviour(self, request: Request) -> Answer:
        order = body_of(request)
        self.behaviours.set(str(order.get("operation")), Behaviour.from_json(order))
        return self._show_behaviour(request)

    def _clear_behaviour(self, request: Request) -> Answer:
        self.behaviours.clear()
        return self._show_behaviour(request)

    def _ready(self, request: Request) -> Answer:
        fresh = self.follower.is_fresh
        return (200 if fresh else 503), {"name": self.settings.name, "feed_reached": fresh}


def body_of(request: Request) -> dict[str, Any]:
    """The request's JSON object. Raises BadRequest for anything else."""
    try:
        document = json.loads(request.get_data())
    except ValueError as malformed:
        raise BadRequest("The body is not JSON.") from malformed
    if not isinstance(document, dict):
        raise BadRequest("The body is not a JSON object.")
    return document


def _rule(route: str, handler: Handler) -> Rule:
    method, path = route.split()
    return Rule(path, methods=[method], endpoint=handler)
