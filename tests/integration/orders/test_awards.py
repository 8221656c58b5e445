"""From the deadline to the confirmed award."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from services.contracts.money import as_money
from services.contracts.supply import supply
from services.messaging import Ids
from services.orders.commands.awards import note_capacity
from tests.desk import a_fact
from tests.integration.orders.trade import DEADLINE, PRICE_FEN, Trade, refused

# Awarded on Wednesday 4 March: two working days end with Friday 6 March, Shanghai time.
CONFIRM_UNTIL = datetime.fromisoformat("2026-03-06T16:00:00+00:00")


def rivals_quote(trade: Trade) -> str:
    """The id of the other opened quote."""
    found = [e for e in trade.desk.events() if e.type == "quote.opened.v1"]
    return next(e.subject for e in found if e.data["supplier_id"] == trade.rival.id)


def test_the_deadline_opens_all_quotes(trade: Trade) -> None:
    trade.publish()
    trade.seal()
    trade.seal(trade.rival, price=as_money(PRICE_FEN + 1))
    facts = trade.close()
    assert facts.types == ["demand.closed", "quote.opened", "quote.opened"]
    assert facts["demand.closed"]["quote_count"] == 2
    prices = [event.data["price_fen"] for event in facts if event.aggregate == "quote"]
    assert prices == [PRICE_FEN, PRICE_FEN + 1]


def test_without_a_valid_quote_the_demand_is_unsuccessful(trade: Trade) -> None:
    trade.publish()
    trade.seal()
    trade.do("withdraw_quote", trade.supplier, id=trade.quote_id)
    facts = trade.close()
    assert facts.types == ["demand.closed", "demand.unsuccessful"]
    assert facts["demand.unsuccessful"]["reason_code"] == "no_valid_quote"


def test_a_quote_whose_validity_ended_before_a_late_opening_is_never_shown(trade: Trade) -> None:
    trade.publish()
    trade.seal(valid_until="2026-03-04")
    facts = trade.wait_until(DEADLINE + timedelta(days=1))
    assert facts.types == ["demand.closed", "quote.expired", "demand.unsuccessful"]
    assert facts["quote.expired"]["price_fen"] is None


def test_an_award_names_quote_supplier_and_supply(trade: Trade) -> None:
    trade.until_evaluating()
    awarded = trade.award()["demand.awarded"]
    assert (awarded["awarded_quote_id"], awarded["awarded_supplier_id"]) == (
        trade.quote_id, trade.supplier.id,
    )  # fmt: skip
    assert awarded["awarded_supply_id"] == trade.supply_id
    assert awarded["award_confirm_until"] == CONFIRM_UNTIL.isoformat()
    assert trade.quote()["state"] == "opened"


def test_an_award_with_the_timer_down_opens_the_quotes_first(trade: Trade) -> None:
    trade.publish()
    trade.seal()
    trade.desk.clock.moment = DEADLINE
    assert trade.award().types == ["demand.closed", "quote.opened", "demand.awarded"]


def test_what_cannot_be_awarded(trade: Trade) -> None:
    trade.publish()
    trade.seal()
    with refused("quote_not_opened"):
        trade.award()
    with refused("quote_unknown"):
        trade.award(Ids().new())
    trade.close()
    trade.award()
    with refused("illegal_move"):
        trade.award()


def test_an_expired_quote_is_not_awarded_even_if_the_timer_is_down(trade: Trade) -> None:
    trade.until_evaluating()
    trade.desk.clock.moment = datetime.fromisoformat("2026-05-01T00:00:00+08:00")
    with refused("quote_not_opened"):
        trade.award()


def test_when_all_quotes_have_expired_nothing_is_left_to_award(trade: Trade) -> None:
    trade.until_evaluating()
    facts = trade.wait_until(datetime.fromisoformat("2026-05-01T00:00:00+08:00"))
    assert facts.types == ["quote.expired", "quote.expired", "demand.unsuccessful"]
    assert facts["demand.unsuccessful"]["reason_code"] == "validity_over"


def test_silence_lapses_the_award_and_the_next_may_be_awarded(trade: Trade) -> None:
    trade.until_evaluating()
    trade.award()
    facts = trade.wait_until(CONFIRM_UNTIL)
    assert facts.types == ["demand.award_lapsed", "quote.rejected"]
    lapsed = facts["demand.award_lapsed"]
    assert (lapsed["state"], lapsed["reason_code"]) == ("evaluating", "not_confirmed")
    assert lapsed["awarded_supplier_id"] is None
    with refused("quote_not_opened"):
        trade.award()
    trade.award(rivals_quote(trade))
    assert trade.confirm(trade.rival)["contract.cleared"]["amount_fen"] == PRICE_FEN + 1


def test_the_last_award_to_lapse_leaves_the_demand_unsuccessful(trade: Trade) -> None:
    trade.publish()
    trade.seal()
    trade.close()
    trade.award()
    assert trade.wait_until(CONFIRM_UNTIL).types == [
        "demand.award_lapsed", "quote.rejected", "demand.unsuccessful",
    ]  # fmt: skip


def test_a_late_confirmation_is_refused_even_if_the_timer_is_down(trade: Trade) -> None:
    trade.until_evaluating()
    trade.award()
    trade.desk.clock.moment = CONFIRM_UNTIL
    with refused("award_confirmation_passed"):
        trade.confirm()


def test_only_the_awarded_supplier_confirms(trade: Trade) -> None:
    trade.until_evaluating()
    trade.award()
    for person in (trade.rival, trade.buyer):
        with refused("not_found"):
            trade.confirm(person)


def test_confirming_drafts_a_checked_contract_from_quote_and_terms(trade: Trade) -> None:
    trade.until_evaluating()
    trade.award()
    facts = trade.confirm()
    assert facts.types == ["demand.award_confirmed", "contract.drafted", "contract.cleared"]
    contract = facts["contract.cleared"]
    assert facts["demand.award_confirmed"]["contract_id"] == contract["id"]
    assert (contract["kind"], contract["amount_fen"]) == ("order", PRICE_FEN)
    assert contract["delivery_due_date"] == "2026-04-20"  # 45 days end on a Saturday
    with refused("illegal_move"):
        trade.confirm()


@pytest.mark.parametrize(
    ("latest", "agreed"), [("2026-06-30", "2026-04-20"), ("2026-04-01", "2026-04-01")]
)
def test_what_was_quoted_is_agreed_and_no_later_day_than_was_asked(
    trade: Trade, latest: str, agreed: str
) -> None:
    """A quote that was chosen as the fastest left only the demand's own day in the contract."""
    trade.until_evaluating(delivery_due_date=latest)
    trade.award()
    assert trade.confirm()["contract.drafted"]["delivery_due_date"] == agreed


