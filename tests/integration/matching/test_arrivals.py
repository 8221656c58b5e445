"""A supply that is new finds the open demands that it may answer, as a demand finds supplies."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from services.contracts.supply import ImportTrackRecordsCommand
from services.matching import allocation
from services.matching.commands import again, arrivals, imports
from services.messaging.deadlines import Deadline
from tests.desk import START

EVERY = again.AGAIN_EVERY


@pytest.fixture
def open_demand(market, buyer):
    """Published when nobody could answer it."""
    state = market.demand(buyer)
    assert market.publish(state) == []
    return state


def rows_of(supplier, count, begin=0):
    stated = {"supplier_id": supplier.party_id, "title": "钛合金叶轮五轴加工"}
    return [stated | {"source_ref": f"s{n}"} for n in range(begin, begin + count)]


def test_a_new_supply_is_matched_against_an_open_demand_at_once(market, shop, open_demand):
    id = market.supply(shop)
    assert market.hears() == {open_demand["id"]: START}
    (told,) = market.ranks_again(open_demand["id"])
    assert (told.type, told.data["supply_id"]) == ("match.sent.v1", id)
    assert (told.data["rank"], told.data["allotted"]) == (1, "score")
    assert sum(one["contribution_ppm"] for one in told.data["contributions"]) > 0
    assert market.desk.deadlines() == {}


def test_whoever_was_told_before_stays_told_and_sees_its_rank(market, buyer, shop):
    mill = market.supply(shop)
    state = market.demand(buyer)
    market.publish(state)
    market.show_interest(shop, market.matches(state["id"])[0].id)
    better = market.supply(
        market.party("更优精密"), "钛合金叶轮五轴联动加工", text="钛合金叶轮五轴加工"
    )
    market.hears()
    facts = {event.data["supply_id"]: event for event in market.ranks_again(state["id"])}
    assert (facts[better].past, facts[mill].past) == ("sent", "refreshed")
    assert (facts[mill].data["state"], facts[mill].data["rank"]) == ("interested", 2)


def test_nobody_is_told_again_nor_withdrawn_because_another_supply_has_come(market, buyer, shop):
    """One declined; the only unit of another is reserved meanwhile."""
    declining, busy = market.party("婉拒精密"), market.party("满产精密")
    market.supply(declining)
    full = market.supply(busy, capacity_declared=1)
    state = market.demand(buyer)
    told = {event.data["supplier_id"]: event.data for event in market.publish(state)}
    market.decline(declining, told[declining.party_id]["id"])
    other = market.demand(buyer)
    market.publish(other)
    winner = {"awarded_supplier_id": busy.party_id, "awarded_supply_id": full}
    market.moves_on(other, "awarded", 3, state="awarded", **winner)
    new = market.supply(shop)
    market.hears()
    sent = [event for event in market.ranks_again(state["id"]) if event.past == "sent"]
    assert [event.data["supply_id"] for event in sent] == [new]
    states = {one.supplier_id: one.state for one in market.matches(state["id"])}
    assert states == {
        declining.party_id: "declined", busy.party_id: "sent", shop.party_id: "sent",
    }  # fmt: skip


def test_further_track_record_is_news_too(market, buyer, shop):
    row = {"supplier_id": shop.party_id, "source_ref": "s1", "title": "启航"}
    market.imports(row)
    state = market.demand(buyer, title="乡道沥青路面补路", text="")
    assert market.publish(state) == []
    deal = {"title": "乡道沥青路面补路", "date": "2026-01-05", "outcome": "won"}
    records = {"rows": [{"source_ref": "s1", "track_record": [deal]}]}
    told = market.desk.execute(
        ImportTrackRecordsCommand, imports.import_records, market.operator, records
    )
    assert market.hears(*told.events) == {state["id"]: START}
    (sent,) = market.ranks_again(state["id"])
    assert sent.data["supplier_id"] == shop.party_id


def test_five_hundred_supplies_rank_a_demand_as_often_as_time_goes_by(market, buyer, shop):
    """500 imported supplies in five batches: two rankings, not five hundred."""
    state = market.demand(buyer)
    market.publish(state)
    facts = [market.imports(*rows_of(shop, 100, begin)) for begin in range(0, 500, 100)]
    assert market.hears(*facts[0]) == {state["id"]: START}
    assert len(market.ranks_again(state["id"])) == 1
    for batch in facts[1:]:
        assert market.hears(*batch) == {state["id"]: START + EVERY}
    assert not market.desk.transactions.meet(
        lambda *_: None, Deadline("demand", state["id"], again.RANK_AGAIN)
    )
    market.desk.clock.advance(seconds=EVERY.total_seconds())
    market.ranks_again(state["id"])
    assert market.desk.deadlines() == {}


def test_a_demand_whose_notices_are_used_up_is_left_alone(market, buyer, shop):
    for n in range(allocation.NOTICES_PER_DEMAND):
        market.supply(market.party(f"精密{n}号"))
    state = market.demand(buyer)
    assert len(market.publish(state)) == allocation.NOTICES_PER_DEMAND
    market.supply(shop)
    assert market.hears() == {}


@pytest.mark.parametrize("change", ["kind", "own", "words", "draft", "ended", "late"])
def test_demands_that_it_cannot_answer_are_not_looked_at(market, buyer, shop, open_demand, change):
    owner = {"own": buyer, "words": market.party("绿野园林")}.get(change, shop)
    stated = {"kind": {"kind": "fund"}, "words": {"title": "苗木补植", "text": "草坪"}}
    if change == "ended":
        market.moves_on(open_demand, "closed", 3, state="evaluating")
    market.supply(owner, **stated.get(change, {}))
    facts = market.supply_facts()
    if change == "draft":
        facts = [replace(one, data=one.data | {"state": "draft"}) for one in facts]
    due = market.hears(*facts)
    if change == "late":  # found, and then its deadline is over
        market.desk.clock.advance(days=7)
        assert market.ranks_again(open_demand["id"]) == []
    else:
        assert due == {}


def test_a_crash_between_the_marking_and_the_ranking_loses_nothing(market, shop, open_demand):
    """The mark is a row; the same facts again, after a restart, mark nothing twice."""
    market.supply(shop)
    first = market.hears()
    with pytest.raises(ZeroDivisionError):
        market.desk.transactions.meet(
            lambda *_: 1 / 0, Deadline("demand", open_demand["id"], again.RANK_AGAIN)
        )
    assert market.hears() == first
    assert len(market.ranks_again(open_demand["id"])) == 1


def test_a_ranking_that_was_under_way_is_waited_for(market, buyer, shop, monkeypatch):
    """It missed the supply, and its demand can be found only once it has committed."""
    state = market.demand(buyer)
    market.publish(state)
    words = "SELECT found_by FROM demand_copies"
    set_words = text("UPDATE demand_copies SET found_by = CAST(:words AS text[])")
    with market.desk.session() as ranking:
        found_by = ranking.scalar(text(words))
        ranking.execute(set_words, {"words": None})
        ranking.commit()
        ranking.execute(set_words, {"words": found_by})
        monkeypatch.setattr(arrivals.time, "sleep", lambda _: ranking.commit())
        market.supply(shop)
        assert market.hears() == {state["id"]: START}


def test_of_many_demands_those_that_share_rare_words_are_ranked_again(
    market, buyer, shop, monkeypatch
):
    monkeypatch.setattr(arrivals, "DEMANDS_OF_ONE", 2)
    other = [market.demand(buyer, title=f"法兰加工{n}", text="五轴") for n in range(5)]
    near = [market.demand(buyer, title="钛合金叶轮", text="五轴") for _ in range(2)]
    for state in (*other, *near):
        market.publish(state)
    market.supply(shop, "钛合金叶轮", text="五轴")
    assert market.hears().keys() == {state["id"] for state in near}


def test_a_word_that_all_demands_have_finds_none(market, buyer, shop, monkeypatch):
    monkeypatch.setattr(arrivals, "COMMON", 3)
    for _ in range(4):
        market.publish(market.demand(buyer, title="五轴", text=""))
    market.supply(shop, "五轴", text="五轴")
    assert market.hears() == {}


@pytest.mark.parametrize(("declared", "found"), [(1, True), (5, False), (None, False)])
def test_capacity_that_is_free_again_is_news_where_there_was_none(
    market, buyer, shop, declared, found
):
    id = market.supply(shop, capacity_declared=declared)
    first, second = market.demand(buyer), market.demand(buyer)
    market.publish(first)
    winner = {"awarded_supplier_id": shop.party_id, "awarded_supply_id": id}
    market.moves_on(first, "awarded", 3, state="awarded", **winner)
    market.publish(second)
    market.moves_on(first, "award_lapsed", 4, state="evaluating")
    released = [event for event in market.supply_facts() if event.past == "released"]
    assert market.hears(*released) == ({second["id"]: START} if found else {})
