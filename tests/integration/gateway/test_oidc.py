"""Signing in by an issuer: connected once by oneself, and nothing forged is believed."""

import time
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import requests
from joserfc.jwk import RSAKey
from werkzeug.test import TestResponse

from services.gateway.oidc.issuer import Issuer, Registered
from services.gateway.oidc.links import LASTS
from tests.integration.gateway.api_client import API, SITE, Gateway, problem_of
from tests.integration.gateway.browser import PASSWORD, Browser, signed_in
from tests.integration.gateway.sandbox_issuer import CLIENT, SECRET, SandboxIssuer

BACK = f"{SITE.public_url}{API}/session/oidc/callback"


@pytest.fixture
def issuer(gateway: Gateway) -> Iterator[SandboxIssuer]:
    """Configured at the gateway as long as the test runs; nobody is connected."""
    sandbox = SandboxIssuer()
    sandbox.subject = f"employee {uuid.uuid4()}"
    gateway.federation._issuer = Issuer(Registered(sandbox.url, CLIENT, BACK, SECRET))
    yield sandbox
    gateway.federation._issuer = None
    gateway.ahead = timedelta()
    sandbox.close()


def person(gateway: Gateway) -> Browser:
    """Signed in by a password."""
    caller = gateway.someone("supplier", "supplier.owner")
    return signed_in(gateway, caller, f"wang-{uuid.uuid4().hex[:12]}")


def at_issuer(url: str) -> str:
    """The browser goes there and is sent back: the address without the origin."""
    answer = requests.get(url, allow_redirects=False, timeout=5)
    assert answer.status_code == 302 and answer.headers["Location"].startswith(BACK)
    return answer.headers["Location"].removeprefix(SITE.public_url + API)


def connecting(browser: Browser, password: str = PASSWORD) -> TestResponse:
    return browser.post("/session/oidc/connect", {"password": password})


def connected(browser: Browser) -> TestResponse:
    """By a page of ours, there and back."""
    answer = connecting(browser)
    assert answer.status_code == 200, answer.text
    return browser.get(at_issuer(answer.json["url"]))


def gone(browser: Browser) -> str:
    """Off to the issuer to sign in; where the issuer sends the browser back to."""
    answer = browser.get("/session/oidc")
    assert answer.status_code == 302, answer.text
    return at_issuer(answer.headers["Location"])


def reason(answer: TestResponse) -> str:
    """What the sign-in page is told; nobody is signed in."""
    assert answer.status_code == 302 and SITE.cookie not in str(
        answer.headers.getlist("Set-Cookie")
    )
    place, _, told = answer.headers["Location"].partition("?oidc=")
    assert place == "/portal/sign-in"
    return told


def test_connected_once_and_then_signed_in_without_a_password(
    gateway: Gateway, issuer: SandboxIssuer
) -> None:
    owner = person(gateway)
    assert connected(owner).headers["Location"] == "/portal/account?oidc=connected"
    stranger = Browser(gateway)
    assert stranger.get("/session/oidc/offer").json == {"issuer": "127.0.0.1"}
    assert stranger.get(gone(stranger)).headers["Location"] == "/portal/"
    assert stranger.get("/session").json["user"]["id"] == owner.said["user"]["id"]
    assert issuer.asked["/jwks"] == issuer.asked["/.well-known/openid-configuration"] == 1
    assert stranger.post("/session/oidc/disconnect").status_code == 200
    other = Browser(gateway)
    assert reason(other.get(gone(other))) == "unknown"


def test_nobody_is_found_by_an_address_or_connected_by_coming(
    gateway: Gateway, issuer: SandboxIssuer
) -> None:
    caller = gateway.someone("supplier", "supplier.owner")
    signed_in(gateway, caller, "wang@example.cn")  # the address that the issuer tells of
    stranger = Browser(gateway)
    assert reason(stranger.get(gone(stranger))) == "unknown"


def test_an_identity_is_one_person_s(gateway: Gateway, issuer: SandboxIssuer) -> None:
    first, second = person(gateway), person(gateway)
    connected(first)
    assert reason(connected(second)) == "taken"


def test_a_session_alone_connects_nothing(gateway: Gateway, issuer: SandboxIssuer) -> None:
    owner = person(gateway)
    assert problem_of(connecting(owner, "guessed and wrong")) == (422, "old_password_wrong")
    assert problem_of(owner.post("/session/oidc/connect")) == (422, "invalid")
    assert connecting(owner).status_code == 200


def test_a_new_password_parts_every_identity(gateway: Gateway, issuer: SandboxIssuer) -> None:
    owner = person(gateway)
    connected(owner)
    begun = connecting(owner).json["url"]
    said = {"old_password": PASSWORD, "new_password": "another wind and the same sails"}
    assert owner.post("/session/password", said).status_code == 200
    stranger = Browser(gateway)
    assert reason(stranger.get(gone(stranger))) == "unknown"
    assert reason(owner.get(at_issuer(begun))) == "expired"  # begun by whoever had the old one


