"""The end of an offer window: what was sealed is seen, and the applicant may choose."""

from collections.abc import Sequence

from services.contracts.problems import Problem
from services.finance.commands import exposure, holding
from services.finance.commands.locking import live_positions, offers_of
from services.finance.tables.applications import Application
from services.finance.tables.offers import Offer
from services.messaging import Transaction


def judge_window(tx: Transaction, application: Application) -> None:
    """By the time of receipt, whether or not the timer has closed it yet.

    Raises Problem("offer_window_closed").
    """
    if application.state != "offering" or tx.now >= application.offers_until:
        raise Problem("offer_window_closed")


def close_offers(tx: Transaction, id: str) -> None:
    """Timer: sealed offers become visible; without any the application is declined."""
    application = tx.load(Application, id)
    if application.state != "offering" or tx.now < application.offers_until:
        return
    for prepared in offers_of(tx, application, "prepared"):
        tx.move(prepared, "expire", "expired")
    sealed = offers_of(tx, application, "sealed")
    if sealed:
        _open(tx, application, sealed)
    else:
        tx.move(application, "decline", "declined", "no_offers")
        holding.release(tx, live_positions(tx, application))


def expire(tx: Transaction, id: str) -> None:
    """Timer: the applicant did not choose."""
    application = tx.load(Application, id)
    over = application.select_until and tx.now >= application.select_until
    if application.state != "selecting" or not over:
        return
    tx.move(application, "expire", "expired")
    offers = offers_of(tx, application, "visible")
    for offer in offers:
        tx.move(offer, "expire", "expired")
    holding.release(tx, live_positions(tx, application))
    exposure.release(tx, offers)


def await_choice(tx: Transaction, application: Application, offers: Sequence[Offer]) -> None:
    """The applicant may choose for as long as any of the visible offers is valid."""
    application.select_until = max(offer.valid_until for offer in offers)
    tx.schedule(application, "expire", application.select_until)


def _open(tx: Transaction, application: Application, sealed: Sequence[Offer]) -> None:
    for offer in sealed:
        offer.opened_at = tx.now
        tx.move(offer, "open", "visible")
        tx.schedule(offer, "expire", offer.valid_until)
    application.offer_count = len(sealed)
    await_choice(tx, application, sealed)
    tx.move(application, "close_offers", "offers_closed")
    exposure.advance(tx, sealed, "reserved")
