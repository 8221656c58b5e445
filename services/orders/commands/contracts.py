"""Contracts: drafted from quote and terms, judged by the rules, revised, declined, expired."""

from typing import Any

from services.contracts import capabilities
from services.contracts.actor import Actor
from services.contracts.problems import Problem
from services.contracts.signing import canonical_sha256
from services.days import add_days, end_of_day
from services.messaging import Transaction
from services.orders import copies
from services.orders.commands import threads
from services.orders.commands.evaluations import take_back
from services.orders.commands.threads import PARTIES
from services.orders.rules import BOOK
from services.orders.rules.terms import Finding, blocks, check_terms, shares_are_whole
from services.orders.tables import Contract, Demand, Quote

# Investments are agreed in principle here and closed elsewhere: never financeable.
INTENT_KINDS = frozenset({"acquisition", "fundraising"})


def draft(tx: Transaction, demand: Demand, quote: Quote) -> None:
    """What the buyer asked and the supplier quoted, as one text; checked at once."""
    quoted = add_days(tx.today, quote.sealed_delivery_days)  # it was awarded for this, too
    contract = tx.new(
        Contract,
        id=demand.contract_id,
        thread_id=demand.id,
        kind="intent" if demand.kind in INTENT_KINDS else "order",
        demand_id=demand.id,
        quote_id=quote.id,
        buyer_id=demand.buyer_id,
        buyer_name=demand.buyer_name,
        supplier_id=quote.supplier_id,
        supplier_name=quote.supplier_name,
        title=demand.title,
        amount_fen=quote.sealed_price_fen,
        delivery_due_date=min(demand.delivery_due_date or quoted, quoted),
        terms=demand.terms,
        findings=[],
    )
    contract.content_sha256 = content_sha256(contract)
    tx.record(contract, "drafted")
    _judge(tx, demand, contract)


def revise(actor: Actor, tx: Transaction, id: str, args: dict[str, Any]) -> None:
    """Either party mends the terms before signing starts; the rules look again."""
    demand, contract = threads.load(tx, Contract, id, PARTIES)
    if not shares_are_whole(args["terms"]):
        raise Problem("terms_shares", "/terms/nodes")
    contract.terms = args["terms"]
    contract.delivery_due_date = args["delivery_due_date"] or contract.delivery_due_date
    contract.content_sha256 = content_sha256(contract)
    contract.findings = []
    tx.move(contract, "revise", "revised")
    _judge(tx, demand, contract)


def start_signing(actor: Actor, tx: Transaction, id: str, args: dict[str, Any]) -> None:
    """From here on the text stands. The rules of this very day have the last word."""
    demand, contract = threads.load(tx, Contract, id, PARTIES)
    if contract.state == "cleared" and blocks(_findings(tx, demand, contract)):
        raise Problem("terms_blocked")
    window = BOOK.at("signing_window", tx.today)
    contract.sign_until = end_of_day(add_days(tx.today, window.parameters["days"]))
    tx.move(contract, "start_signing", "signing_started")
    tx.schedule(contract, "expire", contract.sign_until)


def decline(actor: Actor, tx: Transaction, id: str, args: dict[str, Any]) -> None:
    """A party will not sign: the buyer may award the next quote."""
    demand, contract = threads.load(tx, Contract, id, PARTIES)
    contract.reason_note = args["note"]
    end_unsigned(tx, contract, args["reason_code"])
    take_back(tx, demand, "contract_declined")


def expire(tx: Transaction, id: str) -> None:
    """Timer: not everybody signed in time."""
    demand, contract = threads.load(tx, Contract, id, ())
    if contract.state == "signing" and threads.over(tx, contract.sign_until):
        tx.move(contract, "expire", "expired")
        take_back(tx, demand, "contract_expired")


def end_unsigned(tx: Transaction, contract: Contract, reason_code: str) -> None:
    """Raises IllegalMove once all have signed."""
    tx.unschedule(contract, "expire")
    tx.move(contract, "decline", "declined", reason_code)


def content_sha256(contract: Contract) -> str:
    """What the parties sign: everything that binds them, in canonical form."""
    due = contract.delivery_due_date
    return canonical_sha256(
        {
            "number": contract.number,
            "kind": contract.kind,
            "demand_id": contract.demand_id,
            "quote_id": contract.quote_id,
            "buyer_id": contract.buyer_id,
            "supplier_id": contract.supplier_id,
            "title": contract.title,
            "amount_fen": contract.amount_fen,
            "delivery_due_date": due and due.isoformat(),
            "terms": contract.terms,
        }
    )


def _judge(tx: Transaction, demand: Demand, contract: Contract) -> None:
    contract.findings = _findings(tx, demand, contract)
    if blocks(contract.findings):
        tx.move(contract, "block", "blocked")
    else:
        tx.move(contract, "clear", "cleared")


def _findings(tx: Transaction, demand: Demand, contract: Contract) -> list[Finding]:
    buyer, supplier = copies.side(tx, contract.buyer_id), copies.side(tx, contract.supplier_id)
    bought = capabilities.named(demand.category or "")
    return check_terms(contract.terms, buyer, supplier, tx.today, bought)
