"""Keys and people: who gets in, who may do what, and for how long."""

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from importlib import import_module
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from werkzeug.test import TestResponse

from services.days import shanghai_date
from services.gateway import access
from services.gateway.access import CACHE_S
from tests.integration.gateway.api_client import Caller, Gateway, problem_of
from tests.waiting import eventually

NEXT_YEAR = (date.today() + timedelta(days=365)).isoformat()


def a_public_key() -> str:
    return base64.b64encode(Ed25519PrivateKey.generate().public_key().public_bytes_raw()).decode()


def test_a_key_is_shown_once_and_kept_nowhere(gateway: Gateway) -> None:
    buyer = gateway.someone("buyer", "buyer.purchaser")
    answer = buyer.post("/api-keys", {"user_id": buyer.user_id, "name": "系统"}, key="second")
    secret = answer.json["secret"]
    assert answer.status_code == 201 and secret.startswith("qf_")
    assert answer.headers["Location"] == f"/api/v1/api-keys/{answer.json['id']}"

    repeated = buyer.post("/api-keys", {"user_id": buyer.user_id, "name": "系统"}, key="second")
    assert repeated.status_code == 201
    assert repeated.json == answer.json | {"secret": None}
    for table in ("api_keys", "outbox", "idempotency", "views", "feed"):
        assert not gateway.rows(
            f"SELECT 1 FROM {table} AS t WHERE t::text LIKE :s", s=f"%{secret}%"
        )


def test_a_revoked_key_is_dead_within_a_second(gateway: Gateway) -> None:
    buyer = gateway.someone("buyer", "buyer.purchaser")
    issued = buyer.posts("/api-keys", {"user_id": buyer.user_id, "name": "系统"})
    second = Caller(gateway, issued["secret"], buyer.party_id, buyer.user_id)
    assert second.get("/demands").status_code == 200

    revoked = buyer.posts(f"/api-keys/{issued['id']}/revoke")
    assert revoked["state"] == "revoked" and revoked["revoked_at"]
    eventually(lambda: second.get("/demands").status_code == 401, CACHE_S + 0.2)
    assert problem_of(second.get("/demands")) == (401, "key_invalid")
    assert problem_of(buyer.post(f"/api-keys/{issued['id']}/revoke")) == (409, "illegal_move")


def test_a_key_has_a_name_a_maker_and_a_day_of_its_last_use(gateway: Gateway) -> None:
    buyer = gateway.someone("buyer", "buyer.purchaser")
    unnamed = buyer.post("/api-keys", {"user_id": buyer.user_id})
    assert problem_of(unnamed) == (422, "invalid")
    too_long = {"user_id": buyer.user_id, "name": "字" * 61}
    assert problem_of(buyer.post("/api-keys", too_long)) == (422, "invalid")
    issued = buyer.posts("/api-keys", {"user_id": buyer.user_id, "name": "ERP 系统"})
    assert (issued["name"], issued["issued_by"]) == ("ERP 系统", buyer.user_id)

    path = f"/parties/{buyer.party_id}/key-uses"
    used = {one["key_id"]: one["last_used_on"] for one in buyer.gets(path)["items"]}
    assert issued["id"] not in used  # its own has been, by these very requests
    assert list(used.values()) == [shanghai_date(gateway.now).isoformat()]
    Caller(gateway, issued["secret"], buyer.party_id, buyer.user_id).gets("/users")
    assert issued["id"] in {one["key_id"] for one in buyer.gets(path)["items"]}
    stranger = gateway.someone("supplier")
    assert problem_of(stranger.get(path)) == (404, "not_found")


def test_the_use_of_a_key_is_written_once_an_hour(gateway: Gateway) -> None:
    buyer = gateway.someone("buyer", "buyer.purchaser")
    noted = "SELECT used_at FROM key_uses JOIN api_keys ON id = key_id WHERE user_id = :id"

    def uses_it() -> Any:
        gateway.forget_callers()
        buyer.gets("/users")
        return gateway.rows(noted, id=buyer.user_id)

    first = uses_it()
    try:
        gateway.ahead = timedelta(minutes=59)
        assert uses_it() == first
        gateway.ahead = timedelta(minutes=61)
        assert uses_it() > first
    finally:
        gateway.ahead = timedelta()


