"""Who may invite whom to sign in, and that a code is worth one seat, once."""

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from services.contracts.problems import Problem
from services.gateway.commands.invitations import LASTS
from tests.integration.gateway.api_client import Caller, Gateway, problem_of
from tests.integration.gateway.browser import PASSWORD, Browser, code_for, signed_in

ANOTHER = "顺风顺水 Sails 2026"


def a_login() -> str:
    return f"li.qiang-{uuid.uuid4().hex[:12]}"


@pytest.fixture
def first(gateway: Gateway) -> Caller:
    """The first person of a buyer."""
    return gateway.someone("buyer", "buyer.purchaser")


@pytest.fixture
def later(gateway: Gateway) -> Iterator[None]:
    yield
    gateway.ahead = timedelta()


def added(adder: Caller, *roles: str) -> str:
    """A colleague without a key."""
    return str(adder.posts("/users", {"name": "李强", "roles": list(roles)})["id"])


def test_a_code_is_shown_once_and_kept_nowhere(gateway: Gateway, first: Caller) -> None:
    id, key = added(first, "buyer.maker"), str(uuid.uuid4())
    invited = first.post(f"/users/{id}/invite", key=key)
    assert invited.status_code == 200 and invited.headers["ETag"] == '"2"'
    code = invited.json["secret"]
    repeated = first.post(f"/users/{id}/invite", key=key).json
    assert repeated == invited.json | {"secret": None}
    tables = gateway.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    for (table,) in tables:
        assert code not in str(gateway.rows(f"SELECT * FROM {table}")), table
    [fact] = gateway.rows(
        "SELECT envelope FROM outbox WHERE type = 'user.invited.v1' AND envelope->>'subject' = :id",
        id=id,
    )
    assert set(fact.envelope["data"]) == set(first.gets(f"/users/{id}"))


def test_activation_is_a_fact_of_the_person_s_own(gateway: Gateway, first: Caller) -> None:
    id = added(first, "buyer.maker")
    Browser(gateway).activate(code_for(first, id), a_login())
    [fact] = gateway.rows(
        "SELECT envelope FROM outbox WHERE type = 'user.activated.v1'"
        " AND envelope->>'subject' = :id",
        id=id,
    )
    assert (fact.envelope["actor_party"], fact.envelope["actor_user"]) == (first.party_id, id)
    assert fact.envelope["data"]["can_sign_in"] is True
    assert first.gets(f"/users/{id}")["can_sign_in"] is True


def test_ten_activations_at_once_have_one_effect(gateway: Gateway, first: Caller) -> None:
    id = added(first, "buyer.maker")
    code = code_for(first, id)
    with ThreadPoolExecutor(10) as threads:
        answers = list(threads.map(lambda _: Browser(gateway).activate(code, a_login()), range(10)))
    assert sorted(answer.status_code for answer in answers) == [200] + [422] * 9
    assert {a.json["code"] for a in answers if a.status_code == 422} == {"invitation_invalid"}
    for table in ("logins", "sessions"):
        count = f"SELECT count(*) FROM {table} WHERE user_id = :id"
        assert gateway.rows(count, id=id) == [(1,)]


def test_ten_who_want_one_login_at_once(gateway: Gateway, first: Caller) -> None:
    login = a_login()
    codes = [code_for(first, added(first, "buyer.maker")) for _ in range(10)]
    with ThreadPoolExecutor(10) as threads:
        answers = list(threads.map(lambda code: Browser(gateway).activate(code, login), codes))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 9
    refused = next(answer for answer in answers if answer.status_code == 409)
    assert problem_of(refused) == (409, "login_taken")
    assert refused.json["errors"][0]["pointer"] == "/login"


@pytest.mark.usefixtures("later")
def test_a_code_ends_after_three_days(gateway: Gateway, first: Caller) -> None:
    id = added(first, "buyer.maker")
    code, browser = code_for(first, id), Browser(gateway)
    gateway.ahead = LASTS
    late = browser.activate(code, a_login())
    assert problem_of(late) == (422, "invitation_invalid")
    assert late.json["errors"][0]["pointer"] == "/code" and "72" in late.json["detail"]
    gateway.ahead = LASTS - timedelta(minutes=1)
    assert browser.activate(code, a_login()).status_code == 200


