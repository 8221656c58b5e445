"""Demands: drafted, published, amended, reopened, cancelled by their buyer."""

from typing import Any

from services.contracts.actor import Actor
from services.contracts.problems import Problem
from services.messaging import Transaction
from services.orders import copies
from services.orders.commands import contracts, quotes, threads
from services.orders.commands.evaluations import catch_up
from services.orders.rules.terms import shares_are_whole
from services.orders.tables import Contract, Demand

OWNER = ("buyer_id",)


def create(actor: Actor, tx: Transaction, args: dict[str, Any]) -> None:
    """A draft, or published at once; whatever is missing is asked for when it is published."""
    buyer = copies.known_party(tx, actor.party_id)
    text = {name: value for name, value in args.items() if name != "publish"}
    demand = new(
        tx, text, buyer_id=buyer.id, buyer_name=buyer.name,
        buyer_verified=copies.is_verified(tx, buyer), origin="own",
    )  # fmt: skip
    if args["publish"]:
        _publish(tx, demand)
    else:
        tx.record(demand, "created")


def publish(actor: Actor, tx: Transaction, id: str, args: dict[str, Any]) -> None:
    """From now on it is matched and takes quotes, until its deadline."""
    _publish(tx, tx.load(Demand, id, OWNER))


def amend(actor: Actor, tx: Transaction, id: str, args: dict[str, Any]) -> None:
    """Replace the text. Once published it is another version, which no quote has answered yet."""
    demand = tx.load(Demand, id, OWNER)
    catch_up(tx, demand)
    for name, value in args.items():
        setattr(demand, name, value)
    if demand.state == "published":
        _require_complete(tx, demand)
        demand.version += 1
    tx.move(demand, "amend", "amended")
    if demand.state == "published":
        await_deadline(tx, demand)
        quotes.end_all(tx, demand, "demand_amended")


def reopen(actor: Actor, tx: Transaction, id: str, args: dict[str, Any]) -> None:
    """Ask again, with a new deadline, for what found no valid quote."""
    demand = tx.load(Demand, id, OWNER)
    demand.quote_deadline_at = args["quote_deadline_at"]
    _require_complete(tx, demand)
    demand.quote_count = 0
    tx.move(demand, "reopen", "reopened")
    await_deadline(tx, demand)


def cancel(actor: Actor, tx: Transaction, id: str, args: dict[str, Any]) -> None:
    """Before the signature: every quote, and a contract not signed yet, ends with it."""
    demand = tx.load(Demand, id, OWNER)
    catch_up(tx, demand)
    demand.reason_note = args["note"]
    tx.move(demand, "cancel", "cancelled", args["reason_code"])
    for verb in ("close", "lapse_award"):
        tx.unschedule(demand, verb)
    quotes.end_all(tx, demand, "demand_cancelled")
    if demand.contract_id is not None:
        contracts.end_unsigned(tx, tx.load(Contract, demand.contract_id), "demand_cancelled")


def _publish(tx: Transaction, demand: Demand) -> None:
    _require_complete(tx, demand)
    demand.published_at = tx.now
    tx.move(demand, "publish", "published")
    await_deadline(tx, demand)


def new(tx: Transaction, args: dict[str, Any], **known: Any) -> Demand:
    """A demand in draft, the first of its thread."""
    demand = tx.new(Demand, version=1, quote_count=0, capacity="unchecked", **args, **known)
    demand.thread_id = demand.id
    return demand


def _require_complete(tx: Transaction, demand: Demand) -> None:
    """What a published demand must have: a verified buyer, days ahead, whole terms."""
    buyer = copies.verified_party(tx, demand.buyer_id)
    if demand.kind == "challenge" and "buyer" not in buyer.capacities:
        raise Problem("challenge_needs_buyer")
    if demand.quote_deadline_at is None or threads.over(tx, demand.quote_deadline_at):
        raise Problem("quote_deadline_not_ahead", "/quote_deadline_at")
    if demand.delivery_due_date is not None and demand.delivery_due_date < tx.today:
        raise Problem("in_the_past", "/delivery_due_date")
    if demand.terms is None:
        raise Problem("terms_missing", "/terms")
    if not shares_are_whole(demand.terms):
        raise Problem("terms_shares", "/terms/nodes")
    demand.buyer_verified = True


def await_deadline(tx: Transaction, demand: Demand) -> None:
    """Have the timer close it, if it has a deadline; an unknown one never comes."""
    if demand.quote_deadline_at is not None:
        tx.schedule(demand, "close", demand.quote_deadline_at)
