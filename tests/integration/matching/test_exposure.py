"""Who stands in the lists of late, as rows say it, and what the next demand makes of it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from services.contracts.demand import demand
from services.contracts.exposure import ReadExposure, ReadWithheld
from services.contracts.notes import worded
from services.contracts.problems import Problem
from services.contracts.supply import DeclineMatch
from services.matching import allocation, exposure, queries, shares
from services.matching.commands import matches
from services.matching.tables import DemandCopy

MANY = allocation.NOTICES_PER_DEMAND + 1


@pytest.fixture
def buyer(market):
    return market.party("岚航重型装备")


@pytest.fixture
def shops(market):
    """One more than a demand has notices, all alike."""
    found = [market.party(f"精密{n}号") for n in range(MANY)]
    for shop in found:
        market.supply(shop)
    return found


def told(events):
    return {event.data["supplier_id"]: event.data["allotted"] for event in events}


def reasons(market, state):
    return {one["reason_code"] for one in market.withheld(state["id"])}


def test_the_second_list_has_a_place_for_whom_the_first_did_not_show(market, buyer, shops):
    first = told(market.publish(market.demand(buyer)))
    state = market.demand(buyer)
    second = told(market.publish(state))
    (unseen,) = second.keys() - first.keys()
    assert set(first.values()) == {"score"}
    assert second[unseen] == "unseen"
    assert reasons(market, state) == {allocation.PLACE_KEPT}


def test_who_stood_in_many_lists_gives_way_and_both_are_told_why(market, buyer, shops, monkeypatch):
    monkeypatch.setattr(exposure, "PRIOR_LISTS", 1)
    first = told(market.publish(market.demand(buyer)))
    state = market.demand(buyer)
    events = market.publish(state)
    (new,) = told(events).keys() - first.keys()
    assert told(events)[new] == "exposure"
    assert reasons(market, state) == {allocation.OFTEN_LISTED}
    (match,) = (event.data for event in events if event.data["supplier_id"] == new)
    assert match["rank"] == MANY  # the score is what it was
    assert "让位" in worded(match)["allotted_zh"]


def test_a_demand_that_is_ranked_again_has_one_list(market, buyer, shops):
    state = market.demand(buyer)
    assert len(market.publish(state)) == allocation.NOTICES_PER_DEMAND
    assert market.publish(state | {"version": 2}, "amended", sequence=3) == []
    assert reasons(market, state) == {allocation.OVER_DEMAND_CAP}
    with market.desk.session() as session:
        assert shares.of_newest(session, 10).lists == 1


def test_only_the_newest_lists_are_looked_at(market, buyer, shops, monkeypatch):
    monkeypatch.setattr(exposure, "WINDOW", 1)
    lists = [told(market.publish(market.demand(buyer))).keys() for _ in range(3)]
    assert lists[1] - lists[0] and lists[2] - lists[1]


def test_demands_that_open_side_by_side_wait_for_nobody(market, buyer, shops):
    """Each writes its own row alone; their lists have numbers of their own."""
    market.publish(market.demand(buyer))
    market.follow()
    states = [market.demand(buyer) for _ in range(6)]
    facts = [market.fact(demand, "published", state, 2) for state in states]
    with ThreadPoolExecutor(len(facts)) as pool:
        list(pool.map(market.opens, facts))
    for state in states:
        assert len(market.matches(state["id"], "sent")) == allocation.NOTICES_PER_DEMAND
    with market.desk.session() as session:
        numbers = list(session.scalars(select(DemandCopy.list_number)))
    assert len(set(numbers)) == len(numbers) == len(states) + 1


def test_the_operator_sees_how_lists_were_shared(market, buyer, shops):
    for _ in range(2):
        market.publish(market.demand(buyer))
    answer = market.desk.ask(ReadExposure, queries.exposure, market.operator, {"lists": 100})
    assert (answer["lists"], answer["suppliers"], answer["suppliers_listed"]) == (2, MANY, MANY)
    assert (answer["largest_share_ppm"], answer["coverage_ppm"]) == (1_000_000, 1_000_000)
    assert 0 < answer["gini_ppm"] < 200_000
    assert answer["supplies_never_matched"] == 0
    assert answer["most_listed"][0]["lists"] == 2
    assert answer["most_listed"][0]["supplier_name"].startswith("精密")


def test_of_an_empty_market_there_is_nothing_to_say(market):
    answer = market.desk.ask(ReadExposure, queries.exposure, market.operator, {})
    assert (answer["lists"], answer["largest_share_ppm"], answer["gini_ppm"]) == (0, 0, 0)
    assert answer["most_listed"] == []


def test_the_gauges_are_of_those_who_are_on_offer(market, buyer, shops):
    market.publish(market.demand(buyer))
    with market.desk.session() as session:
        found = shares.of_newest(session, 10)
        shares.tell(found)
    assert (found.suppliers, len(found.counts)) == (MANY, allocation.NOTICES_PER_DEMAND)


def test_why_a_supplier_declines_is_one_of_a_list(market, buyer, shops):
    events = market.publish(market.demand(buyer))
    match = events[0].data
    shop = next(one for one in shops if one.party_id == match["supplier_id"])
    with pytest.raises(Problem) as refused:
        market.desk.execute(
            DeclineMatch, matches.decline, shop, {"reason_code": "no idea"}, id=match["id"]
        )
    assert refused.value.code == "invalid"
    declined = market.decline(shop, match["id"], "terms_unacceptable")
    assert worded(declined)["reason_en"] == "the payment terms are not acceptable"


def test_its_buyer_and_the_operator_read_whom_a_demand_was_not_sent_to(market, buyer, shops):
    market.publish(market.demand(buyer))
    state = market.demand(buyer)
    market.publish(state)
    asked = {"demand_id": state["id"]}
    for reader in (buyer, market.operator):
        (one,) = market.desk.ask(ReadWithheld, queries.withheld, reader, asked)["withheld"]
        assert one["reason_code"] == allocation.PLACE_KEPT
        assert "名额" in one["reason_zh"] and "kept" in one["reason_en"]
        assert "values_ppm" not in one
    for stranger in (shops[0], market.party("别家")):
        with pytest.raises(Problem) as refused:
            market.desk.ask(ReadWithheld, queries.withheld, stranger, asked)
        assert refused.value.code == "not_found"


def test_a_notice_of_a_month_ago_keeps_nobody_from_others_although_it_was_refreshed(
    market, buyer, monkeypatch
):
    monkeypatch.setattr(allocation, "OPEN_NOTICES_PER_SUPPLIER", 1)
    shop = market.party("启航精密")
    id = market.supply(shop)
    old = market.demand(buyer, quote_deadline_at=None)
    market.publish(old)
    market.desk.clock.advance(days=29)
    assert market.publish(market.demand(buyer, quote_deadline_at=None)) == []
    (refreshed,) = market.publish(old | {"region": "330100"}, "amended", sequence=3)
    assert refreshed.type == "match.refreshed.v1"
    market.desk.clock.advance(days=2)
    (sent,) = market.publish(market.demand(buyer, quote_deadline_at=None))
    assert (sent.type, sent.data["supply_id"]) == ("match.sent.v1", id)
