"""With which statuses each route answers, and what goes with them."""

from typing import Any

from services.contracts.declare import Command, Query
from services.contracts.webhook import ReplayWebhookCommand
from services.gateway.edge import problems
from services.gateway.edge.openapi_parts import MEDIA
from services.gateway.edge.openapi_session import SET_COOKIE, SETTING
from services.gateway.edge.places import OWN
from services.gateway.edge.rates import UNCOUNTED
from services.gateway.edge.routes import Route
from services.gateway.readmodel.rendering import JSON

Node = dict[str, Any]

TAG: Node = {
    "ETag": {"description": "The version of the resource", "schema": {"type": "string"}},
}
PLACE: Node = {
    "Location": {"description": "Where the new resource is", "schema": {"type": "string"}},
}
# Of who signs in, or is signed in.
REFUSED: dict[str, set[int]] = {
    "sign_in": {401, 403, 406, 422, 503},
    "activate": {403, 406, 409, 422, 503},
    "join": {403, 406, 409, 422, 503},
    "oidc_offer": {406, 422},
    "oidc": {404, 406, 422, 503},
    "oidc_callback": {404, 406, 503},
    "oidc_connect": {401, 403, 404, 406, 422, 503},
    "oidc_disconnect": {401, 403, 406, 422, 503},
    "session": {401, 406, 422, 503},
    "sign_out": {401, 403, 406, 422, 503},
    "password": {401, 403, 406, 422, 503},
}
# Whoever holds the answer need not get it again.
REDIRECTS = frozenset({"oidc", "oidc_callback"})  # of a browser
GONE_TO: Node = {
    "Location": {"description": "Where the browser goes on", "schema": {"type": "string"}},
}
HELD = frozenset(
    {"detail", "kinds", "capabilities", "places", "words", "ocds_releases", "ocds_release"}
)
OPEN_DATA = frozenset({"ocds_releases", "ocds_release"})  # read by everybody, from the database


def responses(route: Route, summary: str, answer: Node) -> Node:
    """Each status of the route. `default` is for what no caller can bring about."""
    good: Node = {
        "description": summary,
        "content": {media: {"schema": answer} for media in MEDIA.get(route.action, (JSON,))},
        "headers": _headers(route),
    }
    if route.action in REDIRECTS:
        good = {"description": summary, "headers": GONE_TO | SET_COOKIE}
    found = {_success(route): good}
    if route.action in HELD:
        found["304"] = {"description": "The caller holds this version", "headers": TAG}
    if route.action == "ready":
        found["503"] = good | {"description": "The process should get no requests"}
    refused = {"$ref": "#/components/responses/Problem"}
    return found | {str(status): refused for status in _refusals(route)} | {"default": refused}


def refused() -> Node:
    """How every refusal looks."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        "description": "A problem (RFC 9457)",
        "content": {problems.MEDIA_TYPE: {"schema": schema}},
    }


def _success(route: Route) -> str:
    is_new = isinstance(route.target, Command) and route.target.verb == "create"
    if route.action in REDIRECTS:
        return "302"
    return "201" if is_new else "200"


def _headers(route: Route) -> Node:
    if _success(route) == "201":
        return TAG | PLACE
    if route.action in SETTING:
        return SET_COOKIE
    target = route.target
    is_one = isinstance(target, Command) and not (target.answer or target.verb.startswith("import"))
    return TAG if is_one or route.action in HELD else {}


def _refusals(route: Route) -> list[int]:
    """400 stands for a request that is none, 422 for one that says something impossible."""
    found = {400, 413, 414, 431} | ({429} if route.action not in UNCOUNTED else set())
    if route.scope is not None:
        found |= {401, 403, 406, 422, 503}
    if route.action in REFUSED:
        found |= REFUSED[route.action]
    if route.action in ("feed", "stream", "mark_read") or route.target is ReplayWebhookCommand:
        found.add(410)
    if route.action in OPEN_DATA:
        found |= {422, 503}
    if "{" in route.label or route.action in ("portfolio", "portfolio_export"):
        found.add(404)
    if isinstance(route.target, Command | Query):
        found |= {404}
        found |= {504} if route.target.service != OWN else set()
    if isinstance(route.target, Command):
        found |= {409} | ({412, 428} if route.target.versioned else set())
    if route.action == "prefer":
        found.add(409)
    return sorted(found | ({415} if route.has_body else set()))