@pytest.mark.parametrize("path", ["/api-keys", "/webhooks", "/webhooks/{hook}/enable"])
def test_nothing_that_lasts_is_made_in_the_last_moment_of_a_key(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(access, "CACHE_S", 60)
    owner = gateway.someone("supplier")
    leaver = gateway.person(owner, owner.party_id, "supplier.owner")
    body = {"url": "http://127.0.0.1:9/hooks"}
    hook = owner.posts("/webhooks", body)["id"]
    owner.posts(f"/webhooks/{hook}/disable")
    if "key" in path:
        body = {"user_id": leaver.user_id, "name": "系统"}
    assert leaver.get("/demands").status_code == 200
    (only,) = gateway.rows(
        "SELECT CAST(id AS text) FROM api_keys WHERE user_id = :id", id=leaver.user_id
    )
    gateway.operator.posts(f"/api-keys/{only[0]}/revoke")

    assert leaver.get("/demands").status_code == 200  # it is still remembered here
    asked = {} if "hook}" in path else body
    assert problem_of(leaver.post(path.format(hook=hook), asked)) == (401, "key_invalid")


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (None, "unauthenticated"),
        ("Basic abc", "unauthenticated"),
        ("Bearer", "unauthenticated"),
        ("Bearer nonsense", "key_invalid"),
        ("Bearer qf_0123456789_wrong", "key_invalid"),
        ("Bearer qf_" + "x" * 5_000, "key_invalid"),
        ("Bearer qf_é_ü", "key_invalid"),
        ("Bearer qf_a\x00b_x", "key_invalid"),
        ("Bearer qf_" + "a" * 21 + "_x", "key_invalid"),
    ],
)
def test_who_does_not_get_in(gateway: Gateway, header: str | None, code: str) -> None:
    answer = gateway.nobody.get("/demands", Authorization=header)
    assert problem_of(answer) == (401, code)
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_prefix_with_another_secret_does_not_get_in(gateway: Gateway) -> None:
    prefix = gateway.operator.key.rsplit("_", 1)[0]
    forged = gateway.nobody.get("/demands", Authorization=f"Bearer {prefix}_forged")
    assert problem_of(forged) == (401, "key_invalid")


def test_a_narrow_key_does_only_what_it_carries(gateway: Gateway) -> None:
    buyer = gateway.someone("buyer", "buyer.purchaser")
    body = {"user_id": buyer.user_id, "name": "系统", "scopes": ["read", "keys:write"]}
    narrow = Caller(
        gateway, buyer.posts("/api-keys", body)["secret"], buyer.party_id, buyer.user_id
    )
    assert narrow.get("/demands").status_code == 200
    assert problem_of(narrow.post("/demands", {"title": "x"})) == (403, "no_scope")
    wider = narrow.post(
        "/api-keys", {"user_id": buyer.user_id, "name": "系统", "scopes": ["demands:write"]}
    )
    assert problem_of(wider) == (422, "scope_not_allowed")
    assert narrow.posts("/api-keys", {"user_id": buyer.user_id, "name": "系统"})["scopes"] == [
        "keys:write",
        "read",
    ]


def test_scopes_beyond_the_duties_are_refused(gateway: Gateway) -> None:
    buyer = gateway.someone("buyer", "buyer.purchaser")
    body = {"user_id": buyer.user_id, "name": "系统", "scopes": ["confirmations:sign"]}
    assert problem_of(buyer.post("/api-keys", body)) == (422, "scope_not_allowed")


def test_the_operator_adds_the_first_person_only(gateway: Gateway) -> None:
    party = gateway.organisation("海淀精密机械", "buyer")
    first = gateway.person(gateway.operator, party["id"], "buyer.purchaser")
    body = {"party_id": party["id"], "name": "李强", "roles": ["buyer.maker"]}
    assert problem_of(gateway.operator.post("/users", body)) == (403, "first_person_only")
    maker = first.posts("/users", {"name": "李强", "roles": ["buyer.maker"]})
    assert (maker["party_id"], maker["state"]) == (party["id"], "active")


