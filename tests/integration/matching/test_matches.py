"""What becomes of a match: the supplier's word, the quote's, the demand's."""

import pytest

from services.contracts.demand import demand
from services.contracts.problems import Problem
from services.contracts.supply import CheckMatch, CreateSupply, SubmitSupply
from services.matching import copies, queries
from services.matching.commands import supplies
from tests.integration.matching.market import LATER


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


def test_what_a_supplier_says_to_it_is_kept_until_it_comes_back(market, shop, sent):
    state, match = sent
    declined = market.decline(shop, match["id"], "other", "下半年才有空档")
    assert (declined["reason_code"], declined["reason_note"]) == ("other", "下半年才有空档")
    (kept,) = market.matches(state["id"])
    assert kept.reason_note == "下半年才有空档"
    assert market.enter(shop, state["id"], match["supply_id"])["reason_note"] is None


def test_only_its_supplier_answers_a_match(market, buyer, sent):
    for stranger in (market.party("别家"), buyer):
        with pytest.raises(Problem) as refused:
            market.show_interest(stranger, sent[1]["id"])
        assert refused.value.code == "not_found"


@pytest.mark.parametrize(
    ("past", "fact", "given", "reason"),
    [
        ("accepted", "match.won.v1", None, None),
        ("rejected", "match.lost.v1", "price_too_high", "price_too_high"),
        ("rejected", "match.lost.v1", None, "quote_rejected"),
        ("expired", "match.lost.v1", None, "quote_expired"),
    ],
)
def test_an_opened_quote_moves_its_match(market, sent, past, fact, given, reason):
    _, match = sent
    quote = market.quoted(match)
    assert market.matches(match["demand_id"])[0].state == "quoted"
    (moved,) = market.quotes(quote, past, 3, reason_code=given)
    assert (moved.type, moved.data["reason_code"]) == (fact, reason)


@pytest.mark.parametrize("end", ["withdrawn", "invalidated"])
def test_nobody_can_tell_from_a_match_that_there_is_a_sealed_quote(market, sent, end):
    state, match = sent
    quote = market.quote(match)
    assert market.quotes(quote, "sealed", 1) == []
    assert market.quotes(quote, end, 2) == []
    (shown,) = market.matches(state["id"])
    assert (shown.state, shown.sequence, shown.reason_code) == ("sent", match["sequence"], None)


def test_a_sealed_quote_is_shown_by_its_opening(market, sent):
    state, match = sent
    quote = market.quote(match)
    market.quotes(quote, "sealed", 1)
    assert market.moves_on(state, "closed", 3, state="evaluating") == []
    assert types(market.quotes(quote, "opened", 2, opened_at=LATER)) == ["match.quoted.v1"]


def test_one_whose_quote_was_never_opened_has_not_quoted(market, sent):
    """Its validity ended before the opening: neither the buyer nor a rival hears of it."""
    state, match = sent
    quote = market.quote(match)
    market.quotes(quote, "sealed", 1)
    market.moves_on(state, "closed", 3, state="evaluating")
    (expired,) = market.quotes(quote, "expired", 2)
    assert (expired.type, expired.data["reason_code"]) == (
        "match.expired.v1", "quote_deadline_passed",
    )  # fmt: skip


def test_the_match_of_a_quote_that_an_amendment_invalidated_ends_with_the_deadline(market, sent):
    state, match = sent
    quote = market.quote(match)
    market.quotes(quote, "sealed", 1)
    market.publish(state | {"version": 2}, "amended", sequence=3)
    assert market.moves_on(state, "closed", 4, state="evaluating") == []  # heard of first
    (expired,) = market.quotes(quote, "invalidated", 2, reason_code="demand_amended")
    assert expired.type == "match.expired.v1"


def test_a_quote_of_another_supplier_or_without_match_moves_nothing(market, sent):
    _, match = sent
    for changes in ({"supplier_id": market.desk.ids.new()}, {"match_id": None}):
        quote = market.quote(match, **changes)
        market.quotes(quote, "sealed", 1)
        assert market.quotes(quote, "opened", 2, opened_at=LATER) == []