def test_a_newer_code_replaces_an_older_one(gateway: Gateway, first: Caller) -> None:
    id = added(first, "buyer.maker")
    older, newer = code_for(first, id), code_for(first, id)
    assert problem_of(Browser(gateway).activate(older, a_login())) == (422, "invitation_invalid")
    assert Browser(gateway).activate(newer, a_login()).status_code == 200


def test_what_is_refused_uses_no_code_up(gateway: Gateway, first: Caller) -> None:
    id = added(first, "buyer.maker")
    code, login, browser = code_for(first, id), a_login(), Browser(gateway)
    for body, refusal, pointer in (
        ({"login": "李强"}, "invalid", "/login"),
        ({"login": "ab"}, "invalid", "/login"),
        ({"login": "a b c"}, "invalid", "/login"),
        ({"login": "a\n"}, "invalid", "/login"),
        ({"login": "x" * 65}, "invalid", "/login"),
        ({"password": "short"}, "invalid", "/password"),
        ({"password": "x" * 129}, "invalid", "/password"),
        ({"password": "qwertyuiop"}, "password_common", "/password"),
        ({"password": login.upper()}, "password_is_login", "/password"),
        ({"code": "qi_wrong"}, "invitation_invalid", "/code"),
        ({"code": ""}, "invalid", "/code"),
    ):
        asked = {"code": code, "login": login, "password": PASSWORD} | body
        refused = browser.post("/session/activate", asked)
        assert problem_of(refused) == (422, refusal), body
        assert refused.json["errors"][0]["pointer"] == pointer, body
    assert browser.activate(code, login).status_code == 200


def test_activating_again_is_a_new_password_and_ends_all_sessions(
    gateway: Gateway, first: Caller
) -> None:
    id, old, new = added(first, "buyer.maker"), a_login(), a_login()
    here = Browser(gateway)
    here.activate(code_for(first, id), old)
    invited = code_for(first, id)
    assert here.get("/session").status_code == 200  # until it is used
    assert Browser(gateway).activate(invited, new, ANOTHER).status_code == 200
    gateway.forget_callers()
    assert problem_of(here.get("/users")) == (401, "unauthenticated")
    assert problem_of(Browser(gateway).sign_in(old)) == (401, "credentials_wrong")
    assert problem_of(Browser(gateway).sign_in(new)) == (401, "credentials_wrong")
    assert Browser(gateway).sign_in(new, ANOTHER).status_code == 200
    other = code_for(first, added(first, "buyer.maker"))
    assert Browser(gateway).activate(other, old).status_code == 200  # it is free again


def test_a_maker_invites_no_checker_over_whatever_hands(gateway: Gateway, first: Caller) -> None:
    maker = gateway.person(first, first.party_id, "buyer.maker")
    checker = added(first, "buyer.checker")
    assert problem_of(maker.post(f"/users/{checker}/invite")) == (403, "four_eyes")
    second = added(maker, "buyer.maker")  # a colleague of the maker's making
    browser = Browser(gateway)
    browser.activate(code_for(maker, second), a_login())
    refused = browser.post(f"/users/{checker}/invite", Idempotency_Key=str(uuid.uuid4()))
    assert problem_of(refused) == (403, "four_eyes")


def test_who_invites_counts_as_who_added_the_person(gateway: Gateway) -> None:
    """A maker invites somebody neutral, who then cannot bring in a checker."""
    first = gateway.someone("buyer", "buyer.purchaser", "buyer.maker")
    adder = gateway.person(first, first.party_id, "buyer.purchaser")
    neutral = added(adder, "buyer.purchaser")
    browser = Browser(gateway)
    browser.activate(code_for(first, neutral), a_login())
    body = {"name": "王芳", "roles": ["buyer.checker"]}
    refused = browser.post("/users", body, Idempotency_Key=str(uuid.uuid4()))
    assert problem_of(refused) == (403, "four_eyes")


