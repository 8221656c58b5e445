"""The applicant chooses; and what happens when the chosen bank does not pay in time."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from services.contracts.actor import Actor
from services.contracts.problems import Problem
from services.finance.commands import assessing, closing, exposure, guards, holding
from services.finance.commands.locking import live_positions, offers_of, part_of_application
from services.finance.commands.securing import make_ready_if_secured
from services.finance.tables.applications import Application
from services.finance.tables.loans import Loan
from services.finance.tables.offers import Offer
from services.finance.tables.products import Product
from services.messaging import Transaction

IN_FLIGHT = ("instructed", "unknown")  # the bank may have paid: never given to another bank


def choose(actor: Actor, tx: Transaction, id: str, args: dict[str, Any]) -> None:
    """Accept one visible offer; the others are lost and their limits free."""
    application = tx.load(Application, id, of=("applicant_id",))
    guards.may(application, "choose")
    if not holding.is_owed(tx, application):
        raise Problem("receivable_not_confirmed")
    visible = offers_of(tx, application, "visible")
    chosen = _chosen(tx, application, visible, args["offer_id"])
    application.accepted_offer_id = chosen.id
    tx.move(application, "choose", "offer_chosen")
    _accept(tx, application, chosen)
    losers = [offer for offer in visible if offer is not chosen]
    for loser in losers:
        tx.move(loser, "lose", "lost")
    exposure.release(tx, losers)
    make_ready_if_secured(tx, application)


def lapse(tx: Transaction, id: str) -> None:
    """Timer, or a payout that failed for certain: committed and unpaid by its deadline."""
    offer, application = part_of_application(tx, Offer, id)
    overdue = offer.pay_until is not None and tx.now >= offer.pay_until
    if offer.state != "accepted" or not overdue or _payout_in_flight(tx, application):
        return
    tx.move(offer, "lapse", "lapsed")
    application.accepted_offer_id = application.loan_id = None
    tx.move(application, "release", "reselecting")
    holding.release(tx, live_positions(tx, application))
    standing = [offer, *offers_of(tx, application, "lost")]
    exposure.lock(tx, standing, assessing.request_of(tx, application))
    exposure.release(tx, [offer])
    reselect_if_released(tx, application)


def reselect_if_released(tx: Transaction, application: Application) -> None:
    """Once nothing is held for the bank that lapsed, offers still valid may be chosen again."""
    if application.state != "releasing" or live_positions(tx, application):
        return
    revived = _revive(tx, application) if holding.can_hold(tx, application) else []
    if not revived:
        tx.move(application, "expire", "expired")
        return
    positions = holding.hold(tx, application)
    closing.await_choice(tx, application, revived)
    tx.move(application, "reselect", "reselecting")
    holding.record_held(tx, positions)


def _chosen(
    tx: Transaction, application: Application, visible: Sequence[Offer], offer_id: str
) -> Offer:
    if application.select_until and tx.now >= application.select_until:
        raise Problem("selection_over")
    offer = next((offer for offer in visible if offer.id == offer_id), None)
    if offer is None:
        raise Problem("not_found", "/offer_id")
    if tx.now >= offer.valid_until:
        raise Problem("offer_expired", "/offer_id")
    return offer


def _accept(tx: Transaction, application: Application, offer: Offer) -> None:
    offer.pay_until = tx.now + timedelta(hours=offer.sealed_pay_within_hours)
    tx.move(offer, "accept", "accepted")
    tx.schedule(offer, "lapse", offer.pay_until)
    security = tx.session.get_one(Product, offer.product_id).security
    for position in live_positions(tx, application):
        position.bank_id, position.bank_name = offer.bank_id, offer.bank_name
        position.security = security
        tx.move(position, "commit", "committed")


def _payout_in_flight(tx: Transaction, application: Application) -> bool:
    loan = tx.session.get(Loan, application.loan_id) if application.loan_id else None
    return loan is not None and loan.state in IN_FLIGHT


def _revive(tx: Transaction, application: Application) -> list[Offer]:
    """Offers that lost, are still valid, and whose banks' limits still carry them."""
    asked = assessing.request_of(tx, application)
    revived, lost = [], offers_of(tx, application, "lost")
    exposure.lock(tx, lost, asked)
    for offer in lost:
        if tx.now < offer.valid_until and not exposure.reserve(tx, offer, asked, "reserved"):
            tx.move(offer, "revive", "visible")
            tx.schedule(offer, "expire", offer.valid_until)
            revived.append(offer)
    return revived
