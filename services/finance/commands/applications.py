"""A financing application is submitted, opened to banks, screened out, or withdrawn."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from services.contracts.actor import Actor
from services.contracts.problems import Problem
from services.finance.commands import (
    assessing,
    authorisations,
    claims,
    closing,
    exposure,
    guards,
    holding,
)
from services.finance.commands.locking import live_positions, offers_of
from services.finance.tables.applications import Application, Screening, Share
from services.finance.tables.copies import PartyCopy
from services.finance.tables.receivables import Receivable
from services.messaging import Transaction

MAX_OPENED_TO = 20  # banks and consents that the application's contract carries


def submit(actor: Actor, tx: Transaction, args: dict[str, Any]) -> None:
    """Hold the shares at once, compute which banks could carry it, open the window.

    All reading is done before the receivables are locked: others who want a part of them wait for
    the writing only.
    """
    applicant = guards.verified(tx, actor.party_id)
    consent = authorisations.standing(tx, actor, args["authorisation_id"])
    shares = _shares(tx, actor, args["shares"])
    asked = assessing.request(tx, applicant.id, shares)
    eligible = assessing.eligible_banks(tx, asked)
    holding.lock(tx, shares)
    row = _new(tx, applicant, shares, args)
    row.authorisation_ids, row.opened_to = [consent.id], consent.recipient_ids
    row.eligible_bank_ids = eligible
    positions = holding.hold(tx, row)
    tx.move(row, "submit", "submitted")
    holding.record_held(tx, positions)
    tx.schedule(row, "close_offers", row.offers_until)


def open_to(actor: Actor, tx: Transaction, id: str, args: dict[str, Any]) -> None:
    """Show the whole sheet to the recipients of a further authorisation."""
    consent = authorisations.standing(tx, actor, args["authorisation_id"])
    row = tx.load(Application, id, of=("applicant_id",))
    guards.may(row, "open_to")
    row.authorisation_ids = sorted({*row.authorisation_ids, consent.id})
    row.open_to_banks(authorisations.recipients(tx, row.authorisation_ids))
    if max(len(row.authorisation_ids), len(row.opened_to)) > MAX_OPENED_TO:
        raise Problem("opened_to_too_many", "/authorisation_id", most=MAX_OPENED_TO)
    tx.move(row, "open_to", "opened")


def screen_out(actor: Actor, tx: Transaction, id: str, args: dict[str, Any]) -> None:
    """A bank declines before any offer, with coded reasons; once."""
    bank = guards.bank(tx, actor)
    row = tx.load(Application, id)
    closing.judge_window(tx, row)
    if not authorisations.lets_see(tx, row, bank.id):
        raise Problem("sheet_not_opened")
    if not args["reason_codes"]:
        raise Problem("reasons_missing", "/reason_codes")
    if any(screening.bank_id == bank.id for screening in row.screenings):
        raise Problem("screened_out")
    if any(offer.bank_id == bank.id for offer in offers_of(tx, row, "prepared", "sealed")):
        raise Problem("offer_exists")
    reasons = args["reason_codes"]
    row.screenings.append(Screening(bank_id=bank.id, reason_codes=reasons, screened_at=tx.now))
    tx.move(row, "screen_out", "screened_out", reasons[0])


def withdraw(actor: Actor, tx: Transaction, id: str, args: dict[str, Any]) -> None:
    """By the applicant before a payout is instructed; everything held is let go."""
    row = tx.load(Application, id, of=("applicant_id",))
    tx.move(row, "withdraw", "withdrawn")
    offers = offers_of(tx, row, "prepared", "sealed", "visible", "accepted")
    for offer in offers:
        prepared = offer.state == "prepared"
        tx.move(offer, *(("expire", "expired") if prepared else ("lose", "lost")))
    releasable = [p for p in live_positions(tx, row) if p.state != "releasing"]
    holding.release(tx, releasable)
    exposure.release(tx, offers)


def _shares(tx: Transaction, actor: Actor, asked: Sequence[dict[str, Any]]) -> list[Share]:
    """The shares asked for. Raises Problem as `claims.receivable_ids` does."""
    claims.receivable_ids(asked)
    return [
        _share(tx, actor, index, share["receivable_id"], share["amount_fen"])
        for index, share in enumerate(asked)
    ]


def _share(tx: Transaction, actor: Actor, index: int, receivable_id: str, amount_fen: int) -> Share:
    """Raises Problem for an unknown or foreign receivable, an unconfirmed or a paid one."""
    pointer = f"/shares/{index}/receivable_id"
    receivable = tx.session.get(Receivable, receivable_id)
    if receivable is None or receivable.seller_id != actor.party_id:
        raise Problem("not_found", pointer)
    if not claims.financeable(tx, receivable):
        raise Problem("receivable_not_confirmed", pointer)
    return Share(
        receivable_id=receivable.id,
        line_no=index,
        debtor_id=receivable.debtor_id,
        amount_fen=amount_fen,
        due_date=receivable.due_date,
    )


def _new(
    tx: Transaction, applicant: PartyCopy, shares: list[Share], args: dict[str, Any]
) -> Application:
    receivables = [tx.session.get_one(Receivable, share.receivable_id) for share in shares]
    debtors = {row.debtor_id: row.debtor_name for row in receivables}
    return tx.new(
        Application,
        applicant_id=applicant.id,
        applicant_name=applicant.name,
        debtor_ids=list(debtors),
        debtor_names=list(debtors.values()),
        amount_fen=sum(share.amount_fen for share in shares),
        latest_due_date=max(share.due_date for share in shares),
        purpose=args["purpose"],
        submitted_at=tx.now,
        offers_until=tx.now + timedelta(hours=args["offer_window_hours"]),
        offer_count=0,
        shares=shares,
        screenings=[],
        thread_id=receivables[0].thread_id,
    )
