"""Exposure: bounded per demand and per supplier, and explained."""

from services.matching.allocation import (
    NOTICES_PER_DEMAND,
    OPEN_NOTICES_PER_SUPPLIER,
    OVER_DEMAND_CAP,
    OVER_SUPPLIER_CAP,
    SAME_SUPPLIER,
    Candidate,
    withheld,
)

MANY = [Candidate(f"supply-{n}", f"supplier-{n}") for n in range(NOTICES_PER_DEMAND + 5)]


def test_a_demand_is_sent_to_the_best_few():
    reasons = withheld(MANY, {}, {})
    assert reasons == {one.supply_id: OVER_DEMAND_CAP for one in MANY[NOTICES_PER_DEMAND:]}


def test_a_supplier_with_too_many_open_notices_makes_room_for_the_next():
    reasons = withheld(MANY, {"supplier-0": OPEN_NOTICES_PER_SUPPLIER}, {})
    assert reasons["supply-0"] == OVER_SUPPLIER_CAP
    assert MANY[NOTICES_PER_DEMAND].supply_id not in reasons
    assert len(MANY) - len(reasons) == NOTICES_PER_DEMAND


def test_one_notice_per_supplier_and_demand():
    twice = [Candidate("first", "shop"), Candidate("second", "shop"), Candidate("third", "mill")]
    assert withheld(twice, {}, {}) == {"second": SAME_SUPPLIER}
    assert withheld(twice, {}, {"mill": 1}) == {"second": SAME_SUPPLIER, "third": SAME_SUPPLIER}


def test_what_was_sent_before_counts():
    reasons = withheld(MANY, {}, {f"earlier-{n}": 1 for n in range(NOTICES_PER_DEMAND - 2)})
    assert len(MANY) - len(reasons) == 2
