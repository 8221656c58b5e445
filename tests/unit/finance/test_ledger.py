"""Entries balance when they are made; a settled loan leaves its clearing accounts empty."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.finance import ledger
from services.finance.ledger import Entry, Unbalanced
from services.finance.pricing import Applied, Owed, apply_repayment

amounts = st.integers(1, 10**13)


def balances(*entries: Entry) -> dict[str, int]:
    total: dict[str, int] = {}
    for entry in entries:
        for account, fen in entry.postings.items():
            total[account] = total.get(account, 0) + fen
    return total


@given(st.dictionaries(st.sampled_from(ledger.ACCOUNTS), st.integers(-(10**13), 10**13)))
def test_an_entry_balances_or_cannot_be_made(postings: dict[str, int]) -> None:
    if sum(postings.values()) or not any(postings.values()):
        with pytest.raises(Unbalanced):
            Entry("any", "1", postings)
    else:
        assert Entry("any", "1", postings).postings == postings


@given(amounts, st.integers(0, 10**6))
def test_a_payout_leaves_the_principal_open(principal_fen: int, fee_fen: int) -> None:
    entry = ledger.payout("1", principal_fen + fee_fen, fee_fen)
    assert entry.postings["principal"] == principal_fen + fee_fen
    assert entry.postings["bank_cash"] == -principal_fen
    assert 0 not in entry.postings.values()


@given(
    amounts,
    st.lists(st.tuples(amounts, st.integers(0, 10**9)), max_size=8),
    st.booleans(),
)
def test_a_repaid_loan_clears_whatever_the_instalments(
    principal_fen: int, instalments: list[tuple[int, int]], recourse: bool
) -> None:
    entries, open_fen = [ledger.payout("p", principal_fen, 0)], principal_fen
    for amount_fen, interest_fen in [*instalments, (principal_fen * 2 + 10**9, 10**9)]:
        applied = apply_repayment(amount_fen, Owed(0, interest_fen, open_fen))
        open_fen -= applied.principal_fen
        entries.append(ledger.repayment("r", applied))
        if applied.surplus_fen:
            entries.append(ledger.surplus("r", applied.surplus_fen, recourse=recourse))
    found = balances(*entries)
    ledger.assert_balanced(found.values())
    ledger.assert_cleared(found)
    assert ("seller_due" in found, "surplus_income" in found) == (recourse, not recourse)


def test_a_loan_that_still_owes_is_not_cleared() -> None:
    paid_out = ledger.payout("p", 100, 0)
    part = ledger.repayment("r", Applied(0, 1, 40, 0))
    with pytest.raises(Unbalanced, match="'principal': 60"):
        ledger.assert_cleared(balances(paid_out, part))
