"""Every route for every kind of caller: without a key 401, without the right 403, never a 500."""

import json

import pytest

from services.contracts.capabilities import CAPABILITIES
from services.contracts.declare import Aggregate, Command
from services.contracts.kinds import DEMANDS
from services.contracts.problems import Problem
from services.contracts.registry import AGGREGATES
from services.contracts.roles import ROLES, scopes_of
from services.gateway.edge.routes import ROUTES, Route
from services.messaging import Ids
from tests.integration.gateway.api_client import SITE, Caller, Gateway, problem_of
from tests.integration.gateway.browser import signed_in
from tests.integration.gateway.facts import a_fact

NOBODYS = "0198c5f0-0000-7000-8000-00000000000e"
KEYED = [route for route in ROUTES if route.scope is not None]
# What goes to an issuer and back answers by redirects, or not at all without one: `test_oidc`.
SESSION = [route for route in ROUTES if "/session" in route.path and "/oidc" not in route.path]


@pytest.fixture(scope="module")
def callers(gateway: Gateway) -> dict[str, Caller]:
    """One person for every duty there is."""
    found = {}
    for role in ROLES:
        capacity = role.partition(".")[0]
        found[role] = gateway.someone(capacity, role)
    return found


def ask(
    caller: Caller, route: Route, proof: dict[str, str | None] | None = None
) -> tuple[int, str]:
    """Send the least that the route takes; (status, code) of a refusal, (200, "") of success.

    `proof`: headers that say who asks in the place of the caller's key.
    """
    headers: dict[str, str | None] = dict(proof or {})
    if isinstance(route.target, Command):
        headers["Idempotency-Key"] = Ids().new()
        if route.target.versioned:
            headers["If-Match"] = '"1"'
    path = route.path.replace("<id>", NOBODYS)
    body = {"data": "{}", "content_type": "application/json"} if route.has_body else {}
    answer = caller.send(route.method, path, headers=headers, **body)
    if answer.status_code < 300:
        answer.close()
        return 200, ""
    return problem_of(answer)


@pytest.mark.parametrize("route", KEYED, ids=lambda route: f"{route.method} {route.label}")
def test_no_key_no_entry(gateway: Gateway, route: Route) -> None:
    assert ask(gateway.nobody, route) == (401, "unauthenticated")


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_duty_opens_what_it_should_and_nothing_else(
    gateway: Gateway, callers: dict[str, Caller], role: str
) -> None:
    caller = callers[role]
    for route in KEYED:
        if isinstance(route.target, Command) and route.target.aggregate.service != "gateway":
            gateway.owners.replies[route.target.name] = Problem("not_found")
        status, code = ask(caller, route)
        allowed = route.scope in scopes_of(frozenset({role}))
        assert (code == "no_scope") == (not allowed), (route.label, code)
        assert (status == 403) <= (code in ("no_scope", "four_eyes", "duty_beyond")), (
            route.label,
            code,
        )
        assert status not in (401, 500), (route.label, code)


@pytest.mark.parametrize("kind", sorted(set(AGGREGATES) - {"clock", "party"}))
def test_what_is_someone_elses_does_not_exist(
    gateway: Gateway, callers: dict[str, Caller], kind: str
) -> None:
    """A sample of every kind whose parties are all strangers, in its most private state."""
    private = {
        "demand": {"published_at": None},
        "supply": {"state": "draft"},
        "product": {"state": "retired"},
        "quote": {"opened_at": None},
    }
    aggregate, id = AGGREGATES[kind], Ids().new()
    gateway.project(
        a_fact(kind, aggregate.past[0], id=id, **{"state": "x"} | private.get(kind, {}))
    )
    for role, caller in callers.items():
        answer = caller.get(f"/{aggregate.path}/{id}")
        sees = {"operator": kind not in ("demand", "quote", "mandate", "webhook", "limit"),
                "bank": kind == "application", "registry": kind == "position"}  # fmt: skip
        if sees.get(role.partition(".")[0], False):
            assert answer.status_code == 200, (kind, role)
        else:
            assert problem_of(answer) == (404, "not_found"), (kind, role)


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_session_opens_what_a_key_does(
    gateway: Gateway, callers: dict[str, Caller], role: str
) -> None:
    """Every route, to the same answer."""
    caller = callers[role]
    browser = signed_in(gateway, caller, f"{role}@{caller.party_id[:8]}")
    assert set(browser.get("/session").json["scopes"]) == scopes_of(frozenset({role}))
    proof = {"Cookie": f"{SITE.cookie}={browser.cookie}", "Authorization": None}
    token = {"X-CSRF-Token": browser.said["csrf_token"]}
    for route in KEYED:
        if isinstance(route.target, Command) and route.target.aggregate.service != "gateway":
            gateway.owners.replies[route.target.name] = Problem("not_found")
        by_session = ask(caller, route, proof | token)
        assert by_session == ask(caller, route), route.label
        if route.method == "POST":
            assert ask(caller, route, proof) == (403, "csrf_invalid"), route.label


