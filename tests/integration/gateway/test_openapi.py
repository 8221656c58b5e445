"""The API keeps to its own document: whatever is sent, what comes back is as it says."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)

from services.contracts import joining
from services.contracts.problems import Problem
from services.contracts.registry import AGGREGATES, COMMANDS, QUERIES
from services.gateway.edge import files, openapi
from services.messaging import Ids
from tests.integration.gateway.api_client import OCDS_PREFIX, Caller, Gateway
from tests.integration.gateway.browser import PASSWORD, code_for
from tests.integration.gateway.facts import a_fact

EXAMPLES = 2  # of each operation and mode, sent by each caller; there are some 140 operations
SEED = 20260302
CHECKS = [
    not_a_server_error,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
# Aggregates with states of their own shape in which parties see them.
SEEN = {"quote": {"opened_at": None}, "offer": {"state": "visible"}}

# Files are bytes of a format that no schema describes.
for media in (*files.DOCUMENTED, *joining.MEDIA_TYPES):
    schemathesis.openapi.media_type(media, st.binary(max_size=200))

Operation = schemathesis.APIOperation


@pytest.fixture(scope="module")
def api(gateway: Gateway) -> schemathesis.BaseSchema:
    for name in (*COMMANDS, *QUERIES):
        gateway.owners.replies[name] = Problem("not_found")
    return schemathesis.openapi.from_wsgi("/api/openapi.json", gateway.edge)


@pytest.fixture(scope="module")
def people(gateway: Gateway) -> dict[str, Caller]:
    return {
        "operator": gateway.operator,
        "buyer": gateway.someone("buyer", "buyer.purchaser"),
        "bank": gateway.someone("bank", "bank.system"),
    }


def operations(api: schemathesis.BaseSchema) -> Iterator[Operation]:
    """Without the stream, which never ends."""
    for found in api.get_all_operations():
        operation = found.ok()
        if operation.path != "/api/v1/stream":
            yield operation


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_whatever_is_sent_the_answer_is_documented(
    api: schemathesis.BaseSchema, people: dict[str, Caller], mode: GenerationMode
) -> None:
    """What the document allows, and what it does not."""
    keys = [people[who].key for who in ("operator", "buyer")]
    for operation in operations(api):
        if mode is GenerationMode.POSITIVE or _can_be_asked_wrongly(operation):
            _try(operation, keys, mode)


def _can_be_asked_wrongly(operation: Operation) -> bool:
    """Not where there is nothing to say."""
    said = operation.definition.raw
    return bool(said["parameters"] or "requestBody" in said)


def _try(operation: Operation, keys: list[str], mode: GenerationMode) -> None:
    @seed(SEED)
    @settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def send(case: schemathesis.Case) -> None:
        for key in keys:
            _check(case, key)

    send()


def _check(case: schemathesis.Case, key: str) -> Any:
    return _checked(case, case.call(headers={"Authorization": f"Bearer {key}"}))


def _checked(case: schemathesis.Case, answer: Any) -> Any:
    documented = case.operation.definition.raw["responses"]
    assert str(answer.status_code) in documented, (case.operation.label, answer.text)
    case.validate_response(answer, checks=CHECKS)
    return answer


def test_every_document_is_of_its_schema(
    gateway: Gateway, api: schemathesis.BaseSchema, people: dict[str, Caller]
) -> None:
    """A sample of everything, for those who may see it: one of it, lists, the feed, a story."""
    ids = {kind: Ids().new() for kind in AGGREGATES if kind != "clock"}
    for kind, id in ids.items():
        own = {
            name: people[who].party_id
            for name, who in (("buyer_id", "buyer"), ("party_id", "buyer"), ("bank_id", "bank"))
            if name in AGGREGATES[kind].schema.fields
        }
        given = {"state": "published", "thread_id": ids["demand"]} | own | SEEN.get(kind, {})
        gateway.project(a_fact(kind, AGGREGATES[kind].past[0], id=id, **given))
    gateway.number_feed()
    paths = {aggregate.path: ids.get(kind) for kind, aggregate in AGGREGATES.items()}
    seen = [
        answer.status_code
        for operation in operations(api)
        if operation.method == "get"
        for who in people.values()
        for answer in [_check(_of_sample(operation, paths, ids["demand"]), who.key)]
    ]
    assert seen.count(200) > len(ids)


def test_signing_in_is_as_documented(
    gateway: Gateway, api: schemathesis.BaseSchema, people: dict[str, Caller]
) -> None:
    """From the code of an invitation to signing out; each answer held against its schema."""
    buyer, new = people["buyer"], "顺风顺水 Sails 2026"
    login = {"login": "buyer@documented", "password": PASSWORD}
    story = (
        ("post", "/activate", {"code": code_for(buyer, buyer.user_id), **login}),
        ("post", "", login),
        ("get", "", None),
        ("post", "/password", {"old_password": PASSWORD, "new_password": new}),
        ("post", "", login | {"password": "guessed wrong"}),
        ("post", "/end", None),
    )
    cookies, token, seen = dict[str, str](), "x", []
    for method, path, body in story:
        given = {} if body is None else {"body": body, "media_type": "application/json"}
        case = api[f"/api/v1/session{path}"][method].Case(**given)
        answer = case.call(headers={"X-CSRF-Token": token}, cookies=cookies)
        _checked(case, answer)
        seen.append(answer.status_code)
        if method == "post" and answer.status_code == 200 and path != "/end":
            set_cookie = answer.headers["set-cookie"][0].partition(";")[0]
            cookies = dict([set_cookie.split("=", 1)])
            token = answer.json()["csrf_token"]
    assert seen == [200, 200, 200, 200, 401, 200]


def test_a_route_that_takes_a_key_takes_a_session() -> None:
    for path, ways in openapi.document()["paths"].items():
        for method, said in ways.items():
            schemes = {name for one in said["security"] for name in one}
            assert schemes in (set(), {"cookie"}, {"key", "cookie"}), path
            names = [one["name"] for one in said["parameters"]]
            assert ("X-CSRF-Token" in names) == (method == "post" and bool(schemes)), path


def _of_sample(
    operation: Operation, paths: dict[str, str | None], thread_id: str
) -> schemathesis.Case:
    plural = operation.path.removeprefix("/api/v1/").partition("/")[0]
    return operation.Case(
        path_parameters={"id": paths.get(plural) or thread_id, "ocid": f"{OCDS_PREFIX}-x"}
    )


def test_what_a_bank_sees_before_it_is_authorised_is_in_the_document() -> None:
    shown = openapi.document()["components"]["schemas"]["ApplicationState"]["properties"]
    assert {"amount_band", "term_days", "share_count"} <= set(shown)