@pytest.mark.parametrize("half", ["buyer.maker", "buyer.checker", "bank.maker", "bank.approver"])
def test_an_organisation_does_not_begin_with_half_of_a_pair(gateway: Gateway, half: str) -> None:
    """Nobody of it could ever bring in the other half."""
    party = gateway.organisation("西城商业银行", half.partition(".")[0])
    body = {"party_id": party["id"], "name": "李强", "roles": [half]}
    refused = gateway.operator.post("/users", body)
    assert problem_of(refused) == (403, "four_eyes")
    assert refused.json["errors"][0]["pointer"] == "/roles"
    assert "neither half" in refused.json["detail"]


def test_an_organisation_that_has_lost_its_keys_begins_anew(gateway: Gateway) -> None:
    lost = gateway.someone("buyer", "buyer.purchaser")
    body = {"party_id": lost.party_id, "name": "李强", "roles": ["buyer.purchaser"]}
    assert problem_of(gateway.operator.post("/users", body)) == (403, "first_person_only")
    (key,) = gateway.rows("SELECT id FROM api_keys WHERE party_id = :id", id=lost.party_id)
    gateway.operator.posts(f"/api-keys/{key.id}/revoke")
    half = body | {"roles": ["buyer.checker"]}
    assert problem_of(gateway.operator.post("/users", half)) == (403, "four_eyes")
    again = gateway.person(gateway.operator, lost.party_id, "buyer.purchaser")
    assert problem_of(gateway.operator.post("/users", body)) == (403, "first_person_only")
    assert gateway.person(again, lost.party_id, "buyer.checker").gets("/demands")["items"] == []


def test_strangers_add_nobody(gateway: Gateway) -> None:
    stranger, buyer = gateway.someone("buyer"), gateway.someone("buyer")
    body = {"party_id": buyer.party_id, "name": "x", "roles": []}
    assert problem_of(stranger.post("/users", body)) == (404, "not_found")
    assert problem_of(stranger.post("/api-keys", {"user_id": buyer.user_id, "name": "系统"})) == (
        422,
        "user_unknown",
    )


def test_duties_fit_the_organisation(gateway: Gateway) -> None:
    buyer = gateway.someone("buyer", "buyer.purchaser")
    for role in ("operator.staff", "bank.approver"):
        answer = buyer.post("/users", {"name": "x", "roles": [role]})
        assert problem_of(answer) == (422, "role_not_of_party")
        assert answer.json["errors"][0]["pointer"] == "/roles"


def test_neither_half_of_four_eyes_makes_the_other(gateway: Gateway) -> None:
    owner = gateway.someone("bank")
    maker = gateway.person(owner, owner.party_id, "bank.maker")
    approver = {"name": "孙丽", "roles": ["bank.approver"]}
    assert problem_of(maker.post("/users", approver)) == (403, "four_eyes")
    user = owner.posts("/users", approver)
    assert problem_of(maker.post("/api-keys", {"user_id": user["id"], "name": "系统"})) == (
        403,
        "four_eyes",
    )
    assert owner.posts("/api-keys", {"user_id": user["id"], "name": "系统"})["secret"]


def test_the_operator_hands_a_key_to_no_colleague_of_a_first_person(gateway: Gateway) -> None:
    first = gateway.someone("supplier", "supplier.owner")
    added = first.posts("/users", {"name": "刘洋", "roles": ["supplier.accountant"]})
    asked = {"user_id": added["id"], "name": "系统"}
    assert problem_of(gateway.operator.post("/api-keys", asked)) == (403, "first_person_only")
    assert first.post("/api-keys", asked).status_code == 201


def test_nobody_takes_the_identity_of_who_has_a_key(gateway: Gateway) -> None:
    buyer = gateway.someone("buyer", "buyer.purchaser")
    colleague = gateway.person(buyer, buyer.party_id, "buyer.checker")
    body = {"user_id": colleague.user_id, "name": "系统"}
    assert problem_of(buyer.post("/api-keys", body)) == (409, "person_has_key")
    assert problem_of(gateway.operator.post("/api-keys", body)) == (409, "person_has_key")


