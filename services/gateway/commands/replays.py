"""Calls to a webhook that somebody asks for. No facts: what comes of them stands in its log."""

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from services.contracts.actor import Actor
from services.contracts.problems import Problem
from services.gateway.readmodel import audiences, feed, horizon
from services.gateway.tables import ASKED_CALLS, Party, Webhook
from services.messaging import Transaction

Arguments = dict[str, Any]

# Positions that one replay goes back. They count everybody's facts: some days of a busy platform.
# Who lacks more reads the feed, five hundred items a call, in place of a call for each.
MAX_REPLAYED = 1_000_000
# That wait at a time: each is a click, and takes 15 s of a sender where nobody answers.
MAX_ASKED = 20
# What is left of a lease at most: a sender at work notices the replay and stops before.
WITHIN = timedelta(seconds=20)


def replay(actor: Actor, tx: Transaction, id: str, args: Arguments) -> dict[str, Any]:
    """Tell again, with the same ids: all after a position, or one fact.

    Raises IllegalMove where it is disabled, Problem replay_target, replay_ahead, replay_too_far,
    feed_forgotten, event_unknown, too_many.
    """
    webhook = tx.load(Webhook, id, of=("party_id",))
    webhook.LIFECYCLE.next(webhook.state, "replay")
    after, event_id = args["after"], args["event_id"]
    if (after is None) == (event_id is None):
        raise Problem("replay_target")
    if event_id is None:
        _go_back(tx, webhook, after)
    else:
        _require_told(tx, webhook, event_id)
        _ask(tx, webhook, "replay", event_id)
    return {"after": after, "event_id": event_id}


def ping(actor: Actor, tx: Transaction, id: str, args: Arguments) -> dict[str, Any]:
    """One call of the type `ping`, of a disabled webhook too: before it is enabled again."""
    webhook = tx.load(Webhook, id, of=("party_id",))
    event_id = tx.ids.new()
    _ask(tx, webhook, "ping", event_id)
    return {"event_id": event_id}


def _go_back(tx: Transaction, webhook: Webhook, after: int) -> None:
    """A sender at work finds its position gone, and leaves it; nobody else begins before."""
    if after >= webhook.position:
        raise Problem("replay_ahead", "/after", position=webhook.position)
    horizon.check(tx.session, after)
    if after < webhook.position - MAX_REPLAYED:
        raise Problem("replay_too_far", "/after", earliest=webhook.position - MAX_REPLAYED)
    webhook.position, webhook.failures = after, 0
    webhook.due_at = func.least(Webhook.due_at, func.now() + WITHIN)


def _require_told(tx: Transaction, webhook: Webhook, event_id: str) -> None:
    """Raises Problem("event_unknown") for what this webhook is not told of, or no more."""
    party = tx.session.get_one(Party, webhook.party_id)
    still = set(webhook.capacities).intersection(party.capacities)
    item = feed.one(tx.session, audiences.held_by(party.id, still), event_id)
    if item is None or (webhook.event_types and item.type not in webhook.event_types):
        raise Problem("event_unknown", "/event_id")


def _ask(tx: Transaction, webhook: Webhook, cause: str, event_id: str) -> None:
    """The webhook is locked: the count holds."""
    waiting = select(func.count()).where(ASKED_CALLS.c.webhook_id == webhook.id)
    if (tx.session.scalar(waiting) or 0) >= MAX_ASKED:
        raise Problem("too_many", limit=MAX_ASKED)
    asked = {"webhook_id": webhook.id, "cause": cause, "event_id": event_id}
    tx.session.execute(ASKED_CALLS.insert().values(**asked))
