"""The tables of the gateway, by noun: what it owns, and its read model of everything."""

from services.gateway.tables.base import Base, metadata
from services.gateway.tables.feed import FEED, FEED_HORIZON, FEED_WAITING, MILESTONES
from services.gateway.tables.joining import CONTACTS, CONTENTS
from services.gateway.tables.machines import ClockSetting, Webhook
from services.gateway.tables.organisations import Document, Party
from services.gateway.tables.people import KEY_USES, SIGNING_KEYS, ApiKey, Mandate, User
from services.gateway.tables.shown import PUBLIC_ENTRIES, RESOURCES, SEARCHED, VIEWS
from services.gateway.tables.signing_in import (
    INVITATIONS,
    KNOWN_DEVICES,
    LOGINS,
    OIDC_ATTEMPTS,
    OIDC_LINKS,
    SESSIONS,
    SIGN_IN_FAILURES,
)
from services.gateway.tables.steps import STEP_PARTS, STEPS, STEPS_MADE
from services.gateway.tables.told import (
    ASKED_CALLS,
    DELIVERIES,
    NOTIFICATION_MARKS,
    OLD_SECRETS,
    PREFERENCES,
)
from services.messaging import messaging_tables

__all__ = [
    "ASKED_CALLS",
    "CONTACTS",
    "CONTENTS",
    "DELIVERIES",
    "FEED",
    "FEED_HORIZON",
    "FEED_WAITING",
    "INVITATIONS",
    "KEY_USES",
    "KNOWN_DEVICES",
    "LOGINS",
    "MILESTONES",
    "NOTIFICATION_MARKS",
    "OIDC_ATTEMPTS",
    "OIDC_LINKS",
    "OLD_SECRETS",
    "PREFERENCES",
    "PUBLIC_ENTRIES",
    "RESOURCES",
    "SEARCHED",
    "SESSIONS",
    "SIGNING_KEYS",
    "SIGN_IN_FAILURES",
    "STEPS",
    "STEPS_MADE",
    "STEP_PARTS",
    "VIEWS",
    "ApiKey",
    "Base",
    "ClockSetting",
    "Document",
    "Mandate",
    "Party",
    "User",
    "Webhook",
    "metadata",
]

messaging_tables(metadata)