@pytest.mark.parametrize("route", SESSION, ids=lambda route: f"{route.method} {route.label}")
def test_a_session_is_not_had_by_a_key(
    gateway: Gateway, callers: dict[str, Caller], route: Route
) -> None:
    refused = (401, "unauthenticated") if route.by_session else (422, "invalid")
    assert ask(gateway.nobody, route) == refused
    assert ask(callers["bank.system"], route) == refused


@pytest.mark.parametrize("route", SESSION, ids=lambda route: f"{route.method} {route.label}")
def test_no_input_to_a_session_is_an_error_of_ours(
    gateway: Gateway, callers: dict[str, Caller], route: Route
) -> None:
    caller = callers["bank.system"]
    browser = signed_in(gateway, caller, f"rubbish.{SESSION.index(route)}")
    more = [b'{"login":"\\u0000","password":"x"}', '{"login":"名字","password":"🚜"}'.encode(),
            b'{"code":"x","login":"abc","password":"' + "ﷺ".encode() * 128 + b'"}',
            b'{"old_password":"x","new_password":[]}', b'{"login":1,"password":{}}']  # fmt: skip
    inputs = [("", body) for body in NASTY + more] if route.has_body else []
    for query, body in inputs + [(f"?{query}", b"{}") for query in QUERIES]:
        given = {"data": body, "content_type": "application/json"} if route.has_body else {}
        headers = {"Cookie": f"{SITE.cookie}={browser.cookie}", "Authorization": None,
                   "X-CSRF-Token": browser.said["csrf_token"]}  # fmt: skip
        answer = caller.send(route.method, route.path + query, headers=headers, **given)
        if answer.status_code == 200:  # signing out takes no body
            browser = signed_in(gateway, caller, f"rubbish.{SESSION.index(route)}")
        else:
            assert problem_of(answer)[0] in (400, 401, 422, 429), (query, body[:60])


NASTY = [
    b"", b"null", b"[]", b"0", b'""', b"{", b'{"a":1,"a":2}', b'{"\\ud800":1}', b'{"id":"\\u0000"}',
    b'{"rows":[{}]}', b'{"rows":{"a":1}}', b'{"title":1e400,"rows":1}',
    b'{"shares":"x","terms":{"nodes":[1]}}',
    b'{"title":"' + b"x" * 10_000 + b'"}', b"[" * 5_000, "{\"名字\": \"🚜\"}".encode(), b"\xff\x00",
    b'{"amount":{"amount":"-1","currency":"CNY"},"price":{"amount":1e9,"currency":"CNY"}}',
    b'{"limit":{"amount":"9999999999999999999","currency":"CNY"},"valid_until":"0000-00-00"}',
    b'{"user_id":[],"party_id":{},"name":true,"roles":["x"],"url":7,"to":"2026-13-40","at":"x"}',
]  # fmt: skip
QUERIES = [
    "limit=x&cursor=%FF",
    "%FF=1",
    "after=%00",
    "types=%F0%9F%9A%9C",
    "cursor=" + "A" * 3_000,
]


