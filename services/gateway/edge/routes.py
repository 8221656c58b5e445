"""The table of all routes, derived from the contract: nothing else decides what the API offers."""

from dataclasses import dataclass
from typing import Any

from werkzeug.routing import Map, Rule

from services.contracts.declare import Aggregate, Command, Query
from services.contracts.fields import Arguments
from services.contracts.personal import MarkRead, SetPreference
from services.contracts.registry import AGGREGATES, COMMANDS, QUERIES
from services.contracts.roles import AUDIT, PROGRAMME, READ
from services.gateway.readmodel import rendering
from services.gateway.sheets.columns import COLUMNS

API = rendering.API
# Those that answer with a file of rows.
EXPORTS = frozenset({"export", "steps_export", "dashboard_export", "audit_export"})
SINGLETONS = frozenset({"clock"})  # no list, no ids: there is one


@dataclass(frozen=True, eq=False)  # the table has each route once: it is itself
class Route:
    """One method on one path. `action` names what the API does; `target` is what it is about.

    `scope` is what the key must carry; None: open to everyone, without a key. `by_session`: only
    for who is signed in, whatever the duties. What is not `is_documented` is for browsers and no
    part of the API. `body` is what one takes that is about nothing in the contract.
    """

    method: str
    path: str
    action: str
    scope: str | None
    target: Command | Query | Aggregate | None = None
    is_documented: bool = True
    by_session: bool = False
    body: type[Arguments] | None = None

    @property
    def label(self) -> str:
        """The path with its parameters unfilled, for metrics and documents."""
        return self.path.replace("<", "{").replace(">", "}")

    @property
    def takes_file(self) -> bool:
        """Whether its body is a file of rows."""
        return isinstance(self.target, Command) and self.target.from_file

    @property
    def is_file(self) -> bool:
        """Whether its body is one small file, kept as it is."""
        return isinstance(self.target, Command) and self.target.is_file

    @property
    def is_open(self) -> bool:
        """Whether nobody need say who they are."""
        return self.scope is None and not self.by_session

    @property
    def has_body(self) -> bool:
        return self.method == "POST"


def _command(command: Command) -> Route:
    return Route("POST", _path(command.path), "command", command.scope, command)


def _query(query: Query) -> Route:
    method = "GET" if query.of_one else "POST"
    return Route(method, _path(query.path), "query", query.scope, query)


def _resources(aggregate: Aggregate) -> tuple[Route, ...]:
    if aggregate.name in SINGLETONS:
        return ()
    path = _path(f"/{aggregate.path}")
    export = Route("GET", f"{path}/export", "export", READ, aggregate)
    return (
        Route("GET", path, "list", READ, aggregate),
        Route("GET", f"{path}/<id>", "detail", READ, aggregate),
        Route("GET", f"{path}/count", "count", READ, aggregate),
        *([export] if aggregate.name in COLUMNS else ()),
    )


def _page(path: str, action: str) -> Route:
    return Route("GET", path, action, None, is_documented=False)


def _path(template: str) -> str:
    return API + template.replace("{id}", "<id>")


ROUTES: tuple[Route, ...] = (
    Route("GET", "/healthz", "health", None),
    Route("GET", "/readyz", "ready", None),
    Route("GET", "/metrics", "metrics", "metrics:read"),
    Route("GET", "/portal", "to_portal", None, is_documented=False),
    Route("GET", "/portal/", "portal", None, is_documented=False),
    Route("GET", "/portal/<path:file>", "portal", None, is_documented=False),
    Route("GET", "/api/openapi.json", "openapi", None),
    Route("GET", "/api/docs", "docs", None),
    _page("/", "home"),
    _page("/hall", "hall"),
    _page("/hall/<id>", "hall_demand"),
    _page("/suppliers", "suppliers"),
    _page("/suppliers/<id>", "supplier"),
    _page("/statistics", "statistics"),
    Route("GET", f"{API}/kinds", "kinds", None),
    Route("GET", f"{API}/ocds/releases", "ocds_releases", None),
    Route("GET", f"{API}/ocds/releases/<ocid>", "ocds_release", None),
    Route("GET", f"{API}/words", "words", None),
    Route("GET", f"{API}/capabilities", "capabilities", None),
    Route("GET", f"{API}/places", "places", None),
    Route("GET", f"{API}/clock", "clock", READ),
    Route("GET", f"{API}/feed", "feed", READ),
    Route("GET", f"{API}/stream", "stream", READ),
    Route("GET", f"{API}/threads/<id>/timeline", "timeline", READ),
    Route("GET", f"{API}/steps", "steps", READ),
    Route("GET", f"{API}/steps/summary", "steps_summary", READ),
    Route("GET", f"{API}/steps/export", "steps_export", READ),
    Route("GET", f"{API}/portfolio", "portfolio", READ),
    Route("GET", f"{API}/portfolio/export", "portfolio_export", READ),
    Route("GET", f"{API}/imports/template", "template", READ),
    Route("POST", f"{API}/session", "sign_in", None),
    Route("POST", f"{API}/session/activate", "activate", None),
    Route("POST", f"{API}/session/join", "join", None),
    Route("GET", f"{API}/session/oidc", "oidc", None),
    Route("GET", f"{API}/session/oidc/callback", "oidc_callback", None),
    Route("GET", f"{API}/session/oidc/offer", "oidc_offer", None),
    Route("POST", f"{API}/session/oidc/connect", "oidc_connect", None, by_session=True),
    Route("POST", f"{API}/session/oidc/disconnect", "oidc_disconnect", None, by_session=True),
    Route("GET", f"{API}/session", "session", None, by_session=True),
    Route("POST", f"{API}/session/end", "sign_out", None, by_session=True),
    Route("POST", f"{API}/session/password", "password", None, by_session=True),
    Route("GET", f"{API}/documents/<id>/content", "content", READ),
    Route("GET", f"{API}/notifications", "notifications", READ),
    Route("GET", f"{API}/notifications/unread", "unread", READ),
    Route("POST", f"{API}/notifications/read", "mark_read", READ, body=MarkRead),
    Route("GET", f"{API}/preferences", "preferences", READ),
    Route("POST", f"{API}/preferences", "prefer", READ, body=SetPreference),
    Route("GET", f"{API}/programme/dashboard", "dashboard", PROGRAMME),
    Route("GET", f"{API}/programme/dashboard/export", "dashboard_export", PROGRAMME),
    Route("GET", f"{API}/audit", "audit", AUDIT),
    Route("GET", f"{API}/audit/export", "audit_export", AUDIT),
    *(route for aggregate in AGGREGATES.values() for route in _resources(aggregate)),
    *map(_command, COMMANDS.values()),
    *map(_query, QUERIES.values()),
)


def url_map() -> Map:
    """What matches a request to its Route; fixed words win over `<id>`."""
    rules: list[Any] = [
        Rule(route.path, endpoint=route, methods=[route.method]) for route in ROUTES
    ]
    return Map(rules, strict_slashes=True, merge_slashes=False, redirect_defaults=False)
