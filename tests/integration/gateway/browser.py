"""A browser at the gateway: it keeps the cookie, and its page knows the token."""

import json
from typing import Any

from werkzeug.test import Client as WsgiClient
from werkzeug.test import TestResponse

from tests.integration.gateway.api_client import API, SITE, Caller, Gateway

PASSWORD = "一帆风顺 Sails!"
Document = dict[str, Any]


class Browser:
    """`said` is the last document of a session; `cookie` what is sent with each request."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway, self.said = gateway, Document()
        self._client = WsgiClient(gateway.edge)

    def send(self, method: str, path: str, body: Any = None, **headers: str | None) -> TestResponse:
        """As a page of ours does it; a header that is None is left out."""
        usual: dict[str, str | None] = {"Accept-Language": "en"}
        if method != "GET":
            usual |= {"Origin": SITE.public_url, "X-CSRF-Token": self.said.get("csrf_token")}
        given = usual | {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {name: value for name, value in given.items() if value is not None}
        data = None if body is None else json.dumps(body)
        answer = self._client.open(
            API + path, method=method, data=data, headers=sent, content_type="application/json"
        )
        if answer.status_code == 200 and path in ENTRIES:
            self.said = answer.json
        return answer

    def get(self, path: str, **headers: str | None) -> TestResponse:
        return self.send("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str | None) -> TestResponse:
        return self.send("POST", path, {} if body is None else body, **headers)

    def activate(self, code: str, login: str, password: str = PASSWORD) -> TestResponse:
        return self.post("/session/activate", {"code": code, "login": login, "password": password})

    def sign_in(self, login: str, password: str = PASSWORD, **headers: str | None) -> TestResponse:
        return self.post("/session", {"login": login, "password": password}, **headers)

    @property
    def cookie(self) -> str:
        found = self._client.get_cookie(SITE.cookie, "localhost")
        return found.value if found else ""

    @cookie.setter
    def cookie(self, secret: str) -> None:
        self._client.set_cookie(SITE.cookie, secret)


ENTRIES = frozenset({"/session", "/session/activate", "/session/join", "/session/password"})


def code_for(inviter: Caller, user_id: str) -> str:
    """The code of a new invitation."""
    return str(inviter.posts(f"/users/{user_id}/invite")["secret"])


def signed_in(gateway: Gateway, person: Caller, login: str) -> Browser:
    """The person invites themselves by their key and chooses a login."""
    browser = Browser(gateway)
    answer = browser.activate(code_for(person, person.user_id), login)
    assert answer.status_code == 200, answer.text
    return browser
