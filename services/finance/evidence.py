"""What proves a claim: its invoice, and the document that a debtor signs. Pure."""

from datetime import date
from typing import Any

from services.contracts.signing import canonical_sha256

CLAIMABLE = ("running", "due", "part_paid")  # accepted, the clock of payment runs


def doubts(
    *,
    invoice_total_fen: int,
    contract_amount_fen: int,
    issued_on: date,
    today: date,
    contract_signed_on: date | None,
) -> list[str]:
    """Why an operator should look before the claim counts as checked; empty when all agrees."""
    checks = {
        "invoice_over_contract": invoice_total_fen > contract_amount_fen,
        "invoice_before_contract": contract_signed_on is not None
        and issued_on < contract_signed_on,
        "invoice_in_future": issued_on > today,
    }
    return [code for code, doubtful in checks.items() if doubtful]


def confirmation_document(receivable: Any, confirmed_fen: int) -> dict[str, Any]:
    """What the debtor's checker signs. The payee is the seller until an assignment is noticed."""
    return {
        "receivable": receivable.number,
        "seller_id": receivable.seller_id,
        "debtor_id": receivable.debtor_id,
        "contract_number": receivable.contract_number,
        "invoice": {"code": receivable.invoice_code, "number": receivable.invoice_number},
        "confirmed_fen": confirmed_fen,
        "due_date": receivable.due_date.isoformat(),
        "payee_id": receivable.seller_id,
    }


def confirmation_sha256(receivable: Any, confirmed_fen: int) -> str:
    """The digest of `confirmation_document`, as both maker and checker can compute it."""
    return canonical_sha256(confirmation_document(receivable, confirmed_fen))
