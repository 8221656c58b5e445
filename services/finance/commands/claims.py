"""What a receivable takes of payables and of its invoice, so that nothing is claimed twice."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from services.contracts.problems import Problem
from services.finance import evidence
from services.finance.tables.copies import PayableClaim, PayableCopy
from services.finance.tables.receivables import Invoice, Receivable
from services.messaging import Transaction

OWED = (*evidence.CLAIMABLE, "overdue")  # nobody claims one that is late, but it is owed


def lock_payables(tx: Transaction, payable_ids: Sequence[str]) -> Sequence[PayableCopy]:
    """The payables in the order of their ids: two claims on one wait for each other here.

    Raises Problem("not_found") when one is unknown, others for none and for one twice.
    """
    if not payable_ids:
        raise Problem("payables_missing", "/payable_ids")
    if twice := _second_of_two(payable_ids):
        raise Problem("payable_twice", f"/payable_ids/{twice}")
    query = select(PayableCopy).where(PayableCopy.id.in_(payable_ids)).order_by(PayableCopy.id)
    fresh = query.with_for_update().execution_options(populate_existing=True)
    payables = tx.session.scalars(fresh).all()
    if len(payables) < len(payable_ids):
        raise Problem("not_found", "/payable_ids")
    return payables


def receivable_ids(shares: Sequence[dict[str, Any]]) -> list[str]:
    """Of what is applied for. Raises Problem for no share, and for one receivable twice."""
    ids = [str(share["receivable_id"]) for share in shares]
    if not ids:
        raise Problem("shares_missing", "/shares")
    if twice := _second_of_two(ids):
        raise Problem("receivable_twice", f"/shares/{twice}/receivable_id")
    return ids


def take(tx: Transaction, row: Receivable, payables: Sequence[PayableCopy]) -> str | None:
    """Claim the row's amount of its payables and invoice, earliest due first.

    None when done; else the code of what others hold already, and nothing is taken.
    """
    invoice = _lock_invoice(tx, row)
    if not invoice.allocated_fen:  # nobody relies on the total of an earlier entry: it is mended
        invoice.total_fen = row.invoice_total_fen
    if invoice.total_fen != row.invoice_total_fen:
        return "invoice_differs"
    if invoice.allocated_fen + row.claimed_fen > invoice.total_fen:
        return "invoice_claimed_before"
    parts = _split(tx, row.claimed_fen, payables)
    if parts is None:
        return "payable_claimed_before"
    invoice.allocated_fen += row.claimed_fen
    tx.session.flush()  # what follows refers to a receivable that may be new
    for payable_id, fen in parts.items():
        claim = PayableClaim(receivable_id=row.id, payable_id=payable_id, claimed_fen=fen)
        tx.session.add(claim)
    return None


def release(tx: Transaction, row: Receivable) -> None:
    """Give back what was taken; nothing when nothing was."""
    mine = PayableClaim.receivable_id == row.id
    taken_fen = tx.session.scalar(select(func.sum(PayableClaim.claimed_fen)).where(mine))
    if taken_fen:
        _lock_invoice(tx, row).allocated_fen -= int(taken_fen)
        tx.session.execute(delete(PayableClaim).where(mine))


def financeable(tx: Transaction, row: Receivable) -> bool:
    """Confirmed, and as far as finance has heard the debtor still owes what is left of it.

    Owed is what has been delivered: a payable that waits for its delivery again secures nothing.
    Nor is owed what was claimed of a payable and divided off it; it may not have been confirmed.
    """
    if row.state != "confirmed":
        return False
    whole_fen = sum(payable.amount_fen for payable in _payables(tx, row))
    good_fen = max(min(row.claimed_fen, whole_fen), row.confirmed_fen or 0)
    return _owed_fen(tx, row, PayableCopy.state.in_(OWED)) >= good_fen - row.settled_fen


def confirmable_fen(tx: Transaction, row: Receivable, payables: Sequence[PayableCopy]) -> int:
    """How much of its payables no other claim has; less than it claims once they were divided."""
    others = _claimed_fen(tx, payables, Receivable.id != row.id)
    mine = _claimed_fen(tx, payables, Receivable.id == row.id)
    return sum(
        max(min(mine.get(payable.id, 0), payable.amount_fen - others.get(payable.id, 0)), 0)
        for payable in payables
    )


def settle_if_paid(tx: Transaction, row: Receivable) -> bool:
    """End a confirmed claim that secures nothing once it is paid, to banks or to the seller.

    Banks received all that was confirmed, or nothing is owed on any of its payables.
    """
    if row.state != "confirmed" or row.allocated_fen or (row.free_fen and _owed_fen(tx, row)):
        return False
    tx.move(row, "settle", "settled")
    return True


def _second_of_two(ids: Sequence[str]) -> int | None:
    """Where an id stands that has stood before, if one does."""
    return next((index for index, id in enumerate(ids) if id in ids[:index]), None)


def _owed_fen(tx: Transaction, row: Receivable, *where: ColumnElement[bool]) -> int:
    return sum(payable.amount_fen - payable.paid_fen for payable in _payables(tx, row, *where))


def _payables(
    tx: Transaction, row: Receivable, *where: ColumnElement[bool]
) -> Sequence[PayableCopy]:
    query = select(PayableCopy).where(PayableCopy.id.in_(row.payable_ids), *where)
    return tx.session.scalars(query).all()


def _split(
    tx: Transaction, claimed_fen: int, payables: Sequence[PayableCopy]
) -> dict[str, int] | None:
    """How much of each payable; None when what others left of them is too little.

    Earliest due first, each up to what is owed: orders pays a claim in this order, and knows
    nothing of other claims. So none may go on to the next payable past another's part of one.
    What a settled claim took is among what is paid, or will be a moment later: it counts once.
    """
    is_settled = Receivable.state == "settled"
    held = _claimed_fen(tx, payables, ~is_settled)
    settled = _claimed_fen(tx, payables, is_settled)
    left, parts = claimed_fen, {}
    for payable in sorted(payables, key=lambda payable: (str(payable.due_date), payable.id)):
        owed_fen = payable.amount_fen - max(payable.paid_fen, settled.get(payable.id, 0))
        held_fen = held.get(payable.id, 0)
        part = min(left, max(owed_fen - held_fen, 0))
        if part:
            parts[payable.id] = part
        left -= part
        if left and held_fen:
            return None
    return None if left else parts


def _claimed_fen(
    tx: Transaction, payables: Sequence[PayableCopy], which: ColumnElement[bool]
) -> dict[str, int]:
    """By payable, what such receivables claim of it."""
    query = (
        select(PayableClaim.payable_id, func.sum(PayableClaim.claimed_fen))
        .join(Receivable, Receivable.id == PayableClaim.receivable_id)
        .where(PayableClaim.payable_id.in_([payable.id for payable in payables]), which)
        .group_by(PayableClaim.payable_id)
    )
    return {payable_id: int(fen) for payable_id, fen in tx.session.execute(query)}


def _lock_invoice(tx: Transaction, row: Receivable) -> Invoice:
    key = {
        "seller_id": row.seller_id,
        "debtor_id": row.debtor_id,
        "code": row.invoice_code,
        "number": row.invoice_number,
    }
    first = insert(Invoice).values(**key, total_fen=row.invoice_total_fen, allocated_fen=0)
    tx.session.execute(first.on_conflict_do_nothing())
    return tx.session.get_one(Invoice, key, with_for_update=True, populate_existing=True)
