"""What a supplier says to a match: it enters from the order hall, is interested, or declines."""

from typing import Any

from sqlalchemy import select

from services.contracts.actor import Actor
from services.contracts.problems import Problem
from services.matching import admission, copies
from services.matching.commands import again, expiry
from services.matching.facts import Shown
from services.matching.lifecycle import WAITING
from services.matching.tables import DemandCopy, Match, Supply
from services.messaging import Transaction

Arguments = dict[str, Any]


def create(actor: Actor, tx: Transaction, args: Arguments) -> Match:
    """Enter from the order hall 订单大厅 with an own, active supply of a kind that answers.

    Other constraints are shown with the match, not held against it: the buyer sees them. Raises
    Problem("not_found"), ("demand_not_in_hall"), ("supply_not_active"), ("kind_mismatch"),
    ("own_demand_entered"), ("match_exists").
    """
    demand = copies.demand(tx, args["demand_id"])
    supply = tx.load(Supply, args["supply_id"], of=("supplier_id",))
    expiry.catch_up(tx, supply)
    verdicts = admission.admit(tx, demand, supply)
    match = _existing(tx, demand, supply) or _new(tx, demand, supply)
    if not match.LIFECYCLE.allows(match.state, "enter"):
        raise Problem("match_exists")
    if match.state == "withdrawn":  # what the machine took back the supplier has brought itself
        match.source, match.allotted = "supplier", None
    match.verdicts, match.reason_note = [verdict.to_json() for verdict in verdicts], None
    tx.move(match, "enter", "interested")
    return match


def show_interest(actor: Actor, tx: Transaction, id: str, args: Arguments) -> None:
    """The supplier means to quote. Raises Problem("demand_not_in_hall") once quotes are closed."""
    tx.move(_answerable(tx, id), "show_interest", "interested")


def decline(actor: Actor, tx: Transaction, id: str, args: Arguments) -> None:
    """The supplier will not quote, and says why by a code: the next best has its place.

    Raises as showing interest does.
    """
    match = _answerable(tx, id)
    match.reason_note = args["note"]
    tx.move(match, "decline", "declined", args["reason_code"])
    again.fill_places(tx, [match.demand_id])


def _answerable(tx: Transaction, id: str) -> Match:
    """The actor's match, while its demand is open by the time of receipt: the timer may be late.

    The demand is locked first, as everywhere.
    """
    match = tx.load(Match, id, of=("supplier_id",), lock=False)
    demand = copies.demand(tx, match.demand_id)
    match = tx.load(Match, id, of=("supplier_id",))
    if match.state in WAITING:  # others are refused for their state
        admission.check_in_hall(tx, demand)
    return match


def of_pair(demand: DemandCopy, supply: Supply | Shown, source: str) -> dict[str, Any]:
    """The columns that say whose match it is."""
    return {
        "thread_id": demand.id,
        "demand_id": demand.id,
        "demand_title": demand.data["title"],
        "supply_id": supply.id,
        "supply_title": supply.title,
        "buyer_id": demand.data["buyer_id"],
        "supplier_id": supply.supplier_id,
        "supplier_name": supply.supplier_name,
        "source": source,
    }


def _new(tx: Transaction, demand: DemandCopy, supply: Supply) -> Match:
    """In `proposed`, not yet recorded, and not yet explained."""
    unexplained: Arguments = {"contributions": [], "verdicts": [], "terms": []}
    return tx.new(Match, **of_pair(demand, supply, "supplier") | unexplained)


def _existing(tx: Transaction, demand: DemandCopy, supply: Supply) -> Match | None:
    query = select(Match).where(Match.demand_id == demand.id, Match.supply_id == supply.id)
    return tx.session.scalars(query.with_for_update()).first()
