"""A deal of the platform that is done speaks for its supplier from then on."""

import pytest

from services.matching import replay, scoring


@pytest.fixture
def won(market, buyer, shop):
    """(demand, quote id) of what the shop was awarded, with the older of its two supplies."""
    older = market.supply(shop)
    market.supply(shop, "草坪养护", text="四季养护")
    state = market.demand(buyer, region="浙江省杭州市")
    market.publish(state)
    quote_id = market.desk.ids.new()
    awarded = {
        "awarded_supplier_id": shop.party_id,
        "awarded_supply_id": older,
        "awarded_quote_id": quote_id,
    }
    market.moves_on(state, "awarded", 3, state="awarded", **awarded)
    market.moves_on(state, "contracted", 4, state="contracted", **awarded)
    market.moves_on(state, "fulfilled", 5, state="fulfilled", **awarded)
    return state, quote_id, older


def test_a_completed_contract_enters_the_track_record_once(market, shop, won):
    state, quote_id, older = won
    (fact,) = market.completes(state, quote_id, shop)
    assert (fact.type, fact.subject) == ("supply.recorded.v1", older)
    (deal,) = market.get_supply(older).track_record
    assert deal == {
        "title": state["title"],
        "buyer": "采购方",
        "place": "浙江省杭州市",
        "date": deal["date"],
        "amount_fen": 81_500_000,
        "outcome": "delivered",
    }
    assert deal["date"].isoformat() == fact.business_date
    assert market.completes(state, quote_id, shop) == []


def test_the_next_demand_like_it_finds_the_deal(market, buyer, shop, won):
    state, quote_id, older = won

    def value():
        told = {event.data["supply_id"]: event.data for event in market.publish(next_one())}
        parts = {one["feature"]: one["value_ppm"] for one in told[older]["contributions"]}
        return parts["deals"]

    def next_one():
        return market.demand(buyer, region="浙江省杭州市")

    before = value()
    market.completes(state, quote_id, shop)
    assert before == 0 < value()


def test_a_supplier_without_a_reservation_has_it_with_its_match(market, buyer, shop):
    id = market.supply(shop)
    state = market.demand(buyer)
    market.publish(state)
    (fact,) = market.completes(state, market.desk.ids.new(), shop)
    assert fact.subject == id
    stranger = market.party("无供给")
    assert market.completes(state, market.desk.ids.new(), stranger) == []


def test_every_proposal_can_be_replayed_from_what_is_stored(market, buyer, shop):
    for n in range(12):
        market.supply(market.party(f"精密{n}号"))
    state = market.demand(buyer)
    market.publish(state)
    versions = {weights.version: weights for weights in scoring.all_weights()}
    sent, short = market.matches(state["id"]), market.withheld(state["id"])
    assert (len(sent), len(short)) == (10, 2)
    for match in sent:
        weights = versions[match.weights_version]
        assert replay.of_match(match.score_ppm, match.contributions, weights).wrong == ""
    for one in short:
        weights = versions[one["weights_version"]]
        assert replay.in_short(one["score_ppm"], one["values_ppm"], weights).wrong == ""
