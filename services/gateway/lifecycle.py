"""How the things of the gateway move."""

from services.lifecycle import Lifecycle

PARTY = Lifecycle(
    "party",
    "unverified",
    {
        ("unverified", "verify"): "verified",
        ("verified", "verify"): "verified",  # the evidence was renewed
        # Of who came by itself: `applying` until it hands its application in.
        ("applying", "amend"): "applying",
        ("applying", "submit"): "applied",
        ("applying", "reject"): "rejected",
        ("applied", "verify"): "verified",
        ("applied", "refuse"): "refused",
        ("applied", "reject"): "rejected",
        ("refused", "amend"): "refused",
        ("refused", "submit"): "applied",
        ("refused", "reject"): "rejected",
    },
)
DOCUMENT = Lifecycle("document", "kept", {("kept", "remove"): "removed"})
USER = Lifecycle(
    "user",
    "active",
    {
        ("active", "activate"): "active",
        ("active", "leave"): "left",
    },
)
API_KEY = Lifecycle("api_key", "active", {("active", "revoke"): "revoked"})
MANDATE = Lifecycle("mandate", "active", {("active", "revoke"): "revoked"})
WEBHOOK = Lifecycle(
    "webhook",
    "enabled",
    {
        ("enabled", "disable"): "disabled",
        ("disabled", "enable"): "enabled",
        ("enabled", "rotate_secret"): "enabled",
        ("disabled", "rotate_secret"): "disabled",
        ("enabled", "replay"): "enabled",
    },
)
CLOCK = Lifecycle("clock", "running", {})
