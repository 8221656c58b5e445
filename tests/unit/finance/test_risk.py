"""Whether a product and its bank's limits can carry an application."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.finance.risk import Criteria, Limit, Request, eligible, exposure, judge, misfits

CRITERIA = Criteria("product", "bank", "receivable", 8_000, 1_000, 1_000_000, 180)
REQUEST = Request("borrower", {"debtor": 100_000}, {"debtor": "group"}, 90)
DEBTOR = Limit("1", "debtor", "debtor", 500_000)
TOTAL = Limit("2", "total", None, 500_000)


def test_within_criteria_and_limits_the_advance_can_be_lent() -> None:
    verdict = judge(CRITERIA, [DEBTOR, TOTAL], REQUEST, None)
    assert (verdict.financeable_fen, verdict.refusals, verdict.fits) == (80_000, (), True)


def test_what_a_limit_leaves_is_not_told() -> None:
    verdict = judge(CRITERIA, [replace(DEBTOR, room_fen=30_000), TOTAL], REQUEST, None)
    assert verdict.financeable_fen == 80_000


@pytest.mark.parametrize(
    ("limits", "refusals"),
    [
        ([TOTAL], ("debtor_limit_missing",)),
        ([DEBTOR], ("total_limit_missing",)),
        ([], ("debtor_limit_missing", "total_limit_missing")),
        ([replace(DEBTOR, room_fen=999), TOTAL], ("debtor_limit_exhausted",)),
        ([DEBTOR, replace(TOTAL, room_fen=0)], ("total_limit_exhausted",)),
        ([DEBTOR, TOTAL, Limit("3", "borrower", "borrower", 0)], ("borrower_limit_exhausted",)),
        ([DEBTOR, TOTAL, Limit("3", "group", "group", 0)], ("group_limit_exhausted",)),
        ([DEBTOR, TOTAL, Limit("3", "product", "product", 0)], ("product_limit_exhausted",)),
        ([DEBTOR, TOTAL, Limit("3", "product", "another", 0)], ()),
        ([DEBTOR, TOTAL, Limit("3", "group", "another", 0)], ()),
    ],
)
def test_limits_that_are_missing_or_exhausted(
    limits: list[Limit], refusals: tuple[str, ...]
) -> None:
    assert eligible(CRITERIA, limits, REQUEST) == refusals


@pytest.mark.parametrize(
    ("criteria", "days", "refusals"),
    [
        ({"published": False}, 90, ("product_retired",)),
        ({"min_fen": 80_001}, 90, ("amount_below_minimum",)),
        ({"max_term_days": 89}, 90, ("term_too_long",)),
        ({}, 0, ("term_over",)),
    ],
)
def test_criteria_that_do_not_fit(
    criteria: dict[str, int], days: int, refusals: tuple[str, ...]
) -> None:
    wanted, asked = replace(CRITERIA, **criteria), replace(REQUEST, term_days=days)
    assert eligible(wanted, [DEBTOR, TOTAL], asked) == refusals


def test_an_offer_must_keep_to_advance_rate_maximum_and_cap() -> None:
    assert misfits(CRITERIA, REQUEST, 80_000, None) == []
    assert misfits(CRITERIA, REQUEST, 80_001, None) == ["amount_over_advance"]
    assert misfits(CRITERIA, REQUEST, 80_000, 79_999) == ["application_cap_exceeded"]
    assert misfits(replace(CRITERIA, max_fen=70_000), REQUEST, 80_000, None) == [
        "amount_above_maximum"
    ]


def test_the_cap_lowers_what_can_be_lent() -> None:
    assert judge(CRITERIA, [DEBTOR, TOTAL], REQUEST, 50_000).financeable_fen == 50_000


shares = st.dictionaries(st.sampled_from(["a", "b", "c", "d"]), st.integers(1, 10**12), min_size=1)


@given(shares, st.integers(1, 10**12))
def test_the_debtors_parts_and_the_groups_sum_to_the_loan(
    shares_fen: dict[str, int], amount_fen: int
) -> None:
    groups = {"a": "g", "b": "g"}
    limits = [
        TOTAL,
        Limit("g", "group", "g", 0),
        *(Limit(debtor, "debtor", debtor, 0) for debtor in "abcd"),
    ]
    parts = exposure(limits, "product", Request("x", shares_fen, groups, 1), amount_fen)
    assert parts[TOTAL.id] == amount_fen
    assert sum(parts.get(debtor, 0) for debtor in "abcd") == amount_fen
    assert parts.get("g", 0) == parts.get("a", 0) + parts.get("b", 0)
