"""One call to an endpoint, and what came of it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic

import requests
import structlog
from prometheus_client import Counter

from services.gateway.readmodel.feed import Item
from services.gateway.readmodel.rendering import to_text
from services.gateway.webhooks.calling import code_of, session_for
from services.gateway.webhooks.claims import Endpoint
from services.gateway.webhooks.log import Attempt
from services.gateway.webhooks.signing import signed

CALL_S = 15.0  # for all of a call
PING = "ping"

DELIVERIES = Counter("sails_webhook_deliveries", "Webhook calls made", ("outcome",))

_log = structlog.get_logger()


@dataclass(frozen=True)
class Message:
    """What is said: `position` None where it is no fact."""

    event_id: str
    type: str
    position: int | None
    body: bytes


def of_item(item: Item) -> Message:
    """A fact as its reader sees it."""
    body = f'{{"type":"{item.type}","data":{item.text}}}'.encode()
    return Message(item.event_id, item.type, item.position, body)


def ping(event_id: str, webhook_id: str) -> Message:
    """Says nothing but that somebody tries the endpoint."""
    data = {"id": event_id, "webhook_id": webhook_id, "at": datetime.now(UTC).isoformat()}
    return Message(event_id, PING, None, to_text({"type": PING, "data": data}).encode())


class Post:
    """Makes calls; any number at a time."""

    def __init__(
        self, within: Callable[[float], AbstractContextManager[object]], *, allow_private: bool
    ) -> None:
        """`within(seconds)` raises TimeoutError in a block that takes longer."""
        self._within, self._http = within, session_for(allow_private=allow_private)

    def attempt(
        self,
        endpoint: Endpoint,
        message: Message,
        *,
        cause: str,
        number: int,
        timeout_s: tuple[float, float],
    ) -> Attempt:
        """Never raises for what the endpoint does."""
        at, began_s = datetime.now(UTC), monotonic()
        status, error = self._answer(endpoint, message, timeout_s)
        DELIVERIES.labels(f"{status // 100}xx" if status else "none").inc()
        return Attempt(
            event_id=message.event_id,
            type=message.type,
            position=message.position,
            cause=cause,
            attempt=number,
            at=at,
            status=status,
            error=error,
            duration_ms=round((monotonic() - began_s) * 1000),
        )

    def _answer(
        self, endpoint: Endpoint, message: Message, timeout_s: tuple[float, float]
    ) -> tuple[int | None, str | None]:
        """The status, or why there was none."""
        try:
            with self._within(CALL_S):
                return self._status(endpoint, message, timeout_s), None
        except (requests.RequestException, OSError, ValueError) as error:
            code = code_of(error)
            _log.info("webhook not answered", webhook=endpoint.id, error=code)
            return None, code

    def _status(self, endpoint: Endpoint, message: Message, timeout_s: tuple[float, float]) -> int:
        now = datetime.now(UTC)
        with self._http.post(
            endpoint.url,
            message.body,
            headers=signed(endpoint.secrets, message.event_id, message.body, now),
            timeout=timeout_s,
            allow_redirects=False,  # a redirect could lead into the private network
            stream=True,  # nobody reads the answer's body, nor keeps any of it
        ) as response:
            return response.status_code
