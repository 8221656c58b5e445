"""The OpenAPI 3.1 document, from the same declarations as routes and validation."""

from functools import cache
from operator import attrgetter
from typing import Any

from apispec import APISpec
from marshmallow import Schema

from services.contracts.catalogue import MONEY, new_spec, schema_name
from services.contracts.declare import Aggregate, Command, Query
from services.contracts.joining import MEDIA_TYPES
from services.gateway.edge import files, openapi_session
from services.gateway.edge.openapi_answers import refused, responses
from services.gateway.edge.openapi_desk import COUNT
from services.gateway.edge.openapi_parameters import parameters
from services.gateway.edge.openapi_parts import (
    ALWAYS,
    BESIDE_STATE,
    BINARY,
    CURSOR_NEXT,
    FIXED,
    PROBLEM,
    RESULTS,
    SECRET,
    WITH_SECRET,
    Node,
    page_of,
)
from services.gateway.edge.routes import ROUTES, Route
from services.gateway.readmodel.rendering import FEN, JSON

OF_RESOURCES = {
    "list": "List", "count": "Count", "export": "Export as a file", "detail": "Read one of",
}  # fmt: skip
TITLE, VERSION = "Thousand Sails 千帆", "1"


@cache
def document() -> Node:
    """The whole document; it is made once."""
    spec = new_spec(TITLE, VERSION)
    spec.components.security_scheme("key", openapi_session.KEY_SCHEME)
    spec.components.security_scheme("cookie", openapi_session.COOKIE_SCHEME)
    spec.components.schema("Session", openapi_session.SESSION)
    spec.components.schema("Problem", PROBLEM)
    spec.components.response("Problem", refused())
    for route in filter(attrgetter("is_documented"), ROUTES):
        spec.path(path=route.label, operations={route.method.lower(): _operation(spec, route)})
    shown: Node = _shown(spec.to_dict())
    for name, properties in BESIDE_STATE.items():
        shown["components"]["schemas"][name]["properties"] |= properties
    return shown


def _operation(spec: APISpec, route: Route) -> Node:
    summary, answer = _summary(route), _answer(spec, route)
    operation: Node = {
        "operationId": f"{route.method.lower()}{route.label}",
        "summary": summary,
        "tags": [_tag(route)],
        "parameters": parameters(route),
        "responses": responses(route, summary, answer),
        "security": _security(route),
    }
    if route.action in openapi_session.BODIES:
        operation["requestBody"] = _json_body(spec, openapi_session.BODIES[route.action])
    elif route.has_body and (route.target or route.body):
        operation["requestBody"] = _body(spec, route)
    return operation


def _body(spec: APISpec, route: Route) -> Node:
    target: Any = route.target
    if route.takes_file or route.is_file:
        binary = {"schema": {"type": "string", "format": "binary"}}
        media = MEDIA_TYPES if route.is_file else files.DOCUMENTED
        return {"required": True, "content": dict.fromkeys(media, binary)}
    return _json_body(spec, route.body or target.arguments)


def _json_body(spec: APISpec, arguments: type[Schema]) -> Node:
    needed = any(field.required for field in arguments().fields.values())
    return {"required": needed, "content": {JSON: {"schema": _named(spec, arguments)}}}


def _security(route: Route) -> list[Node]:
    """A key or a session with this scope; a session whatever it may; or nothing."""
    if route.by_session:
        return [{"cookie": []}]
    return [{"key": [route.scope]}, {"cookie": [route.scope]}] if route.scope else []


def _summary(route: Route) -> str:
    target = route.target
    if isinstance(target, Aggregate):
        return f"{OF_RESOURCES[route.action]} {target.path.replace('-', ' ')}"
    if isinstance(target, Command | Query):
        return f"{target.verb} {target.aggregate.name}".replace("_", " ")
    return FIXED[route.action][0]


def _tag(route: Route) -> str:
    if isinstance(route.target, Aggregate):
        return route.target.path
    if route.action in openapi_session.FIXED:
        return "session"
    return route.target.aggregate.path if route.target else "platform"


def _answer(spec: APISpec, route: Route) -> Node:
    target = route.target
    if target is None:
        return FIXED[route.action][1]
    if isinstance(target, Command | Query) and target.answer:
        return _named(spec, target.answer)
    if isinstance(target, Command) and target.verb.startswith("import"):
        return RESULTS
    aggregate = target if isinstance(target, Aggregate) else target.aggregate
    state = _named(spec, aggregate.state)
    if target in WITH_SECRET:
        return {"allOf": [state, SECRET]}
    lists = {"list": page_of(state, CURSOR_NEXT), "count": COUNT, "export": BINARY}
    return lists.get(route.action, state)


def _named(spec: APISpec, schema: type[Schema]) -> Node:
    name = schema_name(schema)
    if name not in spec.components.schemas:
        spec.components.schema(name, schema=schema)
    return _reference(name)


def _reference(name: str) -> Node:
    return {"$ref": f"#/components/schemas/{name}"}


def _shown(node: Any) -> Any:
    """As HTTP shows it: what is `amount_fen` inside is money under `amount`."""
    if isinstance(node, list):
        return [_shown(item) for item in node]
    if not isinstance(node, dict):
        return node
    shown = {key: _shown(value) for key, value in node.items()}
    if isinstance(properties := shown.get("properties"), dict):
        shown["properties"] = {
            name.removesuffix(FEN): _money(field) if name.endswith(FEN) else field
            for name, field in properties.items()
        }
    if isinstance(required := shown.get("required"), list):
        is_state = {*ALWAYS, "sequence"} <= set(required)
        shown["required"] = ALWAYS if is_state else [n.removesuffix(FEN) for n in required]
    return shown


def _money(field: Node) -> Node:
    nullable = "null" in field.get("type", ())
    return {**MONEY, "type": ["object", "null"]} if nullable else dict(MONEY)
