"""Financing products: a bank publishes what it offers and the criteria it wants applied."""

from typing import Any

from services.contracts.actor import Actor
from services.contracts.problems import Problem
from services.finance.commands import guards
from services.finance.tables.products import Product
from services.messaging import Transaction


def publish(actor: Actor, tx: Transaction, args: dict[str, Any]) -> None:
    """Raises Problem when the smallest amount is above the largest."""
    bank = guards.bank(tx, actor)
    if args["min_fen"] > args["max_fen"]:
        raise Problem("amount_range", "/min")
    row = tx.new(Product, bank_id=bank.id, bank_name=bank.name, **args)
    tx.record(row, "published")


def retire(actor: Actor, tx: Transaction, id: str, args: dict[str, Any]) -> None:
    """No new offers under it; what was offered stands."""
    tx.move(tx.load(Product, id, of=("bank_id",)), "retire", "retired")
