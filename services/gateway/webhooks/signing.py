"""What a call says of itself, by the Standard Webhooks specification."""

from collections.abc import Sequence
from datetime import datetime

from standardwebhooks.webhooks import Webhook as Signer

from services.gateway.readmodel.rendering import JSON


def signed(secrets: Sequence[str], message_id: str, body: bytes, at: datetime) -> dict[str, str]:
    """The headers of one call: a signature of each secret, so that either of two is taken."""
    text = body.decode()
    return {
        "Content-Type": JSON,
        "User-Agent": "thousand-sails-webhooks/1",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(Signer(one).sign(message_id, at, text) for one in secrets),
    }
