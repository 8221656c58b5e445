"""Credit limits: one person of the bank prepares, another approves; then offers reserve on them.

There is one limit per scope and subject for good: another sum takes the place of the first, and an
ended limit is reopened, so that whatever was lent always counts.
"""

from typing import Any

from services.contracts.actor import Actor
from services.contracts.problems import Problem
from services.finance.commands import guards
from services.finance.tables.limits import Limit
from services.finance.tables.products import Product
from services.messaging import Transaction

BUYER = "buyer"


def prepare(actor: Actor, tx: Transaction, args: dict[str, Any]) -> None:
    """One limit per scope and subject. Raises Problem("limit_exists") for a second."""
    guards.duty(actor, "bank.maker")
    bank = guards.bank(tx, actor)
    _judge_subject(actor, tx, args["scope"], args["subject_id"])
    counters = {"sealed_fen": 0, "reserved_fen": 0, "used_fen": 0}
    row = tx.new(Limit, bank_id=bank.id, prepared_by=actor.user_id, **counters, **args)
    tx.record(row, "prepared")


def approve(actor: Actor, tx: Transaction, id: str, args: dict[str, Any]) -> None:
    """By another person than who prepared it."""
    row = _of_approver(actor, tx, id)
    guards.may(row, "approve")
    guards.other_person(actor, row.proposed_by or row.prepared_by)
    if row.proposed_fen is not None and row.proposed_by is not None:
        _judge_taken(row, row.proposed_fen)
        row.granted_fen, row.prepared_by = row.proposed_fen, row.proposed_by
        _drop_proposal(row)
    row.approved_by = actor.user_id
    row.ended_code = row.ended_note = None
    tx.move(row, "approve", "approved")


def reject(actor: Actor, tx: Transaction, id: str, args: dict[str, Any]) -> None:
    """With a reason; of a change, the limit stays as it was."""
    _stop(tx, _of_approver(actor, tx, id), "reject", "rejected", args)


def withdraw(actor: Actor, tx: Transaction, id: str, args: dict[str, Any]) -> None:
    """What waits for approval, by those who prepare; of a change, the limit stays as it was."""
    row = _of_maker(actor, tx, id)
    guards.may(row, "withdraw")
    _drop_proposal(row)
    tx.move(row, "withdraw", "withdrawn")


def end(actor: Actor, tx: Transaction, id: str, args: dict[str, Any]) -> None:
    """Nothing more is reserved on it; what offers and loans have taken of it runs on."""
    row = _of_approver(actor, tx, id)
    row.ended_code, row.ended_note = args["reason_code"], args["note"]
    _stop(tx, row, "end", "ended", args)


def propose(actor: Actor, tx: Transaction, id: str, args: dict[str, Any]) -> None:
    """Another sum in place of the granted one; it counts once another person has approved it."""
    row = _of_maker(actor, tx, id)
    guards.bank(tx, actor)
    guards.may(row, "propose")
    _judge_taken(row, args["granted_fen"])
    row.proposed_fen, row.proposed_by, row.reason_note = args["granted_fen"], actor.user_id, None
    tx.move(row, "propose", "proposed")


def _of_maker(actor: Actor, tx: Transaction, id: str) -> Limit:
    guards.duty(actor, "bank.maker")
    return tx.load(Limit, id, of=("bank_id",))


def _of_approver(actor: Actor, tx: Transaction, id: str) -> Limit:
    guards.duty(actor, "bank.approver")
    return tx.load(Limit, id, of=("bank_id",))


def _stop(tx: Transaction, row: Limit, verb: str, past: str, reason: dict[str, Any]) -> None:
    """One person may: the bank lends less by it, never more."""
    guards.may(row, verb)
    _drop_proposal(row)
    row.reason_note = reason["note"]
    tx.move(row, verb, past, reason["reason_code"])


def _drop_proposal(row: Limit) -> None:
    row.proposed_fen = row.proposed_by = row.reason_note = None


def _judge_taken(row: Limit, granted_fen: int) -> None:
    """No sum is named: a part of it may be an offer that nobody may see yet."""
    if granted_fen < row.taken_fen:
        raise Problem("limit_below_taken", "/granted")


def _judge_subject(actor: Actor, tx: Transaction, scope: str, subject_id: str | None) -> None:
    """The total has no subject, a product limit one of the bank's own, the others a known party."""
    if (scope == "total") != (subject_id is None):
        code = "limit_subject_missing" if subject_id is None else "total_without_subject"
        raise Problem(code, "/subject_id")
    if subject_id and scope == "product":
        tx.load(Product, subject_id, of=("bank_id",), lock=False)
    elif subject_id:
        party = guards.known(tx, subject_id, "/subject_id")
        if scope == "debtor" and BUYER not in party.capacities:  # what it owes is a buyer's debt
            raise Problem("not_a_debtor", "/subject_id")
