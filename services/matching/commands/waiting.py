"""The matches of a supply that wait for a quote, when something has become of the supply."""

from collections.abc import Sequence

from sqlalchemy import select

from services.matching import admission, candidates, explanation
from services.matching.commands import again
from services.matching.constraints import Pair
from services.matching.lifecycle import WAITING
from services.matching.sides import Wanted
from services.matching.tables import DemandCopy, Match, Supply
from services.messaging import Transaction


def withdraw(tx: Transaction, supply: Supply, reason_code: str) -> None:
    """Nobody waits any longer for what is not on offer; who has quoted is bound by it."""
    waiting = _of(tx, supply)
    for match in waiting:
        tx.move(match, "withdraw", "withdrawn", reason_code)
    again.fill_places(tx, [match.demand_id for match in waiting])


def judge(tx: Transaction, supply: Supply) -> None:
    """It says something else, or has been looked at again: verdicts follow, and who fails now goes.

    Rank and score follow with the next ranking of the demand.
    """
    waiting = _of(tx, supply)
    if not waiting:
        return
    offered = candidates.offered(tx.session, supply.id, tx.today)
    # Read after the matches are locked: whoever amends a demand holds its matches until it is done.
    wanted = _wanted(tx, waiting)
    pairs = [(match, Pair(wanted[match.demand_id], offered, tx.today)) for match in waiting]
    again.fill_places(tx, [match.demand_id for match, pair in pairs if _left(tx, match, pair)])


def _left(tx: Transaction, match: Match, pair: Pair) -> bool:
    """Whether the match is withdrawn; one that stays is refreshed where verdicts have changed."""
    if admission.is_shut_out(match, pair):
        tx.move(match, "withdraw", "withdrawn", "constraint_failed")
        return True
    shown = explanation.unranked() if pair.is_excluded else {}
    shown["verdicts"] = [verdict.to_json() for verdict in pair.verdicts]
    if explanation.change(match, shown):
        tx.record(match, "refreshed")
    return False


def _of(tx: Transaction, supply: Supply) -> Sequence[Match]:
    """Locked in one order for all."""
    waiting = select(Match).where(Match.supply_id == supply.id, Match.state.in_(WAITING))
    return tx.session.scalars(waiting.order_by(Match.id).with_for_update()).all()


def _wanted(tx: Transaction, matches: Sequence[Match]) -> dict[str, Wanted]:
    query = select(DemandCopy).where(DemandCopy.id.in_([match.demand_id for match in matches]))
    return {demand.id: candidates.wanted(demand) for demand in tx.session.scalars(query)}
