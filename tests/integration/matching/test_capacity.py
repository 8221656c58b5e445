"""Award → capacity: reserved or short, used at signing, free again at every end."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from services.contracts.demand import demand
from services.matching.commands import capacity
from services.matching.tables import Supply

AWARDS, CAPACITY = 20, 5


def award(market, shop, id, state, sequence=5, supply=True, quote=None):
    return market.moves_on(
        state, "awarded", sequence, state="awarded", awarded_quote_id=quote,
        awarded_supplier_id=shop.party_id, awarded_supply_id=id if supply else None,
    )  # fmt: skip


def two_ids(market):
    return market.desk.ids.new(), market.desk.ids.new()


def count(market, id):
    supply = market.get_supply(id)
    return supply.capacity_free, supply.capacity_reserved, supply.capacity_used


def test_reserved_on_award_used_at_signing_free_when_fulfilled(market, buyer, shop):
    id = market.supply(shop, capacity_declared=2)
    state = market.demand(buyer)
    (reserved,) = award(market, shop, id, state)
    assert reserved.type == "supply.reserved.v1"
    assert reserved.data["reserved_for_demand_id"] == state["id"]
    assert count(market, id) == (1, 1, 0)
    winner = {"awarded_supplier_id": shop.party_id, "awarded_supply_id": id}
    assert market.moves_on(state, "award_confirmed", 6, state="contracting", **winner) == []
    (used,) = market.moves_on(state, "contracted", 7, state="contracted", **winner)
    assert (used.type, count(market, id)) == ("supply.used.v1", (1, 0, 1))
    (freed,) = market.moves_on(state, "fulfilled", 8, state="fulfilled", **winner)
    assert (freed.type, count(market, id)) == ("supply.released.v1", (2, 0, 0))


@pytest.mark.parametrize(
    ("past", "state_after"), [("cancelled", "cancelled"), ("award_lapsed", "evaluating")]
)
def test_released_when_the_award_ends(market, buyer, shop, past, state_after):
    id = market.supply(shop, capacity_declared=1)
    state = market.demand(buyer)
    award(market, shop, id, state)
    (released,) = market.moves_on(state, past, 6, state=state_after)
    assert released.data["reserved_for_demand_id"] == state["id"]
    assert count(market, id) == (1, 0, 0)
    (again,) = award(market, shop, id, state, sequence=7)
    assert (again.type, count(market, id)) == ("supply.reserved.v1", (0, 1, 0))


def test_short_when_nothing_is_free_and_said_once(market, buyer, shop):
    id = market.supply(shop, capacity_declared=0)
    state = market.demand(buyer)
    (short,) = award(market, shop, id, state)
    assert short.type == "supply.short.v1"
    assert short.data["reserved_for_demand_id"] == state["id"]
    assert award(market, shop, id, state, sequence=6) == []
    assert count(market, id) == (0, 0, 0)


def test_a_second_award_is_answered_too_when_still_nothing_is_free(market, buyer, shop):
    id = market.supply(shop, capacity_declared=0)
    state = market.demand(buyer)
    award(market, shop, id, state)
    assert market.moves_on(state, "award_lapsed", 6, state="evaluating") == []
    (short,) = award(market, shop, id, state, sequence=7)
    assert (short.type, short.data["reserved_for_demand_id"]) == ("supply.short.v1", state["id"])


@pytest.mark.parametrize(("declared", "answer"), [(0, ["short"]), (1, ["released", "reserved"])])
def test_a_second_award_that_overtakes_the_lapse_of_the_first_is_answered(
    market, buyer, shop, declared, answer
):
    id, first, second = market.supply(shop, capacity_declared=declared), *two_ids(market)
    state = market.demand(buyer)
    award(market, shop, id, state, quote=first)
    told = award(market, shop, id, state, sequence=7, quote=second)
    assert [event.past for event in told] == answer
    assert market.moves_on(state, "award_lapsed", 6, state="evaluating") == []


def test_an_award_keeps_the_supply_it_holds_when_a_newer_one_comes(market, buyer, shop):
    held = market.supply(shop, "钛合金锻件", capacity_declared=1)
    state = market.demand(buyer)
    (reserved,) = award(market, shop, None, state, supply=False)
    assert reserved.subject == held
    market.supply(shop, "钛合金叶轮", capacity_declared=1)
    winner = {"awarded_supplier_id": shop.party_id, "awarded_supply_id": None}
    assert market.moves_on(state, "award_confirmed", 6, state="contracting", **winner) == []
    assert market.reservations(state["id"]) == {held: "reserved"}


def test_what_declares_no_capacity_is_reserved_with_nothing_to_subtract(market, buyer, shop):
    id = market.supply(shop)
    state = market.demand(buyer)
    (reserved,) = award(market, shop, id, state)
    assert reserved.type == "supply.reserved.v1"
    assert count(market, id) == (None, 0, 0)
    (released,) = market.moves_on(state, "cancelled", 6, state="cancelled")
    assert (released.type, count(market, id)) == ("supply.released.v1", (None, 0, 0))


def test_an_award_that_names_no_supply_takes_that_of_the_winners_match(market, buyer, shop):
    other, matched = market.supply(shop, "草坪养护", text="修剪"), market.supply(shop)
    state = market.demand(buyer)
    market.publish(state)
    expired, reserved = award(market, shop, None, state, supply=False)
    assert (expired.type, reserved.type) == ("match.expired.v1", "supply.reserved.v1")
    assert reserved.subject == matched != other


def test_an_award_to_one_without_any_supply_says_nothing(market, buyer, shop):
    assert award(market, shop, None, market.demand(buyer), supply=False) == []


def test_the_next_bidder_gets_the_capacity_and_the_first_gives_its_own_back(market, buyer, shop):
    next_one = market.party("后手精密")
    first, second = market.supply(shop, capacity_declared=1), market.supply(next_one)
    state = market.demand(buyer)
    award(market, shop, first, state)
    award(market, next_one, second, state, sequence=7)  # the lapse is still on its way
    assert market.reservations(state["id"]) == {first: "released", second: "reserved"}
    assert market.moves_on(state, "award_lapsed", 6, state="evaluating") == []  # and comes late
    assert market.reservations(state["id"]) == {first: "released", second: "reserved"}


def test_an_award_heard_of_after_its_end_reserves_nothing(market, buyer, shop):
    id = market.supply(shop, capacity_declared=1)
    state = market.demand(buyer)
    market.moves_on(state, "cancelled", 6, state="cancelled")
    assert award(market, shop, id, state, sequence=5) == []
    assert count(market, id) == (1, 0, 0)


def test_twenty_awards_at_once_never_take_more_than_there_is(market, buyer, shop):
    id = market.supply(shop, capacity_declared=CAPACITY)
    facts = [
        market.fact(
            demand, "awarded",
            market.demand(
                buyer, state="awarded",
                awarded_supplier_id=shop.party_id, awarded_supply_id=id,
            ),
            5,
        )
        for _ in range(AWARDS)
    ]  # fmt: skip
    with ThreadPoolExecutor(8) as pool:
        twice = [*facts, *facts]  # and every fact is delivered twice
        list(pool.map(lambda fact: market.desk.transactions.act(
            capacity.follow_award, "awards", [fact]), twice))  # fmt: skip
    said = [event.past for event in market.desk.events() if event.past in {"reserved", "short"}]
    assert (said.count("reserved"), said.count("short")) == (CAPACITY, AWARDS - CAPACITY)
    assert count(market, id) == (0, CAPACITY, 0)


def test_the_database_itself_keeps_the_sum(market, shop):
    id = market.supply(shop, capacity_declared=CAPACITY)
    with market.desk.session() as session, pytest.raises(IntegrityError, match="supplies_capacity"):
        session.execute(update(Supply).where(Supply.id == id).values(capacity_reserved=1))
