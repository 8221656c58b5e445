"""Who may enter a demand from the order hall 订单大厅, and until when."""

from collections.abc import Sequence

from services.contracts.problems import Problem
from services.matching import candidates, constraints
from services.matching.constraints import Pair
from services.matching.tables import DemandCopy, Match, Supply
from services.matching.verdicts import Verdict
from services.messaging import Transaction

# Other constraints are shown with a match from the hall, not held against it.
_REFUSED = {
    "active": "supply_not_active",
    "counterparty": "own_demand_entered",
    "kind": "kind_mismatch",
}


def admit(tx: Transaction, demand: DemandCopy, supply: Supply) -> list[Verdict]:
    """The verdicts on a pair that a supplier wants to enter. Raises Problem where it may not."""
    check_in_hall(tx, demand)
    offered = candidates.offered(tx.session, supply.id, tx.today)
    verdicts = constraints.judge(candidates.wanted(demand), offered, tx.today)
    if code := refusal(verdicts):
        raise Problem(code, "/supply_id")
    return verdicts


def refusal(verdicts: Sequence[Verdict]) -> str | None:
    """The code of the problem for which a pair may not be entered; None when it may."""
    failed = constraints.failed(verdicts)
    return next((code for constraint, code in _REFUSED.items() if constraint in failed), None)


def is_shut_out(match: Match, pair: Pair) -> bool:
    """Whether a match that waits has to go; who entered is held only to what entering is."""
    entered = match.source == "supplier"
    return pair.is_excluded and not (entered and refusal(pair.verdicts) is None)


def check_in_hall(tx: Transaction, demand: DemandCopy) -> None:
    """Raises Problem("demand_not_in_hall")."""
    if not is_in_hall(tx, demand):
        raise Problem("demand_not_in_hall", "/demand_id")


def is_in_hall(tx: Transaction, demand: DemandCopy) -> bool:
    """Published, and the quote deadline (if known) still ahead by the time of receipt."""
    closes_at = candidates.wanted_until(demand)
    return demand.state == "published" and (closes_at is None or tx.now < closes_at)
