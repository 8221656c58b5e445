"""The cookie, the token of our pages, and whose page it was."""

import pytest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request, Response

from services import settings
from services.contracts.problems import Problem
from services.gateway.credentials import new_session
from services.gateway.site import Presented, Site, csrf_token

SECURE, PLAIN = Site("https://sails.example"), Site("http://sails.example:8700")
SECRET = new_session()


def request(host: str = "sails.example", **headers: str) -> Request:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Request(EnvironBuilder(method="POST", headers={"Host": host, **named}).get_environ())


def forged(site: Site, sent: Request, secret: str = SECRET) -> bool:
    try:
        site.refuse_forged(sent, secret)
    except Problem as problem:
        assert problem.code == "csrf_invalid"
        return True
    return False


def test_the_cookie_is_out_of_reach_of_scripts_other_sites_and_other_hosts() -> None:
    response = Response()
    SECURE.give(response, SECRET, 604_800)
    said = set(response.headers["Set-Cookie"].split("; "))
    assert {f"__Host-sails_session={SECRET}", "Max-Age=604800", "Path=/"} <= said
    assert {"Secure", "HttpOnly", "SameSite=Strict"} <= said
    assert not any(part.startswith("Domain") for part in said)
    cleared = Response()
    PLAIN.take_back(cleared)
    ended = cleared.headers["Set-Cookie"]
    assert ended.startswith("sails_session=; Expires=Thu, 01 Jan 1970") and "Secure" not in ended


def test_over_https_a_cookie_that_another_host_may_set_is_none() -> None:
    planted = request(Cookie=f"sails_session={SECRET}")
    assert SECURE.presented(planted) == Presented()
    assert PLAIN.presented(planted) == Presented(session=SECRET)


@pytest.mark.parametrize("header", ["Bearer qf_1_x", "Basic abc", "Bearer", ""])
def test_beside_an_authorization_header_the_cookie_does_not_count(header: str) -> None:
    sent = request(Authorization=header, Cookie=f"sails_session={SECRET}")
    assert PLAIN.presented(sent).session == ""


def test_a_cookie_too_long_to_be_ours_is_none() -> None:
    assert PLAIN.presented(request(Cookie="sails_session=" + "x" * 5_000)) == Presented()


def test_a_key_in_the_cookie_is_no_key() -> None:
    key, cookie = Presented(key="qf_1_x"), Presented(session="qf_1_x")
    assert key.digest != cookie.digest and Presented().digest == ""


def test_the_token_is_the_session_s_and_gives_its_secret_away_to_nobody() -> None:
    token = csrf_token(SECRET)
    assert token == csrf_token(SECRET) != csrf_token(new_session())
    assert SECRET not in token and len(token) == 43
    assert not forged(PLAIN, request(X_CSRF_Token=token))


@pytest.mark.parametrize(
    "token",
    [None, "", "x", csrf_token("another"), "é", SECRET],
    ids=["none", "empty", "short", "another", "no-ascii", "the-secret"],
)
def test_without_the_token_it_is_forged(token: str | None) -> None:
    assert forged(PLAIN, request(**({} if token is None else {"X_CSRF_Token": token})))


@pytest.mark.parametrize(
    "origin",
    ["http://sails.example:8700", "https://intern.sails:9443", "http://intern.sails:9443",
     "HTTP://SAILS.EXAMPLE:8700"],
)  # fmt: skip
def test_our_own_pages_have_our_host_or_the_public_address(origin: str) -> None:
    token = csrf_token(SECRET)
    sent = request("intern.sails:9443", X_CSRF_Token=token, Origin=origin)
    assert not forged(PLAIN, sent)


def test_ports_that_go_without_saying() -> None:
    token = csrf_token(SECRET)
    for host, origin in (("a.cn:443", "https://a.cn"), ("a.cn", "https://a.cn:443")):
        assert not forged(Site(), request(host, X_CSRF_Token=token, Origin=origin))
    assert forged(Site(), request("a.cn:8080", X_CSRF_Token=token, Origin="http://a.cn"))


@pytest.mark.parametrize(
    "origin",
    ["null", "", "http://evil.example", "http://sails.example", "http://sails.example.evil:8700",
     "http://sails.example:8700@evil", "file://", "http://[", "http://sails.example:99999",
     "http://sails.example:8700, http://evil.example"],
)  # fmt: skip
def test_another_origin_is_foreign(origin: str) -> None:
    sent = request("intern.sails", X_CSRF_Token=csrf_token(SECRET), Origin=origin)
    assert forged(PLAIN, sent)


def test_a_browser_that_says_no_origin_is_believed_by_its_token() -> None:
    PLAIN.refuse_foreign(request())


def test_settings_of_the_public_address() -> None:
    given = {"AMQP_URI": "x", "DATABASE_URL_GATEWAY": "x"}
    assert settings.load("gateway", given).public_url == ""
    loaded = settings.load("gateway", given | {"SAILS_PUBLIC_URL": "https://sails.example/"})
    assert loaded.public_url == "https://sails.example"
    for wrong in ("sails.example", "ftp://sails.example", "https://sails.example/portal", "https:"):
        with pytest.raises(ValueError):
            settings.load("gateway", given | {"SAILS_PUBLIC_URL": wrong})
