"""确权: the seller asks, the debtor's maker prepares, another person of the debtor signs.

Silence is never consent: after the term the breach is recorded, nothing is deemed confirmed.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from services.contracts import signing
from services.contracts.actor import Actor
from services.contracts.problems import Problem
from services.contracts.receivable import REFUSING
from services.days import add_days, end_of_day, start_of_day
from services.finance import evidence, mandates, rules
from services.finance.commands import claims, guards
from services.finance.commands.receivables import let_go
from services.finance.tables.copies import MandateCopy, PayableCopy, UserCopy
from services.finance.tables.receivables import Receivable
from services.messaging import Transaction

AWAITING = ("confirmation_requested", "prepared")


def request(actor: Actor, tx: Transaction, id: str, args: dict[str, Any]) -> None:
    """The debtor has until `confirm_until` by law (Decree 802 art. 16)."""
    row = tx.load(Receivable, id, of=("seller_id",))
    guards.may(row, "request_confirmation")
    row.requested_on = tx.today
    answer_days = rules.parameters("confirmation", tx.today)["answer_days"]
    row.confirm_until = add_days(tx.today, answer_days)
    tx.move(row, "request_confirmation", "confirmation_requested")
    _schedule_reminder(tx, row)
    tx.schedule(row, "mark_overdue", end_of_day(row.confirm_until))


def prepare(actor: Actor, tx: Transaction, id: str, args: dict[str, Any]) -> None:
    """By the maker: all that is claimed, or less; the rest is disputed.

    It is due when the payables are now: a delivery accepted anew may be due later than claimed.
    """
    guards.duty(actor, "buyer.maker")
    row = tx.load(Receivable, id, of=("debtor_id",))
    guards.may(row, "prepare")
    confirmed_fen = args["confirmed_fen"] or row.claimed_fen
    if confirmed_fen > row.claimed_fen:
        raise Problem("confirmed_over_claimed", "/confirmed")
    payables = claims.lock_payables(tx, row.payable_ids)
    _judge_owed(tx, row, payables, confirmed_fen)
    _judge_mandate(actor, tx, row, confirmed_fen)
    row.due_date = _due_date(payables)
    row.confirmed_fen, row.prepared_by = confirmed_fen, actor.user_id
    row.confirmation_sha256 = evidence.confirmation_sha256(row, confirmed_fen)
    tx.move(row, "prepare", "prepared")


def confirm(actor: Actor, tx: Transaction, id: str, args: dict[str, Any]) -> None:
    """By the checker, who signs exactly what was prepared and cannot be the maker.

    Nobody confirms what has been rejected since: once confirmed it could not be undone.
    """
    guards.duty(actor, "buyer.checker")
    row = tx.load(Receivable, id, of=("debtor_id",))
    guards.may(row, "confirm")
    guards.other_person(actor, row.prepared_by)
    _judge_mandate(actor, tx, row, row.confirmed_fen or 0)
    if args["confirmation_sha256"] != row.confirmation_sha256:
        raise Problem("confirmation_changed", "/confirmation_sha256")
    _verify_signature(actor, tx, args)
    payables = claims.lock_payables(tx, row.payable_ids)  # a payment heard of at this moment waits
    if _due_date(payables) != row.due_date:
        raise Problem("confirmation_changed", "/confirmation_sha256")
    _judge_owed(tx, row, payables, row.confirmed_fen or 0)
    row.confirmation_key_id, row.confirmation_signature = args["key_id"], args["signature"]
    row.confirmed_by, row.confirmed_at = actor.user_id, tx.now
    tx.move(row, "confirm", "confirmed")
    claims.settle_if_paid(tx, row)


def refuse(actor: Actor, tx: Transaction, id: str, args: dict[str, Any]) -> None:
    """By the debtor with a coded reason; the seller may correct it."""
    row = tx.load(Receivable, id, of=("debtor_id",))
    row.refused_by, row.refused_at = actor.user_id, tx.now
    row.refused_as = next((duty for duty in REFUSING if duty in actor.roles), None)
    let_go(tx, row, "refuse", "refused", args)


def remind(tx: Transaction, id: str) -> None:
    """Timer: the debtor has not answered yet."""
    row = tx.load(Receivable, id)
    if row.state in AWAITING:
        tx.record(row, "reminded")
        _schedule_reminder(tx, row)


def mark_overdue(tx: Transaction, id: str) -> None:
    """Timer: the term is over without an answer; a breach, never a confirmation."""
    row = tx.load(Receivable, id)
    if row.state in AWAITING and row.confirm_until and tx.today > row.confirm_until:
        row.confirmation_overdue = True
        tx.record(row, "confirmation_overdue")


def _due_date(payables: Sequence[PayableCopy]) -> date:
    """When the last of them is due.

    Raises Problem("payable_not_running") when one of them waits for its delivery again.
    """
    due_dates = [payable.due_date for payable in payables if payable.due_date]
    if len(due_dates) < len(payables) or any(one.state == "scheduled" for one in payables):
        raise Problem("payable_not_running")
    return max(due_dates)


def _schedule_reminder(tx: Transaction, row: Receivable) -> None:
    """The next of the rule's reminder days that is still to come."""
    if row.requested_on is None:
        return
    after = rules.parameters("confirmation", row.requested_on)["reminder_days"]
    ahead = [day for day in (row.requested_on + timedelta(days=n) for n in after) if day > tx.today]
    if ahead:
        tx.schedule(row, "remind", start_of_day(ahead[0]))


def _judge_owed(
    tx: Transaction, row: Receivable, payables: Sequence[PayableCopy], confirmed_fen: int
) -> None:
    if confirmed_fen > claims.confirmable_fen(tx, row, payables):
        raise Problem("confirmed_over_payables", "/confirmed")


def _judge_mandate(actor: Actor, tx: Transaction, row: Receivable, amount_fen: int) -> None:
    query = select(MandateCopy).where(
        MandateCopy.party_id == actor.party_id, MandateCopy.user_id == actor.user_id
    )
    granted = [
        mandates.Mandate(
            m.supplier_id, m.contract_id, m.limit_fen, m.valid_until, bool(m.revoked_at)
        )
        for m in tx.session.scalars(query)
    ]
    wish = mandates.Wish(row.seller_id, row.contract_id, amount_fen, tx.today)
    refused = mandates.refusal(granted, wish)
    if refused:
        raise Problem(refused)


def _verify_signature(actor: Actor, tx: Transaction, args: dict[str, Any]) -> None:
    user = tx.session.get(UserCopy, actor.user_id)
    keys = user.signing_keys if user else []
    key = next((key for key in keys if key["key_id"] == args["key_id"]), None)
    if key is None:
        raise Problem("signing_key_unknown", "/key_id")
    if key.get("revoked_at") is not None:
        raise Problem("signing_key_revoked", "/key_id")
    if not signing.verify(key["public_key"], args["confirmation_sha256"], args["signature"]):
        raise Problem("signature_invalid", "/signature")