def test_the_deadline_expires_who_did_not_quote(market, buyer, shop):
    quick, slow = market.party("快手"), market.party("慢手")
    for supplier in (quick, slow):
        market.supply(supplier)
    state = market.demand(buyer)
    told = {event.data["supplier_id"]: event.data for event in market.publish(state)}
    market.quoted(told[quick.party_id])
    (expired,) = market.moves_on(state, "closed", 3, state="evaluating")
    assert expired.type == "match.expired.v1"
    assert expired.data["supplier_id"] == slow.party_id
    assert expired.data["reason_code"] == "quote_deadline_passed"


def test_a_quote_that_is_heard_of_after_the_closing_still_counts(market, sent):
    state, match = sent
    market.moves_on(state, "closed", 3, state="evaluating")
    market.quoted(match)
    assert market.matches(state["id"])[0].state == "quoted"


@pytest.mark.parametrize("end", ["cancelled", "unsuccessful"])
def test_a_demand_that_ends_closes_its_matches(market, sent, end):
    state, match = sent
    market.quoted(match)
    (closed,) = market.moves_on(state, end, 4, state=end)
    assert (closed.type, closed.data["reason_code"]) == ("match.closed.v1", f"demand_{end}")


def test_an_older_fact_of_the_demand_does_not_undo_a_newer_one(market, sent):
    state, match = sent
    market.quotes(market.quoted(match), "accepted", 3)
    market.moves_on(state, "contracted", 6, state="contracted")
    assert market.moves_on(state, "closed", 3, state="evaluating") == []
    assert market.matches(state["id"])[0].state == "won"


def test_an_award_that_lapsed_before_another_was_signed_does_not_undo_the_winner(market, sent):
    """After an outage the quotes' facts may be through before those of the demand."""
    state, match = sent
    market.quotes(market.quoted(match), "accepted", 3)
    assert market.moves_on(state, "award_lapsed", 6, state="evaluating") == []
    assert market.moves_on(state, "contracted", 9, state="contracted") == []
    assert market.matches(state["id"])[0].state == "won"


def test_the_quote_of_a_lapsed_award_is_lost_by_its_own_fact(market, sent):
    state, match = sent
    quote = market.quoted(match)
    assert market.moves_on(state, "award_lapsed", 6, state="evaluating") == []
    (lost,) = market.quotes(quote, "rejected", 3, reason_code="not_confirmed")
    assert (lost.type, lost.data["reason_code"]) == ("match.lost.v1", "not_confirmed")


def test_a_supplier_that_lost_may_win_the_next_round(market, sent):
    state, match = sent
    first = market.quoted(match)
    market.quotes(first, "rejected", 3)
    market.moves_on(state, "unsuccessful", 4, state="unsuccessful")
    assert market.matches(state["id"])[0].state == "lost"
    market.desk.act(copies.note_demand, market.fact(demand, "reopened", state, 5))
    second = market.quote(match)
    market.quotes(second, "sealed", 1)
    assert types(market.quotes(second, "opened", 2, opened_at=LATER)) == ["match.quoted.v1"]
    assert types(market.quotes(second, "accepted", 3, opened_at=LATER)) == ["match.won.v1"]


def test_late_facts_of_the_first_round_leave_the_second_alone(market, sent):
    state, match = sent
    first = market.quoted(match)
    market.moves_on(state, "unsuccessful", 4, state="unsuccessful")
    market.publish(state, "reopened", sequence=5)
    assert market.quotes(first, "expired", 3) == []
    assert market.matches(state["id"])[0].state == "sent"
    second = market.quoted(match)
    assert market.quotes(first, "rejected", 4) == []
    assert types(market.quotes(second, "accepted", 3)) == ["match.won.v1"]


def test_a_reopening_that_overtakes_the_end_of_a_quote_tells_its_supplier_again(market, sent):
    state, match = sent
    first = market.quoted(match)
    lost, again = market.publish(state, "reopened", sequence=5)
    assert (lost.type, lost.data["reason_code"]) == ("match.lost.v1", "demand_reopened")
    assert (again.type, again.subject) == ("match.sent.v1", match["id"])
    assert market.quotes(first, "expired", 3) == []


def test_after_the_deadline_nobody_answers_although_the_timer_is_late(market, shop, sent):
    _, match = sent
    market.desk.clock.advance(days=7)
    for answer in (market.show_interest, market.decline):
        with pytest.raises(Problem) as refused:
            answer(shop, match["id"])
        assert refused.value.code == "demand_not_in_hall"


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
