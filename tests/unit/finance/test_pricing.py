"""Interest, all-in cost, and how a repayment is used up."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.money import MAX_FEN, largest_remainder
from services.finance.pricing import (
    Owed,
    all_in_cost_bp,
    apply_repayment,
    days_between,
    interest_fen,
    spread,
)

fen = st.integers(0, MAX_FEN)
day_counts = st.sampled_from(["ACT/360", "ACT/365"])


@pytest.mark.parametrize(
    ("principal", "rate_bp", "days", "day_count", "interest"),
    [
        (90_000_000, 420, 64, "ACT/360", 672_000),
        (90_000_000, 420, 64, "ACT/365", 662_795),  # 662,794.52
        (100, 5_000, 36, "ACT/360", 5),  # exactly 5.0
        (90, 5_000, 4, "ACT/360", 1),  # 0.5: half up
        (89, 5_000, 4, "ACT/360", 0),  # 0.494
        (90_000_000, 420, 0, "ACT/360", 0),
    ],
)
def test_interest_by_actual_days_half_up(
    principal: int, rate_bp: int, days: int, day_count: str, interest: int
) -> None:
    assert interest_fen(principal, rate_bp, days, day_count) == interest


def test_days_that_run_backwards_bear_no_interest_but_an_error() -> None:
    with pytest.raises(ValueError, match="-1 days"):
        interest_fen(100, 420, -1, "ACT/360")


def test_an_unknown_day_count_is_an_error() -> None:
    with pytest.raises(KeyError):
        interest_fen(100, 420, 1, "30/360")


def test_the_first_day_bears_interest_and_the_last_does_not() -> None:
    assert days_between(date(2026, 3, 3), date(2026, 5, 6)) == 64


@given(fen, st.integers(0, 10_000), st.integers(0, 400), st.integers(0, 400), day_counts)
def test_splitting_the_days_changes_interest_by_a_fen_at_most(
    principal: int, rate_bp: int, first: int, second: int, day_count: str
) -> None:
    whole = interest_fen(principal, rate_bp, first + second, day_count)
    parts = [interest_fen(principal, rate_bp, days, day_count) for days in (first, second)]
    assert abs(whole - sum(parts)) <= 1


def test_all_in_cost_is_over_the_money_received_per_calendar_year() -> None:
    assert all_in_cost_bp(90_000_000, 672_000, 10_000, 64) == 432  # 4.3216 %
    assert all_in_cost_bp(1_000_000, 0, 10_000, 365) == 101  # a fee of 1 % costs more than 1 %


@pytest.mark.parametrize(("amount", "fee", "days"), [(100, 100, 30), (100, 200, 30), (100, 0, 0)])
def test_no_cost_without_money_or_time(amount: int, fee: int, days: int) -> None:
    with pytest.raises(ValueError, match="no cost"):
        all_in_cost_bp(amount, 1, fee, days)


@given(fen, fen, fen, fen)
def test_a_repayment_is_used_up_exactly(
    amount: int, costs: int, interest: int, principal: int
) -> None:
    owed = Owed(costs, interest, principal)
    applied = apply_repayment(amount, owed)
    assert sum(applied) == amount
    assert all(0 <= part <= due for part, due in zip(applied, owed, strict=False))
    assert applied.surplus_fen == max(0, amount - sum(owed))


@given(fen, fen, fen, fen)
def test_costs_come_before_interest_before_principal(
    amount: int, costs: int, interest: int, principal: int
) -> None:
    applied = apply_repayment(amount, Owed(costs, interest, principal))
    if applied.interest_fen:
        assert applied.costs_fen == costs
    if applied.principal_fen:
        assert applied.interest_fen == interest


@given(fen, st.lists(st.integers(1, MAX_FEN), min_size=1, max_size=20))
def test_a_split_by_largest_remainder_loses_no_fen(total: int, weights: list[int]) -> None:
    parts = largest_remainder(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part * sum(weights) - total * weight) < sum(weights)


debts = st.lists(st.integers(0, MAX_FEN), max_size=10)


@given(st.lists(fen, max_size=5), debts)
def test_what_debtors_paid_is_what_was_received_and_never_above_the_debts(
    received: list[int], owed: list[int]
) -> None:
    left = list(owed)
    for amount_fen in received:
        parts = spread(amount_fen, left)
        left = [debt - part for debt, part in zip(left, parts, strict=True)]
        assert min(left, default=0) >= 0
    assert sum(owed) - sum(left) == min(sum(received), sum(owed))


@given(fen, debts)
def test_a_debt_is_paid_only_when_those_before_it_are(received: int, owed: list[int]) -> None:
    parts = spread(received, owed)
    paid = [debt == part for debt, part in zip(owed, parts, strict=True)]
    reached = [part > 0 for part in parts]
    assert all(all(paid[:index]) for index, is_reached in enumerate(reached) if is_reached)
