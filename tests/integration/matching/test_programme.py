"""Notices planned over many demands: told by the next ranking of each, with all that it checks."""

import pytest

from services.matching import allocation, programme
from services.matching.commands import again
from services.matching.commands import programme as allotting
from services.matching.tables import DemandCopy
from services.messaging.deadlines import schedule_unset

NOBODY = "00000000-0000-0000-0000-000000000000"


@pytest.fixture
def spared(market, buyer, shop, monkeypatch):
    """A demand that was not sent to the shop because of another one, which it has declined now."""
    monkeypatch.setattr(allocation, "OPEN_NOTICES_PER_SUPPLIER", 1)
    market.supply(shop)
    first, second = market.demand(buyer), market.demand(buyer)
    (told,) = market.publish(first)
    assert market.publish(second) == []
    market.decline(shop, told.data["id"])
    assert market.ranks_again(first["id"]) == []  # nobody else is left for it
    return second


def allots(market):
    """The timer's turn; when each demand of the plan is ranked again."""
    with market.desk.session() as session, session.begin():
        due = {NOBODY: market.desk.clock.moment}
        schedule_unset(session, allotting.NAME, allotting.ALLOT, due)
    market.desk.meet(allotting.allot, allotting.NAME, NOBODY, allotting.ALLOT)
    return {id for _, id, verb in market.desk.deadlines() if verb == again.RANK_AGAIN}


def test_who_has_room_again_is_told_of_what_it_missed(market, spared, shop):
    pytest.importorskip("scipy")
    assert allots(market) == {spared["id"]}
    (told,) = market.ranks_again(spared["id"])
    assert (told.type, told.data["supplier_id"]) == ("match.sent.v1", shop.party_id)
    assert told.data["allotted"] == "programme"
    with market.desk.session() as session:
        assert session.get_one(DemandCopy, spared["id"]).planned is None
    assert allots(market) == set()


def test_late_it_is_greedy_and_tells_the_same_here(market, spared, monkeypatch):
    monkeypatch.setattr(programme, "_exact", lambda *_: None)
    assert allots(market) == {spared["id"]}


def test_a_supplier_that_is_still_full_is_not_planned_for(market, buyer, spared, monkeypatch):
    monkeypatch.setattr(programme, "_exact", lambda *_: None)
    market.publish(market.demand(buyer))  # to which the shop goes now
    assert allots(market) == set()


def test_a_demand_that_ends_before_its_ranking_tells_nobody(market, spared, monkeypatch):
    monkeypatch.setattr(programme, "_exact", lambda *_: None)
    allots(market)
    market.moves_on(spared, "closed", 3, state="evaluating")
    assert market.ranks_again(spared["id"]) == []
