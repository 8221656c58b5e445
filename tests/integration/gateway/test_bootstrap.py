"""The first key, made or set, and what a second run says of it."""

import pytest

from services.gateway.bootstrap import bootstrap
from services.gateway.credentials import new_api_key, prefix_of
from tests.integration.gateway.api_client import Caller, Gateway


def revoke(gateway: Gateway, key: str) -> None:
    """By the operator itself."""
    (row,) = gateway.rows("SELECT id FROM api_keys WHERE prefix = :p", p=prefix_of(key))
    gateway.operator.posts(f"/api-keys/{row.id}/revoke")


def test_a_key_that_was_set_is_found_again(fresh_gateway: Gateway) -> None:
    operator, sessions = fresh_gateway.operator, fresh_gateway.sessionmaker
    assert bootstrap(sessions, operator.key).key == operator.key
    second = operator.posts("/api-keys", {"user_id": operator.user_id, "name": "系统"})["secret"]
    for live in (operator.key, second):
        assert bootstrap(sessions, live).key == live
    assert bootstrap(sessions).key is None
    assert bootstrap(sessions, new_api_key().secret).key is None


def test_a_revoked_key_is_never_given_out_as_good(fresh_gateway: Gateway) -> None:
    operator, sessions = fresh_gateway.operator, fresh_gateway.sessionmaker
    second = operator.posts("/api-keys", {"user_id": operator.user_id, "name": "系统"})["secret"]
    revoke(fresh_gateway, second)
    with pytest.raises(ValueError, match="revoked"):
        bootstrap(sessions, second)
    forged = f"{prefix_of(operator.key)}_{'x' * 43}"
    with pytest.raises(ValueError, match="another key"):
        bootstrap(sessions, forged)


def test_no_key_is_made_for_who_has_left(fresh_gateway: Gateway) -> None:
    first, sessions = fresh_gateway.operator, fresh_gateway.sessionmaker
    second = fresh_gateway.person(first, first.party_id, "operator.staff")
    second.posts(f"/users/{first.user_id}/leave")
    revoke_own = fresh_gateway.rows(
        "SELECT id FROM api_keys WHERE prefix = :p", p=prefix_of(second.key)
    )
    second.posts(f"/api-keys/{revoke_own[0].id}/revoke")
    assert bootstrap(sessions).user_id == second.user_id


def test_an_operator_without_a_live_key_gets_a_new_one(fresh_gateway: Gateway) -> None:
    operator, sessions = fresh_gateway.operator, fresh_gateway.sessionmaker
    revoke(fresh_gateway, operator.key)
    with pytest.raises(ValueError, match="revoked"):
        bootstrap(sessions, operator.key)
    first = bootstrap(sessions)
    assert first.user_id == operator.user_id and first.key
    again = Caller(fresh_gateway, first.key, first.party_id, first.user_id)
    assert again.get("/demands").status_code == 200
