"""Delivers facts to the parties' own systems, by the Standard Webhooks specification.

Each endpoint is a reader of the feed with a position of its own, served in order and at least
once: `webhook-id` is the fact's id, the same on every retry. One that fails is tried again with
growing pauses and finally disabled; enabled again it goes on where it stopped. Calls that somebody
asked for are made beside that, once each, and move no position.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from functools import partial
from time import monotonic
from typing import Any

import structlog
from sqlalchemy import delete, func, update
from sqlalchemy.orm import Session

from services.contracts import webhook as contract
from services.contracts.actor import Actor
from services.gateway.commands import webhooks as commands
from services.gateway.readmodel import audiences, feed
from services.gateway.readmodel.feed import Item
from services.gateway.tables import ASKED_CALLS, Party, Webhook
from services.gateway.webhooks import claims, log, posting
from services.gateway.webhooks.claims import LEASE_S, SHARE, Asked, Endpoint
from services.gateway.webhooks.log import Attempt
from services.gateway.webhooks.posting import CALL_S, Message, Post
from services.gateway.webhooks.progress import MAX_FAILURES, Progress, pause_s
from services.messaging import Transaction, Transactions, execute

__all__ = ["CALL_S", "LEASE_S", "MAX_FAILURES", "SENDERS", "SHARE", "Endpoint", "Sender", "pause_s"]

SENDERS = 16  # endpoints served at a time; the pool of connections is only used between calls
TURN_S = 20.0  # then the next endpoint has its turn
PAGE_ITEMS = 100
TIMEOUT_S = (5.0, 10.0)  # to connect, to answer; the latter is only between two bytes
RENEW_S = 3.0  # so that what is left of a lease is longer than a call

_log = structlog.get_logger()


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
        self._work, self._spawn = work, spawn
        self._post = Post(within, allow_private=allow_private)
        self._is_stopping = False
        self._at_work: dict[str, Endpoint] = {}

    def turn(self) -> None:
        """Give every call that is due to a free sender, and no endpoint to two."""
        while asked := self._claim(claims.asked):
            self._at_work[asked.endpoint.id] = asked.endpoint
            self._spawn(self._tell, asked)
        while endpoint := self._claim(claims.due):
            self._at_work[endpoint.id] = endpoint
            self._spawn(self._serve, endpoint)

    def stop(self) -> None:
        """No further calls; those under way end, or are made again by the next process."""
        self._is_stopping = True

    def _claim(self, claim: Callable[..., Any]) -> Any:
        if len(self._at_work) >= SENDERS:
            return None
        with self._work.sessionmaker.begin() as session:
            return claim(session, list(self._at_work.values()))

    def _serve(self, endpoint: Endpoint) -> None:
        """A failure of ours leaves the endpoint to its lease, and the other endpoints alone."""
        try:
            progress = Progress(endpoint.position)
            self._deliver(endpoint, *self._page(endpoint), progress)
            self._settle(endpoint, progress)
        except Exception:
            _log.exception("webhook failed", webhook=endpoint.id)
        finally:
            self._at_work.pop(endpoint.id, None)

    def _tell(self, asked: Asked) -> None:
        """One call that somebody asked for; of a sender that died it is made again."""
        try:
            message = self._asked_for(asked)
            attempt = message and self._call(asked.endpoint, message, asked.cause, 1)
            with self._work.sessionmaker.begin() as session:
                session.execute(delete(ASKED_CALLS).where(ASKED_CALLS.c.id == asked.id))
                if attempt:
                    log.write(session, asked.endpoint.id, [attempt])
                if attempt and attempt.is_ok:
                    known = update(Webhook).where(Webhook.id == asked.endpoint.id)
                    session.execute(known.values(last_success_at=attempt.at))
        except Exception:
            _log.exception("webhook failed", webhook=asked.endpoint.id)
        finally:
            self._at_work.pop(asked.endpoint.id, None)

    def _asked_for(self, asked: Asked) -> Message | None:
        """None for a fact that is no longer told."""
        if asked.cause == posting.PING:
            return posting.ping(asked.event_id, asked.endpoint.id)
        with self._work.sessionmaker() as session:
            item = feed.one(session, _told(session, asked.endpoint), asked.event_id)
        return posting.of_item(item) if item else None

    def _page(self, endpoint: Endpoint) -> tuple[list[Item], int]:
        with self._work.sessionmaker() as session:
            mine = _told(session, endpoint)
            return feed.page(session, mine, endpoint.position, PAGE_ITEMS, endpoint.event_types)

    def _deliver(
        self, endpoint: Endpoint, items: Sequence[Item], position: int, progress: Progress
    ) -> None:
        """As far as it goes: to the end of the page, the first failure, the end of the turn."""
        until_s, renew_s, tried = monotonic() + TURN_S, monotonic() + RENEW_S, endpoint.failures
        for item in items:
            if monotonic() > renew_s:
                if not self._renew(endpoint, progress):
                    return
                renew_s = monotonic() + RENEW_S
            attempt = self._call(endpoint, posting.of_item(item), "feed", tried + 1)
            progress.note(attempt)
            if not attempt.is_ok:
                return
            progress.position, tried = item.position, 0
            if monotonic() > until_s or self._is_stopping:
                return
        progress.position = position

    def _call(self, endpoint: Endpoint, message: Message, cause: str, number: int) -> Attempt:
        return self._post.attempt(
            endpoint, message, cause=cause, number=number, timeout_s=TIMEOUT_S
        )

    def _renew(self, endpoint: Endpoint, progress: Progress) -> bool:
        """Nobody else is to begin with it. False once it was disabled or replayed."""
        due_at = func.now() + timedelta(seconds=LEASE_S)
        with self._work.sessionmaker.begin() as session:
            renewed = session.execute(_mine(endpoint).values(due_at=due_at).returning(Webhook.id))
            is_mine = renewed.first() is not None
            log.write(session, endpoint.id, progress.unwritten)
        progress.unwritten = []
        return is_mine

    def _settle(self, endpoint: Endpoint, progress: Progress) -> None:
        failed, moved = progress.failed, progress.position > endpoint.position
        failures = 0 if failed is None else (0 if moved else endpoint.failures) + 1
        reason_code = progress.given_up(failures)
        pause = timedelta(seconds=pause_s(failures))
        settled: dict[str, Any] = {"position": progress.position, "failures": failures}
        if progress.last_ok:
            settled["last_success_at"] = progress.last_ok.at
        with self._work.sessionmaker.begin() as session:
            kept = _mine(endpoint).values(due_at=func.now() + pause, **settled)
            is_mine = session.execute(kept.returning(Webhook.id)).first() is not None
            if failed and is_mine and not reason_code:
                failed.next_at = datetime.now(UTC) + pause
            log.write(session, endpoint.id, progress.unwritten)
        if is_mine and reason_code:
            self._disable(endpoint, reason_code)

    def _disable(self, endpoint: Endpoint, reason_code: str) -> None:
        """By the platform itself; its owner may have been faster."""
        payload = {"actor": Actor.system("gateway").to_json(), "id": endpoint.id}
        handler = partial(_stop, reason_code=reason_code)
        reply = execute(contract.DisableWebhookCommand, handler, self._work, payload)
        _log.info("webhook disabled", webhook=endpoint.id, reason=reason_code, **_refusal(reply))


def _told(session: Session, endpoint: Endpoint) -> tuple[str, ...]:
    """The audiences whose facts it is told: the registrar's, as far as the party still has them."""
    party = session.get_one(Party, endpoint.party_id)
    still = set(endpoint.capacities).intersection(party.capacities)
    return audiences.held_by(endpoint.party_id, still)


def _mine(endpoint: Endpoint) -> Any:
    """The webhook, while it is enabled and stands where this sender took it over: not replayed."""
    same = Webhook.state == "enabled", Webhook.position == endpoint.position
    return update(Webhook).where(Webhook.id == endpoint.id, *same)


def _stop(_: Actor, tx: Transaction, id: str, __: Any, *, reason_code: str) -> None:
    commands.stop(tx, tx.load(Webhook, id), reason_code)


def _refusal(reply: dict[str, Any]) -> dict[str, str]:
    return {"refused": reply["problem"]["code"]} if reply.get("problem") else {}
