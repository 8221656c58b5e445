"""Quotes: sealed by suppliers, opened by the clock, settled by the contract.

A sealed price stays in columns that no fact, reply or log reads.
"""

import secrets
from typing import Any

from sqlalchemy import select

from services.contracts.actor import Actor
from services.contracts.problems import Problem
from services.contracts.signing import canonical_sha256
from services.days import end_of_day, shanghai_date
from services.messaging import Transaction
from services.orders import copies
from services.orders.commands import threads
from services.orders.tables import Demand, MatchCopy, Quote

SALT_BYTES = 16  # a price has few digits: without the salt its seal could be guessed
OWNER = ("supplier_id",)


def seal(actor: Actor, tx: Transaction, args: dict[str, Any]) -> None:
    """A verified supplier's quote, sealed until the demand's deadline."""
    demand = tx.load(Demand, args["demand_id"])
    _check_open(tx, demand)
    if demand.buyer_id == actor.party_id:
        raise Problem("own_demand")
    supplier = copies.verified_party(tx, actor.party_id)
    if _live_of(tx, demand, actor.party_id):
        raise Problem("quote_exists")
    match = _match(tx, demand, actor, args["match_id"])
    quote = tx.new(
        Quote,
        thread_id=demand.id,
        demand_id=demand.id,
        buyer_id=demand.buyer_id,
        supplier_id=supplier.id,
        supplier_name=supplier.name,
        match_id=match and match.id,
        supply_id=match and match.supply_id,
        round_no=1,
    )
    _write(tx, demand, quote, args)
    tx.move(quote, "seal", "sealed")


def replace(actor: Actor, tx: Transaction, id: str, args: dict[str, Any]) -> None:
    """Another price under another seal, before the deadline."""
    demand, quote = threads.load(tx, Quote, id, OWNER)
    _check_open(tx, demand)
    _write(tx, demand, quote, args)
    tx.move(quote, "replace", "replaced")


def withdraw(actor: Actor, tx: Transaction, id: str, args: dict[str, Any]) -> None:
    """Before the deadline only: what is to be opened binds its supplier."""
    demand, quote = threads.load(tx, Quote, id, OWNER)
    _check_open(tx, demand)
    tx.move(quote, "withdraw", "withdrawn")


def of_demand(tx: Transaction, demand: Demand, state: str) -> list[Quote]:
    """The demand's quotes in one state, in the order of their making; under its lock."""
    wanted = select(Quote).where(Quote.demand_id == demand.id, Quote.state == state)
    return list(tx.session.scalars(wanted.order_by(Quote.id)))


def is_valid(tx: Transaction, quote: Quote) -> bool:
    """Whether the quote still binds its supplier today."""
    return quote.valid_until >= tx.today


def open_quote(tx: Transaction, quote: Quote) -> None:
    """From now on the buyer sees the price."""
    quote.opened_at = tx.now
    tx.move(quote, "open", "opened")
    tx.schedule(quote, "expire", end_of_day(quote.valid_until))


def reject(tx: Transaction, quote: Quote, reason_code: str) -> None:
    """An opened quote that will not become the contract."""
    tx.unschedule(quote, "expire")
    tx.move(quote, "reject", "rejected", reason_code)


def end_all(tx: Transaction, demand: Demand, reason_code: str) -> None:
    """Tell every supplier with a live quote that it no longer stands."""
    for quote in of_demand(tx, demand, "sealed"):
        tx.move(quote, "invalidate", "invalidated", reason_code)
    for quote in of_demand(tx, demand, "opened"):
        reject(tx, quote, reason_code)


def settle(tx: Transaction, demand: Demand) -> None:
    """The contract is signed: the awarded quote is accepted, the others are rejected."""
    for quote in of_demand(tx, demand, "opened"):
        if quote.id == demand.awarded_quote_id:
            tx.unschedule(quote, "expire")
            tx.move(quote, "accept", "accepted")
        else:
            reject(tx, quote, "not_awarded")


def _check_open(tx: Transaction, demand: Demand) -> None:
    """Judged by the time of receipt, whether or not the timer has closed the demand."""
    if demand.state == "draft":
        raise Problem("not_found")  # nobody but its buyer knows of a draft
    if threads.over(tx, demand.quote_deadline_at):
        raise Problem("quote_deadline_passed")
    if demand.state != "published" or not demand.quote_deadline_at or not demand.terms:
        raise Problem("demand_not_open")


def _live_of(tx: Transaction, demand: Demand, supplier_id: str) -> bool:
    return any(quote.supplier_id == supplier_id for quote in of_demand(tx, demand, "sealed"))


def _match(tx: Transaction, demand: Demand, actor: Actor, id: str | None) -> MatchCopy | None:
    """The supplier's match with this demand, if it names one. Raises Problem("match_unknown")."""
    if id is None:
        return None
    match = tx.session.get(MatchCopy, id)
    if match is None or (match.demand_id, match.supplier_id) != (demand.id, actor.party_id):
        raise Problem("match_unknown", "/match_id")
    return match


def _write(tx: Transaction, demand: Demand, quote: Quote, args: dict[str, Any]) -> None:
    """The terms of the quote and the seal that commits to them."""
    if demand.quote_deadline_at and args["valid_until"] < shanghai_date(demand.quote_deadline_at):
        raise Problem("quote_validity_too_short", "/valid_until")
    quote.demand_version = demand.version
    quote.sealed_price_fen = args["price_fen"]
    quote.sealed_delivery_days = args["delivery_days"]
    quote.sealed_note = args["note"]
    quote.valid_until = args["valid_until"]
    quote.sealed_at = tx.now
    quote.salt = secrets.token_hex(SALT_BYTES)
    quote.seal = seal_of(quote)


def seal_of(quote: Quote) -> str:
    """SHA-256 over the salt and all that the supplier binds itself to."""
    return canonical_sha256(
        {
            "salt": quote.salt,
            "demand_id": quote.demand_id,
            "demand_version": quote.demand_version,
            "supplier_id": quote.supplier_id,
            "price_fen": quote.sealed_price_fen,
            "delivery_days": quote.sealed_delivery_days,
            "valid_until": quote.valid_until.isoformat(),
            "note": quote.sealed_note,
        }
    )
