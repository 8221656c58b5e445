"""What the gateway itself answers: `ANSWERS` names every query of its aggregates."""

from collections.abc import Callable, Mapping
from typing import Any

from services.contracts import webhook
from services.gateway.queries import webhooks

ANSWERS: Mapping[str, Callable[..., Any]] = {
    webhook.DeliveriesQuery.name: webhooks.deliveries,
    webhook.StatusQuery.name: webhooks.status,
}
