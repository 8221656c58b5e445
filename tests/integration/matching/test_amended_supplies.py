"""A supply says something else while it is on offer: who waits for a quote of it is told."""

import pytest

from services.contracts.problems import Problem
from services.contracts.supply import (
    AmendSupply,
    ArchiveSupply,
    CheckMatch,
    RejectSupply,
)
from services.matching import queries
from services.matching.commands import amendments, supplies

BODY = {"title": "钛合金叶轮加工", "text": "五轴联动数控加工"}
DEAR = {"price_min": {"amount": "9000.00", "currency": "CNY"}}


@pytest.fixture
def waiting(market, buyer, shop):
    """(supply, demand, match): sent, of a supply that says no price."""
    id = market.supply(shop, **BODY)
    state = market.demand(buyer, budget_fen=500_000, quote_deadline_at=None)
    (told,) = market.publish(state)
    assert verdicts(told.data)["price"] == "unknown"
    return id, state, told.data


def verdicts(match):
    return {one["constraint"]: one["verdict"] for one in match["verdicts"]}


def amend(market, shop, id, **changes):
    known = market.get_supply(id).sequence
    return market.desk.execute(
        AmendSupply, amendments.amend, shop, BODY | changes, id=id, expected_version=known
    )


def test_a_price_above_the_budget_takes_the_match_back(market, shop, waiting):
    id, state, match = waiting
    amended = amend(market, shop, id, **DEAR)
    assert amended.types == ["supply.amended.v1", "match.withdrawn.v1"]
    assert amended.data["reason_code"] == "constraint_failed"
    assert amended.events[1].subject == match["id"]
    amend(market, shop, id)
    market.hears()
    (again,) = market.ranks_again(state["id"])
    assert (again.type, again.subject) == ("match.sent.v1", match["id"])


def test_a_price_within_it_is_what_the_buyer_reads(market, shop, waiting):
    id, _, match = waiting
    amended = amend(market, shop, id, price_min={"amount": "4000.00", "currency": "CNY"})
    assert amended.types == ["supply.amended.v1", "match.refreshed.v1"]
    assert verdicts(amended.data)["price"] == "pass"
    assert amended.data["state"] == match["state"] == "sent"
    assert amended.data["score_ppm"] == match["score_ppm"]


def test_words_that_concern_no_verdict_refresh_nothing(market, shop, waiting):
    assert amend(market, shop, waiting[0], text="三坐标检测").types == ["supply.amended.v1"]


def test_who_entered_stays_and_is_shown_what_fails(market, buyer, shop):
    state = market.demand(buyer, title="草坪", text="", budget_fen=500_000)
    market.publish(state)
    id = market.supply(shop, **BODY)
    market.enter(shop, state["id"], id)
    amended = amend(market, shop, id, **DEAR)
    assert amended.types == ["supply.amended.v1", "match.refreshed.v1"]
    assert (amended.data["state"], verdicts(amended.data)["price"]) == ("interested", "fail")


def test_one_who_entered_a_match_that_was_taken_back_stays_too(market, shop, waiting):
    id, state, match = waiting
    amend(market, shop, id, **DEAR)
    entered = market.enter(shop, state["id"], id)
    assert (entered["id"], entered["source"], entered["allotted"]) == (
        match["id"], "supplier", None,
    )  # fmt: skip
    (refreshed,) = market.publish(state | {"version": 2, "title": "叶轮"}, "amended", sequence=3)
    assert (refreshed.type, refreshed.data["state"]) == ("match.refreshed.v1", "interested")


def test_other_evidence_is_judged_when_the_operator_has_looked(market, buyer, shop):
    id = market.supply(shop, **BODY, qualifications=[{"name": "AS9100"}])
    needs = [{"name": "AS9100", "grade": None, "alternatives": []}]
    state = market.demand(buyer, requirements=needs, quote_deadline_at=None)
    market.publish(state)
    assert amend(market, shop, id, qualifications=[]).types == ["supply.amended.v1"]
    activated = market.activate(id)
    assert activated.types == ["supply.activated.v1", "match.withdrawn.v1"]


def test_what_the_operator_refuses_is_offered_to_nobody(market, shop, waiting):
    id, _, match = waiting
    amend(market, shop, id, qualifications=[{"name": "AS9100"}])
    body = {"reason_code": "not_as_described"}
    rejected = market.desk.execute(RejectSupply, supplies.reject, market.operator, body, id=id)
    assert rejected.types == ["supply.rejected.v1", "match.withdrawn.v1"]
    assert (rejected.data["id"], rejected.data["reason_code"]) == (match["id"], "supply_rejected")


def test_of_an_archived_one_no_match_is_left(market, shop, waiting):
    market.desk.execute(ArchiveSupply, supplies.archive, shop, id=waiting[0])
    assert [one.state for one in market.matches(waiting[1]["id"])] == ["withdrawn"]


def test_expired_evidence_offers_nothing_though_the_timer_is_down(market, buyer, shop):
    id = market.supply(shop, **BODY, qualifications=[{"name": "X", "expires_on": "2026-03-20"}])
    market.desk.clock.advance(days=19)
    state = market.demand(buyer, quote_deadline_at=None)
    assert market.publish(state) == []
    with pytest.raises(Problem) as refused:
        body = {"demand_id": state["id"], "supply_id": id}
        market.desk.ask(CheckMatch, queries.check, shop, body)
    assert refused.value.code == "supply_not_active"
