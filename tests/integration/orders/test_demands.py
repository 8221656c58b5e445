"""Demands: draft, publish, amend, reopen, cancel."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from services.orders.tables import Demand
from tests.desk import START
from tests.integration.orders.trade import DEADLINE, TERMS, Person, Trade, refused


def test_a_draft_is_its_buyers_and_says_what_it_was_given(trade: Trade) -> None:
    drafted = trade.draft(budget={"amount": "150000.00", "currency": "CNY"})["demand.created"]
    assert (drafted["state"], drafted["buyer_id"]) == ("draft", trade.buyer.id)
    assert (drafted["budget_fen"], drafted["region"], drafted["requirements"]) == (
        15_000_000, None, None,
    )  # fmt: skip


def test_a_party_that_orders_has_not_heard_of_is_told(trade: Trade) -> None:
    with refused("party_unknown"):
        trade.do("create_demand", Person("无名", "buyer.purchaser"), {"title": "试"})


def test_publishing_starts_the_clock(trade: Trade) -> None:
    facts = trade.publish()
    assert facts.types == ["demand.published"]
    assert facts["demand.published"]["published_at"] == START.isoformat()
    assert trade.desk.deadlines() == {("demand", trade.demand_id, "close"): DEADLINE}


def test_who_needs_no_draft_publishes_at_once(trade: Trade) -> None:
    facts = trade.draft(publish=True)
    assert facts.types == ["demand.published"]
    published = facts["demand.published"]
    assert (published["state"], published["sequence"], published["published_at"]) == (
        "published", 1, START.isoformat(),
    )  # fmt: skip
    assert trade.desk.deadlines() == {("demand", published["id"], "close"): DEADLINE}


def test_what_is_not_fit_to_be_published_at_once_is_no_draft_either(trade: Trade) -> None:
    with refused("terms_missing"):
        trade.draft(publish=True, terms=None)
    with trade.desk.sessionmaker() as session:
        assert session.scalars(select(Demand)).all() == []
    assert trade.desk.deadlines() == {}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"quote_deadline_at": None}, "quote_deadline_not_ahead"),
        ({"quote_deadline_at": START.isoformat()}, "quote_deadline_not_ahead"),
        ({"delivery_due_date": "2026-03-01"}, "in_the_past"),
        ({"terms": None}, "terms_missing"),
        ({"terms": TERMS | {"nodes": TERMS["nodes"][:1]}}, "terms_shares"),
    ],
)
def test_an_incomplete_demand_is_not_published(
    trade: Trade, changes: dict[str, Any], code: str
) -> None:
    trade.draft(**changes)
    with refused(code):
        trade.do("publish_demand", trade.buyer, id=trade.demand_id)
    assert trade.demand()["state"] == "draft"


def test_an_unverified_buyer_may_draft_but_not_publish(trade: Trade) -> None:
    trade.knows(trade.buyer, verified_until="2026-03-01", sequence=2)
    trade.draft()
    with refused("party_unverified"):
        trade.do("publish_demand", trade.buyer, id=trade.demand_id)


def test_only_a_buyer_publishes_a_challenge(trade: Trade) -> None:
    trade.knows(trade.buyer, capacities=["supplier"], sequence=2)
    trade.draft(kind="challenge")
    with refused("challenge_needs_buyer"):
        trade.do("publish_demand", trade.buyer, id=trade.demand_id)


@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        ("publish_demand", {}),
        ("cancel_demand", {"reason_code": "no_budget"}),
        ("reopen_demand", {"quote_deadline_at": DEADLINE.isoformat()}),
        ("award_demand", {"quote_id": "0198c5f0-0000-7000-8000-000000000001"}),
        ("confirm_award_demand", {}),
    ],
)
def test_someone_elses_demand_is_not_there(
    trade: Trade, command: str, arguments: dict[str, Any]
) -> None:
    trade.publish()
    with refused("not_found"):
        trade.do(command, trade.stranger, arguments, id=trade.demand_id)


@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        ("publish_demand", {}),
        ("reopen_demand", {"quote_deadline_at": DEADLINE.isoformat()}),
    ],
)
def test_a_verb_in_the_wrong_state_changes_nothing(
    trade: Trade, command: str, arguments: dict[str, Any]
) -> None:
    trade.publish()
    before = trade.desk.events()
    with refused("illegal_move"):
        trade.do(command, trade.buyer, arguments, id=trade.demand_id)
    assert trade.desk.events() == before


def test_amending_a_draft_keeps_its_version(trade: Trade) -> None:
    trade.draft()
    facts = trade.do("amend_demand", trade.buyer, {"title": "改"}, id=trade.demand_id, version=1)
    amended = facts["demand.amended"]
    assert (amended["title"], amended["version"], amended["terms"]) == ("改", 1, None)


def test_amending_a_published_demand_invalidates_its_quotes(trade: Trade) -> None:
    later = DEADLINE + timedelta(days=1)
    text = {"title": "改", "terms": TERMS, "quote_deadline_at": later.isoformat()}
    trade.publish()
    trade.seal()
    trade.seal(trade.rival)
    facts = trade.do("amend_demand", trade.buyer, text, id=trade.demand_id, version=2)
    assert facts.types == ["demand.amended", "quote.invalidated", "quote.invalidated"]
    assert facts["demand.amended"]["version"] == 2
    assert facts["quote.invalidated"]["reason_code"] == "demand_amended"
    assert trade.desk.deadlines() == {("demand", trade.demand_id, "close"): later}
    assert trade.seal()["quote.sealed"]["demand_version"] == 2


def test_amending_needs_the_version_that_was_read(trade: Trade) -> None:
    trade.publish()
    with refused("version_required"):
        trade.do("amend_demand", trade.buyer, {"title": "改"}, id=trade.demand_id)
    with refused("stale_version"):
        trade.do("amend_demand", trade.buyer, {"title": "改"}, id=trade.demand_id, version=1)


def test_after_the_deadline_nothing_is_amended_even_if_the_timer_is_down(trade: Trade) -> None:
    trade.publish()
    trade.desk.clock.moment = DEADLINE
    with refused("illegal_move"):
        trade.do("amend_demand", trade.buyer, {"title": "改"}, id=trade.demand_id, version=2)


def test_what_found_no_quote_is_reopened_with_a_new_deadline(trade: Trade) -> None:
    trade.publish()
    trade.close()
    later = DEADLINE + timedelta(days=5)
    new = {"quote_deadline_at": later.isoformat()}
    facts = trade.do("reopen_demand", trade.buyer, new, id=trade.demand_id)
    assert facts.types == ["demand.reopened"]
    assert trade.seal()["quote.sealed"]["state"] == "sealed"
    assert trade.wait_until(later).types == ["demand.closed", "quote.opened"]


def test_what_was_to_be_delivered_by_now_is_neither_amended_so_nor_asked_for_again(
    trade: Trade,
) -> None:
    trade.publish(delivery_due_date=DEADLINE.date().isoformat())
    text = {"title": "改", "terms": TERMS, "quote_deadline_at": DEADLINE.isoformat()}
    late = text | {"delivery_due_date": "2026-03-01"}
    with refused("in_the_past"):
        trade.do("amend_demand", trade.buyer, late, id=trade.demand_id, version=2)
    trade.wait_until(DEADLINE + timedelta(days=1))
    new = {"quote_deadline_at": (DEADLINE + timedelta(days=5)).isoformat()}
    with refused("in_the_past"):
        trade.do("reopen_demand", trade.buyer, new, id=trade.demand_id)
    assert trade.demand()["state"] == "unsuccessful"


def test_today_is_not_past(trade: Trade) -> None:
    published = trade.draft(publish=True, delivery_due_date="2026-03-02")["demand.published"]
    assert published["delivery_due_date"] == "2026-03-02"


CANCEL = {"reason_code": "no_budget", "note": "预算取消"}


def test_cancelling_tells_every_supplier(trade: Trade) -> None:
    trade.publish()
    trade.seal()
    facts = trade.do("cancel_demand", trade.buyer, CANCEL, id=trade.demand_id)
    assert facts.types == ["demand.cancelled", "quote.invalidated"]
    cancelled = facts["demand.cancelled"]
    assert (cancelled["reason_code"], cancelled["reason_note"]) == ("no_budget", "预算取消")
    assert trade.desk.deadlines() == {}


def test_cancelling_ends_a_contract_that_is_not_signed_by_all(trade: Trade) -> None:
    trade.until_contracting()
    trade.start_signing()
    trade.sign(trade.supplier)
    facts = trade.do("cancel_demand", trade.buyer, CANCEL, id=trade.demand_id)
    assert facts.types == [
        "demand.cancelled", "quote.rejected", "quote.rejected", "contract.declined",
    ]  # fmt: skip
    assert trade.desk.deadlines() == {}


def test_after_the_signature_nobody_cancels(trade: Trade) -> None:
    trade.until_active()
    with refused("illegal_move"):
        trade.do("cancel_demand", trade.buyer, CANCEL, id=trade.demand_id)
