"""What the registry, the bank and the debtor do to a position to make it secure, or to undo it."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from services.contracts.actor import Actor
from services.contracts.contract import MAX_REPORTED
from services.contracts.envelope import Event
from services.contracts.problems import Problem
from services.finance.commands import guards, holding, selection
from services.finance.commands.locking import locked, part_of_application
from services.finance.commands.payouts import MAX_CLOCK_SKEW, judge_moment
from services.finance.commands.securing import make_ready_if_secured
from services.finance.lifecycle import LIVE_POSITIONS
from services.finance.tables.applications import Application
from services.finance.tables.copies import PayableClaim
from services.finance.tables.positions import Position
from services.messaging import Transaction


def file(actor: Actor, tx: Transaction, id: str, args: dict[str, Any]) -> None:
    """Filed in the bank's name after search, file, search (民法典 768, 中登).

    Prior claims found keep the application from becoming ready until a later answer is clear. The
    time of the filing ranks it among others: it is not after now, nor before there was a position,
    as far as clocks agree.
    """
    row, application = _for_registry(actor, tx, id)
    guards.may(row, "file")
    if row.search == "clear":
        raise Problem("filing_is_clear")
    judge_moment(tx, args["filed_at"], "/filed_at")
    if args["filed_at"] < row.created_at - MAX_CLOCK_SKEW:
        raise Problem("filing_before_position", "/filed_at")
    row.filing_number, row.filed_at = args["filing_number"], args["filed_at"]
    row.search = args["search"]
    tx.move(row, "file", "filed")
    make_ready_if_secured(tx, application)


def notify(actor: Actor, tx: Transaction, id: str, args: dict[str, Any]) -> None:
    """The bank's notice arrives at the debtor's inbox here and now (民法典 546, 764)."""
    row, application = part_of_application(tx, Position, id, ("bank_id",))
    guards.may(row, "notify")
    if row.search != "clear":
        raise Problem("prior_claims_found")
    row.noticed_at, row.voucher_sha256 = tx.now, args["voucher_sha256"]
    tx.move(row, "notify", "noticed")
    make_ready_if_secured(tx, application)


def acknowledge(actor: Actor, tx: Transaction, id: str, args: dict[str, Any]) -> None:
    """The debtor's optional answer; the notice counts without it.

    Before the notice the debtor knows of no financing: Problem("not_found").
    """
    row, _ = part_of_application(tx, Position, id, ("debtor_id",))
    if row.noticed_at is None:
        raise Problem("not_found")
    guards.may(row, "acknowledge")
    row.acknowledged_at = tx.now
    tx.move(row, "acknowledge", "acknowledged")


def note_report(tx: Transaction, event: Event) -> None:
    """The debtor says it paid what a noticed share is on: its bank is told, and checks for itself.

    What was said before the notice was of a payment to the seller.
    """
    claimants = select(PayableClaim.receivable_id).where(PayableClaim.payable_id == event.subject)
    for row in locked(
        tx,
        Position,
        Position.receivable_id.in_(claimants),
        Position.noticed_at.is_not(None),
        Position.state.in_(LIVE_POSITIONS),
    ):
        known = {(report["payable_id"], report["reference"]) for report in row.reports}
        fresh = [
            said | {"payable_id": event.subject, "received_before_fen": row.settled_fen}
            for said in event.data["reported_payments"]
            if (event.subject, said["reference"]) not in known
            and row.noticed_at is not None
            and datetime.fromisoformat(said["reported_at"]) >= row.noticed_at
        ]
        if fresh:
            row.reports = [*row.reports, *fresh][-MAX_REPORTED:]
            tx.record(row, "payment_reported")


def release(actor: Actor, tx: Transaction, id: str, args: dict[str, Any]) -> None:
    """The filing is cancelled and the notice withdrawn; the share may be financed by others.

    Of a loan that ended, that is what the debtor has not paid of it.
    """
    row, application = _for_registry(actor, tx, id)
    lent_on = row.settled_at is not None
    tx.move(row, *(("fall_short", "short_paid") if lent_on else ("cancel", "released")))
    holding.give_back(tx, [row])
    selection.reselect_if_released(tx, application)


def _for_registry(actor: Actor, tx: Transaction, id: str) -> tuple[Position, Application]:
    """Any registry, or the position's own bank. Raises Problem("not_found") for others."""
    party = guards.known(tx, actor.party_id)
    return part_of_application(
        tx, Position, id, () if "registry" in party.capacities else ("bank_id",)
    )
