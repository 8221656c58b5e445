"""What an authority is told of few: nothing that tells of one, whatever was counted."""

import itertools
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.gateway.readmodel import indicators
from services.gateway.readmodel.disclosure import (
    BESIDE_FEW,
    FEW,
    IN_TIME,
    LEAST,
    OVERDUE,
    TOO_FEW,
    UNDER_LEAST,
    UNSETTLED,
    for_others,
)  # fmt: skip
from services.gateway.readmodel.figures import AMOUNT_OF, BY_BUDGET, Figures, Group, Step
from services.gateway.readmodel.milestones import STEPS

NOW = datetime(2026, 3, 2, tzinfo=UTC)
COUNT = st.integers(0, 12)
MANY = dict.fromkeys([*STEPS, OVERDUE, IN_TIME], LEAST)  # parties on each side
Indicator = dict[str, Any]


def step(count: int, converted: int = 0, before: int = 0) -> Step:
    return Step(count, converted, before, 100 * count if count else None, 60.0, 90.0)


@st.composite
def funnels(draw: st.DrawFn) -> dict[str, Step]:
    found, before = {}, 0
    for name in STEPS:
        count = draw(COUNT)
        found[name] = step(count, draw(st.integers(0, min(count, before))), before)
        before = count
    return found


def groups(*states: str) -> st.SearchStrategy[list[Group]]:
    """Some of these states, each with a thing or more that is worth CNY 1."""
    counts = st.dictionaries(st.sampled_from(states), st.integers(1, 7))
    return counts.map(lambda found: [Group(None, one, n, 100 * n) for one, n in found.items()])


@st.composite
def counted(draw: st.DrawFn) -> list[Indicator]:
    late = draw(COUNT)
    figures = Figures(
        demands=draw(groups("published", "awarded")),
        following=[Group("loan", "paid", 3, 300)],
        supplies=draw(groups("active", "verifying", "rejected", "retired")),
        matches=draw(groups("sent", "seen", "quoted")),
        funnel=draw(funnels()),
        payables=draw(groups("running", "due", "overdue")),
        confirmations=late + draw(COUNT),
        confirmations_late=late,
    )
    listed = draw(COUNT)
    shares = {"suppliers_listed": listed, "suppliers": listed + draw(COUNT), "lists": draw(COUNT)}
    millionths = {"gini_ppm": 250_000, "largest_share_ppm": 70_000, "coverage_ppm": 500_000}
    items = indicators.of_programme(figures, NOW)
    return items + indicators.of_exposure(millionths | shares, None, NOW.isoformat())


def is_public(one: Indicator) -> bool:
    return one["of"].get("step") == "demand" or str(one["id"]).startswith("demands.")


def by_id(items: list[Indicator], id: str) -> dict[str, Indicator]:
    """By step or state; a figure that is of neither by "all"."""
    found = [(one["of"], one) for one in items if one["id"] == id]
    return {of.get("step") or of.get("state") or "all": one for of, one in found}


def figures_of(one: Indicator) -> list[Any]:
    return [one[name] for name in ("value", "numerator", "denominator")]


@given(counted(), st.fixed_dictionaries({name: st.integers(0, 4) for name in MANY}))
@settings(max_examples=300, deadline=None)
def test_nothing_that_is_told_tells_of_few(items: list[Indicator], parties: dict[str, int]) -> None:
    told = for_others(items, parties)
    for before, after in zip(items, told, strict=True):
        if is_public(before):
            assert after == before
        elif after["reason"] in (UNDER_LEAST, TOO_FEW, BESIDE_FEW):
            assert figures_of(after) == [None] * 3
        else:
            assert after == before
            few = {1, 2} & {one for one in figures_of(after) if isinstance(one, int)}
            assert not few, after
    check_steps(items, told)
    for name in ("supplies", "matches"):
        check_breakdown(items, told, name)
    exposure = [one for one in told if one["id"].startswith("exposure.")]
    assert len({one["reason"] for one in exposure}) == 1  # the coefficient as its parts
    for name in ("payables", "confirmations"):
        one = by_id(told, f"overdue.{name}")["all"]
        assert one["value"] is None or one["denominator"] - one["numerator"] not in (1, 2)
    check_sums(items, told, parties)


def check_steps(items: list[Indicator], told: list[Indicator]) -> None:
    """Shares and hours are told only of what is; a denominator is the count of the step before."""
    counts, shares = by_id(told, "funnel.count"), by_id(told, "funnel.conversion")
    for before, name in itertools.pairwise(STEPS):
        if shares[name]["denominator"] is not None:
            assert counts[before]["value"] == shares[name]["denominator"]
            assert counts[name]["value"] is not None
        if shares[name]["reason"] is not None:
            for id in ("funnel.median_hours", "funnel.p90_hours"):
                assert by_id(told, id)[name]["value"] is None


