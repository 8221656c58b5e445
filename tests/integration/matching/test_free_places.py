"""Somebody leaves an open demand: the next best are told, whoever it was and however it left."""

import pytest
from sqlalchemy import select

from services.contracts.demand import demand
from services.contracts.problems import Problem
from services.contracts.supply import AmendSupply, ArchiveSupply, RefreshSupply
from services.matching import allocation, exposure, retrieval
from services.matching.commands import again, amendments, expiry, supplies
from services.matching.tables import DemandCopy
from tests.desk import START
from tests.integration.matching.market import LATER

EXPIRES = {"name": "AS9100", "expires_on": "2026-03-20"}
FULL = allocation.NOTICES_PER_DEMAND


@pytest.fixture
def shops(market):
    """One more than a demand has notices, by the id of their party."""
    found = [market.party(f"精密{n}号") for n in range(FULL + 1)]
    return {shop.party_id: (shop, market.supply(shop)) for shop in found}


@pytest.fixture
def full(market, buyer, shops):
    """A demand whose notices are used up, and whom it was not sent to."""
    state = market.demand(buyer, quote_deadline_at=None)
    told = {event.data["supplier_id"]: event.data for event in market.publish(state)}
    assert len(told) == FULL
    return state, told, next(one for one in shops if one not in told)


def due(market):
    return {id: at for (_, id, verb), at in market.desk.deadlines().items() if verb == "rank_again"}


def test_a_decline_tells_the_next_best_at_once(market, shops, full):
    state, told, left_out = full
    first = next(iter(told))
    market.decline(shops[first][0], told[first]["id"])
    assert due(market) == {state["id"]: START}
    (sent,) = (event for event in market.ranks_again(state["id"]) if event.past == "sent")
    assert sent.data["supplier_id"] == left_out
    states = {one.supplier_id: one.state for one in market.matches(state["id"])}
    assert (states[first], list(states.values()).count("sent")) == ("declined", FULL)


def test_many_declines_rank_a_demand_once_a_minute(market, shops, full):
    state, told, _ = full
    first, second, *_ = told
    market.decline(shops[first][0], told[first]["id"])
    market.ranks_again(state["id"])
    market.desk.clock.advance(seconds=10)
    market.decline(shops[second][0], told[second]["id"])
    assert due(market) == {state["id"]: START + again.AGAIN_EVERY}


def test_a_decline_of_a_demand_that_is_over_ranks_nothing(market, shops, full):
    state, told, _ = full
    first = next(iter(told))
    market.moves_on(state, "closed", 3, state="evaluating")
    with pytest.raises(Problem):
        market.decline(shops[first][0], told[first]["id"])
    assert due(market) == {}


def test_an_archived_supply_gives_its_place_to_the_next(market, shops, full):
    state, told, left_out = full
    shop, id = shops[next(iter(told))]
    archived = market.desk.execute(ArchiveSupply, supplies.archive, shop, id=id)
    assert archived.types == ["supply.archived.v1", "match.withdrawn.v1"]
    sent = [event for event in market.ranks_again(state["id"]) if event.past == "sent"]
    assert [event.data["supplier_id"] for event in sent] == [left_out]


def test_one_that_declined_is_not_asked_again_for_another_of_its_supplies(market, buyer, shop):
    market.supply(shop)
    state = market.demand(buyer)
    (told,) = market.publish(state)
    market.supply(shop, "钛合金叶轮五轴加工")
    market.decline(shop, told.data["id"])
    assert market.ranks_again(state["id"]) == []
    assert [one["reason_code"] for one in market.withheld(state["id"])] == [
        allocation.SAME_SUPPLIER
    ]
    amended = market.publish(state | {"version": 2}, "amended", sequence=3)
    assert amended == []


def test_who_went_while_it_was_ranked_gives_its_place_to_the_next(
    market, buyer, shops, monkeypatch
):
    """Archived when the index had not heard of it: its row says so, and ten are told in the end."""
    monkeypatch.setattr(retrieval, "CATCH_UP_S", 0.0)
    market.follow()
    for shop, id in list(shops.values())[:2]:
        market.desk.execute(ArchiveSupply, supplies.archive, shop, id=id)
    state = market.demand(buyer)
    fact = market.fact(demand, "published", state, 2)
    assert len(market.opens(fact)) == FULL - 2
    assert due(market) == {state["id"]: START}
    assert len([one for one in market.ranks_again(state["id"]) if one.past == "sent"]) == 1
    assert due(market) == {}


def test_evidence_renewed_and_verified_tells_of_the_demands_that_it_had_lost(market, buyer, shop):
    id = market.supply(shop, qualifications=[EXPIRES])
    state = market.demand(buyer, quote_deadline_at=None)
    (told,) = market.publish(state)
    market.desk.clock.advance(days=19)
    market.desk.meet(expiry.expire, "supply", id, "expire")
    assert market.ranks_again(state["id"]) == []
    renewed(market, shop, id)
    market.desk.clock.advance(minutes=2)
    market.hears()
    (again_told,) = market.ranks_again(state["id"])
    assert (again_told.type, again_told.subject) == ("match.sent.v1", told.subject)
    assert again_told.data["reason_code"] is None


def test_a_quote_that_was_sealed_meanwhile_still_counts(market, buyer, shop):
    id = market.supply(shop, qualifications=[EXPIRES])
    state = market.demand(buyer, quote_deadline_at=None)
    (told,) = market.publish(state)
    quote = market.quote(told.data)
    market.quotes(quote, "sealed", 1)
    market.desk.clock.advance(days=19)
    market.desk.meet(expiry.expire, "supply", id, "expire")
    renewed(market, shop, id)
    market.hears()
    assert len(market.ranks_again(state["id"])) == 1
    (opened,) = market.quotes(quote, "opened", 2, opened_at=LATER)
    assert (opened.type, opened.subject) == ("match.quoted.v1", told.subject)


def test_a_list_that_stays_as_it_was_is_no_newer_than_it_was(market, buyer, shops, monkeypatch):
    monkeypatch.setattr(exposure, "WINDOW", 1)
    first, second = market.demand(buyer), market.demand(buyer)
    market.publish(first)
    market.publish(second)
    before = newest_list(market)
    market.publish(first | {"version": 2}, "amended", sequence=3)
    assert newest_list(market) == before == second["id"]


def newest_list(market):
    with market.desk.session() as session:
        return session.scalar(select(DemandCopy.id).order_by(DemandCopy.list_number.desc()))


def renewed(market, shop, id):
    body = {"title": "钛合金叶轮加工", "text": "五轴联动数控加工"}
    body["qualifications"] = [EXPIRES | {"expires_on": "2027-03-20"}]
    known = market.get_supply(id).sequence
    market.desk.execute(AmendSupply, amendments.amend, shop, body, id=id, expected_version=known)
    market.desk.execute(RefreshSupply, expiry.refresh, shop, id=id)
    market.activate(id)
