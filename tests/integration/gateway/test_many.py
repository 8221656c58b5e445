"""Nobody fills the platform with people and keys; where it ends, what to do next is said."""

import pytest

from services.gateway.commands import keys, users
from tests.integration.gateway.api_client import Caller, Gateway, problem_of


@pytest.fixture
def first(gateway: Gateway) -> Caller:
    return gateway.someone("buyer", "buyer.purchaser")


def test_a_person_has_so_many_live_keys(gateway: Gateway, first: Caller) -> None:
    body = {"user_id": first.user_id, "name": "ERP"}
    issued = [first.posts("/api-keys", body)["id"] for _ in range(keys.MAX_LIVE - 1)]
    refused = first.post("/api-keys", body)
    assert problem_of(refused) == (409, "too_many_keys")
    assert str(keys.MAX_LIVE) in refused.json["detail"] and "revoke" in refused.json["detail"]
    first.posts(f"/api-keys/{issued[0]}/revoke")
    assert first.post("/api-keys", body).status_code == 201


def test_an_organisation_has_so_many_people(
    gateway: Gateway, first: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(users, "MAX_PEOPLE", 3)
    body = {"name": "李强", "roles": ["buyer.purchaser"]}
    added = [first.posts("/users", body)["id"] for _ in range(2)]
    refused = first.post("/users", body)
    assert problem_of(refused) == (409, "too_many_people")
    assert "let go" in refused.json["detail"]
    first.posts(f"/users/{added[0]}/leave")
    assert first.post("/users", body).status_code == 201
