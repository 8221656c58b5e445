"""Who has left, or whose seat another has taken, comes in, acts and signs no more by anything."""

import base64
import json
import uuid
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.integration.gateway.api_client import Caller, Gateway, problem_of
from tests.integration.gateway.browser import PASSWORD, Browser, code_for, signed_in
from tests.integration.gateway.receiver import Receiver

NEW = "顺风顺水 Sails 2026"


def a_login() -> str:
    return f"chen.wei-{uuid.uuid4().hex[:12]}"


def a_public_key() -> str:
    raw = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    return base64.b64encode(raw).decode()


@pytest.fixture
def first(gateway: Gateway) -> Caller:
    return gateway.someone("buyer", "buyer.purchaser")


@pytest.fixture
def maker(gateway: Gateway, first: Caller) -> Caller:
    """A colleague with an API key, a signing key and a mandate."""
    person = gateway.person(first, first.party_id, "buyer.maker", name="陈伟")
    person.posts(f"/users/{person.user_id}/register-signing-key", {"public_key": a_public_key()})
    first.posts("/mandates", a_mandate(person.user_id))
    return person


def a_mandate(user_id: str) -> dict:
    limit = {"amount": "100.00", "currency": "CNY"}
    until = (date.today() + timedelta(days=30)).isoformat()
    return {"user_id": user_id, "limit": limit, "valid_until": until}


def a_webhook(of: Caller, receiver: Receiver) -> str:
    return str(of.posts("/webhooks", {"url": receiver.url, "event_types": []})["id"])


def facts_of(gateway: Gateway, id: str) -> list[str]:
    of_it = "SELECT type FROM outbox WHERE envelope->>'subject' = :id ORDER BY id"
    return [row.type for row in gateway.rows(of_it, id=id)]


def mints(browser: Browser) -> str:
    """A key that the person makes for themselves in a session."""
    body = {"user_id": browser.said["user"]["id"], "name": "ERP"}
    answer = browser.post("/api-keys", body, Idempotency_Key=str(uuid.uuid4()))
    assert answer.status_code == 201, answer.text
    return str(answer.json["secret"])


@pytest.mark.parametrize("by", ["first", "operator"])
def test_who_has_left_is_out(
    gateway: Gateway,
    first: Caller,
    maker: Caller,
    receivers: Callable[..., Receiver],
    by: str,
) -> None:
    hook, login = a_webhook(maker, receivers(200)), a_login()
    here = signed_in(gateway, maker, login)
    pending = code_for(maker, maker.user_id)
    stream = maker.send("GET", "/stream?after=0")
    events = stream.iter_encoded()
    assert next(events)
    leaver = first if by == "first" else gateway.operator
    left = leaver.posts(f"/users/{maker.user_id}/leave")
    assert (left["state"], left["can_sign_in"]) == ("left", False)
    [key] = left["signing_keys"]
    assert key["revoked_at"]
    assert facts_of(gateway, maker.user_id)[-1] == "user.left.v1"

    gateway.forget_callers()
    assert not list(events)  # the stream ends
    assert problem_of(maker.get("/users")) == (401, "key_invalid")
    assert problem_of(here.get("/session")) == (401, "unauthenticated")
    assert problem_of(Browser(gateway).sign_in(login)) == (401, "credentials_wrong")
    assert problem_of(Browser(gateway).activate(pending, a_login())) == (422, "invitation_invalid")
    assert first.gets(f"/webhooks/{hook}")["state"] == "disabled"
    assert [one["state"] for one in first.gets("/mandates")["items"]] == ["revoked"]
    again = first.post(f"/users/{maker.user_id}/leave")
    assert problem_of(again) == (409, "illegal_move")
    for path, body in (
        ("/api-keys", {"user_id": maker.user_id, "name": "ERP"}),
        ("/mandates", a_mandate(maker.user_id)),
    ):
        assert problem_of(first.post(path, body)) == (409, "person_left"), path


def test_what_is_known_for_a_moment_more_makes_nothing_that_lasts(
    gateway: Gateway, first: Caller, maker: Caller
) -> None:
    """A key is remembered for less than a second after its end."""
    assert maker.get("/users").status_code == 200
    first.posts(f"/users/{maker.user_id}/leave")
    own = f"/users/{maker.user_id}"
    for path, body in (
        ("/api-keys", {"user_id": maker.user_id, "name": "ERP"}),
        (f"{own}/invite", {}),
        (f"{own}/register-signing-key", {"public_key": a_public_key()}),
        (f"/users/{first.user_id}/leave", {}),
        ("/mandates", a_mandate(first.user_id)),
        ("/users", {"name": "周迅", "roles": ["buyer.maker"]}),
    ):
        assert problem_of(maker.post(path, body)) == (401, "key_invalid"), path


def test_who_has_left_is_not_invited_again_and_a_successor_is_added(
    gateway: Gateway, first: Caller, maker: Caller
) -> None:
    """What was signed is told under the name of the person: nobody else takes it over."""
    first.posts(f"/users/{maker.user_id}/leave")
    for inviter in (first, gateway.operator):
        again = inviter.post(f"/users/{maker.user_id}/invite")
        assert again.status_code in (403, 409), again.text
    assert problem_of(first.post(f"/users/{maker.user_id}/invite")) == (409, "person_left")
    successor = gateway.person(first, first.party_id, "buyer.maker")
    assert successor.user_id != maker.user_id


