"""What a supplier says to a match: it enters from the order hall, is interested, or declines."""

from typing import Any

from sqlalchemy import select

from services.contracts.actor import Actor
from services.contracts.problems import Problem
from services.matching import candidates, constraints, copies
from services.matching.constraints import Verdict
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
    verdicts = admit(tx, demand, supply)
    match = _existing(tx, demand, supply) or new(tx, demand, supply, source="supplier")
    if not match.LIFECYCLE.allows(match.state, "enter"):
        raise Problem("match_exists")
    match.verdicts = [verdict._asdict() for verdict in verdicts]
    tx.move(match, "enter", "interested")
    return match


def show_interest(actor: Actor, tx: Transaction, id: str, args: Arguments) -> None:
    """The supplier means to quote."""
    tx.move(tx.load(Match, id, of=("supplier_id",)), "show_interest", "interested")


def decline(actor: Actor, tx: Transaction, id: str, args: Arguments) -> None:
    """The supplier will not quote, and says why by a code."""
    match = tx.load(Match, id, of=("supplier_id",))
    tx.move(match, "decline", "declined", args["reason_code"])


def admit(tx: Transaction, demand: DemandCopy, supply: Supply) -> list[Verdict]:
    """The verdicts on a pair that a supplier wants to enter. Raises Problem where it may not."""
    if not is_in_hall(tx, demand):
        raise Problem("demand_not_in_hall", "/demand_id")
    (offered,) = candidates.offered(tx.session, [supply.id])
    verdicts = constraints.judge(candidates.wanted(demand), offered, tx.today)
    failed = constraints.failed(verdicts)
    for constraint, code in _REFUSED.items():
        if constraint in failed:
            raise Problem(code, "/supply_id")
    return verdicts


def is_in_hall(tx: Transaction, demand: DemandCopy) -> bool:
    """Published, and the quote deadline (if known) still ahead by the command's receipt."""
    closes_at = candidates.wanted_until(demand)
    return demand.state == "published" and (closes_at is None or tx.now < closes_at)


def new(tx: Transaction, demand: DemandCopy, supply: Any, source: str) -> Match:
    """A match in `proposed`, not yet recorded; `supply` is a Supply or a row of its texts."""
    return tx.new(
        Match,
        thread_id=demand.id,
        demand_id=demand.id,
        demand_title=demand.data["title"],
        supply_id=supply.id,
        supply_title=supply.title,
        buyer_id=demand.data["buyer_id"],
        supplier_id=supply.supplier_id,
        supplier_name=supply.supplier_name,
        source=source,
        contributions=[],
        verdicts=[],
        terms=[],
    )


_REFUSED = {
    "active": "supply_not_active",
    "counterparty": "own_demand_entered",
    "kind": "kind_mismatch",
}


def _existing(tx: Transaction, demand: DemandCopy, supply: Supply) -> Match | None:
    query = select(Match).where(Match.demand_id == demand.id, Match.supply_id == supply.id)
    return tx.session.scalars(query.with_for_update()).first()
