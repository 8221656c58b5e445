"""How people sign in. None of it is in any fact."""

from sqlalchemy import Boolean, Column, Integer, Table, Text, false
from sqlalchemy.dialects.postgresql import JSONB

from services.gateway.tables.base import Moment, Uid, metadata

# By what a person signs in; `login` in small letters, `password_hash` as argon2id writes it.
LOGINS = Table(
    "logins",
    metadata,
    Column("user_id", Uid, primary_key=True),
    Column("login", Text, nullable=False, unique=True),
    Column("password_hash", Text, nullable=False),
)
# At most one of a person: the newest, until it is used. `by_oneself`: its person asked for it, by a
# key or a session, and takes nobody's seat by it.
INVITATIONS = Table(
    "invitations",
    metadata,
    Column("user_id", Uid, primary_key=True),
    Column("code_sha256", Text, nullable=False, unique=True),
    Column("ends_at", Moment, nullable=False, index=True),
    Column("by_oneself", Boolean, nullable=False, server_default=false()),
)
# Who is signed in. Times are real ones: a demonstration that skips a month signs nobody out.
# `roles` are the duties at sign-in: with other ones a session is over.
SESSIONS = Table(
    "sessions",
    metadata,
    Column("secret_sha256", Text, primary_key=True),
    Column("user_id", Uid, nullable=False, index=True),
    Column("roles", JSONB, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False, index=True),
    Column("seen_at", Moment, nullable=False),
)
# With which cookies a person has signed in before, in which browser; each until `ends_at`.
KNOWN_DEVICES = Table(
    "known_devices",
    metadata,
    Column("secret_sha256", Text, primary_key=True),
    Column("user_id", Uid, primary_key=True, index=True),
    Column("ends_at", Moment, nullable=False, index=True),
)
# Whose a name at an OpenID Connect issuer is; and attempts to sign in there, by the digest of their
# state, with what the answer must match.
OIDC_LINKS = Table(
    "oidc_links",
    metadata,
    Column("issuer", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("user_id", Uid, nullable=False, index=True),
)
OIDC_ATTEMPTS = Table(
    "oidc_attempts",
    metadata,
    Column("state_sha256", Text, primary_key=True),
    Column("nonce", Text, nullable=False),
    Column("verifier", Text, nullable=False),
    Column("user_id", Uid),
    Column("ends_at", Moment, nullable=False, index=True),
)
# Wrong passwords in a row. `subject` is a digest: people type passwords where the login belongs.
SIGN_IN_FAILURES = Table(
    "sign_in_failures",
    metadata,
    Column("subject", Text, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at", Moment, nullable=False, index=True),
)