def check_breakdown(items: list[Indicator], told: list[Indicator], name: str) -> None:
    """Each part that is withheld may be one number or another, by all that a reader knows."""
    whole = by_id(told, f"{name}.count")["all"]["value"]
    parts = by_id(told, f"{name}.count_by_state")
    hidden = [one for one in parts.values() if one["value"] is None]
    if whole is None:
        assert len(hidden) == len(parts)
        return
    assert all(one["denominator"] == whole for one in parts.values() if one not in hidden)
    left = [one["value"] for one in parts.values() if one["value"] is not None]
    most = min(left, default=whole)
    ranges = [
        range(1, LEAST) if one["reason"] == UNDER_LEAST else range(LEAST, most + 1)
        for one in hidden
    ]
    fits = [one for one in itertools.product(*ranges) if sum(one) == whole - sum(left)]
    assert all(len(set(values)) > 1 for values in zip(*fits, strict=True))


def check_sums(items: list[Indicator], told: list[Indicator], parties: dict[str, int]) -> None:
    counts = {name: one["value"] for name, one in by_id(items, "funnel.count").items()}
    sums = [name for name, one in by_id(told, "funnel.amount").items() if one["value"] is not None]
    for name in set(sums) - {"demand"}:
        assert counts[name] >= FEW
        assert parties[name] >= LEAST
        assert by_id(told, "funnel.count")[name]["value"] is not None
    for name, other in itertools.combinations([*sums, "demand"], 2):
        assert not 0 < abs(counts[name] - counts[other]) < FEW
    late, money = (
        by_id(told, f"overdue.{name}")["all"] for name in ("payables", "payables_amount")
    )
    if money["value"] is not None:
        assert late["numerator"] >= FEW
        between = Decimal(money["denominator"]) - Decimal(money["numerator"])  # CNY 1 each
        assert between == 0 or between >= FEW


def funnel_of(**counts: int) -> list[Indicator]:
    found = {name: step(counts.get(name, 0), 0, 0) for name in STEPS}
    figures = Figures([], [], [], [], found, [], 0, 0)
    return for_others(indicators.of_programme(figures, NOW), MANY)


def test_a_budget_names_nobody_at_a_later_step() -> None:
    amounts = by_id(funnel_of(demand=20, matched=2, quoted=4), "funnel.amount")
    assert amounts["demand"]["value"] == "20.00"
    for name in ("matched", "quoted"):
        assert (amounts[name]["value"], amounts[name]["reason"]) == (None, TOO_FEW)
    amounts = by_id(funnel_of(demand=20, matched=12, quoted=11), "funnel.amount")
    assert amounts["matched"]["value"] == "12.00"
    # What is left between the two is the budget of the one that nobody quoted for.
    assert (amounts["quoted"]["value"], amounts["quoted"]["reason"]) == (None, BESIDE_FEW)
    assert {*BY_BUDGET, *AMOUNT_OF} < {*amounts}


def test_what_was_settled_leaves_no_single_loan_of_what_was_lent() -> None:
    """Of two loans of one deal the first is repaid: as many deals come to either step."""
    empty = {name: step(8) for name in STEPS}
    loans = [Group("loan", "paid", 8, 800), Group("loan", "active", 1, 500)]
    items = indicators.of_programme(Figures([], [], [], loans, empty, [], 0, 0), NOW)
    for left, reason in ((0, None), (1, BESIDE_FEW), (FEW, None)):
        amounts = by_id(for_others(items, MANY | {UNSETTLED: left}), "funnel.amount")
        assert amounts["disbursed"]["reason"] is None
        assert amounts["settled"]["reason"] == reason


def supplies_of(**counts: int) -> tuple[Any, dict[str, Any]]:
    groups = [Group(None, state, count, None) for state, count in counts.items()]
    empty = {name: step(0) for name in STEPS}
    figures = Figures([], [], groups, [], empty, [], 0, 0)
    told = for_others(indicators.of_programme(figures, NOW), MANY)
    parts = by_id(told, "supplies.count_by_state")
    return by_id(told, "supplies.count")["all"]["value"], {
        state: one["value"] for state, one in parts.items()
    }


def test_a_total_gives_nothing_away() -> None:
    assert supplies_of(active=1) == (None, {"active": None})
    assert supplies_of(active=2, rejected=1) == (None, {"active": None, "rejected": None})
    hidden = {"active": 9, "verifying": None, "rejected": None}
    assert supplies_of(active=9, verifying=4, rejected=1) == (14, hidden)
    # 4 together of one below three and one that is not: 1 and 3, so a third is withheld.
    hidden = {"active": 9, "retired": None, "verifying": None, "rejected": None}
    assert supplies_of(active=9, retired=5, verifying=3, rejected=1) == (18, hidden)


def test_none_of_one_tells_of_the_one() -> None:
    running = [Group(None, "running", 1, 100)]
    empty = {name: step(0) for name in STEPS}
    told = for_others(
        indicators.of_programme(Figures([], [], [], [], empty, running, 1, 0), NOW), MANY
    )
    for id in ("overdue.payables", "overdue.confirmations"):
        one = by_id(told, id)["all"]
        assert (figures_of(one), one["reason"]) == ([None] * 3, UNDER_LEAST)
    assert by_id(told, "matches.count")["all"]["value"] == 0
