"""People sign in, act, change their password and leave; who would come in their place does not."""

import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from services.gateway import access, passwords
from services.gateway.sessions import lockout, store
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
        "is_first": True,
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
    of_it = "SELECT type FROM outbox WHERE envelope->>'subject' = :id ORDER BY id"
    return gateway.rows(of_it, id=id)


@pytest.mark.parametrize("change", [{"login": "no.such.login"}, {"password": "not this one"}])
def test_a_wrong_login_and_a_wrong_password_look_alike(
    gateway: Gateway, buyer: Caller, change: dict[str, str]
) -> None:
    login = a_login()
    signed_in(gateway, buyer, login)
    answer = Browser(gateway).post("/session", {"login": login, "password": PASSWORD} | change)
    assert problem_of(answer) == (401, "credentials_wrong")
    assert "Set-Cookie" not in answer.headers
    assert "invite you again" in answer.json["detail"]


def test_an_unknown_login_is_checked_against_a_hash_as_well(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    monkeypatch.setattr(passwords, "checked", lambda plain, kept: seen.append(kept))
    assert Browser(gateway).sign_in(a_login()).status_code == 401
    assert seen == [None]  # which takes as long as any


def test_a_password_is_changed_and_all_else_of_the_person_ends(
    gateway: Gateway, buyer: Caller
) -> None:
    login, new = a_login(), "顺风顺水 Sails 2026"
    here = signed_in(gateway, buyer, login)
    there = Browser(gateway)
    assert there.sign_in(login).status_code == 200
    before, token = here.cookie, here.said["csrf_token"]

    wrong = here.post("/session/password", {"old_password": "x", "new_password": new})
    assert problem_of(wrong) == (422, "old_password_wrong")
    assert wrong.json["errors"][0]["pointer"] == "/old_password"
    for _ in range(lockout.FREE):  # which is no guess
        asked = {"old_password": PASSWORD, "new_password": login.upper()}
        weak = here.post("/session/password", asked)
        assert problem_of(weak) == (422, "password_is_login")
    assert weak.json["errors"][0]["pointer"] == "/new_password"

    changed = here.post("/session/password", {"old_password": PASSWORD, "new_password": new})
    assert changed.status_code == 200, changed.text
    assert here.cookie != before and here.said["csrf_token"] != token
    assert here.get("/session").json == here.said
    gateway.forget_callers()
    assert problem_of(there.get("/users")) == (401, "unauthenticated")
    here.cookie = before
    assert problem_of(here.get("/users")) == (401, "unauthenticated")
    assert problem_of(Browser(gateway).sign_in(login)) == (401, "credentials_wrong")
    assert Browser(gateway).sign_in(login, new).status_code == 200


def test_a_session_that_ended_is_dead_within_a_second(gateway: Gateway, buyer: Caller) -> None:
    login = a_login()
    here = signed_in(gateway, buyer, login)
    assert here.get("/users").status_code == 200
    gateway.execute("DELETE FROM sessions WHERE user_id = :id", id=buyer.user_id)  # elsewhere
    time.sleep(access.CACHE_S)
    assert problem_of(here.get("/users")) == (401, "unauthenticated")


def test_with_other_duties_a_session_is_over(gateway: Gateway, buyer: Caller) -> None:
    here = signed_in(gateway, buyer, a_login())
    gateway.execute("UPDATE users SET roles = '[\"buyer.maker\"]' WHERE id = :id", id=buyer.user_id)
    gateway.forget_callers()
    assert problem_of(here.get("/users")) == (401, "unauthenticated")


def test_idle_sessions_end_and_busy_ones_last_a_week(gateway: Gateway, buyer: Caller) -> None:
    here = signed_in(gateway, buyer, a_login())
    try:
        for hours in range(7, 7 * 24, 7):
            gateway.ahead = timedelta(hours=hours)
            gateway.forget_callers()
            assert here.get("/users").status_code == 200, hours
        gateway.ahead = store.LONGEST
        gateway.forget_callers()
        assert problem_of(here.get("/users")) == (401, "unauthenticated")
        gateway.ahead = timedelta()
        idle = signed_in(gateway, buyer, a_login())
        gateway.ahead = store.IDLE
        assert problem_of(idle.get("/session")) == (401, "unauthenticated")
        assert problem_of(idle.get("/users")) == (401, "unauthenticated")
    finally:
        gateway.ahead = timedelta()


def test_use_is_noted_once_a_minute_and_not_by_who_only_listens(
    gateway: Gateway, buyer: Caller
) -> None:
    here = signed_in(gateway, buyer, a_login())
    seen = "SELECT seen_at FROM sessions WHERE user_id = :id"
    [first] = gateway.rows(seen, id=buyer.user_id)
    try:
        gateway.ahead = timedelta(seconds=50)
        assert here.get("/users").status_code == 200
        assert gateway.rows(seen, id=buyer.user_id) == [first]
        gateway.ahead = timedelta(seconds=61)
        assert here.get("/users").status_code == 200
        [second] = gateway.rows(seen, id=buyer.user_id)
        assert second.seen_at - first.seen_at >= store.TOUCHED
    finally:
        gateway.ahead = timedelta()


def test_a_person_has_so_many_sessions_and_the_oldest_ends(gateway: Gateway, buyer: Caller) -> None:
    login = a_login()
    first = signed_in(gateway, buyer, login)
    for _ in range(store.MOST):
        assert Browser(gateway).sign_in(login).status_code == 200
    assert problem_of(first.get("/session")) == (401, "unauthenticated")
    count = "SELECT count(*) FROM sessions WHERE user_id = :id"
    assert gateway.rows(count, id=buyer.user_id) == [(store.MOST,)]


def test_no_secret_is_written_down(
    gateway: Gateway, buyer: Caller, capfd: pytest.CaptureFixture[str]
) -> None:
    login = a_login()
    code = code_for(buyer, buyer.user_id)
    here = Browser(gateway)
    here.activate(code, login)
    here.sign_in(login, "guessed wrong")
    refused = here.post("/session", {"login": login, "password": PASSWORD, "more": PASSWORD})
    assert problem_of(refused) == (422, "invalid") and PASSWORD not in refused.text
    secrets = [code, here.cookie, PASSWORD, "guessed wrong", here.said["csrf_token"]]
    captured = capfd.readouterr()
    for (table,) in gateway.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"):
        texts = "\n".join(str(row) for row in gateway.rows(f"SELECT * FROM {table}"))
        assert not any(secret in texts for secret in secrets), table
    assert not any(secret in captured.out + captured.err for secret in secrets)


def test_ten_failures_in_a_row_wait_and_the_right_password_then_gets_in(
    gateway: Gateway, buyer: Caller
) -> None:
    login = a_login()
    here = signed_in(gateway, buyer, login)
    guesser = Browser(gateway)
    try:
        guesses = [guesser.sign_in(login, f"guess number {n}").status_code for n in range(7)]
        assert guesses == [401] * lockout.FREE + [429] * 2
        locked = guesser.sign_in(login.upper())  # the right one, too
        assert problem_of(locked) == (429, "locked_out")
        assert 0 < int(locked.headers["Retry-After"]) <= lockout.FIRST_WAIT_S
        assert locked.headers["Retry-After"] in locked.json["detail"]
        assert here.get("/users").status_code == 200  # who is in stays in
        changed = {"old_password": PASSWORD, "new_password": "顺风顺水 Sails 2026"}
        assert here.post("/session/password", changed).status_code == 200

        gateway.ahead = timedelta(seconds=lockout.FIRST_WAIT_S)
        assert guesser.sign_in(login, "another guess").status_code == 401
        longer = guesser.sign_in(login, "another guess")
        assert int(longer.headers["Retry-After"]) > lockout.FIRST_WAIT_S
        gateway.ahead += timedelta(seconds=2 * lockout.FIRST_WAIT_S)
        assert guesser.sign_in(login, changed["new_password"]).status_code == 200
        assert guesser.sign_in(login, "a typing error").status_code == 401  # all is forgotten
    finally:
        gateway.ahead = timedelta()


def test_unknown_logins_are_locked_alike(gateway: Gateway) -> None:
    login = a_login()
    tries = [Browser(gateway).sign_in(login).status_code for _ in range(lockout.FREE + 1)]
    assert tries == [401] * lockout.FREE + [429]


def test_guesses_at_once_are_counted_before_they_are_looked_at(
    gateway: Gateway, buyer: Caller
) -> None:
    login = a_login()
    signed_in(gateway, buyer, login)
    with ThreadPoolExecutor(8) as threads:
        answers = threads.map(
            lambda number: Browser(gateway).sign_in(login, f"guess {number}").status_code, range(12)
        )
    assert sorted(answers) == [401] * lockout.FREE + [429] * (12 - lockout.FREE)


def test_the_present_password_is_not_guessed_within_a_session(
    gateway: Gateway, buyer: Caller
) -> None:
    login = a_login()
    here = signed_in(gateway, buyer, login)
    body = {"old_password": "guessed", "new_password": "顺风顺水 Sails 2026"}
    answers = [here.post("/session/password", body) for _ in range(lockout.FREE + 1)]
    assert [answer.status_code for answer in answers] == [422] * lockout.FREE + [429]
    assert Browser(gateway).sign_in(login).status_code == 200  # counted apart


def test_a_session_that_was_planted_is_not_signed_in(gateway: Gateway, buyer: Caller) -> None:
    """Fixation: the secret is new at each sign-in, and the one presented ends."""
    login = a_login()
    attacker = signed_in(gateway, gateway.someone("buyer", "buyer.purchaser"), a_login())
    signed_in(gateway, buyer, login)
    victim = Browser(gateway)
    victim.cookie = attacker.cookie
    assert victim.sign_in(login).json["user"]["id"] == buyer.user_id
    assert victim.cookie != attacker.cookie
    assert problem_of(attacker.get("/session")) == (401, "unauthenticated")
    for invented in ("x", "a" * 43, "é"):
        victim.cookie = invented
        assert problem_of(victim.get("/session")) == (401, "unauthenticated")


@pytest.mark.parametrize(
    "headers",
    [
        {"X_CSRF_Token": None},
        {"X_CSRF_Token": ""},
        {"X_CSRF_Token": "forged"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "https://sails.example.evil.example"},
    ],
)
def test_what_another_site_sends_has_no_effect(
    gateway: Gateway, buyer: Caller, headers: dict[str, str | None]
) -> None:
    here = signed_in(gateway, buyer, a_login())
    add = {"name": "李强", "roles": ["buyer.maker"]}
    for path, body in (("/users", add), ("/session/end", {}), ("/session/password", {})):
        sent = here.post(path, body, Idempotency_Key=str(uuid.uuid4()), **headers)
        assert problem_of(sent) == (403, "csrf_invalid"), path
    assert here.get("/session").status_code == 200
    assert here.get("/users", Origin="https://evil.example").status_code == 200  # and unreadable


def test_nobody_is_signed_in_from_another_site(gateway: Gateway, buyer: Caller) -> None:
    """Else a page could sign its visitor in as somebody, and read what they then enter."""
    login = a_login()
    signed_in(gateway, buyer, login)
    foreign = Browser(gateway).sign_in(login, Origin="https://evil.example")
    assert problem_of(foreign) == (403, "csrf_invalid")
    body = {"code": code_for(buyer, buyer.user_id), "login": a_login(), "password": PASSWORD}
    activated = Browser(gateway).post("/session/activate", body, Origin="https://evil.example")
    assert problem_of(activated) == (403, "csrf_invalid")


def test_with_both_the_key_alone_counts(gateway: Gateway, buyer: Caller) -> None:
    here = signed_in(gateway, buyer, a_login())
    other = gateway.someone("supplier", "supplier.owner")
    bearer = f"Bearer {other.key}"
    listed = here.get("/users", Authorization=bearer).json["items"]
    assert {user["party_id"] for user in listed} == {other.party_id}
    unprotected = here.post(
        "/users", {"name": "刘洋", "roles": ["supplier.accountant"]}, Authorization=bearer,
        X_CSRF_Token=None, Origin="https://elsewhere.example", Idempotency_Key=str(uuid.uuid4()),
    )  # fmt: skip
    assert unprotected.status_code == 201
    for wrong in ("Bearer qf_0_x", "Basic abc", ""):
        assert here.get("/users", Authorization=wrong).status_code == 401
    for method, path in (("GET", "/session"), ("POST", "/session/end")):
        answer = here.send(method, path, Authorization=bearer)
        assert problem_of(answer) == (401, "unauthenticated")


def test_a_session_may_issue_the_first_key_of_its_person(gateway: Gateway) -> None:
    """Who came by an invitation has never had one."""
    party = gateway.organisation("丰台模具", "supplier")
    body = {"party_id": party["id"], "name": "陈伟", "roles": ["supplier.owner"]}
    user = gateway.operator.posts("/users", body)
    here = Browser(gateway)
    here.activate(code_for(gateway.operator, user["id"]), a_login())
    key = {"user_id": user["id"], "name": "系统"}
    taken = gateway.operator.post("/api-keys", key)
    assert problem_of(taken) == (409, "person_has_key")  # nobody else gets one of theirs
    issued = here.post("/api-keys", key, Idempotency_Key=str(uuid.uuid4()))
    assert issued.status_code == 201, issued.text
    again = gateway.operator.post("/users", body)
    assert problem_of(again) == (403, "first_person_only")


def test_a_stream_follows_a_session_and_ends_with_it(gateway: Gateway, buyer: Caller) -> None:
    here = signed_in(gateway, buyer, a_login())
    stream = here.get("/stream")
    assert stream.status_code == 200 and stream.mimetype == "text/event-stream"
    events = stream.iter_encoded()
    assert b"retry:" in next(events)
    added = here.post(
        "/users", {"name": "李强", "roles": ["buyer.maker"]}, Idempotency_Key=str(uuid.uuid4())
    )
    gateway.number_feed()
    assert added.json["id"] in next(events).decode()
    here.post("/session/end")
    gateway.organisation("朝阳轴承", "supplier")
    gateway.number_feed()
    assert list(events) == []
    stream.close()
