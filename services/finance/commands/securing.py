"""When all of an application's positions have passed the gates of its product, money may move."""

from collections.abc import Sequence

from services.finance import rules
from services.finance.commands import holding, instructing
from services.finance.commands.locking import live_positions
from services.finance.tables.applications import Application
from services.finance.tables.offers import Offer
from services.finance.tables.positions import Position
from services.finance.tables.products import Product
from services.messaging import Transaction


def make_ready_if_secured(tx: Transaction, application: Application) -> None:
    """No payout is instructed before every gate is passed.

    Nor after the bank's time to pay, nor on a claim that was paid meanwhile: the offer lapses.
    """
    if application.state != "securing":
        return
    offer = tx.session.get_one(Offer, application.accepted_offer_id)
    if offer.pay_until is None or tx.now >= offer.pay_until or not holding.is_owed(tx, application):
        return
    security = tx.session.get_one(Product, offer.product_id).security
    gates = rules.parameters("position.gates", tx.today)[security]
    if all(passes(position, gates) for position in live_positions(tx, application)):
        instructing.make_ready(tx, application, offer)


def passes(position: Position, gates: Sequence[str]) -> bool:
    """Filed counts with a clear search only; a notice counts from its arrival."""
    passed = {"filed": position.search == "clear", "noticed": position.noticed_at is not None}
    return all(passed[gate] for gate in gates)
