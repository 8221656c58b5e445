"""The routes of signing in by the issuer: there, and back.

Whoever comes back must be the browser that went: a cookie holds the state, beside the digest that
the database has. So nobody is signed in by an address that somebody else has made.
"""

import hmac
import secrets
from collections.abc import Callable
from datetime import datetime

from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from services.contracts import session as contract
from services.contracts.actor import Actor
from services.contracts.fields import Arguments
from services.contracts.problems import Problem
from services.gateway.edge.intake import Call
from services.gateway.oidc import links
from services.gateway.oidc.issuer import Issuer
from services.gateway.oidc.links import Attempt
from services.gateway.readmodel.rendering import JSON, to_text
from services.gateway.sessions import store
from services.gateway.sessions.entrance import FRESH, Entrance, given

COOKIE = "sails_oidc"
MAX_LENGTH = 2_000  # of a code or a state; ours has 43 characters
HOME, SIGN_IN, ACCOUNT = "/portal/", "/portal/sign-in", "/portal/account"


class Federation:
    """One per process. `issuer` None: not configured, and all but `offer` is not there."""

    def __init__(self, entrance: Entrance, issuer: Issuer | None) -> None:
        self._entrance, self._issuer = entrance, issuer
        self._sessions, self._site = entrance.work.sessionmaker, entrance.site

    @property
    def _now(self) -> Callable[[], datetime]:
        return self._entrance.now

    def offer(self, call: Call) -> Response:
        """Whether people may sign in so, and where."""
        call.parameters()
        issuer = self._issuer.registered.host if self._issuer else None
        return Response(to_text({"issuer": issuer}), headers=FRESH, mimetype=JSON)

    def go(self, call: Call) -> Response:
        """To the issuer, to sign in."""
        call.parameters()
        self._known()
        try:
            url, state = self._begun(None)
        except Problem as refused:
            return _told(refused)
        return self._with_state(_to(url), state)

    def connect(self, actor: Actor, call: Call) -> Response:
        """The address to go to, for who is signed in and will sign in so from now on.

        It lasts longer than a session, so it takes more than one: the password.
        """
        self._known()
        self._entrance.prove(actor, given(call, contract.Connect)["password"], "/password")
        url, state = self._begun(actor.user_id)
        answer = Response(to_text({"url": url}), headers=FRESH, mimetype=JSON)
        return self._with_state(answer, state)

    def disconnect(self, actor: Actor, call: Call) -> Response:
        """Sign in by the issuer no more."""
        given(call, Arguments)
        with self._sessions.begin() as session:
            links.disconnect(session, actor.user_id)
        return Response("{}", headers=FRESH, mimetype=JSON)

    def back(self, call: Call) -> Response:
        """From the issuer. A person is before it: what is wrong is said by a page."""
        self._known()
        try:
            return self._without_state(self._arrived(call))
        except Problem as refused:
            return self._without_state(_told(refused))

    def _arrived(self, call: Call) -> Response:
        issuer, said = self._known(), _said(call)
        state, code = said.get("state", ""), said.get("code", "")
        attempt = self._taken(call, state)
        if said.get("iss", issuer.registered.issuer) != issuer.registered.issuer:  # RFC 9207
            raise Problem("oidc_refused")
        if not 0 < len(code) <= MAX_LENGTH:  # an error, or the person did not want to
            raise Problem("oidc_refused")
        subject = issuer.subject(code, attempt.verifier, attempt.nonce)
        if attempt.user_id is None:
            return self._signed_in(call, subject)
        return self._connected(call, subject, attempt.user_id)

    def _taken(self, call: Call, state: str) -> Attempt:
        kept = call.request.cookies.get(self._cookie, "")
        if not state or not hmac.compare_digest(state.encode(), kept.encode()):
            raise Problem("oidc_expired")
        with self._sessions.begin() as session:
            attempt = links.take(session, state, self._now())
        if attempt is None:
            raise Problem("oidc_expired")
        return attempt

    def _signed_in(self, call: Call, subject: str) -> Response:
        issuer, before = self._known().registered.issuer, self._site.presented(call.request)
        with self._sessions.begin() as session:
            user_id = links.person(session, issuer, subject)
            if user_id is None:
                raise Problem("oidc_unknown")
            store.end(session, before.session)
            secret = store.open_session(session, user_id, self._now())
        response = _to(HOME)
        self._site.give(response, secret, int(store.LONGEST.total_seconds()))
        return response

    def _connected(self, call: Call, subject: str, user_id: str) -> Response:
        with self._sessions.begin() as session:
            links.connect(session, self._known().registered.issuer, subject, user_id)
        return _to(f"{ACCOUNT}?oidc=connected")

    def _begun(self, user_id: str | None) -> tuple[str, str]:
        """Where to go, and the state that must come back."""
        issuer = self._known()
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        url = issuer.address(state, nonce, verifier)
        with self._sessions.begin() as session:
            links.begin(session, state, Attempt(nonce, verifier, user_id), self._now())
        return url, state

    def _known(self) -> Issuer:
        if self._issuer is None:
            raise Problem("not_found")
        return self._issuer

    @property
    def _cookie(self) -> str:
        return f"__Host-{COOKIE}" if self._site.is_secure else COOKIE

    def _with_state(self, response: Response, state: str) -> Response:
        """Lax: it comes along when the issuer sends the browser back, and with nothing it posts."""
        response.set_cookie(
            self._cookie, state, max_age=int(links.LASTS.total_seconds()), path="/",
            secure=self._site.is_secure, httponly=True, samesite="Lax",
        )  # fmt: skip
        return response

    def _without_state(self, response: Response) -> Response:
        response.delete_cookie(
            self._cookie, path="/", secure=self._site.is_secure, httponly=True, samesite="Lax"
        )
        return response


def _said(call: Call) -> MultiDict[str, str]:
    """Issuers add parameters of their own. Raises Problem("oidc_expired") for what is none."""
    try:
        return call.request.args
    except UnicodeDecodeError:
        raise Problem("oidc_expired") from None


def _told(refused: Problem) -> Response:
    """By the page where one signs in."""
    return _to(f"{SIGN_IN}?oidc={refused.code.removeprefix('oidc_')}")


def _to(url: str) -> Response:
    return Response("", 302, {**FRESH, "Location": url, "Referrer-Policy": "no-referrer"})
