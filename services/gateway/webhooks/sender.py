"""Delivers facts to the parties' own systems, by the Standard Webhooks specification.

Each endpoint is a reader of the feed with a position of its own, served in order and at least
once: `webhook-id` is the fact's id, the same on every retry. One that fails is tried again with
growing pauses and finally disabled; enabled again it goes on where it stopped.
"""

import random
from collections import Counter as Counted
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from time import monotonic
from typing import Any

import requests
import structlog
from prometheus_client import Counter
from sqlalchemy import func, select, text, update
from standardwebhooks.webhooks import Webhook as Signer

from services.contracts import party
from services.contracts.actor import Actor
from services.gateway.commands import webhooks as commands
from services.gateway.readmodel import audiences, feed
from services.gateway.readmodel.feed import Item
from services.gateway.readmodel.rendering import JSON
from services.gateway.tables import Party, Webhook
from services.gateway.webhooks.calling import session_for
from services.messaging import Transaction, Transactions, execute

SENDERS = 16  # endpoints served at a time; the pool of connections is only used between calls
SHARE = 4  # of them for one host or one party: who answers slowly holds up its own alone
TURN_S = 20.0  # then the next endpoint has its turn
LEASE_S = 20.0  # then an endpoint is free of a sender that died; one at work renews it
PAGE_ITEMS = 100
TIMEOUT_S = (5.0, 10.0)  # to connect, to answer; the latter is only between two bytes
CALL_S = 15.0  # for all of a call
RENEW_S = 3.0  # so that what is left of a lease is longer than a call
GONE = 410
# Pauses of 1, 2, 4 ... 1,800 s, in all about half a day, then the endpoint is disabled.
MAX_FAILURES = 35
FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 1_800.0

DELIVERIES = Counter("sails_webhook_deliveries", "Webhook calls made", ("outcome",))

_log = structlog.get_logger()
_CLAIM = text(
    r"""
    UPDATE webhooks SET due_at = now() + make_interval(secs => :lease_s)
    WHERE id IN (
        SELECT id FROM webhooks
        WHERE state = 'enabled' AND due_at <= now() AND NOT id = ANY(CAST(:at_work AS uuid[]))
          AND NOT party_id = ANY(CAST(:parties AS uuid[]))
          AND NOT lower(substring(url FROM '://(\[[^]]*\]|[^/?#:]+)')) = ANY(CAST(:hosts AS text[]))
          AND position < (SELECT coalesce(max(position), 0) FROM feed)
        ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING CAST(id AS text) AS id, CAST(party_id AS text) AS party_id, url, secret,
              event_types, capacities, position, failures,
              lower(substring(url FROM '://(\[[^]]*\]|[^/?#:]+)')) AS host
    """
)


@dataclass
class Endpoint:
    """One webhook in the hands of a sender."""

    id: str
    party_id: str
    url: str
    secret: str
    event_types: list[str]
    capacities: list[str]
    position: int
    failures: int
    host: str