def test_the_operator_invites_first_persons_only(gateway: Gateway, first: Caller) -> None:
    maker = added(first, "buyer.maker")
    refused = gateway.operator.post(f"/users/{maker}/invite")
    assert problem_of(refused) == (403, "first_person_only")
    assert gateway.operator.posts(f"/users/{first.user_id}/invite")["secret"]


def test_strangers_invite_nobody(gateway: Gateway, first: Caller) -> None:
    stranger = gateway.someone("supplier", "supplier.owner")
    assert problem_of(stranger.post(f"/users/{first.user_id}/invite")) == (404, "not_found")
    for id in (str(uuid.uuid4()), "x"):
        assert problem_of(first.post(f"/users/{id}/invite")) == (404, "not_found")


def test_nobody_invites_who_may_more_or_came_first(gateway: Gateway, first: Caller) -> None:
    purchaser = gateway.person(first, first.party_id, "buyer.purchaser")
    checker = added(first, "buyer.checker")
    for id in (first.user_id, checker):
        assert problem_of(purchaser.post(f"/users/{id}/invite")) == (403, "duty_beyond")


@pytest.mark.parametrize("way", ["key", "password"])
def test_a_seat_that_is_taken_is_not_taken_over_by_an_equal(
    gateway: Gateway, first: Caller, way: str
) -> None:
    """A maker with a small mandate would else act under another's large one."""
    small = gateway.person(first, first.party_id, "buyer.maker")
    if way == "key":
        large = gateway.person(first, first.party_id, "buyer.maker").user_id
    else:
        large = added(first, "buyer.maker")
        Browser(gateway).activate(code_for(first, large), a_login())
    assert problem_of(small.post(f"/users/{large}/invite")) == (403, "invitation_beyond")
    assert code_for(first, large)
    assert code_for(small, small.user_id)  # oneself


def test_a_narrow_key_invites_nobody_who_would_get_more(gateway: Gateway, first: Caller) -> None:
    asked = {"user_id": first.user_id, "name": "系统", "scopes": ["read", "users:write"]}
    secret = first.posts("/api-keys", asked)["secret"]
    narrow = Caller(gateway, secret, first.party_id, first.user_id)
    for id in (first.user_id, added(first, "buyer.purchaser")):
        assert problem_of(narrow.post(f"/users/{id}/invite")) == (403, "no_scope")


def test_the_operator_signs_in_and_lets_an_organisation_begin(gateway: Gateway) -> None:
    desk = signed_in(gateway, gateway.operator, a_login())

    def does(path: str, body: object) -> dict:
        answer = desk.post(path, body, Idempotency_Key=str(uuid.uuid4()))
        assert answer.status_code in (200, 201), answer.text
        return dict(answer.json)

    party = does("/parties", {"name": "顺义铸造", "capacities": ["supplier"]})
    owner = does("/users", {"party_id": party["id"], "name": "陈伟", "roles": ["supplier.owner"]})
    code = does(f"/users/{owner['id']}/invite", {})["secret"]
    answer = Browser(gateway).activate(code, a_login())
    assert answer.json["party"]["name"] == "顺义铸造"


def test_a_failure_on_the_way_leaves_nothing_behind(
    gateway: Gateway, first: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Code, login, fact and session are one transaction."""
    id, login = added(first, "buyer.maker"), a_login()
    code = code_for(first, id)

    def fail(*_: object) -> str:
        raise Problem("unavailable")

    with monkeypatch.context() as broken:
        broken.setattr("services.gateway.sessions.store.open_session", fail)
        assert Browser(gateway).activate(code, login).status_code == 503
    assert gateway.rows("SELECT 1 FROM logins WHERE user_id = :id", id=id) == []
    assert first.gets(f"/users/{id}")["can_sign_in"] is False
    assert Browser(gateway).activate(code, login).status_code == 200
