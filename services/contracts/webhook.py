"""Where parties want their facts delivered: owned by the gateway."""

from marshmallow import fields

from services.contracts.declare import Aggregate
from services.contracts.fields import (
    Arguments,
    Code,
    Count,
    Id,
    Part,
    State,
    Text,
    Timestamp,
    listed,
)
from services.contracts.roles import READ

WRITE = "webhooks:write"
MAX_POSITION = 10**18  # no feed comes so far
MAX_PAGE_ITEMS = 200
# Why a call was made: the feed had come to it, or somebody asked for it.
CAUSES = ("feed", "replay", "ping")
OUTCOMES = ("ok", "failed")
# Why there was no answer. Names that mean nothing and addresses that are not public are one: a
# caller must not learn from us which names our own network knows.
ERRORS = ("not_reached", "tls_failed", "timed_out", "broken_off")


class WebhookState(State):
    """Where a party wants its facts delivered (Standard Webhooks). The secret is never shown."""

    party_id = Id(required=True)
    url = Text(500, required=True)
    event_types = listed(Text(60), 50)
    disabled_at = Timestamp(allow_none=True)
    rotated_at = Timestamp(allow_none=True)


class RegisterWebhook(Arguments):
    """`event_types` empty: every fact that its registrar may see. The answer holds the secret."""

    url = Text(500, required=True)
    event_types = listed(Text(60), 50, load_default=list)


class ReplayWebhook(Arguments):
    """Either all that came after a position, in order; or one fact, out of order."""

    after = Count(0, MAX_POSITION, load_default=None, allow_none=True)
    event_id = Id(load_default=None, allow_none=True)


class WebhookReplay(Part):
    """What is told again, with the same ids as before."""

    after = Count(0, MAX_POSITION, required=True, allow_none=True)
    event_id = Id(required=True, allow_none=True)


class WebhookPing(Part):
    """The call that is going to be made: its `event_id` is the `webhook-id` and in the log."""

    event_id = Id(required=True)


class DeliveriesOfWebhook(Arguments):
    """`cursor` is `next` of the page before."""

    outcome = Code(*OUTCOMES, load_default=None, allow_none=True)
    limit = Count(1, MAX_PAGE_ITEMS, load_default=50)
    cursor = Text(20, load_default=None, allow_none=True)


class Delivery(Part):
    """One call and what came of it. `status` is null where nobody answered; `error` says why.

    `attempt` counts the calls for this fact in a row; after the one that failed the next comes at
    `next_at`, null where there is none. Nothing of an answer's body is kept.
    """

    event_id = Id(required=True)
    type = Text(60, required=True)
    position = Count(1, MAX_POSITION, required=True, allow_none=True)
    cause = Code(*CAUSES, required=True)
    attempt = Count(1, required=True)
    at = Timestamp(required=True)
    outcome = Code(*OUTCOMES, required=True)
    status = Count(0, 999, required=True, allow_none=True)
    error = Code(*ERRORS, required=True, allow_none=True)
    duration_ms = Count(0, required=True)
    next_at = Timestamp(required=True, allow_none=True)


class Deliveries(Part):
    """The newest first."""

    items = listed(fields.Nested(Delivery), MAX_PAGE_ITEMS, required=True)
    next = Text(20, required=True, allow_none=True)


class WebhookStatus(Part):
    """How a webhook is doing.

    `failures` in a row; `position` up to which it was told; `behind` how many facts are left for
    it, counted up to 1,000; `waiting` calls that were asked for and not made yet; `next_at` when it
    is called again after a failure; `old_secret_until` when the last replaced secret stops signing.
    """

    state = Text(40, required=True)
    failures = Count(0, required=True)
    position = Count(0, MAX_POSITION, required=True)
    behind = Count(0, required=True)
    waiting = Count(0, required=True)
    next_at = Timestamp(required=True, allow_none=True)
    last_success_at = Timestamp(required=True, allow_none=True)
    rotated_at = Timestamp(required=True, allow_none=True)
    old_secret_until = Timestamp(required=True, allow_none=True)


webhook = Aggregate(
    "webhook",
    "gateway",
    "W",
    WebhookState,
    ("registered", "disabled", "enabled", "secret_rotated"),
)
RegisterWebhookCommand = webhook.command("create", RegisterWebhook, scope=WRITE)
DisableWebhookCommand = webhook.command("disable", scope=WRITE)
EnableWebhookCommand = webhook.command("enable", scope=WRITE)
RotateSecretCommand = webhook.command("rotate_secret", scope=WRITE)
ReplayWebhookCommand = webhook.command("replay", ReplayWebhook, scope=WRITE, answer=WebhookReplay)
PingWebhookCommand = webhook.command("ping", scope=WRITE, answer=WebhookPing)
DeliveriesQuery = webhook.query("deliveries", Deliveries, scope=READ, arguments=DeliveriesOfWebhook)
StatusQuery = webhook.query("status", WebhookStatus, scope=READ)
