"""What the gateway itself answers: `ANSWERS` names every query that it serves."""

from collections.abc import Callable, Mapping
from typing import Any

from services.contracts import joining, party, signatories, webhook
from services.gateway.queries import organisations, signatures, webhooks

ANSWERS: Mapping[str, Callable[..., Any]] = {
    joining.ContactQuery.name: organisations.contact,
    joining.DocumentsQuery.name: organisations.documents,
    party.KeyUsesQuery.name: organisations.key_uses,
    signatories.ContractSignatures.name: signatures.of_contract,
    signatories.ReceivableSignatures.name: signatures.of_receivable,
    webhook.DeliveriesQuery.name: webhooks.deliveries,
    webhook.StatusQuery.name: webhooks.status,
}
