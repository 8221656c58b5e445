"""What the clock decides between the deadline of a demand and its signed contract."""

from services.messaging import Transaction
from services.orders.commands import quotes, threads
from services.orders.tables import Demand, Quote


def close(tx: Transaction, id: str) -> None:
    """Timer: the quote deadline has come."""
    catch_up(tx, threads.lock(tx, id))


def lapse_award(tx: Transaction, id: str) -> None:
    """Timer: the time to confirm the award is over."""
    catch_up(tx, threads.lock(tx, id))


def expire_quote(tx: Transaction, id: str) -> None:
    """Timer: an opened quote no longer binds its supplier; the awarded one has been accepted."""
    demand, quote = threads.load(tx, Quote, id, ())
    if quote.state != "opened" or quotes.is_valid(tx, quote) or id == demand.awarded_quote_id:
        return
    tx.move(quote, "expire", "expired")
    fail_without_quotes(tx, demand, "validity_over")


def catch_up(tx: Transaction, demand: Demand) -> None:
    """Make true what the time has decided already, whether or not the timer got to it.

    Every command on a demand begins with this, so that all judge by their time of receipt.
    """
    if demand.state == "published" and threads.over(tx, demand.quote_deadline_at):
        _open_quotes(tx, demand)
    if demand.state == "awarded" and threads.over(tx, demand.award_confirm_until):
        take_back(tx, demand, "not_confirmed")


def take_back(tx: Transaction, demand: Demand, reason_code: str) -> None:
    """The award came to nothing: its quote is rejected, the buyer may award the next."""
    tx.unschedule(demand, "lapse_award")
    awarded = tx.load(Quote, demand.awarded_quote_id)
    demand.awarded_quote_id = demand.awarded_supplier_id = demand.awarded_supply_id = None
    demand.award_confirm_until = demand.award_reason = demand.contract_id = None
    demand.capacity = "unchecked"
    tx.move(demand, "lapse_award", "award_lapsed", reason_code)
    quotes.reject(tx, awarded, reason_code)
    fail_without_quotes(tx, demand, "validity_over")


def fail_without_quotes(tx: Transaction, demand: Demand, reason_code: str) -> None:
    """Nothing is left to award."""
    if demand.state == "evaluating" and not quotes.of_demand(tx, demand, "opened"):
        tx.move(demand, "fail", "unsuccessful", reason_code)


def _open_quotes(tx: Transaction, demand: Demand) -> None:
    sealed = quotes.of_demand(tx, demand, "sealed")
    valid = [quote for quote in sealed if quotes.is_valid(tx, quote)]
    demand.quote_count = len(valid)
    tx.unschedule(demand, "close")
    tx.move(demand, "close", "closed")
    for quote in sealed:
        if quotes.is_valid(tx, quote):
            quotes.open_quote(tx, quote)
        else:
            tx.move(quote, "expire", "expired")
    fail_without_quotes(tx, demand, "no_valid_quote")
