"""How much is owed at each node, from when, until when, and what lateness costs."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.days import is_working_day
from services.orders.rules import owing
from services.orders.rules.owing import Handover
from services.orders.rules.terms import Terms

SIGNED_ON = date(2026, 3, 2)
MONDAY, TUESDAY = date(2026, 3, 9), date(2026, 3, 10)
WHOLE = 1_000_000


def terms(*kinds_and_shares: tuple[str, int], condition: bool = False) -> Terms:
    nodes = [{"kind": kind, "share_bp": bp, "term_days": 30} for kind, bp in kinds_and_shares]
    return {"nodes": nodes, "inspection_is_condition": condition}


def start(given_terms: Terms, *handovers: Handover, node_no: int = 1) -> date | None:
    return owing.start_date(node_no, given_terms, WHOLE, SIGNED_ON, handovers)


shares = st.lists(st.integers(1, 10_000), min_size=1, max_size=10).map(
    lambda weights: terms(*(("progress", weight) for weight in weights))
)


@given(st.integers(1, 10**15), shares)
def test_parts_sum_to_the_amount_and_are_within_a_fen_of_their_share(
    amount_fen: int, given_terms: Terms
) -> None:
    parts = owing.split(amount_fen, given_terms)
    weights = [node["share_bp"] for node in given_terms["nodes"]]
    assert sum(parts) == amount_fen
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - Fraction(amount_fen * weight, sum(weights))) < 1


@pytest.mark.parametrize(
    ("parts_fen", "handed_fen", "kept_fen"),
    [
        ([700], 1_000, [700]),
        ([700], 999, [699]),  # 699.3
        ([700], 1, [1]),  # 0.7
        ([700], 0, [0]),
        ([500, 200], 900, [500, 130]),
        ([500, 200], 500, [350, 0]),
    ],
)
def test_a_node_is_owed_as_far_as_the_contract_is_handed_over(
    parts_fen: list[int], handed_fen: int, kept_fen: list[int]
) -> None:
    assert owing.kept(parts_fen, handed_fen, 1_000) == kept_fen


def test_an_advance_counts_from_signing() -> None:
    assert start(terms(("advance", 10_000))) == SIGNED_ON


def test_delivery_counts_from_the_day_the_whole_has_arrived() -> None:
    half, rest = Handover(WHOLE // 2, MONDAY), Handover(WHOLE // 2, TUESDAY)
    assert start(terms(("delivery", 10_000)), half) is None
    assert start(terms(("delivery", 10_000)), rest, half) == TUESDAY


def test_where_inspection_is_a_condition_delivery_waits_for_it() -> None:
    given_terms = terms(("delivery", 10_000), condition=True)
    assert start(given_terms, Handover(WHOLE, MONDAY)) is None
    assert start(given_terms, Handover(WHOLE, MONDAY, WHOLE, TUESDAY)) == TUESDAY


@pytest.mark.parametrize("kind", ["acceptance", "retention"])
def test_acceptance_and_retention_count_from_the_inspection_of_the_whole(kind: str) -> None:
    given_terms = terms((kind, 10_000))
    part = Handover(WHOLE, MONDAY, WHOLE - 1, MONDAY)
    assert start(given_terms, part) is None
    assert start(given_terms, part, Handover(1, TUESDAY, 1, TUESDAY)) == TUESDAY


def test_progress_counts_from_the_day_that_much_is_confirmed() -> None:
    given_terms = terms(("advance", 2_000), ("progress", 3_000), ("progress", 5_000))
    first = Handover(300_000, MONDAY, 300_000, MONDAY)
    second = Handover(500_000, TUESDAY, 500_000, TUESDAY)
    assert start(given_terms, first, node_no=2) == MONDAY
    assert start(given_terms, first, node_no=3) is None
    assert start(given_terms, first, second, node_no=3) == TUESDAY


@given(st.dates(date(2026, 1, 1), date(2026, 6, 30)), st.integers(0, 120))
def test_the_due_date_is_a_working_day_not_before_the_term(begin: date, term_days: int) -> None:
    due = owing.due_date(begin, term_days)
    assert (due - begin).days >= term_days
    assert is_working_day(due)


def test_a_due_date_in_the_national_holiday_moves_behind_it() -> None:
    assert owing.due_date(date(2025, 9, 1), 30) == date(2025, 10, 9)


@pytest.mark.parametrize(
    ("agreed", "protected", "cost_fen"),
    [
        (None, True, 5_000),  # 0.05 % a day for ten days
        (None, False, 0),
        (365, True, 1_000),  # 3.65 % a year is 0.01 % a day
        (365, False, 1_000),
    ],
)
def test_ten_days_late_cost(agreed: int | None, protected: bool, cost_fen: int) -> None:
    given_terms: dict[str, Any] = {"late_rate_bp": agreed}
    rate = owing.daily_late_rate(given_terms, protected, SIGNED_ON)
    assert owing.late_interest(WHOLE, MONDAY, date(2026, 3, 19), rate) == cost_fen


def test_in_time_costs_nothing() -> None:
    rate = owing.daily_late_rate({}, True, SIGNED_ON)
    assert owing.late_interest(WHOLE, TUESDAY, TUESDAY, rate) == 0
    assert owing.late_interest(WHOLE, TUESDAY, MONDAY, rate) == 0


@given(st.lists(st.integers(1, 10**12), min_size=1, max_size=5), st.integers(1, 2_000))
def test_interest_on_parts_differs_from_the_whole_by_rounding_only(
    parts: list[int], days_late: int
) -> None:
    rate = owing.daily_late_rate({}, True, SIGNED_ON)
    paid_on = date.fromordinal(MONDAY.toordinal() + days_late)
    by_part = sum(owing.late_interest(part, MONDAY, paid_on, rate) for part in parts)
    assert abs(by_part - owing.late_interest(sum(parts), MONDAY, paid_on, rate)) <= len(parts)
