"""A claim is entered by its seller, checked, held, rejected, corrected, withdrawn or paid."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from services.contracts.actor import Actor
from services.contracts.envelope import Event
from services.contracts.problems import Problem
from services.days import shanghai_date
from services.finance import copies, evidence
from services.finance.commands import claims, guards
from services.finance.commands.locking import locked
from services.finance.tables.copies import ContractCopy, PayableClaim, PayableCopy
from services.finance.tables.receivables import Receivable
from services.messaging import Transaction

FINANCEABLE_STATES = ("active", "completed")


def create(actor: Actor, tx: Transaction, args: dict[str, Any]) -> None:
    """Enter a claim over payables of one contract; checked at once when all agrees."""
    seller = guards.verified(tx, actor.party_id)
    payables = claims.lock_payables(tx, args["payable_ids"])
    contract = _contract(tx, actor, payables)
    row = tx.new(
        Receivable,
        seller_id=seller.id,
        seller_name=contract.supplier_name,
        debtor_id=contract.buyer_id,
        debtor_name=contract.buyer_name,
        contract_id=contract.id,
        contract_number=contract.number,
        payable_ids=[payable.id for payable in payables],
        thread_id=contract.thread_id,
        credited_fen=0,
        allocated_fen=0,
        settled_fen=0,
        confirmation_overdue=False,
    )
    _enter(tx, row, "enter", payables, args)


def correct(actor: Actor, tx: Transaction, id: str, args: dict[str, Any]) -> None:
    """Enter a refused claim again with what the debtor objected to mended."""
    row = tx.load(Receivable, id, of=("seller_id",))
    guards.may(row, "correct")
    row.prepared_by = row.confirmed_fen = row.confirmation_sha256 = row.reason_note = None
    row.refused_by = row.refused_as = row.refused_at = None
    row.confirm_until, row.confirmation_overdue = None, False
    _enter(tx, row, "correct", claims.lock_payables(tx, row.payable_ids), args)


def check(actor: Actor, tx: Transaction, id: str, args: dict[str, Any]) -> None:
    """By the operator, after looking; a duplicate only once the other claim has let go."""
    guards.duty(actor, "operator.staff")
    row = tx.load(Receivable, id)
    guards.may(row, "check")
    if row.state == "duplicate_held":
        held = claims.take(tx, row, claims.lock_payables(tx, row.payable_ids))
        if held:
            raise Problem(held)
    tx.move(row, "check", "checked")


def reject(actor: Actor, tx: Transaction, id: str, args: dict[str, Any]) -> None:
    """By the operator, with a coded reason; what it had taken is free again."""
    guards.duty(actor, "operator.staff")
    row = tx.load(Receivable, id)
    let_go(tx, row, "reject", "rejected", args)


def withdraw(actor: Actor, tx: Transaction, id: str, args: dict[str, Any]) -> None:
    """By the seller, until the debtor has confirmed."""
    row = tx.load(Receivable, id, of=("seller_id",))
    let_go(tx, row, "withdraw", "withdrawn", args)


def note_payment(tx: Transaction, event: Event) -> None:
    """A payable was paid: confirmed claims end with it when nothing of them secures a loan.

    One that does ends when it is let go of, one not confirmed yet when it is confirmed.
    The fact is kept first, because the copy that other handlers read may be a moment behind.
    """
    copies.keep_payables(tx, [event])
    claimants = select(PayableClaim.receivable_id).where(PayableClaim.payable_id == event.subject)
    for row in locked(
        tx, Receivable, Receivable.id.in_(claimants), Receivable.state == "confirmed"
    ):
        claims.settle_if_paid(tx, row)


def let_go(tx: Transaction, row: Receivable, verb: str, past: str, reason: dict[str, Any]) -> None:
    """End the claim for now and free its payables and invoice for another."""
    guards.may(row, verb)
    claims.release(tx, row)
    row.reason_note = reason.get("note")
    tx.move(row, verb, past, reason.get("reason_code"))


def _contract(tx: Transaction, actor: Actor, payables: Sequence[PayableCopy]) -> ContractCopy:
    """The payables' one contract, a live order of the actor's."""
    contract = tx.session.get(ContractCopy, payables[0].contract_id)
    if contract is None or contract.supplier_id != actor.party_id:
        raise Problem("not_found", "/payable_ids")
    if any(payable.contract_id != contract.id for payable in payables):
        raise Problem("payables_of_several_contracts", "/payable_ids")
    if contract.kind != "order" or contract.state not in FINANCEABLE_STATES:
        raise Problem("contract_not_financeable")
    return contract


def _enter(
    tx: Transaction,
    row: Receivable,
    verb: str,
    payables: Sequence[PayableCopy],
    args: dict[str, Any],
) -> None:
    _fill(row, payables, args)
    _refuse_too_much(row, payables)
    contract = tx.session.get_one(ContractCopy, row.contract_id)
    doubts = _doubts(tx, row, contract)
    tx.move(row, verb, "entered", doubts[0] if doubts else None)
    held = claims.take(tx, row, payables)
    if held:
        tx.move(row, "hold", "duplicate_held", held)
    elif not doubts:
        tx.move(row, "check", "checked")


def _fill(row: Receivable, payables: Sequence[PayableCopy], args: dict[str, Any]) -> None:
    invoice = args["invoice"]
    row.invoice_code, row.invoice_number = invoice["code"], invoice["number"]
    row.invoice_issued_on, row.invoice_sha256 = invoice["issued_on"], invoice["document_sha256"]
    row.invoice_total_fen, row.invoice_tax_fen = invoice["total_fen"], invoice["tax_fen"]
    row.claimed_fen = args["claimed_fen"]
    due_dates = [payable.due_date for payable in payables if payable.due_date]
    if len(due_dates) < len(payables) or any(
        payable.state not in evidence.CLAIMABLE for payable in payables
    ):
        raise Problem("payable_not_running", "/payable_ids")
    row.due_date = max(due_dates)


def _refuse_too_much(row: Receivable, payables: Sequence[PayableCopy]) -> None:
    if row.invoice_tax_fen >= row.invoice_total_fen:
        raise Problem("tax_over_total", "/invoice/tax")
    if row.claimed_fen > row.invoice_total_fen:
        raise Problem("claim_over_invoice", "/claimed")
    if row.claimed_fen > sum(payable.amount_fen - payable.paid_fen for payable in payables):
        raise Problem("claim_over_payables", "/claimed")


def _doubts(tx: Transaction, row: Receivable, contract: ContractCopy) -> list[str]:
    return evidence.doubts(
        invoice_total_fen=row.invoice_total_fen,
        contract_amount_fen=contract.amount_fen,
        issued_on=row.invoice_issued_on,
        today=tx.today,
        contract_signed_on=shanghai_date(contract.signed_at) if contract.signed_at else None,
    )
