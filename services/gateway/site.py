"""What browsers know of the platform: its origin, and the cookies of a session and a device.

A cookie is sent by the browser, whoever wrote the page. So what it asks to change must also show
that a page of ours has asked: by a token that only our pages can read, and by its origin.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from urllib.parse import urlsplit

from werkzeug.wrappers import Request, Response

from services.contracts.problems import Problem
from services.gateway.credentials import presented, sha256

COOKIE, DEVICE_COOKIE = "sails_session", "sails_device"
SECURE_COOKIE = f"__Host-{COOKIE}"  # browsers take it over https alone, from no other host or path
CSRF_HEADER = "X-CSRF-Token"
READING = frozenset({"GET", "HEAD"})
MAX_COOKIE_LENGTH = 100  # ours have 43 characters
_CSRF = b"csrf token of a session"
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Presented:
    """What a request says of who sends it: a key, or the secret of a session, or nothing."""

    key: str = ""
    session: str = ""

    @property
    def digest(self) -> str:
        """By which it is remembered; empty for nobody. A key in the cookie is no key."""
        if self.session:
            return f"session {sha256(self.session)}"
        return sha256(self.key) if self.key else ""


@dataclass(frozen=True)
class Site:
    """`public_url`: where people find the platform; empty: wherever they have found it."""

    public_url: str = ""

    @cached_property
    def is_secure(self) -> bool:
        return self.public_url.startswith("https:")

    @cached_property
    def cookie(self) -> str:
        return SECURE_COOKIE if self.is_secure else COOKIE

    @cached_property
    def device_cookie(self) -> str:
        return f"__Host-{DEVICE_COOKIE}" if self.is_secure else DEVICE_COOKIE

    def presented(self, request: Request) -> Presented:
        """With an Authorization header that alone counts, whatever is in it."""
        authorization = request.headers.get("Authorization")
        if authorization is not None:
            return Presented(key=presented(authorization))
        return Presented(session=_cookie(request, self.cookie))

    def device(self, request: Request) -> str:
        """What it keeps from an earlier sign-in; empty where there was none."""
        return _cookie(request, self.device_cookie)

    def give(self, response: Response, secret: str, max_age_s: int) -> None:
        """Set the cookie of a session."""
        self._set(response, self.cookie, secret, max_age_s)

    def give_device(self, response: Response, secret: str, max_age_s: int) -> None:
        """Set the cookie by which this browser is known again."""
        self._set(response, self.device_cookie, secret, max_age_s)

    def _set(self, response: Response, name: str, secret: str, max_age_s: int) -> None:
        """No script can read it and no other site have it sent."""
        response.set_cookie(
            name, secret, max_age=max_age_s, path="/", secure=self.is_secure,
            httponly=True, samesite="Strict",
        )  # fmt: skip

    def take_back(self, response: Response) -> None:
        """Clear the cookie."""
        response.delete_cookie(
            self.cookie, path="/", secure=self.is_secure, httponly=True, samesite="Strict"
        )

    def refuse_forged(self, request: Request, secret: str) -> None:
        """Raises Problem("csrf_invalid") unless one of our pages sent it, for this session."""
        self.refuse_foreign(request)
        given = request.headers.get(CSRF_HEADER, "")
        if not hmac.compare_digest(given.encode(), csrf_token(secret).encode()):
            raise Problem("csrf_invalid")

    def refuse_foreign(self, request: Request) -> None:
        """Raises Problem("csrf_invalid") for a page of another origin, where the browser says."""
        origin = request.headers.get("Origin")
        if origin is not None and not self._is_own(origin, request.host):
            raise Problem("csrf_invalid")

    def _is_own(self, origin: str, host: str) -> bool:
        """A proxy may speak http to us where the page was https: of our own host that is no lie."""
        said = _origin(origin)
        if said is None:
            return False
        scheme, *place = said
        here = _origin(f"{scheme}://{host}")
        return said == _origin(self.public_url) or (here is not None and place == list(here[1:]))


def _cookie(request: Request, name: str) -> str:
    secret = request.cookies.get(name, "")
    return secret if len(secret) <= MAX_COOKIE_LENGTH else ""


def csrf_token(secret: str) -> str:
    """Made of the session's secret, which it does not give away: it need not be kept."""
    mac = hmac.digest(secret.encode(), _CSRF, hashlib.sha256)
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


def seconds_until(moment: datetime, now: datetime) -> int:
    """Whole seconds, none once it is past."""
    return max(0, int((moment - now).total_seconds()))


def _origin(url: str) -> tuple[str, str, int] | None:
    """Scheme, host and port, as browsers compare them; None for what is none, such as `null`."""
    try:
        parts = urlsplit(url)
        scheme, host, port = parts.scheme, parts.hostname, parts.port
    except ValueError:
        return None
    if scheme not in _PORTS or not host:
        return None
    return scheme, host.lower(), port or _PORTS[scheme]