def test_revoking_a_key_does_not_give_its_persons_place_away(gateway: Gateway) -> None:
    buyer = gateway.someone("buyer", "buyer.purchaser")
    user = buyer.posts("/users", {"name": "王芳", "roles": ["buyer.checker"]})
    first = buyer.posts("/api-keys", {"user_id": user["id"], "name": "系统"})
    for taker in (buyer, gateway.operator):
        assert taker.post(f"/api-keys/{first['id']}/revoke").status_code in (200, 409)
        refused = taker.post("/api-keys", {"user_id": user["id"], "name": "系统"})
        assert problem_of(refused) == (409, "person_has_key")


def test_a_colleague_takes_no_place_away_and_the_operator_may(gateway: Gateway) -> None:
    """Any key of another but the only one: who loses that one has to begin as a new person."""
    owner = gateway.someone("supplier", "supplier.owner")
    junior = gateway.person(owner, owner.party_id, "supplier.accountant")
    spare = owner.posts("/api-keys", {"user_id": owner.user_id, "name": "系统"})
    (only,) = gateway.rows(
        "SELECT CAST(id AS text) FROM api_keys WHERE user_id = :id AND id <> :spare",
        id=owner.user_id, spare=spare["id"],
    )  # fmt: skip
    assert junior.posts(f"/api-keys/{spare['id']}/revoke")["state"] == "revoked"
    refused = junior.post(f"/api-keys/{only[0]}/revoke")
    assert problem_of(refused) == (409, "only_key")
    assert owner.get("/demands").status_code == 200
    assert gateway.operator.posts(f"/api-keys/{only[0]}/revoke")["state"] == "revoked"
    assert problem_of(junior.post(f"/api-keys/{only[0]}/revoke")) == (409, "illegal_move")


def test_nobody_reaches_the_other_half_over_people_of_their_own_making(gateway: Gateway) -> None:
    owner = gateway.someone("bank")
    maker = gateway.person(owner, owner.party_id, "bank.maker")
    puppet = gateway.person(gateway.person(maker, maker.party_id), maker.party_id)
    approver = {"name": "孙丽", "roles": ["bank.approver"]}
    assert problem_of(puppet.post("/users", approver)) == (403, "four_eyes")
    user = owner.posts("/users", approver)
    assert problem_of(puppet.post("/api-keys", {"user_id": user["id"], "name": "系统"})) == (
        403,
        "four_eyes",
    )
    assert puppet.posts("/users", {"name": "周婷", "roles": []})


def test_who_hands_over_the_first_key_counts_as_who_added_the_person(gateway: Gateway) -> None:
    owner = gateway.someone("bank")
    maker = gateway.person(owner, owner.party_id, "bank.maker")
    user = owner.posts("/users", {"name": "系统", "roles": []})
    secret = maker.posts("/api-keys", {"user_id": user["id"], "name": "系统"})["secret"]
    system = Caller(gateway, secret, owner.party_id, user["id"])
    approver = {"name": "孙丽", "roles": ["bank.approver"]}
    assert problem_of(system.post("/users", approver)) == (403, "four_eyes")


@pytest.mark.parametrize(
    ("own", "given"),
    [
        ("supplier.accountant", ["supplier.owner"]),
        ("supplier.accountant", ["supplier.accountant", "supplier.owner"]),
        ("buyer.checker", ["buyer.purchaser"]),
        ("buyer.purchaser", ["buyer.checker"]),
        ("bank.system", ["bank.approver"]),
    ],
)
def test_nobody_gives_rights_that_they_do_not_have(
    gateway: Gateway, own: str, given: list[str]
) -> None:
    first = gateway.someone(own.partition(".")[0])
    junior = gateway.person(first, first.party_id, own)
    refused = junior.post("/users", {"name": "周婷", "roles": given})
    assert problem_of(refused) == (403, "duty_beyond")
    assert refused.json["errors"][0]["pointer"] == "/roles"
    user = first.posts("/users", {"name": "周婷", "roles": given})
    handed = junior.post("/api-keys", {"user_id": user["id"], "name": "系统"})
    assert problem_of(handed) == (403, "duty_beyond")
    assert first.posts("/api-keys", {"user_id": user["id"], "name": "系统"})["secret"]


