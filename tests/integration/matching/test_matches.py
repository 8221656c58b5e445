"""What becomes of a match: the supplier's word, the quote's, the demand's."""

import pytest

from services.contracts.problems import Problem
from services.contracts.supply import CheckMatch, CreateSupply, SubmitSupply
from services.matching import queries
from services.matching.commands import supplies


@pytest.fixture
def buyer(market):
    return market.party("岚航重型装备")


@pytest.fixture
def shop(market):
    return market.party("启航精密")


@pytest.fixture
def sent(market, buyer, shop):
    """(demand, match) after the demand was sent to the shop."""
    market.supply(shop)
    state = market.demand(buyer)
    (told,) = market.publish(state)
    return state, told.data


def types(events):
    return [event.type for event in events]


def test_interested_then_declined_with_a_code(market, shop, sent):
    _, match = sent
    assert market.show_interest(shop, match["id"])["state"] == "interested"
    declined = market.decline(shop, match["id"], "delivery_too_short")
    assert (declined["state"], declined["reason_code"]) == ("declined", "delivery_too_short")
    with pytest.raises(Problem) as refused:
        market.show_interest(shop, match["id"])
    assert refused.value.code == "illegal_move"


def test_only_its_supplier_answers_a_match(market, buyer, sent):
    for stranger in (market.party("别家"), buyer):
        with pytest.raises(Problem) as refused:
            market.show_interest(stranger, sent[1]["id"])
        assert refused.value.code == "not_found"


@pytest.mark.parametrize(
    ("state", "past", "fact", "reason"),
    [
        ("accepted", "accepted", "match.won.v1", None),
        ("rejected", "rejected", "match.lost.v1", "price_too_high"),
        ("expired", "expired", "match.lost.v1", "quote_expired"),
        ("withdrawn", "withdrawn", "match.withdrawn.v1", "quote_withdrawn"),
    ],
)
def test_a_quote_moves_its_match(market, sent, state, past, fact, reason):
    _, match = sent
    assert types(market.quoted(match, "sealed", "sealed")) == ["match.quoted.v1"]
    given = {"reason_code": reason} if reason == "price_too_high" else {}
    (moved,) = market.quoted(match, state, past, **given)
    assert (moved.type, moved.data["reason_code"]) == (fact, reason)


def test_a_quote_of_another_supplier_or_without_match_moves_nothing(market, sent):
    _, match = sent
    assert market.quoted(match, "sealed", "sealed", supplier_id=market.desk.ids.new()) == []
    assert market.quoted(match, "sealed", "sealed", match_id=None) == []


def test_the_deadline_expires_who_did_not_quote(market, buyer, shop):
    quick, slow = market.party("快手"), market.party("慢手")
    for supplier in (quick, slow):
        market.supply(supplier)
    state = market.demand(buyer)
    told = {event.data["supplier_id"]: event.data for event in market.publish(state)}
    market.quoted(told[quick.party_id], "sealed", "sealed")
    (expired,) = market.moves_on(state, "closed", 3, state="evaluating")
    assert expired.type == "match.expired.v1"
    assert expired.data["supplier_id"] == slow.party_id
    assert expired.data["reason_code"] == "quote_deadline_passed"


def test_a_quote_that_is_heard_of_after_the_closing_still_counts(market, sent):
    state, match = sent
    market.moves_on(state, "closed", 3, state="evaluating")
    assert types(market.quoted(match, "sealed", "sealed")) == ["match.quoted.v1"]


@pytest.mark.parametrize("end", ["cancelled", "unsuccessful"])
def test_a_demand_that_ends_closes_its_matches(market, sent, end):
    state, match = sent
    market.quoted(match, "sealed", "sealed")
    (closed,) = market.moves_on(state, end, 4, state=end)
    assert (closed.type, closed.data["reason_code"]) == ("match.closed.v1", f"demand_{end}")


