"""What is said with the issuer: where it is, its keys, and who has signed in there.

OpenID Connect Core 1.0 § 3.1, code flow with PKCE. Nothing of it is done within a transaction.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlsplit

import requests
import structlog
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, KeySetSerialization

from services.contracts.problems import Problem

# Within these two calls a person waits before a page; an issuer that takes longer is as good as
# away, and three of its answers one after the other stay below what proxies wait.
TIMEOUT_S = (2.0, 3.0)  # to connect, to answer
KEPT_S = 3_600.0  # the issuer's document and keys: both change with months, and are asked for anew
KEYS_APART_S = 60.0  # a token with an unknown key has them asked for sooner, but not at each token
LEEWAY_S = 60  # two servers' clocks
# Signed by the issuer's private key: never `none`, nor a secret that a client shares.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512",
              "Ed25519", "EdDSA"]  # fmt: skip
SCOPE = "openid"  # who it is, and nothing else of a person

_log = structlog.get_logger()


@dataclass(frozen=True)
class Registered:
    """How the platform is known to the issuer."""

    issuer: str
    client_id: str
    redirect_uri: str
    client_secret: str = field(default="", repr=False)

    @property
    def host(self) -> str:
        """What a person knows it by."""
        return urlsplit(self.issuer).hostname or self.issuer


class Issuer:
    """One per process. Raises Problem oidc_refused, unavailable."""

    def __init__(
        self, registered: Registered, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self.registered, self._monotonic = registered, monotonic
        self._kept: dict[str, tuple[float, Any]] = {}
        self._lock = threading.Lock()

    def address(self, state: str, nonce: str, verifier: str) -> str:
        """Where to send a browser."""
        endpoint = self._described("authorization_endpoint")
        with self._client() as client:
            url, _ = client.create_authorization_url(
                endpoint, state=state, nonce=nonce, code_verifier=verifier
            )
        return str(url)

    def subject(self, code: str, verifier: str, nonce: str) -> str:
        """Who it is that came back with this code, by the issuer's lasting name of them."""
        token = self._redeemed(code, verifier).get("id_token")
        if not isinstance(token, str):
            raise Problem("oidc_refused")
        return self._checked(token, nonce)

    def _redeemed(self, code: str, verifier: str) -> dict[str, Any]:
        endpoint = self._described("token_endpoint")
        try:
            with self._client() as client:
                return dict(
                    client.fetch_token(
                        endpoint, code=code, code_verifier=verifier, timeout=TIMEOUT_S,
                        allow_redirects=False,
                    )
                )  # fmt: skip
        except requests.RequestException as error:
            raise _away(error) from error
        except (AuthlibBaseError, ValueError) as error:
            raise _refused(error) from error

    def _checked(self, token: str, nonce: str) -> str:
        """The subject of an ID token. Raises Problem("oidc_refused") for whatever is not right."""
        own = self.registered
        claims = jwt.JWTClaimsRegistry(
            leeway=LEEWAY_S,
            iss={"essential": True, "value": own.issuer},
            aud={"essential": True, "value": own.client_id},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        try:
            found = self._decoded(token).claims
            claims.validate(found)
        except (JoseError, ValueError) as error:
            raise _refused(error) from error
        if isinstance(found["aud"], list) and found.get("azp", own.client_id) != own.client_id:
            raise Problem("oidc_refused")
        if not isinstance(found["sub"], str) or not 0 < len(found["sub"]) <= 255:  # § 2
            raise Problem("oidc_refused")
        return found["sub"]

    def _decoded(self, token: str) -> jwt.Token:
        """By one of its keys; with new ones where none is the token's."""
        try:
            return jwt.decode(token, self._keys(KEPT_S), algorithms=ALGORITHMS)
        except (JoseError, ValueError):
            return jwt.decode(token, self._keys(KEYS_APART_S), algorithms=ALGORITHMS)

    def _keys(self, kept_s: float) -> KeySet:
        said = self._asked(self._described("jwks_uri"), kept_s)
        return KeySet.import_key_set(cast(KeySetSerialization, said))

    def _described(self, name: str) -> str:
        issuer = self.registered.issuer
        said = self._asked(f"{issuer.rstrip('/')}/.well-known/openid-configuration", KEPT_S)
        if said.get("issuer") != issuer or not isinstance(said.get(name), str):
            raise _refused(ValueError("the issuer's document is another's"))
        return str(said[name])

    def _asked(self, url: str, kept_s: float) -> dict[str, Any]:
        """What is there as JSON, not older than `kept_s`."""
        now_s = self._monotonic()
        with self._lock:
            at_s, said = self._kept.get(url, (now_s, None))
        if said is None or now_s - at_s > kept_s:
            said = _fetched(url)
            with self._lock:
                self._kept[url] = (now_s, said)
        return dict(said)

    def _client(self) -> OAuth2Session:
        own = self.registered
        return OAuth2Session(
            own.client_id,
            own.client_secret or None,
            token_endpoint_auth_method="client_secret_basic" if own.client_secret else "none",
            scope=SCOPE,
            redirect_uri=own.redirect_uri,
            code_challenge_method="S256",
        )


def _fetched(url: str) -> dict[str, Any]:
    try:
        answer = requests.get(url, timeout=TIMEOUT_S, allow_redirects=False)
        answer.raise_for_status()
        said = answer.json()
    except requests.RequestException as error:
        raise _away(error) from error
    if not isinstance(said, dict):
        raise _refused(ValueError("not a JSON object"))
    return said


def _away(error: Exception) -> Problem:
    _log.warning("issuer does not answer", error=type(error).__name__)
    return Problem("unavailable")


def _refused(error: Exception) -> Problem:
    """Why is for whoever runs the platform: its text has neither code nor token."""
    _log.warning("sign-in by issuer refused", error=type(error).__name__)
    return Problem("oidc_refused")
