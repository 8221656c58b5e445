"""Routes, documents and texts follow from the contract, all of them."""

import json
import re
from typing import Any

import pytest
from werkzeug.exceptions import MethodNotAllowed

from services.contracts.problems import CODES, Problem, field_messages
from services.contracts.registry import AGGREGATES, COMMANDS, QUERIES
from services.contracts.roles import SCOPES
from services.gateway.commands import HANDLERS
from services.gateway.edge import docs, openapi, problems
from services.gateway.edge.routes import ROUTES, SINGLETONS, url_map

ADAPTER = url_map().bind("localhost")
DOCUMENTED = [route for route in ROUTES if route.is_documented]
PORTAL = {"/portal", "/portal/", "/portal/<path:file>"}
PAGES = {"/", "/hall", "/hall/<id>", "/suppliers", "/suppliers/<id>", "/statistics"}
ID = "0198c5f0-0000-7000-8000-00000000000e"


def test_every_command_and_query_has_its_route() -> None:
    targets = [route.target for route in ROUTES if route.action in ("command", "query")]
    assert len(targets) == len(COMMANDS) + len(QUERIES)
    for declared in (*COMMANDS.values(), *QUERIES.values()):
        assert declared in targets


def test_every_aggregate_can_be_read() -> None:
    kinds = [route.target.name for route in ROUTES if route.action == "detail"]
    assert sorted(kinds) == sorted(set(AGGREGATES) - SINGLETONS)


def test_no_two_routes_collide() -> None:
    assert len({(route.method, route.path) for route in ROUTES}) == len(ROUTES)
    for route in ROUTES:
        path = route.path.replace("<id>", ID).replace("<path:file>", "assets/index.js")
        path = path.replace("<ocid>", "ocds-qf0000-QF-D-2026-000001")
        assert ADAPTER.match(path, method=route.method)[0] is route


def test_scopes_are_known_and_only_the_open_routes_have_none() -> None:
    assert {route.scope for route in ROUTES} - {None} <= SCOPES
    assert {route.label for route in DOCUMENTED if route.is_open} == {
        "/healthz", "/readyz", "/api/openapi.json", "/api/docs", "/api/v1/kinds",
        "/api/v1/capabilities",
        "/api/v1/places",
        "/api/v1/ocds/releases", "/api/v1/ocds/releases/{ocid}",
        "/api/v1/session", "/api/v1/session/activate", "/api/v1/session/join",
        "/api/v1/session/oidc", "/api/v1/session/oidc/callback", "/api/v1/session/oidc/offer",
        "/api/v1/words",
    }  # fmt: skip
    assert {(route.method, route.label) for route in ROUTES if route.by_session} == {
        ("GET", "/api/v1/session"), ("POST", "/api/v1/session/end"),
        ("POST", "/api/v1/session/password"), ("POST", "/api/v1/session/oidc/connect"),
        ("POST", "/api/v1/session/oidc/disconnect"),
    }  # fmt: skip


def test_only_pages_for_browsers_are_no_part_of_the_document() -> None:
    assert {route.path for route in ROUTES if not route.is_documented} == PAGES | PORTAL
    assert {route.method for route in ROUTES if not route.is_documented} == {"GET"}


def test_a_wrong_method_is_told_the_right_ones() -> None:
    with pytest.raises(MethodNotAllowed) as caught:
        ADAPTER.match("/api/v1/feed", method="DELETE")
    assert set(caught.value.valid_methods or ()) == {"GET", "HEAD"}


def test_the_gateway_carries_out_all_of_its_own_commands() -> None:
    own = {name for name, command in COMMANDS.items() if command.aggregate.service == "gateway"}
    assert set(HANDLERS) == own


def test_the_openapi_document_has_every_route_and_no_loose_end() -> None:
    document = openapi.document()
    described = {
        (method.upper(), path) for path, ways in document["paths"].items() for method in ways
    }
    assert described == {(route.method, route.label) for route in DOCUMENTED}
    names = set(document["components"]["schemas"])
    referred = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(document)))
    assert document["openapi"] == "3.1.0" and referred <= names


