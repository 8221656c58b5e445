"""Evidence that expires takes its supply off offer, until the operator has looked again."""

from typing import Any

from services.contracts.actor import Actor
from services.contracts.problems import Problem
from services.days import end_of_day
from services.matching import proofs
from services.matching.commands import waiting
from services.matching.tables import Supply
from services.messaging import Transaction


def verify(tx: Transaction, supply: Supply) -> None:
    """What its supplier states is proved today. Raises Problem("evidence_expired")."""
    supply.evidence_until = proofs.holds_until(supply.qualifications)
    if proofs.are_over(supply.evidence_until, tx.today):
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
    if proofs.are_over(supply.evidence_until, tx.today):
        supply.badges = held
        tx.unschedule(supply, "expire")
        tx.move(supply, "expire", "expired", "evidence_expired")
        waiting.withdraw(tx, supply, "supply_stale")
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
