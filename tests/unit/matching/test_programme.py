"""Notices of many demands at once: exact against every possible plan, never worse than greedy."""

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.matching import programme
from services.matching.programme import Pair, bound_ppm, greedy, plan

pytest.importorskip("scipy")
LIMIT_S = 5.0
# The dearest pair takes the only supplier that the second demand has.
TRAP = [
    Pair("first", "both", "a", 900_000),
    Pair("first", "other", "b", 800_000),
    Pair("second", "both", "c", 850_000),
]
ONE_EACH = dict.fromkeys(("first", "second"), 1), dict.fromkeys(("both", "other"), 1)


def test_the_programme_sees_what_the_greedy_one_does_not():
    found = plan(TRAP, *ONE_EACH, LIMIT_S)
    assert {pair.supply_id for pair in found.chosen} == {"b", "c"}
    assert (found.is_exact, found.gap_ppm, found.worth_ppm) == (True, 0, 1_650_000)
    assert [pair.supply_id for pair in greedy(TRAP, *ONE_EACH)] == ["a"]


def test_out_of_time_it_is_greedy_and_says_what_that_may_have_cost(monkeypatch):
    monkeypatch.setattr(programme, "_exact", lambda *_: None)
    found = plan(TRAP, *ONE_EACH, LIMIT_S)
    assert (found.worth_ppm, found.is_exact) == (900_000, False)
    most = bound_ppm(TRAP, *ONE_EACH)
    assert found.gap_ppm == (most - 900_000) * 1_000_000 // most


def test_a_demand_has_one_supply_of_each_supplier():
    pairs = [Pair("d", "s", "better", 2), Pair("d", "s", "worse", 1)]
    found = plan(pairs, {"d": 2}, {"s": 2}, LIMIT_S)
    assert [pair.supply_id for pair in found.chosen] == ["better"]


def test_without_pairs_there_is_nothing_to_plan():
    assert plan([], {}, {}, LIMIT_S).chosen == ()


small = st.lists(
    st.tuples(st.sampled_from("ABC"), st.sampled_from("xyz"), st.integers(1, 50)),
    max_size=8,
    unique_by=lambda one: one[:2],
).map(lambda ones: [Pair(d, s, f"{d}{s}", worth) for d, s, worth in ones])
bounds = st.tuples(
    st.fixed_dictionaries(dict.fromkeys("ABC", st.integers(0, 2))),
    st.fixed_dictionaries(dict.fromkeys("xyz", st.integers(0, 2))),
)


def fits(chosen, places, room):
    demands = Counter(pair.demand_id for pair in chosen)
    suppliers = Counter(pair.supplier_id for pair in chosen)
    return demands <= Counter(places) and suppliers <= Counter(room)


def worth(chosen):
    return sum(pair.worth_ppm for pair in chosen)


@settings(deadline=None)
@given(small, bounds)
def test_no_plan_is_better_than_the_exact_one(pairs, given_bounds):
    places, room = given_bounds
    found = plan(pairs, places, room, LIMIT_S)
    assert found.is_exact and fits(found.chosen, places, room)
    every = (chosen for n in range(len(pairs) + 1) for chosen in combinations(pairs, n))
    best = max(worth(chosen) for chosen in every if fits(chosen, places, room))
    assert found.worth_ppm == best
    by_greed = greedy(pairs, places, room)
    assert fits(by_greed, places, room)
    assert best / 2 <= worth(by_greed) <= best <= bound_ppm(pairs, places, room)
