"""What the gateway itself answers: `ANSWERS` names every query of its aggregates."""

from collections.abc import Callable, Mapping
from typing import Any

from services.contracts import joining, webhook
from services.gateway.queries import organisations, webhooks

ANSWERS: Mapping[str, Callable[..., Any]] = {
    joining.ContactQuery.name: organisations.contact,
    joining.DocumentsQuery.name: organisations.documents,
    webhook.DeliveriesQuery.name: webhooks.deliveries,
    webhook.StatusQuery.name: webhooks.status,
}