@pytest.mark.parametrize(
    ("own", "given"),
    [
        ("supplier.owner", ["supplier.owner"]),
        ("supplier.owner", ["supplier.accountant"]),
        ("buyer.checker", ["buyer.checker"]),
        ("supplier.accountant", []),
    ],
)
def test_ones_own_rights_and_lesser_ones_are_given(
    gateway: Gateway, own: str, given: list[str]
) -> None:
    first = gateway.someone(own.partition(".")[0])
    second = gateway.person(first, first.party_id, own)
    assert gateway.person(second, first.party_id, *given).gets("/demands")["items"] == []


def test_a_lesser_duty_is_one_in_the_same_capacity(gateway: Gateway) -> None:
    """A reader has no scope of its own, and sees what others do not."""
    party = gateway.organisation("某管委会", "supplier", "authority")
    first = gateway.person(gateway.operator, party["id"])
    owner = gateway.person(first, party["id"], "supplier.owner")
    reader = {"name": "周婷", "roles": ["authority.reader"]}
    assert problem_of(owner.post("/users", reader)) == (403, "duty_beyond")
    assert first.posts("/users", reader)["roles"] == ["authority.reader"]


def test_only_a_first_person_hands_a_first_person_their_key(gateway: Gateway) -> None:
    party = gateway.organisation("海淀精密机械", "supplier")
    body = {"party_id": party["id"], "name": "陈伟", "roles": []}
    waiting = gateway.operator.posts("/users", body)
    first = gateway.person(gateway.operator, party["id"])
    junior = gateway.person(first, party["id"], "supplier.accountant")
    refused = junior.post("/api-keys", {"user_id": waiting["id"], "name": "系统"})
    assert problem_of(refused) == (403, "duty_beyond")
    assert first.posts("/api-keys", {"user_id": waiting["id"], "name": "系统"})["secret"]


def test_a_narrow_key_makes_no_wider_one_by_way_of_a_colleague(gateway: Gateway) -> None:
    buyer = gateway.someone("buyer", "buyer.purchaser")
    body = {"user_id": buyer.user_id, "name": "系统", "scopes": ["users:write", "keys:write"]}
    narrow = Caller(
        gateway, buyer.posts("/api-keys", body)["secret"], buyer.party_id, buyer.user_id
    )
    for role in ("buyer.purchaser", "buyer.checker"):
        user = narrow.posts("/users", {"name": "周婷", "roles": [role]})
        wide = {"user_id": user["id"], "name": "系统", "scopes": ["read", "contracts:sign"]}
        assert problem_of(narrow.post("/api-keys", wide)) == (422, "scope_not_allowed")
        issued = narrow.posts("/api-keys", {"user_id": user["id"], "name": "系统"})
        assert issued["scopes"] == ["keys:write", "users:write"]


def test_a_narrow_key_of_the_operator_lets_organisations_begin(gateway: Gateway) -> None:
    operator = gateway.operator
    body = {
        "user_id": operator.user_id,
        "name": "系统",
        "scopes": ["users:write", "keys:write", "parties:write"],
    }
    secret = operator.posts("/api-keys", body)["secret"]
    desk = Caller(gateway, secret, operator.party_id, operator.user_id)
    party = gateway.organisation("海淀精密机械", "buyer")
    first = gateway.person(desk, party["id"], "buyer.purchaser")
    assert first.gets("/demands")["items"] == []
    user = desk.posts("/users", {"name": "周婷", "roles": ["operator.staff"]})
    colleague = desk.posts("/api-keys", {"user_id": user["id"], "name": "系统"})
    assert colleague["scopes"] == ["keys:write", "parties:write", "users:write"]


def test_first_persons_from_before_are_found(fresh_gateway: Gateway) -> None:
    gateway = fresh_gateway
    step = import_module("services.gateway.migrations.versions.0007_first_persons")
    first = gateway.someone("buyer")
    colleague = gateway.person(first, first.party_id)
    gateway.number_feed()
    for caller in (first, colleague):
        keys = "SELECT CAST(id AS text) FROM api_keys WHERE user_id = :id"
        (key,) = gateway.rows(keys, id=caller.user_id)
        gateway.operator.posts(f"/api-keys/{key[0]}/revoke")
    again = gateway.person(gateway.operator, first.party_id)
    gateway.person(again, first.party_id)
    gateway.number_feed()
    who = "SELECT CAST(id AS text) FROM users WHERE is_first ORDER BY id"
    known = gateway.rows(who)
    assert {first.user_id, again.user_id} < {row[0] for row in known} and len(known) == 3
    with gateway.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE users SET is_first = false")
        connection.exec_driver_sql(step.FIND)
    assert gateway.rows(who) == known


