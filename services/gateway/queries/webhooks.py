"""How a party's webhook is doing, and what was called."""

from typing import Any

from sqlalchemy import Row, func, select

from services.contracts.actor import Actor
from services.contracts.problems import Problem
from services.gateway.readmodel import audiences, feed
from services.gateway.tables import ASKED_CALLS, DELIVERIES, OLD_SECRETS, Party, Webhook
from services.messaging import Transaction

Arguments = dict[str, Any]

# Counted at most: a page says "1,000 and more", and a reader by the index is done in milliseconds.
MAX_BEHIND = 1_000
_OK = DELIVERIES.c.status.between(200, 299)


def deliveries(actor: Actor, tx: Transaction, id: str, args: Arguments) -> dict[str, Any]:
    """A page of its log, the newest first. Raises Problem not_found, query_invalid."""
    webhook = tx.load(Webhook, id, of=("party_id",))
    asked = select(DELIVERIES).where(DELIVERIES.c.webhook_id == webhook.id)
    if args["cursor"] is not None:
        asked = asked.where(DELIVERIES.c.id < _place(args["cursor"]))
    if args["outcome"] is not None:
        is_ok = func.coalesce(_OK, False)
        asked = asked.where(is_ok if args["outcome"] == "ok" else ~is_ok)
    newest = asked.order_by(DELIVERIES.c.id.desc()).limit(args["limit"] + 1)
    rows = tx.session.execute(newest).all()
    shown = rows[: args["limit"]]
    following = str(shown[-1].id) if len(rows) > len(shown) else None
    return {"items": [_delivery(row) for row in shown], "next": following}


def status(actor: Actor, tx: Transaction, id: str, args: Arguments) -> dict[str, Any]:
    """Raises Problem("not_found")."""
    webhook = tx.load(Webhook, id, of=("party_id",))
    of_it = ASKED_CALLS.c.webhook_id == webhook.id
    signing = OLD_SECRETS.c.webhook_id == webhook.id, OLD_SECRETS.c.until > func.now()
    return {
        "state": webhook.state,
        "failures": webhook.failures,
        "position": webhook.position,
        "behind": _behind(tx, webhook),
        "waiting": tx.session.scalar(select(func.count()).where(of_it)),
        "next_at": webhook.due_at if webhook.state == "enabled" and webhook.failures else None,
        "last_success_at": webhook.last_success_at,
        "rotated_at": webhook.rotated_at,
        "old_secret_until": tx.session.scalar(
            select(func.max(OLD_SECRETS.c.until)).where(*signing)
        ),
    }


def _behind(tx: Transaction, webhook: Webhook) -> int:
    party = tx.session.get_one(Party, webhook.party_id)
    still = set(webhook.capacities).intersection(party.capacities)
    mine = audiences.held_by(party.id, still)
    return feed.left(tx.session, mine, webhook.position, webhook.event_types, MAX_BEHIND)


def _place(cursor: str) -> int:
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) <= 18):
        unknown = {"pointer": "?cursor", "message": "Not a valid cursor."}
        raise Problem("query_invalid", errors=[unknown])
    return int(cursor)


def _delivery(row: Row[Any]) -> dict[str, Any]:
    is_ok = row.status is not None and 200 <= row.status < 300
    return row._asdict() | {"outcome": "ok" if is_ok else "failed"}