def test_where_the_first_person_has_left_the_operator_adds_the_next(
    gateway: Gateway, first: Caller, maker: Caller
) -> None:
    given = {"party_id": first.party_id, "name": "赵一", "roles": ["buyer.purchaser"]}
    assert problem_of(gateway.operator.post("/users", given))[1] == "first_person_only"
    gateway.operator.posts(f"/users/{first.user_id}/leave")
    assert gateway.operator.posts("/users", given)["party_id"] == first.party_id
    assert problem_of(gateway.operator.post("/users", given))[1] == "first_person_only"


def test_only_the_first_person_and_the_operator_let_somebody_go(
    gateway: Gateway, first: Caller, maker: Caller
) -> None:
    equal = gateway.person(first, first.party_id, "buyer.maker")
    assert problem_of(equal.post(f"/users/{maker.user_id}/leave")) == (403, "seat_beyond")
    for oneself in (first, gateway.operator):
        own = oneself.post(f"/users/{oneself.user_id}/leave")
        assert problem_of(own) == (409, "not_oneself")
    stranger = gateway.someone("supplier", "supplier.owner")
    assert problem_of(stranger.post(f"/users/{maker.user_id}/leave")) == (404, "not_found")
    assert gateway.operator.posts(f"/users/{first.user_id}/leave")["state"] == "left"


def test_whoever_takes_a_seat_takes_it_alone(
    gateway: Gateway, first: Caller, maker: Caller, receivers: Callable[..., Receiver]
) -> None:
    """The former person's keys went on reading and signing after the seat was another's."""
    hook = a_webhook(maker, receivers(200))
    [key] = first.gets(f"/users/{maker.user_id}")["signing_keys"]
    assert key["revoked_at"] is None
    code = code_for(first, maker.user_id)
    assert maker.get("/users").status_code == 200  # until it is used
    successor = Browser(gateway)
    assert successor.activate(code, a_login()).status_code == 200
    gateway.forget_callers()
    assert problem_of(maker.get("/users")) == (401, "key_invalid")
    assert first.gets(f"/webhooks/{hook}")["state"] == "disabled"
    [kept] = first.gets(f"/users/{maker.user_id}")["signing_keys"]
    assert kept["revoked_at"] and kept["public_key"] == key["public_key"]
    # It named the person who is gone: what the successor confirmed would be theirs.
    assert [one["state"] for one in first.gets("/mandates")["items"]] == ["revoked"]
    [fact] = gateway.rows(
        "SELECT envelope FROM outbox WHERE type = 'user.activated.v1'"
        " AND envelope->>'subject' = :id",
        id=maker.user_id,
    )
    assert fact.envelope["data"]["signing_keys"] == [kept]  # by which services judge signatures
    assert mints(successor)


def test_whoever_invites_themselves_keeps_their_keys(gateway: Gateway, maker: Caller) -> None:
    signed_in(gateway, maker, a_login())
    gateway.forget_callers()
    [key] = maker.gets(f"/users/{maker.user_id}")["signing_keys"]
    assert key["revoked_at"] is None
    assert [one["state"] for one in maker.gets("/mandates")["items"]] == ["active"]


def test_a_new_password_ends_keys_webhooks_and_codes_that_were_made_before(
    gateway: Gateway, first: Caller, receivers: Callable[..., Receiver]
) -> None:
    here = signed_in(gateway, first, a_login())
    thief = Caller(gateway, mints(here), first.party_id, first.user_id)
    hook = a_webhook(thief, receivers(200))
    code = code_for(thief, first.user_id)
    changed = here.post("/session/password", {"old_password": PASSWORD, "new_password": NEW})
    assert changed.status_code == 200, changed.text
    gateway.forget_callers()
    for caller in (thief, first):
        assert problem_of(caller.get("/users")) == (401, "key_invalid")
    assert problem_of(Browser(gateway).activate(code, a_login())) == (422, "invitation_invalid")
    assert here.get(f"/webhooks/{hook}").json["state"] == "disabled"
    assert mints(here)


def test_a_signing_key_is_revoked_once_and_its_history_kept(
    gateway: Gateway, first: Caller, maker: Caller
) -> None:
    own = f"/users/{maker.user_id}"
    [lost] = maker.gets(own)["signing_keys"]
    asked = {"key_id": lost["key_id"]}
    equal = gateway.person(first, first.party_id, "buyer.maker")
    assert problem_of(equal.post(f"{own}/revoke-signing-key", asked)) == (403, "seat_beyond")
    revoked = maker.posts(f"{own}/revoke-signing-key", asked)
    [kept] = revoked["signing_keys"]
    assert kept["revoked_at"] and kept["public_key"] == lost["public_key"]
    again = first.post(f"{own}/revoke-signing-key", asked)
    assert problem_of(again) == (422, "signing_key_revoked")
    unknown = first.post(f"{own}/revoke-signing-key", {"key_id": str(uuid.uuid4())})
    assert problem_of(unknown) == (422, "signing_key_unknown")
    for revoker in (first, gateway.operator):
        body = {"public_key": a_public_key()}
        added = maker.posts(f"{own}/register-signing-key", body)["signing_keys"][-1]
        after = revoker.posts(f"{own}/revoke-signing-key", {"key_id": added["key_id"]})
        assert all(key["revoked_at"] for key in after["signing_keys"])
    same = maker.post(f"{own}/register-signing-key", {"public_key": lost["public_key"]})
    assert problem_of(same) == (409, "signing_key_taken")
    assert json.dumps(facts_of(gateway, maker.user_id)).count("signing_key_revoked") == 3
