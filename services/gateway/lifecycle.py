"""How the things of the gateway move."""

from services.lifecycle import Lifecycle

PARTY = Lifecycle(
    "party",
    "unverified",
    {
        ("unverified", "verify"): "verified",
        ("verified", "verify"): "verified",  # the evidence was renewed
    },
)
USER = Lifecycle("user", "active", {})
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
