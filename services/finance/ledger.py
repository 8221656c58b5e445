"""Journal entries of a loan, balanced when they are made. Pure; `commands.journal` writes them.

The ledger records what the bank answered; no money moves on the platform. Each loan has its own
accounts; an amount that comes in is positive, one that goes out is negative:

- `bank_cash`      what the bank paid out (-) and received (+)
- `principal`      lent and not yet repaid; zero when the loan is paid
- `interest_income`, `fee_income`, `surplus_income`   what the bank earned (-)
- `surplus`        received beyond what was owed, until it is decided whose it is; then zero
- `seller_due`     surplus that the bank must return to the seller (-)
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from services.finance.pricing import Applied

ACCOUNTS = (
    "bank_cash", "principal", "interest_income", "fee_income", "surplus", "surplus_income",
    "seller_due",
)  # fmt: skip
CLEARING = ("principal", "surplus")  # zero once a loan is settled


class Unbalanced(ValueError):
    """Postings that do not sum to zero: a defect, never an answer to a caller."""


@dataclass(frozen=True)
class Entry:
    """One journal entry: whole fen by account. `reference` is the bank's or the instruction's."""

    kind: str
    reference: str
    postings: Mapping[str, int]

    def __post_init__(self) -> None:
        assert_balanced(self.postings.values())
        if not any(self.postings.values()):
            raise Unbalanced(f"{self.kind} {self.reference} moves nothing")


def assert_balanced(amounts_fen: Iterable[int]) -> None:
    """Raises Unbalanced unless the amounts sum to zero."""
    total = sum(amounts_fen)
    if total:
        raise Unbalanced(f"postings sum to {total} fen")


def payout(instruction_id: str, principal_fen: int, fee_fen: int) -> Entry:
    """The bank paid the principal less its fee."""
    postings = {
        "principal": principal_fen,
        "bank_cash": fee_fen - principal_fen,
        "fee_income": -fee_fen,
    }
    return _entry("payout", instruction_id, postings)


def repayment(reference: str, applied: Applied) -> Entry:
    """The bank received money and applied it."""
    income_fen = applied.costs_fen + applied.interest_fen
    postings = {
        "bank_cash": sum(applied),
        "interest_income": -income_fen,
        "principal": -applied.principal_fen,
        "surplus": -applied.surplus_fen,
    }
    return _entry("repayment", reference, postings)


def surplus(reference: str, surplus_fen: int, *, recourse: bool) -> Entry:
    """The seller's to get back with recourse, the bank's to keep without (民法典 766, 767)."""
    kind, account = (
        ("surplus_return", "seller_due") if recourse else ("surplus_kept", "surplus_income")
    )
    return _entry(kind, reference, {"surplus": surplus_fen, account: -surplus_fen})


def _entry(kind: str, reference: str, postings: Mapping[str, int]) -> Entry:
    return Entry(kind, reference, {name: fen for name, fen in postings.items() if fen})


def assert_cleared(balances: Mapping[str, int]) -> None:
    """Raises Unbalanced unless nothing is left on the clearing accounts."""
    left = {account: balances[account] for account in CLEARING if balances.get(account)}
    if left:
        raise Unbalanced(f"left on clearing accounts: {left}")
