"""Whose turn it is, by who stood in the lists of late."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from services.matching import allocation, exposure
from services.matching.allocation import (
    BY_EXPOSURE,
    BY_SCORE,
    NOTICES_PER_DEMAND,
    OFTEN_LISTED,
    OVER_DEMAND_CAP,
    PLACE_KEPT,
    UNSEEN,
    Candidate,
    allot,
    withheld,
)
from services.matching.exposure import Seen

MANY = [Candidate(f"s{n}", f"shop-{n}", 600_000 - 1_000 * n) for n in range(16)]
NOBODY_SEEN = Seen()
ALL_SEEN = Seen(400, dict.fromkeys((one.supplier_id for one in MANY), 1))


def test_without_any_list_the_order_is_the_scores():
    assert exposure.in_turn(MANY, NOBODY_SEEN) == MANY
    allotted = allot(MANY, NOBODY_SEEN, {}, {})
    assert list(allotted.sent.items()) == [(one.supply_id, BY_SCORE) for one in MANY[:10]]
    assert set(allotted.withheld.values()) == {OVER_DEMAND_CAP}


def test_a_small_share_costs_nothing_and_what_is_above_costs_in_proportion():
    seen = Seen(380, {"few": 24, "half": 200, "all": 400})
    assert seen.penalty_ppm("nobody") == seen.penalty_ppm("few") == 0
    assert seen.penalty_ppm("half") == 44 * exposure.PENALTY_PPM // 100
    assert seen.penalty_ppm("all") == 94 * exposure.PENALTY_PPM // 100


def test_the_first_few_lists_say_little():
    assert Seen(1, {"shop-0": 1}).penalty_ppm("shop-0") == 0
    assert Seen(10, {"shop-0": 10}).penalty_ppm("shop-0") > 0


def test_who_stands_in_every_list_makes_room_and_both_are_told_why():
    often = Seen(400, ALL_SEEN.counts | {"shop-0": 300})
    allotted = allot(MANY, often, {}, {})
    assert allotted.withheld["s0"] == OFTEN_LISTED
    assert allotted.sent == {one.supply_id: BY_SCORE for one in MANY[1:10]} | {"s10": BY_EXPOSURE}
    assert allotted.withheld["s11"] == OVER_DEMAND_CAP


def test_a_place_is_kept_for_one_that_no_list_has_shown():
    seen = Seen(400, {id: n for id, n in ALL_SEEN.counts.items() if id != "shop-14"})
    allotted = allot(MANY, seen, {}, {})
    assert allotted.sent["s14"] == UNSEEN
    assert allotted.withheld["s9"] == PLACE_KEPT
    assert len(allotted.sent) == NOTICES_PER_DEMAND


def test_no_place_is_kept_for_one_far_behind_nor_where_an_unseen_one_is_sent_anyway():
    behind = [*MANY[:15], Candidate("s15", "shop-15", 100_000)]
    seen = Seen(400, {id: n for id, n in ALL_SEEN.counts.items() if id != "shop-15"})
    assert "s15" not in allot(behind, seen, {}, {}).sent
    one_is_sent = Seen(400, {id: n for id, n in seen.counts.items() if id != "shop-3"})
    assert "s15" not in allot(MANY, one_is_sent, {}, {}).sent


def test_a_later_ranking_of_the_same_demand_keeps_no_further_place():
    seen = Seen(400, {id: n for id, n in ALL_SEEN.counts.items() if id != "shop-14"})
    assert list(allot(MANY, seen, {}, {"told": 1}).sent) == [one.supply_id for one in MANY[:9]]


def test_a_giant_does_not_fill_all_lists():
    """Best for every demand, by a little: it stands in one list of four, not in all."""
    market = [Candidate("giant", "giant", 510_000)] + [
        Candidate(f"s{n}", f"shop-{n}", 500_000 - 500 * n) for n in range(60)
    ]
    lists, counts = [], Counter()
    for _ in range(300):
        told = allot(market, Seen(len(lists), counts), {}, {}).sent
        assert len(told) == NOTICES_PER_DEMAND
        lists.append([one.supplier_id for one in market if one.supply_id in told])
        counts.update(lists[-1])
    assert 0.1 < counts["giant"] / len(lists) < 0.3
    assert len(counts) > NOTICES_PER_DEMAND * 3


candidates = st.lists(
    st.builds(
        Candidate,
        st.uuids().map(str),
        st.integers(0, 25).map(str),
        st.integers(0, 1_000_000),
    ),
    max_size=60,
    unique_by=lambda one: one.supply_id,
).map(lambda ones: sorted(ones, key=lambda one: -one.score_ppm))
counted = st.dictionaries(st.integers(0, 25).map(str), st.integers(0, 60))


@given(candidates, st.integers(0, 60), counted, counted)
def test_whatever_was_seen_all_caps_hold_and_everybody_kept_has_a_reason(
    ranking, lists, counts, notices
):
    allotted = allot(ranking, Seen(lists, counts), notices, {})
    supplier_of = {one.supply_id: one.supplier_id for one in ranking}
    told = [supplier_of[id] for id in allotted.sent]
    assert len(told) == len(set(told)) <= NOTICES_PER_DEMAND
    assert all(notices.get(one, 0) < allocation.OPEN_NOTICES_PER_SUPPLIER for one in told)
    assert not allotted.sent.keys() & allotted.withheld.keys()
    by_score = {one.supply_id for one in ranking} - withheld(ranking, notices, {}).keys()
    assert by_score <= allotted.sent.keys() | allotted.withheld.keys()
    assert len(told) == len(by_score)  # no place is lost