def test_the_openapi_document_says_what_a_client_must_know() -> None:
    paths = openapi.document()["paths"]
    asked = {
        (path, parameter["name"]): parameter["schema"]
        for path in paths
        for parameter in paths[path].get("get", {}).get("parameters", ())
    }
    assert asked["/api/v1/demands", "limit"]["maximum"] == 200
    assert asked["/api/v1/feed", "after"]["minimum"] == 0
    assert "Last-Event-ID" in {name for path, name in asked if path == "/api/v1/stream"}
    assert "304" in paths["/api/v1/demands/{id}"]["get"]["responses"]
    feed, clock = (
        paths[f"/api/v1/{name}"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        for name in ("feed", "clock")
    )
    assert feed["required"] == ["items", "next"]
    assert {"now", "today", "offset_s"} <= set(clock["properties"])


def test_the_openapi_document_shows_money_and_never_fen() -> None:
    document = openapi.document()
    assert not [
        name
        for schema in document["components"]["schemas"].values()
        for name in schema.get("properties", {})
        if name.endswith("_fen")
    ]
    price = document["components"]["schemas"]["SealQuote"]["properties"]["price"]
    assert price["properties"]["amount"]["type"] == "string"


def test_operations_are_named_once() -> None:
    ways = [way for path in openapi.document()["paths"].values() for way in path.values()]
    assert len({way["operationId"] for way in ways}) == len(ways)


def test_the_human_page_needs_nothing_from_elsewhere() -> None:
    page = docs.page()
    assert not re.findall(r'(?:src|href)="https?://', page)
    assert all(f'id="{code}"' in page for code in CODES)


@pytest.mark.parametrize("code", sorted(CODES))
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_refusal_can_be_shown(code: str, language: str) -> None:
    shown = problems.document(Problem(code, "/title"), language, ID)
    assert list(shown) == ["type", "title", "status", "detail", "instance", "code", "errors"]
    assert shown["status"] in problems.TITLES and shown["errors"][0]["pointer"] == "/title"
    is_chinese = any("\u4e00" <= char <= "\u9fff" for char in shown["title"] + shown["detail"])
    assert is_chinese == (language == "zh-CN")


def test_what_goes_with_a_refusal() -> None:
    assert problems.headers(Problem("key_invalid"), "en")["WWW-Authenticate"].endswith(
        'error="invalid_token"'
    )
    assert problems.headers(Problem("method_not_allowed", allow="GET"), "en")["Allow"] == "GET"
    assert problems.headers(Problem("unavailable"), "en")["Retry-After"] == "1"


@pytest.mark.parametrize(
    ("arguments", "command"),
    [
        ({}, "create_quote"),
        ({"price": 3, "demand_id": 1, "delivery_days": "x", "valid_until": "y"}, "create_quote"),
        ({"price": {"amount": "1.234", "currency": "CNY"}}, "create_quote"),
        ({"price": {"amount": 1, "currency": "CNY"}}, "create_quote"),
        ({"price": {"amount": "0", "currency": "CNY"}}, "create_quote"),
        ({"price": {"amount": "1", "currency": "USD"}, "colour": 1}, "create_quote"),
        ({"kind": "x", "title": "", "text": None, "terms": {"nodes": 1}}, "create_demand"),
        ({"title": "\x00", "quote_deadline_at": "2026-01-01T00:00:00"}, "create_demand"),
        ({"title": "x" * 10_000, "delivery_due_date": "1000-01-01"}, "create_demand"),
        ({"requirements": "x", "terms": []}, "create_demand"),
        ({"name": 1, "capacities": {}, "fiscal_funded": "perhaps"}, "create_party"),
        ({"offer_window_hours": 0, "shares": []}, "create_application"),
        ({"key_id": 1, "confirmation_sha256": "ab", "signature": ""}, "confirm_receivable"),
    ],
)
def test_what_is_wrong_with_a_field_is_said_in_chinese(
    arguments: dict[str, Any], command: str
) -> None:
    messages = [*_leaves(COMMANDS[command].schema.validate(arguments))]
    assert messages
    for message in messages:
        assert field_messages.translate(message, "en") == message
        assert not field_messages.translate(message, "zh-CN").isascii(), message


def _leaves(node: Any) -> list[str]:
    if isinstance(node, dict):
        return [leaf for value in node.values() for leaf in _leaves(value)]
    return [leaf for value in node for leaf in _leaves(value)] if isinstance(node, list) else [node]
