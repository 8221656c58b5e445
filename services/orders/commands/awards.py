"""Awards: the buyer chooses, matching reserves, the supplier confirms."""

from datetime import datetime
from typing import Any

from services.contracts.actor import Actor
from services.contracts.envelope import Event
from services.contracts.problems import Problem
from services.days import end_of_day, working_days_after
from services.messaging import Transaction
from services.orders.commands import contracts, quotes, threads
from services.orders.commands.evaluations import catch_up
from services.orders.rules import BOOK
from services.orders.tables import Demand, Quote

AWAITING_CAPACITY = frozenset({"awarded", "contracting"})


def award(actor: Actor, tx: Transaction, id: str, args: dict[str, Any]) -> None:
    """Choose one opened quote; the others stay open until the contract is signed."""
    demand = tx.load(Demand, id, ("buyer_id",))
    catch_up(tx, demand)
    quote = _opened(tx, demand, args["quote_id"])
    demand.awarded_quote_id = quote.id
    demand.awarded_supplier_id = quote.supplier_id
    demand.awarded_supply_id = quote.supply_id
    demand.award_reason = args["reason"]
    demand.capacity = "unchecked"
    demand.award_confirm_until = _confirm_until(tx)
    tx.move(demand, "award", "awarded")
    tx.schedule(demand, "lapse_award", demand.award_confirm_until)


def confirm(actor: Actor, tx: Transaction, id: str, args: dict[str, Any]) -> None:
    """The awarded supplier stands by its quote: the contract is drafted and checked at once."""
    demand = tx.load(Demand, id, ("awarded_supplier_id",))
    if demand.state == "awarded" and threads.over(tx, demand.award_confirm_until):
        raise Problem("award_confirmation_passed")
    demand.contract_id = tx.ids.new()
    tx.move(demand, "confirm_award", "award_confirmed")
    tx.unschedule(demand, "lapse_award")
    contracts.draft(tx, demand, tx.load(Quote, demand.awarded_quote_id))


def note_capacity(tx: Transaction, event: Event) -> None:
    """Matching has reserved a supply of the awarded supplier, or was short of it.

    The buyer is told. A fact for an award that has been taken back or changed since is ignored.
    """
    demand_id = event.data.get("reserved_for_demand_id")
    if demand_id is None:
        return
    demand = threads.lock(tx, demand_id)
    if demand.state in AWAITING_CAPACITY and _is_awarded(demand, event):
        demand.awarded_supply_id = event.subject
        demand.capacity = event.past  # supply.reserved or supply.short
        tx.record(demand, "capacity_checked")


def _is_awarded(demand: Demand, event: Event) -> bool:
    """The very supply of the award; where its quote named none, one of that supplier."""
    if demand.awarded_supply_id is None:
        return bool(demand.awarded_supplier_id == event.data.get("supplier_id"))
    return demand.awarded_supply_id == event.subject


def _opened(tx: Transaction, demand: Demand, quote_id: str) -> Quote:
    """The demand's quote, open for award. Raises Problem."""
    quote = tx.session.get(Quote, quote_id)
    if quote is None or quote.demand_id != demand.id:
        raise Problem("quote_unknown", "/quote_id")
    if quote.state != "opened" or not quotes.is_valid(tx, quote):
        raise Problem("quote_not_opened")
    return quote


def _confirm_until(tx: Transaction) -> datetime:
    rule = BOOK.at("award_confirmation", tx.today)
    return end_of_day(working_days_after(tx.today, rule.parameters["working_days"]))
