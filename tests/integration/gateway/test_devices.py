"""Strangers who guess keep nobody out of a browser that is known; who stole its cookie is held."""

import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest

from services.gateway.sessions import devices, lockout
from tests.integration.gateway.api_client import SITE, Gateway, problem_of
from tests.integration.gateway.browser import PASSWORD, Browser, signed_in


@pytest.fixture
def login() -> str:
    return f"wu.jing-{uuid.uuid4().hex[:12]}"


@pytest.fixture
def home(gateway: Gateway, login: str) -> Browser:
    """Where the person has signed in before, and out."""
    browser = signed_in(gateway, gateway.someone("buyer", "buyer.purchaser"), login)
    assert browser.post("/session/end").status_code == 200
    return browser


@pytest.fixture
def later(gateway: Gateway) -> Iterator[None]:
    yield
    gateway.ahead = timedelta()


def device_of(browser: Browser) -> str:
    found = browser._client.get_cookie(SITE.device_cookie, "localhost")
    return found.value if found else ""


def with_device(gateway: Gateway, secret: str) -> Browser:
    browser = Browser(gateway)
    browser._client.set_cookie(SITE.device_cookie, secret)
    return browser


def locks(browser: Browser, login: str) -> None:
    """Guesses until the next attempt must wait."""
    guesses = [browser.sign_in(login, f"guess {n}").status_code for n in range(lockout.FREE + 1)]
    assert guesses == [401] * lockout.FREE + [429]


def test_a_stranger_keeps_nobody_out_of_their_own_browser(
    gateway: Gateway, home: Browser, login: str
) -> None:
    stranger = Browser(gateway)
    locks(stranger, login)
    before = device_of(home)
    assert home.sign_in(login).status_code == 200
    assert device_of(home) not in ("", before)  # another each time
    # Which helps no guesser: on devices that are not known the login stays locked.
    for unknown in (stranger, Browser(gateway), with_device(gateway, before)):
        assert problem_of(unknown.sign_in(login)) == (429, "locked_out")


def test_a_stolen_device_is_locked_by_itself(gateway: Gateway, home: Browser, login: str) -> None:
    elsewhere = Browser(gateway)
    assert elsewhere.sign_in(login).status_code == 200
    thief = with_device(gateway, device_of(home))
    locks(thief, login)
    assert problem_of(thief.sign_in(login)) == (429, "locked_out")
    assert elsewhere.sign_in(login).status_code == 200
    assert Browser(gateway).sign_in(login).status_code == 200


def test_a_device_of_one_is_nobody_elses(gateway: Gateway, home: Browser, login: str) -> None:
    """Else whoever has an account could guess at all others without being counted."""
    another = f"{login}.2"
    other = signed_in(gateway, gateway.someone("supplier", "supplier.owner"), another)
    locks(other, login)
    assert problem_of(Browser(gateway).sign_in(login)) == (429, "locked_out")
    assert home.sign_in(login).status_code == 200
    # Two who share a browser are both known there.
    assert home.sign_in(another).status_code == 200
    locks(Browser(gateway), another)
    for one in (login, another):
        assert home.sign_in(one).status_code == 200


def test_who_may_sign_in_on_a_shared_device_guesses_no_further_at_others(
    gateway: Gateway, home: Browser, login: str
) -> None:
    """Each sign-in gives the device another cookie, and took the count of all others away."""
    another = f"{login}.2"
    signed_in(gateway, gateway.someone("supplier", "supplier.owner"), another)
    for _ in range(lockout.FREE - 1):
        assert home.sign_in(login, "a guess").status_code == 401
    assert home.sign_in(another).status_code == 200
    assert home.sign_in(login, "a guess").status_code == 401
    assert problem_of(home.sign_in(login)) == (429, "locked_out")
    assert Browser(gateway).sign_in(login).status_code == 200


@pytest.mark.usefixtures("later")
def test_devices_are_few_end_and_are_forgotten_with_the_password(
    gateway: Gateway, home: Browser, login: str
) -> None:
    for _ in range(devices.MOST):
        gateway.ahead += timedelta(seconds=1)
        last = Browser(gateway)
        assert last.sign_in(login).status_code == 200
    locks(Browser(gateway), login)
    assert problem_of(home.sign_in(login)) == (429, "locked_out")  # the oldest
    assert last.sign_in(login).status_code == 200
    count = "SELECT count(*) FROM known_devices WHERE user_id = :id"
    assert gateway.rows(count, id=last.said["user"]["id"]) == [(devices.MOST,)]

    new = {"old_password": PASSWORD, "new_password": "顺风顺水 Sails 2026"}
    assert last.post("/session/password", new).status_code == 200
    assert gateway.rows(count, id=last.said["user"]["id"]) == [(1,)]
    gateway.ahead += devices.LASTS
    stranger = Browser(gateway)
    locks(stranger, login)
    assert problem_of(last.sign_in(login)) == (429, "locked_out")


def test_the_cookie_is_for_no_script_and_no_other_site(gateway: Gateway, home: Browser) -> None:
    answer = home.sign_in("nobody.here")
    assert not answer.headers.getlist("Set-Cookie")
    party = gateway.someone("buyer", "buyer.purchaser")
    browser = signed_in(gateway, party, f"x-{uuid.uuid4().hex[:12]}")
    found = browser._client.get_cookie(SITE.device_cookie, "localhost")
    assert found is not None and found.http_only and found.same_site == "Strict"
    assert found.max_age == devices.LASTS.total_seconds()
    digests = gateway.rows("SELECT secret_sha256 FROM known_devices")
    assert found.value not in {row.secret_sha256 for row in digests}
