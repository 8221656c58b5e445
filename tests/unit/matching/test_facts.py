"""Both sides of a match from the states that facts carry."""

from datetime import date

from services.matching import facts
from services.matching.sides import Holding, Requirement

SUPPLIER, BUYER = "00000000-0000-7000-8000-000000000001", "00000000-0000-7000-8000-000000000002"
SUPPLY = {
    "id": "s1",
    "number": "QF-S-2026-000001",
    "sequence": 4,
    "state": "active",
    "kind": "product",
    "supplier_id": SUPPLIER,
    "supplier_name": "启航精密",
    "supplier_region": "330100",
    "title": "钛合金叶轮",
    "text": "五轴联动加工",
    "categories": ["数控加工"],
    "regions": [],
    "qualifications": [{"name": "AS9100", "grade": None, "expires_on": "2027-01-01"}],
    "price_min_fen": 100,
    "price_max_fen": None,
    "capacity_declared": 5,
    "capacity_reserved": 1,
    "capacity_used": 2,
    "lead_time_days": 30,
    "track_record": [
        {"title": "泵轴", "place": "宁波市", "date": None, "amount_fen": None, "outcome": "won"}
    ],
    "origin": "own",
}
DEMAND = {
    "id": "d1",
    "kind": "order",
    "buyer_id": BUYER,
    "buyer_name": "岚航",
    "title": "叶轮加工",
    "text": "",
    "region": "浙江省杭州市",
    "budget_fen": 5_000,
    "quote_deadline_at": "2026-03-02T17:00:00+00:00",
    "requirements": [{"name": "AS9100", "grade": None}],
}


def test_a_supply_is_stated_with_what_is_left_of_its_capacity():
    offered, sequence = facts.stated(SUPPLY)
    assert (offered.id, sequence, offered.capacity_free) == ("s1", 4, 2)
    assert offered.qualifications == (Holding("AS9100", None, date(2027, 1, 1)),)
    assert offered.regions == ()


def test_a_public_source_that_names_no_region_or_qualification_is_silent():
    imported = SUPPLY | {"origin": "imported", "qualifications": None}
    offered, _ = facts.stated(imported)
    assert (offered.regions, offered.qualifications) == (None, None)


def test_a_demand_is_wanted_as_it_says_and_what_it_does_not_say_is_unknown():
    wanted = facts.wanted(DEMAND)
    assert (wanted.region, wanted.budget_fen, wanted.text) == ("浙江省杭州市", 5_000, "")
    assert wanted.quotes_until == date(2026, 3, 3)  # in Shanghai
    assert wanted.requirements == (Requirement("AS9100"),)
    assert (wanted.category, wanted.delivery_due_date) == (None, None)
    assert facts.wanted(DEMAND | {"requirements": None}).requirements is None


def test_people_are_shown_all_that_a_supply_says():
    shown = facts.shown(SUPPLY)
    assert (shown.id, shown.supplier_id, shown.supplier_name) == ("s1", SUPPLIER, "启航精密")
    assert shown.texts == ("钛合金叶轮", "数控加工", "五轴联动加工")