def test_a_first_person_who_is_neither_half_brings_in_both(gateway: Gateway) -> None:
    owner = gateway.someone("buyer", "buyer.purchaser")
    for role in ("buyer.maker", "buyer.checker"):
        assert gateway.person(owner, owner.party_id, role).gets("/demands")["items"] == []


@pytest.mark.parametrize(
    "halves", [("bank.maker", "bank.approver"), ("buyer.checker", "buyer.maker")]
)
def test_nobody_is_both_halves(gateway: Gateway, halves: tuple[str, str]) -> None:
    party = gateway.organisation("西城商业银行", halves[0].partition(".")[0])
    body = {"party_id": party["id"], "name": "x", "roles": list(halves)}
    refused = gateway.operator.post("/users", body)
    assert problem_of(refused) == (403, "four_eyes")
    assert refused.json["errors"][0]["pointer"] == "/roles"


def test_how_a_person_came_is_in_no_document(gateway: Gateway) -> None:
    owner = gateway.someone("buyer", "buyer.purchaser")
    user = owner.posts("/users", {"name": "王芳", "roles": ["buyer.checker"]})
    assert not [name for name in owner.gets(f"/users/{user['id']}") if "lineage" in name]


def test_a_person_registers_their_own_signing_key(gateway: Gateway) -> None:
    buyer = gateway.someone("buyer", "buyer.purchaser")
    public_key, path = a_public_key(), f"/users/{buyer.user_id}/register-signing-key"
    user = buyer.posts(path, {"public_key": public_key})
    assert user["signing_keys"][-1]["public_key"] == public_key
    assert problem_of(buyer.post(path, {"public_key": public_key})) == (409, "signing_key_taken")
    for wrong in ("AAAA", "not base64!", base64.b64encode(b"x" * 33).decode()):
        refused = buyer.post(path, {"public_key": wrong})
        assert problem_of(refused) == (422, "signing_key_invalid")
    colleague = gateway.person(buyer, buyer.party_id, "buyer.checker")
    for_other = colleague.post(path, {"public_key": a_public_key()})
    assert problem_of(for_other) == (403, "self_only")
    stranger = gateway.someone("buyer")
    assert problem_of(stranger.post(path, {"public_key": a_public_key()})) == (404, "not_found")


@pytest.mark.parametrize("y", [0, 1, 2**255 - 20, 2**255 - 19, 2**255 - 18 + 2**255])
def test_a_key_for_which_nobody_has_to_sign_is_refused(gateway: Gateway, y: int) -> None:
    buyer = gateway.someone("buyer", "buyer.purchaser")
    key = base64.b64encode(y.to_bytes(32, "little")).decode()
    refused = buyer.post(f"/users/{buyer.user_id}/register-signing-key", {"public_key": key})
    assert problem_of(refused) == (422, "signing_key_invalid")
    assert refused.json["errors"][0]["pointer"] == "/public_key"


def test_a_signing_key_is_one_persons_whoever_asks_first(gateway: Gateway) -> None:
    key = {"public_key": a_public_key()}
    askers = [gateway.someone("buyer", "buyer.purchaser") for _ in range(4)]

    def register(asker: Caller) -> TestResponse:
        return asker.post(f"/users/{asker.user_id}/register-signing-key", key)

    with ThreadPoolExecutor(len(askers)) as pool:
        answers = list(pool.map(register, askers))
    statuses = [answer.status_code for answer in answers]
    assert sorted(statuses) == [200, 409, 409, 409]
    assert {problem_of(a) for a in answers if a.status_code == 409} == {(409, "signing_key_taken")}
    owner = askers[statuses.index(200)]
    (taken,) = gateway.rows(
        "SELECT user_id::text FROM signing_keys WHERE public_key = :k", k=key["public_key"]
    )
    assert taken.user_id == owner.user_id
    assert problem_of(register(owner)) == (409, "signing_key_taken")


