"""Credit limits: one person of the bank prepares, another approves; then offers reserve on them."""

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
    guards.duty(actor, "bank.approver")
    row = tx.load(Limit, id, of=("bank_id",))
    guards.may(row, "approve")
    guards.other_person(actor, row.prepared_by)
    row.approved_by = actor.user_id
    tx.move(row, "approve", "approved")


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
