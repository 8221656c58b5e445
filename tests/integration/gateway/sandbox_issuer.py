"""A small OpenID provider over real HTTP, which can be told to lie."""

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "thousand-sails", "a secret of two"


class SandboxIssuer:
    """Whoever comes to `/authorize` is `subject`. `claims` go over those of a good token.

    `token`: what is given in place of a token that is made. `asked` counts by path.
    """

    def __init__(self) -> None:
        self.key, self.subject = RSAKey.generate_key(2048, {"kid": "one"}), "employee 4711"
        self.claims: dict[str, Any] = {}
        self.token: str | None = None
        self.asked: dict[str, int] = {}
        self._granted: dict[str, Mapping[str, str]] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def described(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/jwks",
        }

    def grant(self, asked: Mapping[str, str]) -> str:
        """Where the browser goes back to, with a code."""
        assert asked["code_challenge_method"] == "S256" and asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT and "openid" in asked["scope"]
        code = secrets.token_urlsafe()
        self._granted[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def redeem(self, said: Mapping[str, str], authorization: str) -> dict[str, Any] | None:
        """A code works once, for whoever has the verifier and the secret."""
        asked = self._granted.pop(said.get("code", ""), None)
        known = base64.b64encode(f"{CLIENT}:{SECRET.replace(' ', '+')}".encode()).decode()
        plain = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        digest = hashlib.sha256(said.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if asked is None or authorization not in (f"Basic {known}", f"Basic {plain}"):
            return None
        if challenge != asked["code_challenge"] or said["redirect_uri"] != asked["redirect_uri"]:
            return None
        token = self.token or self.signed(self.good(asked["nonce"]) | self.claims)
        return {"access_token": "x", "token_type": "Bearer", "id_token": token}

    def good(self, nonce: str) -> dict[str, Any]:
        now_s = int(time.time())
        return {"iss": self.url, "aud": CLIENT, "sub": self.subject, "nonce": nonce,
                "iat": now_s, "exp": now_s + 300, "email": "wang@example.cn"}  # fmt: skip

    def signed(self, claims: Mapping[str, Any], key: RSAKey | None = None) -> str:
        header = {"alg": "RS256", "kid": (key or self.key).kid}
        return jwt.encode(header, dict(claims), key or self.key)

    def unsigned(self, claims: Mapping[str, Any]) -> str:
        """As `none` does it."""
        return b".".join([_encoded({"alg": "none"}), _encoded(claims), b""]).decode()

    def by_public_key(self, claims: Mapping[str, Any]) -> str:
        """HMAC with what everybody can read: a verifier that takes any algorithm believes it."""
        said = _encoded({"alg": "HS256", "kid": "one"}) + b"." + _encoded(claims)
        mac = hmac.digest(self.key.as_pem(private=False), said, "sha256")
        return (said + b"." + base64.urlsafe_b64encode(mac).rstrip(b"=")).decode()


def _encoded(part: Mapping[str, Any]) -> bytes:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=")


def _handler(issuer: SandboxIssuer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path, query = urlsplit(self.path).path, urlsplit(self.path).query
            issuer.asked[path] = issuer.asked.get(path, 0) + 1
            if path == "/authorize":
                asked = {name: values[0] for name, values in parse_qs(query).items()}
                self._say(302, b"", Location=issuer.grant(asked))
            elif path == "/jwks":
                self._json({"keys": [issuer.key.as_dict(private=False)]})
            else:
                self._json(issuer.described())

        def do_POST(self) -> None:
            text = self.rfile.read(int(self.headers["Content-Length"])).decode()
            said = {name: values[0] for name, values in parse_qs(text).items()}
            given = issuer.redeem(said, self.headers.get("Authorization", ""))
            if given is None:
                self._json({"error": "invalid_grant"}, 400)
            else:
                self._json(given)

        def _json(self, document: Any, status: int = 200) -> None:
            self._say(status, json.dumps(document).encode(), Content_Type="application/json")

        def _say(self, status: int, body: bytes, **headers: str) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    return Handler
