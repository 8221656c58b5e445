"""Evidence that expires takes its supply off offer, until the operator has looked again."""

from datetime import date
from typing import Any

from sqlalchemy import select

from services.contracts.actor import Actor
from services.contracts.problems import Problem
from services.days import end_of_day
from services.matching import proofs
from services.matching.lifecycle import WAITING
from services.matching.tables import Match, Supply
from services.messaging import Transaction


def verify(tx: Transaction, supply: Supply) -> None:
    """What its supplier states is proved today. Raises Problem("evidence_expired")."""
    supply.evidence_until = proofs.holds_until(supply.qualifications)
    if _is_over(tx, supply.evidence_until):
        raise Problem("evidence_expired", "/qualifications")


def await_expiry(tx: Transaction, supply: Supply) -> None:
    """Have the timer look when the first of its proofs expires, if any does."""
    until = proofs.looked_at_again(supply.evidence_until, supply.badges)
    if until is None:
        tx.unschedule(supply, "expire")
    else:
        tx.schedule(supply, "expire", end_of_day(until))


def expire(tx: Transaction, id: str) -> None:
    """Timer: a proof has expired."""
    catch_up(tx, tx.load(Supply, id))


def catch_up(tx: Transaction, supply: Supply) -> None:
    """Make true what the time has decided already, whether or not the timer got to it.

    Without a qualification it is off offer, without a badge only without the badge.
    """
    if supply.state != "active":
        return
    held = proofs.held(supply.badges, tx.today)
    if _is_over(tx, supply.evidence_until):
        supply.badges = held
        tx.unschedule(supply, "expire")
        tx.move(supply, "expire", "expired", "evidence_expired")
        withdraw_waiting(tx, supply, "supply_stale")
    elif len(held) < len(supply.badges):
        supply.badges = held
        tx.record(supply, "refreshed")
        await_expiry(tx, supply)


def refresh(actor: Actor, tx: Transaction, id: str, args: dict[str, Any]) -> None:
    """The supplier has renewed its evidence: the operator looks again."""
    supply = tx.load(Supply, id, of=("supplier_id",))
    catch_up(tx, supply)
    supply.badges = []  # each is confirmed anew
    tx.move(supply, "refresh", "submitted")


def withdraw_waiting(tx: Transaction, supply: Supply, reason_code: str) -> None:
    """Nobody waits any longer for what is not on offer; who has quoted is bound by it."""
    waiting = select(Match).where(Match.supply_id == supply.id, Match.state.in_(WAITING))
    for match in tx.session.scalars(waiting.order_by(Match.id).with_for_update()):
        tx.move(match, "withdraw", "withdrawn", reason_code)


def _is_over(tx: Transaction, until: date | None) -> bool:
    """Judged by the time of receipt."""
    return until is not None and tx.now >= end_of_day(until)
