"""Secrets are made at the edge: the commands, their stored answers and the facts get only digests.

A POST repeated with its Idempotency-Key therefore gets the same answer with `secret: null`: what
was shown once is kept nowhere. Who lost it issues another with a key still in hand (ADR 9).
"""

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass

PREFIX_BYTES = 5  # 40 bits: names a key in lists and logs, unique by constraint
SECRET_BYTES = 32
INVITATION = "qi_"  # tells a code from a key, to people and to scanners
WEBHOOK_SECRET_BYTES = 32  # Standard Webhooks asks for 24 to 64
MAX_KEY_LENGTH = 100  # of what is presented; longer is not ours
SCHEME = "bearer"
_OURS = re.compile(r"(qf_[0-9a-f]{1,20})_.+", re.DOTALL)


@dataclass(frozen=True)
class NewSecret:
    """A secret and what may be known of it. `secret` is for its owner alone."""

    prefix: str
    secret: str

    @property
    def sha256(self) -> str:
        return sha256(self.secret)


def new_api_key() -> NewSecret:
    """`qf_<prefix>_<secret>`; the whole of it is the key."""
    prefix = f"qf_{secrets.token_hex(PREFIX_BYTES)}"
    return NewSecret(prefix, f"{prefix}_{secrets.token_urlsafe(SECRET_BYTES)}")


def new_webhook_secret() -> NewSecret:
    """As Standard Webhooks writes it: `whsec_<base64>`."""
    text = base64.b64encode(secrets.token_bytes(WEBHOOK_SECRET_BYTES)).decode()
    return NewSecret("whsec", f"whsec_{text}")


def new_invitation() -> NewSecret:
    """`qi_<secret>`, by which a person chooses login and password."""
    return NewSecret(INVITATION, INVITATION + secrets.token_urlsafe(SECRET_BYTES))


def new_session() -> str:
    """What the cookie holds: 256 random bits."""
    return secrets.token_urlsafe(SECRET_BYTES)


def presented(authorization: str | None) -> str:
    """The key in an Authorization header, however that is spaced and cased; empty without one."""
    scheme, _, key = (authorization or "").strip().partition(" ")
    return key.strip() if scheme.lower() == SCHEME else ""


def prefix_of(key: str) -> str | None:
    """The part of a presented key by which it is found; None when it is not one of ours."""
    found = _OURS.fullmatch(key) if len(key) <= MAX_KEY_LENGTH else None
    return found[1] if found else None


def sha256(secret: str) -> str:
    """At rest. 256 random bits need no salt and no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def proves(secret: str, digest: str) -> bool:
    """Compared in constant time."""
    return hmac.compare_digest(sha256(secret), digest)
