"""A deal of every kind goes from publication to a signed contract through the same commands."""

import pytest

from services.contracts.kinds import DEMANDS
from tests.integration.orders.trade import DEADLINE, TERMS, Trade, refused

FACETS = {
    "acquisition": {"stages": ["a"]},
    "fundraising": {"ticket": {"max": {"amount": "5000000.00", "currency": "CNY"}}},
    "service": {"class": ["ip"]},
    "mentoring": {"languages": ["zh", "en"]},
    "lab": {"class": ["test"], "accredited": True},
    "space": {"type": ["factory"], "area_m2": {"min": 800, "max": 1500}},
    "challenge": {"ready_on": "2026-09-30"},
    "technology": {"licence": ["use_first_pay_later"]},
}


@pytest.mark.parametrize("kind", DEMANDS)
def test_a_deal_of_any_kind_is_published_quoted_awarded_and_signed(trade: Trade, kind: str) -> None:
    facts = trade.until_active(kind=kind, facets=FACETS.get(kind))
    assert {"contract.signed", "demand.contracted", "quote.accepted"} <= set(facts.types)
    assert (trade.demand()["state"], trade.demand()["kind"]) == ("contracted", kind)
    is_intent = kind in ("acquisition", "fundraising")
    assert trade.contract()["kind"] == ("intent" if is_intent else "order")


def test_facets_stand_in_the_facts_as_they_are_loaded(trade: Trade) -> None:
    published = trade.publish(kind="fundraising", facets=FACETS["fundraising"])
    assert published["demand.published"]["facets"] == {"ticket": {"max_fen": 500_000_000}}
    assert trade.publish()["demand.published"]["facets"] is None


def test_an_amendment_states_them_anew(trade: Trade) -> None:
    trade.publish(kind="space", facets=FACETS["space"])
    text = {"title": "改", "terms": TERMS, "quote_deadline_at": DEADLINE.isoformat()}
    given = text | {"kind": "space", "facets": {"type": ["plot"]}}
    facts = trade.do("amend_demand", trade.buyer, given, id=trade.demand_id, version=2)
    assert facts["demand.amended"]["facets"] == {"type": ["plot"]}


def test_facets_of_another_kind_are_refused(trade: Trade) -> None:
    with refused("invalid"):
        trade.draft(kind="lab", facets=FACETS["space"])


def test_a_requirement_keeps_its_alternatives(trade: Trade) -> None:
    either = {"name": "市政公用工程施工总承包", "grade": "叁级",
              "alternatives": [{"name": "环保工程专业承包", "grade": "贰级"}]}  # fmt: skip
    drafted = trade.draft(requirements=[either, {"name": "安全生产许可证"}])["demand.created"]
    assert drafted["requirements"] == [either, {"name": "安全生产许可证", "grade": None}]
