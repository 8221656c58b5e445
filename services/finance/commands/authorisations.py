"""数据授权: what a grantor lets which banks see, until when; revoking closes views at once."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select

from services.contracts.actor import Actor
from services.contracts.problems import Problem
from services.days import end_of_day
from services.finance import rules
from services.finance.commands import guards
from services.finance.commands.locking import locked
from services.finance.lifecycle import AUTHORISATION
from services.finance.tables.applications import Application
from services.finance.tables.authorisations import Authorisation
from services.finance.tables.copies import PartyCopy
from services.messaging import Transaction

VIEWS_AT_ONCE = 200  # closed in one transaction, each with its fact: well under a second


def grant(actor: Actor, tx: Transaction, args: dict[str, Any]) -> None:
    """To named banks. Raises Problem when a recipient is none or the day has passed."""
    if not args["items"]:
        raise Problem("items_missing", "/items")
    if not args["recipient_ids"]:
        raise Problem("recipients_missing", "/recipient_ids")
    if args["valid_until"] < tx.today:
        raise Problem("authorisation_over", "/valid_until")
    row = tx.new(
        Authorisation,
        grantor_id=actor.party_id,
        recipient_ids=_banks(tx, args["recipient_ids"]),
        items=sorted(set(args["items"])),
        purpose=args["purpose"],
        valid_from=tx.now,
        valid_until=args["valid_until"],
    )
    tx.record(row, "granted")
    tx.schedule(row, "expire", end_of_day(row.valid_until))


def revoke(actor: Actor, tx: Transaction, id: str, args: dict[str, Any]) -> None:
    """From now on no bank sees anything by it, of what has ended neither."""
    row = tx.load(Authorisation, id, of=("grantor_id",))
    guards.may(row, "revoke")
    row.revoked_at = tx.now
    tx.move(row, "revoke", "revoked")
    close_views(tx, row.id)


def expire(tx: Transaction, id: str) -> None:
    """Timer: its last day is over."""
    row = tx.load(Authorisation, id)
    if AUTHORISATION.allows(row.state, "expire") and tx.today > row.valid_until:
        tx.move(row, "expire", "expired")
        close_views(tx, row.id)


def close_views(tx: Transaction, id: str) -> None:
    """Recompute who sees what was opened by it, the newest first; the timer takes up the rest."""
    row = tx.load(Authorisation, id)
    batch = _next_to_close(tx, row)
    for application in locked(tx, Application, Application.id.in_(batch)):
        left = recipients(tx, application.authorisation_ids)
        if left != application.opened_to:
            application.open_to_banks(left)
            tx.record(application, "opened")
    if len(batch) == VIEWS_AT_ONCE:
        row.closed_down_to = batch[-1]
        tx.schedule(row, "close_views", tx.now)


def standing(tx: Transaction, actor: Actor, id: str) -> Authorisation:
    """The actor's own, in force and wide enough for an application.

    Its lock is shared: many applications at once may rest on it, but no revocation slips between.
    """
    row = tx.load(Authorisation, id, of=("grantor_id",), lock=False)
    tx.session.refresh(row, with_for_update={"read": True})
    if not row.stands(tx.today):
        raise Problem("authorisation_over", "/authorisation_id")
    if not set(rules.parameters("application.authorisation", tx.today)["items"]) <= set(row.items):
        raise Problem("authorisation_too_narrow", "/authorisation_id")
    return row


def recipients(tx: Transaction, authorisation_ids: Iterable[str]) -> list[str]:
    """The banks that some of these authorisations still lets see."""
    found: set[str] = set()
    for id in authorisation_ids:
        row = tx.session.get_one(Authorisation, id)
        if row.stands(tx.today):
            found |= set(row.recipient_ids)
    return sorted(found)


def lets_see(tx: Transaction, application: Application, bank_id: str) -> bool:
    """Whether the bank may see the sheet now, even if the timer has not closed its view yet."""
    return bank_id in recipients(tx, application.authorisation_ids)


def _banks(tx: Transaction, party_ids: list[str]) -> list[str]:
    for index, party_id in enumerate(party_ids):
        party = tx.session.get(PartyCopy, party_id)
        if party is None or "bank" not in party.capacities or not guards.is_verified(tx, party):
            raise Problem("recipient_not_a_bank", f"/recipient_ids/{index}")
    return sorted(set(party_ids))


def _next_to_close(tx: Transaction, row: Authorisation) -> Sequence[str]:
    """Ids are given in the order of time."""
    opened_by_it = select(Application.id).where(
        Application.authorisation_ids.contains([row.id]), Application.opened_to != []
    )
    if row.closed_down_to is not None:
        opened_by_it = opened_by_it.where(Application.id < row.closed_down_to)
    newest_first = opened_by_it.order_by(Application.id.desc()).limit(VIEWS_AT_ONCE)
    return tx.session.scalars(newest_first).all()
