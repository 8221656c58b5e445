"""What the registry, the bank and the debtor do to a position to make it secure, or to undo it."""

from typing import Any

from services.contracts.actor import Actor
from services.contracts.problems import Problem
from services.finance.commands import guards, holding, selection
from services.finance.commands.locking import part_of_application
from services.finance.commands.payouts import MAX_CLOCK_SKEW, judge_moment
from services.finance.commands.securing import make_ready_if_secured
from services.finance.tables.applications import Application
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