class Sender:
    """All endpoints' deliveries of one process. `turn` starts what is due."""

    def __init__(
        self,
        work: Transactions,
        spawn: Callable[..., object],
        within: Callable[[float], AbstractContextManager[object]],
        *,
        allow_private: bool,
    ) -> None:
        """`spawn(function, argument)` runs it beside the caller; `within(seconds)` raises
        TimeoutError in a block that takes longer.
        """
        self._work, self._spawn, self._within = work, spawn, within
        self._http = session_for(allow_private=allow_private)
        self._is_stopping = False
        self._at_work: dict[str, Endpoint] = {}

    def turn(self) -> None:
        """Give every endpoint that is due to a free sender, and none to two."""
        while len(self._at_work) < SENDERS and (endpoint := self._claim()):
            self._at_work[endpoint.id] = endpoint
            self._spawn(self._serve, endpoint)

    def stop(self) -> None:
        """No further calls; those under way end, or are made again by the next process."""
        self._is_stopping = True

    def _claim(self) -> Endpoint | None:
        """The one that has waited for longest, of those whose host and party have a sender left."""
        busy = list(self._at_work.values())
        given = {
            "lease_s": LEASE_S,
            "at_work": [endpoint.id for endpoint in busy],
            "parties": _with_share_taken(endpoint.party_id for endpoint in busy),
            "hosts": _with_share_taken(endpoint.host for endpoint in busy),
        }
        with self._work.sessionmaker.begin() as session:
            row = session.execute(_CLAIM, given).mappings().first()
        return Endpoint(**row) if row else None

    def _serve(self, endpoint: Endpoint) -> None:
        """A failure of ours leaves the endpoint to its lease, and the other endpoints alone."""
        try:
            items, position = self._page(endpoint)
            self._settle(endpoint, *self._deliver(endpoint, items, position))
        except Exception:
            _log.exception("webhook failed", webhook=endpoint.id)
        finally:
            self._at_work.pop(endpoint.id, None)

    def _page(self, endpoint: Endpoint) -> tuple[list[Item], int]:
        with self._work.sessionmaker() as session:
            known = select(Party.capacities).where(Party.id == endpoint.party_id)
            still = set(endpoint.capacities).intersection(session.scalar(known) or ())
            mine = audiences.held_by(endpoint.party_id, still)
            return feed.page(session, mine, endpoint.position, PAGE_ITEMS, endpoint.event_types)

    def _deliver(
        self, endpoint: Endpoint, items: Sequence[Item], position: int
    ) -> tuple[int, int | None]:
        """Up to which position it went, and the status that ended it (0: no answer), if any."""
        until_s, renew_s, done = monotonic() + TURN_S, monotonic() + RENEW_S, endpoint.position
        for item in items:
            if monotonic() > renew_s:
                if not self._renew(endpoint):
                    return done, None
                renew_s = monotonic() + RENEW_S
            status = self._call(endpoint, item)
            DELIVERIES.labels(_outcome(status)).inc()
            if not 200 <= status < 300:
                return done, status
            done = item.position
            if monotonic() > until_s or self._is_stopping:
                return done, None
        return position, None

    def _call(self, endpoint: Endpoint, item: Item) -> int:
        """The status; 0 when there was no answer."""
        body = f'{{"type":"{item.type}","data":{item.text}}}'.encode()
        try:
            with self._within(CALL_S):
                return self._post(endpoint, item, body)
        except (requests.RequestException, OSError, ValueError) as error:
            _log.info("webhook not answered", webhook=endpoint.id, error=type(error).__name__)
            return 0

    def _post(self, endpoint: Endpoint, item: Item, body: bytes) -> int:
        with self._http.post(
            endpoint.url,
            body,
            headers=signed(endpoint.secret, item.event_id, body, datetime.now(UTC)),
            timeout=TIMEOUT_S,
            allow_redirects=False,  # a redirect could lead into the private network
            stream=True,  # nobody reads the answer's body
        ) as response:
            return response.status_code

    def _renew(self, endpoint: Endpoint) -> bool:
        """Still at work: nobody else is to begin with it. False once it was disabled."""
        due_at = func.now() + timedelta(seconds=LEASE_S)
        with self._work.sessionmaker.begin() as session:
            mine = update(Webhook).where(Webhook.id == endpoint.id, Webhook.state == "enabled")
            renewed = session.execute(mine.values(due_at=due_at).returning(Webhook.id))
            return renewed.first() is not None

    def _settle(self, endpoint: Endpoint, position: int, status: int | None) -> None:
        moved = position > endpoint.position
        failures = 0 if status is None else (0 if moved else endpoint.failures) + 1
        with self._work.sessionmaker.begin() as session:
            session.execute(
                update(Webhook)
                .where(Webhook.id == endpoint.id, Webhook.state == "enabled")
                .values(
                    position=position,
                    failures=failures,
                    due_at=func.now() + timedelta(seconds=pause_s(failures)),
                )
            )
        if status == GONE:
            self._disable(endpoint, "gone")
        elif failures >= MAX_FAILURES:
            self._disable(endpoint, "unreachable")

    def _disable(self, endpoint: Endpoint, reason_code: str) -> None:
        """By the platform itself; its owner may have been faster."""
        payload = {"actor": Actor.system("gateway").to_json(), "id": endpoint.id}
        handler = partial(_stop, reason_code=reason_code)
        reply = execute(party.DisableWebhookCommand, handler, self._work, payload)
        _log.info("webhook disabled", webhook=endpoint.id, reason=reason_code, **_refusal(reply))


def pause_s(failures: int) -> float:
    """Before the next try: doubling, with jitter so that many endpoints do not come at once."""
    if failures == 0:
        return 0.0
    longest = min(FIRST_PAUSE_S * 2.0 ** (failures - 1), LONGEST_PAUSE_S)
    return longest * random.uniform(0.5, 1.0)


def signed(secret: str, message_id: str, body: bytes, at: datetime) -> dict[str, str]:
    """The headers of one call."""
    return {
        "Content-Type": JSON,
        "User-Agent": "thousand-sails-webhooks/1",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Signer(secret).sign(message_id, at, body.decode()),
    }


def _with_share_taken(names: Iterable[str]) -> list[str]:
    return [name for name, count in Counted(names).items() if count >= SHARE]


def _stop(
    actor: Actor, tx: Transaction, id: str, args: dict[str, Any], *, reason_code: str
) -> None:
    commands.stop(tx, tx.load(Webhook, id), reason_code)


def _outcome(status: int) -> str:
    return f"{status // 100}xx" if status else "none"


def _refusal(reply: dict[str, Any]) -> dict[str, str]:
    return {"refused": reply["problem"]["code"]} if reply.get("problem") else {}