def test_an_acquisition_leads_to_an_intent_only(trade: Trade) -> None:
    trade.until_contracting(kind="acquisition")
    assert trade.contract()["kind"] == "intent"


def capacity(trade: Trade, past: str, **changes: Any) -> list[str]:
    state = {
        "id": trade.supply_id, "supplier_id": trade.supplier.id,
        "reserved_for_demand_id": trade.demand_id, "sequence": 5,
    }  # fmt: skip
    fact = a_fact(supply.event(past), state | changes)
    return [event.type for event in trade.desk.act(note_capacity, fact)]


def test_the_buyer_is_told_of_the_capacity(trade: Trade) -> None:
    trade.until_evaluating()
    trade.award()
    assert trade.demand()["capacity"] == "unchecked"
    assert capacity(trade, "reserved") == ["demand.capacity_checked.v1"]
    assert trade.demand()["capacity"] == "reserved"
    assert capacity(trade, "short") == ["demand.capacity_checked.v1"]
    assert trade.demand()["capacity"] == "short"


def test_a_quote_without_a_match_takes_the_supply_that_matching_chose(trade: Trade) -> None:
    trade.publish()
    trade.seal()
    trade.close()
    trade.award()
    trade.supply_id = Ids().new()
    assert capacity(trade, "reserved", supplier_id=trade.rival.id) == []
    assert capacity(trade, "reserved") == ["demand.capacity_checked.v1"]
    assert trade.demand()["awarded_supply_id"] == trade.supply_id


def test_capacity_that_is_not_for_this_award_changes_nothing(trade: Trade) -> None:
    trade.until_evaluating()
    assert capacity(trade, "reserved") == []
    trade.award()
    assert capacity(trade, "reserved", id=Ids().new()) == []
    assert capacity(trade, "reserved", reserved_for_demand_id=None) == []
