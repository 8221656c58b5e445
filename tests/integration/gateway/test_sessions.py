"""People sign in, act, change their password and leave; who would come in their place does not."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from services.gateway import access
from services.gateway.sessions import store
from tests.integration.gateway.api_client import Caller, Gateway, problem_of
from tests.integration.gateway.browser import PASSWORD, Browser, code_for, signed_in


def a_login() -> str:
    return f"zhang.min-{uuid.uuid4().hex[:12]}@haidian"


@pytest.fixture
def buyer(gateway: Gateway) -> Caller:
    return gateway.someone("buyer", "buyer.purchaser")


def test_invited_activated_signed_in_acting_and_out(gateway: Gateway) -> None:
    party = gateway.organisation("海淀精密机械", "buyer", size="large", nature="state_owned")
    body = {"party_id": party["id"], "name": "张敏", "roles": ["buyer.purchaser"]}
    user = gateway.operator.posts("/users", body)
    assert user["can_sign_in"] is False
    invited = gateway.operator.posts(f"/users/{user['id']}/invite")
    assert invited["secret"].startswith("qi_") and invited["sequence"] == 2

    browser, login = Browser(gateway), a_login()
    answer = browser.activate(invited["secret"], login.upper())
    assert answer.status_code == 200, answer.text
    said = answer.json
    assert said["user"] == {
        "id": user["id"], "number": user["number"], "name": "张敏", "roles": ["buyer.purchaser"],
    }  # fmt: skip
    assert said["party"] == {
        "id": party["id"], "number": party["number"], "name": "海淀精密机械",
        "state": "unverified", "capacities": ["buyer"], "size": "large", "nature": "state_owned",
    }  # fmt: skip
    assert {"read", "demands:write", "users:write"} <= set(said["scopes"])
    cookie = answer.headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=604800"} <= set(cookie.split("; "))
    assert "Secure" not in cookie  # of http
    assert browser.get("/session").json == browser.said
    assert browser.get(f"/users/{user['id']}").json["can_sign_in"] is True
    assert [row.type for row in facts_of(gateway, user["id"])] == [
        "user.added.v1", "user.invited.v1", "user.activated.v1",
    ]  # fmt: skip

    listed = browser.get("/users")
    assert listed.status_code == 200 and listed.headers["Vary"] == "Authorization, Cookie"
    colleague = {"name": "李强", "roles": ["buyer.maker"]}
    added = browser.post("/users", colleague, Idempotency_Key=str(uuid.uuid4()))
    assert added.status_code == 201, added.text

    before = browser.cookie
    assert browser.sign_in(login).status_code == 200
    assert browser.cookie != before
    assert gateway.rows("SELECT count(*) FROM sessions WHERE user_id = :id", id=user["id"])[0] == (
        1,
    )

    out = browser.post("/session/end")
    assert (out.status_code, out.json, browser.cookie) == (200, {}, "")
    assert problem_of(browser.get("/session")) == (401, "unauthenticated")


def facts_of(gateway: Gateway, id: str) -> list:
    return gateway.rows(
        "SELECT type FROM outbox WHERE envelope->>'subject' = :id ORDER BY id", id=id
    )