def test_who_is_given_a_seat_has_it_alone(gateway: Gateway, issuer: SandboxIssuer) -> None:
    caller = gateway.someone("supplier", "supplier.owner")
    before = signed_in(gateway, caller, f"zhang-{uuid.uuid4().hex[:12]}")
    connected(before)
    signed_in(gateway, caller, f"li-{uuid.uuid4().hex[:12]}")  # invited into the same place
    stranger = Browser(gateway)
    assert reason(stranger.get(gone(stranger))) == "unknown"


def test_a_state_works_once_in_its_browser_and_for_a_while(
    gateway: Gateway, issuer: SandboxIssuer
) -> None:
    owner = person(gateway)
    connected(owner)
    browser = Browser(gateway)
    back = gone(browser)
    assert reason(Browser(gateway).get(back)) == "expired"  # another's address
    assert reason(browser.get(back.replace("state=", "state=x"))) == "expired"
    browser = Browser(gateway)
    back = gone(browser)
    kept = browser._client.get_cookie("sails_oidc", "localhost")
    assert kept is not None
    assert browser.get(back).headers["Location"] == "/portal/"
    browser._client.set_cookie("sails_oidc", kept.value)
    assert reason(browser.get(back)) == "expired"  # replayed with all that belonged to it
    late = Browser(gateway)
    back = gone(late)
    gateway.ahead = LASTS + timedelta(seconds=1)
    assert reason(late.get(back)) == "expired"


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"iss": "https://elsewhere.example"},
        {"aud": "another-client"},
        {"aud": [CLIENT, "another-client"], "azp": "another-client"},
        {"exp": int(time.time()) - 3_600, "iat": int(time.time()) - 7_200},
        {"sub": ""},
        {"sub": "x" * 256},
        {"exp": None},
        {"nonce": None},
    ],
    ids=["another nonce", "another issuer", "another client", "among others", "expired", "nobody",
         "too long", "never expires", "no nonce"],
)  # fmt: skip
def test_a_token_that_says_something_wrong(
    gateway: Gateway, issuer: SandboxIssuer, claims: dict[str, Any]
) -> None:
    connected(person(gateway))
    issuer.claims = claims
    browser = Browser(gateway)
    assert reason(browser.get(gone(browser))) == "refused"


@pytest.mark.parametrize("forger", ["none", "public key", "other key", "no token at all"])
def test_a_token_that_the_issuer_did_not_sign(
    gateway: Gateway, issuer: SandboxIssuer, forger: str
) -> None:
    connected(person(gateway))
    browser = Browser(gateway)
    answer = browser.get("/session/oidc")
    location = answer.headers["Location"]
    nonce = location.partition("nonce=")[2].partition("&")[0]
    claims, other = issuer.good(nonce), RSAKey.generate_key(2048, {"kid": "one"})
    issuer.token = {
        "none": issuer.unsigned(claims),
        "public key": issuer.by_public_key(claims),
        "other key": issuer.signed(claims, other),
        "no token at all": "...",
    }[forger]
    assert reason(browser.get(at_issuer(location))) == "refused"


def test_new_keys_are_learned_and_a_foreign_document_is_not(
    gateway: Gateway, issuer: SandboxIssuer
) -> None:
    connected(person(gateway))
    issuer.key = RSAKey.generate_key(2048, {"kid": "two"})
    later = Issuer(gateway.federation._issuer.registered, lambda: time.monotonic() + 3_000)
    later._kept = dict(gateway.federation._issuer._kept)
    gateway.federation._issuer = later
    browser = Browser(gateway)
    assert browser.get(gone(browser)).headers["Location"] == "/portal/"
    lying = Registered(f"{issuer.url}/", CLIENT, BACK, SECRET)  # not what its document says
    gateway.federation._issuer = Issuer(lying)
    assert reason(Browser(gateway).get("/session/oidc")) == "refused"


def test_an_issuer_that_is_away_or_sends_an_error(gateway: Gateway, issuer: SandboxIssuer) -> None:
    browser = Browser(gateway)
    back = gone(browser)
    state = back.partition("state=")[2]
    denied = f"/session/oidc/callback?error=access_denied&state={state}"
    assert reason(browser.get(denied)) == "refused"
    for rubbish in ("?state=%FF&code=x", "?code=x", "", "?state=" + "x" * 3_000):
        assert reason(browser.get(f"/session/oidc/callback{rubbish}")) == "expired"
    browser = Browser(gateway)
    back = gone(browser)
    issuer.close()
    assert reason(browser.get(back)) == "unavailable"


def test_without_an_issuer_there_is_nothing(gateway: Gateway) -> None:
    browser = person(gateway)
    assert browser.get("/session/oidc/offer").json == {"issuer": None}
    for path in ("/session/oidc", "/session/oidc/callback"):
        assert problem_of(browser.get(path)) == (404, "not_found")
    assert problem_of(browser.post("/session/oidc/connect")) == (404, "not_found")
    assert problem_of(browser.post("/session/oidc/connect", X_CSRF_Token="x")) == (
        403, "csrf_invalid",
    )  # fmt: skip
    assert problem_of(Browser(gateway).post("/session/oidc/connect")) == (401, "unauthenticated")


def test_no_secret_of_an_attempt_is_kept_as_it_is(gateway: Gateway, issuer: SandboxIssuer) -> None:
    browser = Browser(gateway)
    state = gone(browser).partition("state=")[2]
    assert state not in str(gateway.rows("SELECT * FROM oidc_attempts"))
