"""What only orders can answer, because no fact carries it."""

from typing import Any

from services.contracts.actor import Actor
from services.messaging import Transaction
from services.orders.tables import Quote


def sealed_price(actor: Actor, tx: Transaction, id: str, args: dict[str, Any]) -> dict[str, Any]:
    """A supplier's own quote, and the salt with which anyone can check its seal."""
    quote = tx.load(Quote, id, of=("supplier_id",), lock=False)
    return {
        "price_fen": quote.sealed_price_fen,
        "delivery_days": quote.sealed_delivery_days,
        "note": quote.sealed_note,
        "salt": quote.salt,
    }