def test_of_two_with_the_same_key_from_before_it_is_the_firsts(fresh_gateway: Gateway) -> None:
    step = import_module("services.gateway.migrations.versions.0006_signing_keys")
    people = [fresh_gateway.someone("buyer", "buyer.purchaser") for _ in range(3)]
    keys = [[a_public_key()], [a_public_key(), a_public_key()], []]
    keys[2] = [keys[1][1], a_public_key()]
    with fresh_gateway.engine.begin() as connection:
        for person, own in zip(people, keys, strict=True):
            shown = json.dumps([{"public_key": key} for key in own])
            values = {"id": person.user_id, "keys": shown}
            filled = "UPDATE users SET signing_keys = CAST(%(keys)s AS jsonb) WHERE id = %(id)s"
            connection.exec_driver_sql(filled, values)
        connection.exec_driver_sql(step.TAKE_OVER)
    whose = fresh_gateway.rows("SELECT public_key, CAST(user_id AS text) FROM signing_keys")
    first, second, third = (person.user_id for person in people)
    kept = dict.fromkeys(keys[0], first) | dict.fromkeys(keys[1], second) | {keys[2][1]: third}
    assert dict(tuple(row) for row in whose) == kept


def test_a_mandate_is_granted_to_another_person_and_revoked(gateway: Gateway) -> None:
    buyer = gateway.someone("buyer", "buyer.purchaser")
    maker = gateway.person(buyer, buyer.party_id, "buyer.maker")
    limit = {"amount": "5000000.00", "currency": "CNY"}
    body = {"user_id": maker.user_id, "limit": limit, "valid_until": NEXT_YEAR}
    mandate = buyer.posts("/mandates", body)
    assert (mandate["limit"], mandate["state"]) == (limit, "active")
    assert problem_of(maker.post("/mandates", body)) == (403, "four_eyes")
    assert buyer.posts(f"/mandates/{mandate['id']}/revoke")["state"] == "revoked"
    puppet = gateway.person(maker, buyer.party_id)
    second = maker.posts("/users", {"name": "吴刚", "roles": ["buyer.maker"]})
    for holder in (maker.user_id, second["id"]):
        for granter in (puppet, maker):
            widened = granter.post("/mandates", body | {"user_id": holder})
            assert problem_of(widened) == (403, "four_eyes")
    stranger = gateway.someone("buyer", "buyer.purchaser")
    assert problem_of(stranger.post(f"/mandates/{mandate['id']}/revoke")) == (404, "not_found")
    assert problem_of(stranger.get(f"/mandates/{mandate['id']}")) == (404, "not_found")


@pytest.mark.parametrize(
    ("changes", "code", "pointer"),
    [
        ({"user_id": "0198c5f0-0000-7000-8000-00000000000e"}, "user_unknown", "/user_id"),
        ({"supplier_id": "0198c5f0-0000-7000-8000-00000000000e"}, "party_unknown", "/supplier_id"),
        (
            {"contract_id": "0198c5f0-0000-7000-8000-00000000000e"},
            "contract_unknown",
            "/contract_id",
        ),
        ({"valid_until": "2020-01-01"}, "in_the_past", "/valid_until"),
        ({"limit": {"amount": "-1.00", "currency": "CNY"}}, "invalid", "/limit"),
        ({"limit": {"amount": "99999999999999.00", "currency": "CNY"}}, "invalid", "/limit"),
    ],
)
def test_what_a_mandate_may_not_say(
    gateway: Gateway, changes: dict[str, object], code: str, pointer: str
) -> None:
    buyer = gateway.someone("buyer", "buyer.purchaser")
    checker = gateway.person(buyer, buyer.party_id, "buyer.checker")
    limit = {"amount": "1.00", "currency": "CNY"}
    body = {"user_id": checker.user_id, "limit": limit, "valid_until": NEXT_YEAR} | changes
    answer = buyer.post("/mandates", body)
    assert problem_of(answer) == (422, code)
    assert answer.json["errors"][0]["pointer"] == pointer