def test_an_older_fact_of_the_demand_does_not_undo_a_newer_one(market, sent):
    state, match = sent
    market.quoted(match, "sealed", "sealed")
    market.quoted(match, "accepted", "accepted")
    market.moves_on(state, "contracted", 6, state="contracted")
    assert market.moves_on(state, "closed", 3, state="evaluating") == []
    assert market.matches(state["id"])[0].state == "won"


def test_a_lapsed_award_is_lost(market, sent):
    state, match = sent
    market.quoted(match, "sealed", "sealed")
    market.quoted(match, "accepted", "accepted")
    (lost,) = market.moves_on(state, "award_lapsed", 6, state="evaluating")
    assert (lost.type, lost.data["reason_code"]) == ("match.lost.v1", "award_lapsed")


def test_proposed_matches_end_in_silence(market, buyer, shop):
    market.supply(shop)
    market.supply(shop)  # of the same supplier: proposed, not sent
    state = market.demand(buyer)
    market.publish(state)
    assert len(market.moves_on(state, "cancelled", 3, state="cancelled")) == 1
    assert [one.state for one in market.matches(state["id"])] == ["closed", "closed"]


def test_a_supplier_enters_from_the_hall_and_sees_the_constraints(market, buyer):
    state = market.demand(buyer, budget_fen=100)
    market.publish(state)
    newcomer = market.party("后来者")
    id = market.supply(newcomer, price_min={"amount": "5.00", "currency": "CNY"})
    body = {"demand_id": state["id"], "supply_id": id}
    checked = market.desk.ask(CheckMatch, queries.check, newcomer, body)
    assert {one["constraint"]: one["verdict"] for one in checked["verdicts"]}["price"] == "fail"
    assert "叶轮" in checked["terms"]
    assert market.matches(state["id"]) == []
    entered = market.enter(newcomer, state["id"], id)
    assert (entered["state"], entered["source"], entered["score_ppm"]) == (
        "interested", "supplier", None,
    )  # fmt: skip
    assert entered["verdicts"] == checked["verdicts"]
    with pytest.raises(Problem) as refused:
        market.enter(newcomer, state["id"], id)
    assert refused.value.code == "match_exists"


def test_one_who_declined_may_come_back_through_the_hall(market, shop, sent):
    state, match = sent
    market.decline(shop, match["id"])
    entered = market.enter(shop, state["id"], match["supply_id"])
    assert (entered["id"], entered["state"], entered["source"]) == (
        match["id"], "interested", "machine",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"kind": "fund"}, "kind_mismatch"),
        ({"buyer": True}, "own_demand_entered"),
        ({"closed": True}, "demand_not_in_hall"),
        ({"late": True}, "demand_not_in_hall"),
        ({"draft": True}, "supply_not_active"),
        ({"unknown": True}, "not_found"),
        ({"foreign": True}, "not_found"),
    ],
)
def test_whom_the_hall_refuses(market, buyer, shop, changes, code):
    owner = buyer if "buyer" in changes else shop
    state = market.demand(buyer)
    market.publish(state)
    id = market.supply(owner, kind=changes.get("kind", "product"))
    if "draft" in changes:
        id = _draft(market, owner)
    if "closed" in changes:
        market.moves_on(state, "closed", 3, state="evaluating")
    if "late" in changes:
        market.desk.clock.advance(days=7)  # the instant of the deadline itself is too late
    demand_id = market.desk.ids.new() if "unknown" in changes else state["id"]
    actor = market.party("别家") if "foreign" in changes else owner
    with pytest.raises(Problem) as refused:
        market.enter(actor, demand_id, id)
    assert refused.value.code == code
    assert all(one.source == "machine" for one in market.matches(state["id"]))


def _draft(market, owner):
    id = market.desk.execute(CreateSupply, supplies.create, owner, {"title": "草稿"}).id
    market.desk.execute(SubmitSupply, supplies.submit, owner, id=id)
    return id
