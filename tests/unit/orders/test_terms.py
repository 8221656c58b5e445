"""Rule 1 (payment term) and its neighbours, by vectors."""

from datetime import date
from typing import Any

import pytest

from services.orders.rules.terms import (
    Side,
    Terms,
    blocks,
    check_terms,
    protects,
    shares_are_whole,
)

DAY = date(2026, 3, 2)
SMALL = Side("private", False, "small")
AGENCY = Side("government", False, None)
FISCAL_ASSOCIATION = Side("association", True, None)
LARGE = Side("private", False, "large")
MEDIUM = Side("private", False, "medium")


def terms(term_days: int = 30, kind: str = "acceptance", **more: Any) -> Terms:
    nodes = [{"kind": kind, "share_bp": 10_000, "term_days": term_days}]
    return {"nodes": nodes, "inspection_days": 10, "inspection_is_condition": True} | more


def judged(given: Terms, buyer: Side, supplier: Side = SMALL, day: date = DAY) -> dict[str, bool]:
    """{rule id: whether it blocks}."""
    return {f["rule_id"]: f["blocks"] for f in check_terms(given, buyer, supplier, day)}


@pytest.mark.parametrize(
    ("buyer", "given", "findings"),
    [
        pytest.param(AGENCY, terms(30), {}, id="public body, 30 days"),
        pytest.param(AGENCY, terms(60), {"payment_term": False}, id="public body, 60 as agreed"),
        pytest.param(AGENCY, terms(61), {"payment_term": True}, id="public body, 61"),
        pytest.param(
            AGENCY, terms(61, term_reason="行业惯例"), {"payment_term": True},
            id="public body, no reason lifts the limit",
        ),
        pytest.param(FISCAL_ASSOCIATION, terms(61), {"payment_term": True}, id="fiscal funds, 61"),
        pytest.param(LARGE, terms(60), {}, id="large, 60"),
        pytest.param(LARGE, terms(61), {"payment_term": True}, id="large, 61 without reason"),
        pytest.param(
            LARGE, terms(90, term_reason="船舶建造周期"), {"payment_term": False},
            id="large, 90 with reason",
        ),
        pytest.param(MEDIUM, terms(365), {}, id="medium buyer is outside"),
        pytest.param(
            LARGE, terms(30, pay_when_paid=True), {"pay_when_paid": True}, id="pay when paid"
        ),
        pytest.param(
            AGENCY, terms(30, pay_when_paid=True), {"pay_when_paid": True},
            id="pay when paid, public body",
        ),
        pytest.param(MEDIUM, terms(30, pay_when_paid=True), {}, id="pay when paid, medium buyer"),
        pytest.param(
            LARGE, terms(30, late_rate_bp=299), {"late_interest": True}, id="rate below the LPR"
        ),
        pytest.param(LARGE, terms(30, late_rate_bp=300), {}, id="rate at the LPR"),
        pytest.param(LARGE, terms(120, kind="advance"), {}, id="an advance has no term limit"),
        pytest.param(
            LARGE, terms(365, kind="retention"), {}, id="a retention has none either",
        ),
    ],
)  # fmt: skip
def test_what_the_rules_say(buyer: Side, given: Terms, findings: dict[str, bool]) -> None:
    assert judged(given, buyer) == findings


@pytest.mark.parametrize(
    ("capability", "is_flagged"),
    [("works", True), ("works.building", True), ("equip", False), (None, False)],
)
def test_the_share_kept_back_is_flagged_of_construction_works_alone(
    capability: str | None, is_flagged: bool
) -> None:
    given = {
        "nodes": [
            {"kind": "acceptance", "share_bp": 8_950, "term_days": 30},
            {"kind": "retention", "share_bp": 1_050, "term_days": 365},
        ],
        "inspection_days": 10,
        "inspection_is_condition": True,
    }
    found = check_terms(given, LARGE, SMALL, DAY, capability)
    assert [finding["note"] for finding in found] == ["质保金比例10.5%，高于3%"] * is_flagged


def test_a_large_supplier_is_not_protected() -> None:
    assert judged(terms(200, pay_when_paid=True), LARGE, LARGE) == {}


def test_an_undeclared_size_is_said_not_guessed() -> None:
    assert judged(terms(30), Side("private", False, None)) == {"payment_term": False}
    assert judged(terms(30), LARGE, Side("private", False, None)) == {"payment_term": False}
    assert not protects(LARGE, Side("private", False, None))


def test_before_the_revision_a_large_buyer_had_no_number() -> None:
    assert judged(terms(200), LARGE, day=date(2025, 5, 31)) == {}
    assert judged(terms(61), AGENCY, day=date(2025, 5, 31)) == {"payment_term": True}
    assert judged(terms(200), LARGE, day=date(2025, 6, 1)) == {"payment_term": True}


def test_each_node_over_the_limit_is_named_with_its_citation() -> None:
    two = terms(90) | {"nodes": [*terms(90)["nodes"], *terms(80, "delivery")["nodes"]]}
    found = check_terms(two, LARGE, SMALL, DAY)
    assert [f["note_en"][:19] for f in found] == ["The term of 90 days", "The term of 80 days"]
    assert all("第802号" in f["citation"] and f["note"] for f in found)
    assert blocks(found)


def test_shares_must_be_whole() -> None:
    assert shares_are_whole(terms())
    assert not shares_are_whole({"nodes": [{"share_bp": 9_999}]})
    assert not shares_are_whole({"nodes": []})