@pytest.mark.parametrize("route", KEYED, ids=lambda route: f"{route.method} {route.label}")
def test_no_input_is_an_error_of_ours(
    gateway: Gateway, callers: dict[str, Caller], route: Route
) -> None:
    """Whoever may use the route sends it rubbish."""
    caller = next(c for r, c in callers.items() if route.scope in scopes_of(frozenset({r})))
    if route.has_body and not isinstance(route.target, Aggregate | None):
        gateway.owners.replies[route.target.name] = Problem("not_found")
    path = route.path.replace("<id>", NOBODYS)
    inputs = [(path, body) for body in NASTY] if route.has_body else []
    inputs += [(f"{path}?{query}", b"{}") for query in QUERIES]
    for address, body in inputs:
        headers: dict[str, str | None] = {"Idempotency-Key": Ids().new(), "If-Match": '"1"'}
        given = {"data": body, "content_type": "application/json"} if route.has_body else {}
        answer = caller.send(route.method, address, headers=headers, **given)
        if answer.status_code >= 400:
            assert problem_of(answer)[0] in (400, 403, 404, 409, 422), (address, body[:60])
        answer.close()


def test_the_open_routes_need_no_key(gateway: Gateway) -> None:
    for path in ("/healthz", "/readyz", "/api/openapi.json", "/api/docs", "/api/v1/kinds"):
        assert gateway.nobody.send("GET", path).status_code == 200, path
    document = json.loads(gateway.nobody.send("GET", "/api/openapi.json").text)
    assert document["openapi"] == "3.1.0"
    gateway.reasons.append("broker: away")
    answer = gateway.nobody.send("GET", "/readyz")
    assert (answer.status_code, answer.json) == (503, {"status": "not ready"})
    gateway.reasons.clear()


def test_kinds_and_their_facets_are_told_to_everybody_and_kept(gateway: Gateway) -> None:
    answer = gateway.nobody.send("GET", "/api/v1/kinds")
    told = {kind["kind"]: kind for kind in answer.json["items"]}
    assert {name: len(kind["facets"]) for name, kind in told.items()} == {
        name: len(kind.facets) for name, kind in DEMANDS.items()
    }
    rent = told["space"]["facets"][2]
    assert (rent["name"], rent["type"], rent["is_hard"]) == ("rent_per_m2_month", "money", False)
    assert rent["unit"] == {"zh": "每平方米", "en": "per m²"}
    assert {"code": "factory", "zh": "厂房", "en": "factory"} in told["space"]["facets"][0]["codes"]
    assert told["order"]["answered_by"][0] == {"kind": "product", "zh": "产品", "en": "Product"}
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    held = {"If-None-Match": answer.headers["ETag"], "If-Match": '"1"'}
    assert gateway.nobody.send("GET", "/api/v1/kinds", headers=held).status_code == 304
    assert gateway.nobody.send("HEAD", "/api/v1/kinds").data == b""


def test_the_capabilities_are_told_to_everybody_with_their_groups_and_words(
    gateway: Gateway,
) -> None:
    answer = gateway.nobody.send("GET", "/api/v1/capabilities")
    told = {node["code"]: node for node in answer.json["items"]}
    assert list(told) == [node.code for node in CAPABILITIES]
    building = told["works.building"]
    assert (building["group"], building["zh"]) == ("works", "房屋建筑工程")
    assert "housing construction" in building["synonyms"]
    held = {"If-None-Match": answer.headers["ETag"]}
    assert gateway.nobody.send("GET", "/api/v1/capabilities", headers=held).status_code == 304


def test_the_codes_of_places_are_told_to_everybody_by_name(gateway: Gateway) -> None:
    answer = gateway.nobody.send("GET", "/api/v1/places")
    assert answer.json["names"]["110108"] == "北京市海淀区"
    provinces = {code for code in answer.json["names"] if code.endswith("0000")}
    assert set(answer.json["provinces_en"]) == provinces
    assert answer.json["provinces_en"]["610000"] == "Shaanxi"
    held = {"If-None-Match": answer.headers["ETag"]}
    assert gateway.nobody.send("GET", "/api/v1/places", headers=held).status_code == 304


def test_only_the_operator_reads_what_is_counted(gateway: Gateway) -> None:
    gateway.nobody.send("GET", "/readyz")
    assert problem_of(gateway.someone("buyer").send("GET", "/metrics")) == (403, "no_scope")
    metrics = gateway.operator.send("GET", "/metrics").text
    assert 'sails_http_requests_total{method="GET",route="/readyz",status="200"}' in metrics
