"""Payables: what is owed, from when, and what was paid."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from services.contracts.contract import MAX_REPORTED, ReportPaymentCommand
from services.contracts.money import as_money
from services.contracts.receivable import receivable
from services.messaging import Ids
from services.orders.commands.payments import report_payment, settle_receivable
from tests.desk import SetClock, a_fact
from tests.integration.orders.trade import PRICE_FEN, Facts, Trade, refused

ADVANCE_FEN = 3_703_703
AFTER_DUE = datetime.fromisoformat("2026-03-10T00:00:00+08:00")
ONE_NODE = {"nodes": [{"kind": "delivery", "share_bp": 10_000, "term_days": 30}]}


def advance(trade: Trade) -> dict[str, Any]:
    """Due on Monday 9 March: five days from Wednesday the 4th."""
    return trade.payables()[0]


def test_the_due_date_comes_and_goes(trade: Trade) -> None:
    trade.until_active()
    assert trade.wait_until(datetime.fromisoformat("2026-03-09T00:00:00+08:00")).types == [
        "payable.due"
    ]
    assert trade.wait_until(AFTER_DUE).types == ["payable.overdue"]


def test_both_dates_missed_by_the_timer_are_both_said(trade: Trade) -> None:
    trade.until_active()
    assert trade.wait_until(AFTER_DUE).types == ["payable.due", "payable.overdue"]


def test_a_delivery_node_counts_from_the_arrival_of_the_whole(trade: Trade) -> None:
    trade.until_active(terms=ONE_NODE)
    _, facts = trade.arrive()
    assert facts.types == ["delivery.delivered", "payable.running"]
    assert facts["payable.running"]["due_date"] == "2026-04-03"


def test_a_share_that_rounds_to_nothing_owes_nothing(trade: Trade) -> None:
    trade.publish()
    trade.seal(price={"amount": "0.01", "currency": "CNY"})
    trade.close()
    trade.award()
    trade.confirm()
    trade.start_signing()
    trade.sign(trade.supplier)
    trade.sign(trade.buyer)
    assert [payable["amount_fen"] for payable in trade.payables()] == [1]


def test_paid_in_parts(trade: Trade) -> None:
    trade.until_active()
    part = trade.pay(advance(trade)["id"], 703, "2026-03-04", "HX-1")
    assert part.types == ["payable.part_paid"]
    rest = trade.pay(advance(trade)["id"], ADVANCE_FEN - 703, "2026-03-04", "HX-2")
    assert rest.types == ["payable.paid"]
    assert (advance(trade)["paid_fen"], advance(trade)["late_interest_fen"]) == (ADVANCE_FEN, 0)
    assert trade.desk.deadlines() == {}


def test_paid_late_costs_interest_by_the_day(trade: Trade) -> None:
    trade.until_active()
    trade.wait_until(datetime.fromisoformat("2026-03-19T12:00:00+08:00"))
    facts = trade.pay(advance(trade)["id"], ADVANCE_FEN, "2026-03-19", "HX-1")
    assert facts.types == ["payable.paid_late"]
    # ten days at 0.05 % a day on 37,037.03
    assert facts["payable.paid_late"]["late_interest_fen"] == 18_519


def test_paid_late_is_late_even_if_the_timer_is_down(trade: Trade) -> None:
    trade.until_active()
    trade.desk.clock.moment = AFTER_DUE
    facts = trade.pay(advance(trade)["id"], ADVANCE_FEN, "2026-03-10", "HX-1")
    assert facts.types == ["payable.due", "payable.overdue", "payable.paid_late"]


def test_paid_in_time_and_recorded_late_is_paid(trade: Trade) -> None:
    trade.until_active()
    trade.wait_until(AFTER_DUE)
    facts = trade.pay(advance(trade)["id"], ADVANCE_FEN, "2026-03-09", "HX-1")
    assert facts.types == ["payable.paid"]
    assert facts["payable.paid"]["paid_at"] == "2026-03-08T16:00:00+00:00"


def test_a_part_that_came_late_makes_it_late(trade: Trade) -> None:
    trade.until_active()
    trade.wait_until(datetime.fromisoformat("2026-03-19T12:00:00+08:00"))
    assert trade.pay(advance(trade)["id"], 1_000_000, "2026-03-19", "HX-1").types == [
        "payable.part_paid"
    ]
    assert advance(trade)["state"] == "overdue"
    rest = trade.pay(advance(trade)["id"], ADVANCE_FEN - 1_000_000, "2026-03-09", "HX-0")
    assert rest.types == ["payable.paid_late"]
    assert rest["payable.paid_late"]["late_interest_fen"] == 5_000


def test_what_is_refused(trade: Trade) -> None:
    trade.until_active()
    id = advance(trade)["id"]
    trade.pay(id, 1, "2026-03-04", "HX-1")
    for amount_fen, paid_on, reference, code in [
        (1, "2026-03-04", "HX-1", "payment_reference_used"),
        (ADVANCE_FEN, "2026-03-04", "HX-2", "payment_over_payable"),
        (1, "2026-03-05", "HX-2", "payment_in_future"),
        (1, "2026-03-03", "HX-2", "payment_before_contract"),
    ]:
        with refused(code):
            trade.pay(id, amount_fen, paid_on, reference)
    assert advance(trade)["paid_fen"] == 1


def test_what_the_buyer_says_it_paid_pays_nothing(trade: Trade) -> None:
    trade.until_active()
    id = advance(trade)["id"]
    trade.pay(id, 3, "2026-03-04", "HX-1")
    facts = trade.report(id, 700, "2026-03-04", "GH-1")
    assert facts.types == ["payable.payment_reported"]
    said = facts["payable.payment_reported"]
    assert (said["state"], said["paid_fen"]) == ("part_paid", 3)
    assert said["reported_payments"] == [
        {
            "amount_fen": 700, "paid_on": "2026-03-04", "reference": "GH-1",
            "reported_at": said["updated_at"], "received_before_fen": 3,
        }
    ]  # fmt: skip
    rest = trade.pay(id, ADVANCE_FEN - 3, "2026-03-04", "HX-2")
    assert rest.types == ["payable.paid"]
    assert rest["payable.paid"]["reported_payments"] == said["reported_payments"]


def test_the_same_word_sent_twice_is_said_once(trade: Trade) -> None:
    trade.until_active()
    id, desk = advance(trade)["id"], trade.desk
    given = {"amount": as_money(700), "paid_on": "2026-03-04", "reference": "GH-1"}
    said = [
        desk.execute(
            ReportPaymentCommand, report_payment, trade.buyer.actor, given, id=id, key="k-1"
        ).events[0].id
        for _ in "ab"
    ]  # fmt: skip
    assert said[0] == said[1]
    assert len(advance(trade)["reported_payments"]) == 1


def test_what_is_received_answers_what_was_said_before(trade: Trade) -> None:
    trade.until_active()
    id = advance(trade)["id"]
    trade.report(id, ADVANCE_FEN, "2026-03-04", "GH-1")
    with refused("payment_reports_over_payable"):
        trade.report(id, 1, "2026-03-04", "GH-2")
    trade.pay(id, ADVANCE_FEN - 50, "2026-03-04", "HX-1")  # the bank took its fee
    with refused("payment_reports_over_payable"):
        trade.report(id, 51, "2026-03-04", "GH-2")
    assert trade.report(id, 50, "2026-03-04", "GH-2").types == ["payable.payment_reported"]
    assert len(advance(trade)["reported_payments"]) == 2


def test_what_nobody_can_have_paid_is_refused(trade: Trade) -> None:
    trade.until_active()
    id = advance(trade)["id"]
    trade.report(id, 1, "2026-03-04", "GH-1")
    trade.pay(id, 1, "2026-03-04", "HX-1")
    for amount_fen, paid_on, reference, code in [
        (1, "2026-03-04", "GH-1", "payment_reported_already"),
        (1, "2026-03-04", "HX-1", "payment_reference_used"),
        (ADVANCE_FEN, "2026-03-04", "GH-2", "payment_reports_over_payable"),
        (1, "2026-03-05", "GH-2", "payment_in_future"),
        (1, "2026-03-03", "GH-2", "payment_before_contract"),
    ]:
        with refused(code):
            trade.report(id, amount_fen, paid_on, reference)
    given = {"amount": as_money(1), "paid_on": "2026-03-04", "reference": "GH-2"}
    with refused("not_found"):
        trade.do("report_payment_payable", trade.supplier, given, id=id)
    trade.pay(id, ADVANCE_FEN - 1, "2026-03-04", "HX-2")
    with refused("illegal_move"):
        trade.report(id, 1, "2026-03-04", "GH-2")


def test_it_is_said_a_limited_number_of_times(trade: Trade) -> None:
    trade.until_active()
    id = advance(trade)["id"]
    for n in range(MAX_REPORTED):
        trade.report(id, 1, "2026-03-04", f"GH-{n}")
    with refused("payment_reports_too_many"):
        trade.report(id, 1, "2026-03-04", "GH-one-more")


def test_what_is_paid_is_paid_once(trade: Trade) -> None:
    trade.until_active()
    trade.pay(advance(trade)["id"], ADVANCE_FEN, "2026-03-04", "HX-1")
    with refused("illegal_move"):
        trade.pay(advance(trade)["id"], 1, "2026-03-04", "HX-2")


def test_another_spelling_of_a_reference_is_the_same_payment(trade: Trade) -> None:
    trade.until_active()
    trade.pay(advance(trade)["id"], 1, "2026-03-04", "HX-1")
    with refused("payment_reference_used"):
        trade.pay(advance(trade)["id"], 1, "2026-03-04", "ＨＸ－１")
    for alike in ("HX-1\u200b", "HX -1", "收据1"):
        with refused("invalid"):
            trade.pay(advance(trade)["id"], 1, "2026-03-04", alike)


@pytest.mark.parametrize("who", ["buyer", "rival"])
def test_only_the_supplier_records_payments(trade: Trade, who: str) -> None:
    trade.until_active()
    trade.supplier = getattr(trade, who)
    with refused("not_found"):
        trade.pay(advance(trade)["id"], 1, "2026-03-04", "HX-1")


def settled(trade: Trade, *payable_ids: str, past: str = "settled", **amounts: int) -> Facts:
    state = {
        "id": Ids().new(), "number": "QF-R-2026-000001", "state": "settled", "sequence": 9,
        "created_at": "2026-03-04T01:00:00+00:00", "updated_at": "2026-03-04T01:00:00+00:00",
        "seller_id": trade.supplier.id, "debtor_id": trade.buyer.id, "contract_id": None,
        "contract_number": "QF-C-2026-000001", "payable_ids": list(payable_ids),
        "due_date": "2026-04-03", "claimed_fen": PRICE_FEN, "confirmed_fen": PRICE_FEN,
        "credited_fen": 0, "settled_fen": PRICE_FEN,
    }  # fmt: skip
    fact = a_fact(receivable.event(past), state | amounts | {"contract_id": Ids().new()})
    return Facts(trade.desk.act(settle_receivable, fact))


def test_a_settled_claim_pays_its_payables_and_completes_the_contract(trade: Trade) -> None:
    trade.until_active()
    facts = settled(trade, *(payable["id"] for payable in trade.payables()))
    assert facts.types == [
        "payable.paid", "payable.paid", "contract.completed", "demand.fulfilled",
    ]  # fmt: skip
    assert trade.demand()["state"] == "fulfilled"


def test_a_claim_settled_for_less_pays_less(trade: Trade) -> None:
    trade.until_active()
    ids = [payable["id"] for payable in trade.payables()]
    facts = settled(trade, *ids, settled_fen=ADVANCE_FEN + 7)
    assert facts.types == ["payable.paid", "payable.part_paid"]
    assert [payable["paid_fen"] for payable in trade.payables()] == [ADVANCE_FEN, 7]


def test_a_claim_pays_what_is_overdue_where_the_clock_asks_the_database(
    trade: Trade, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its question wrote the row half changed: paid, and overdue all the same."""

    def asked(clock: SetClock, session: Session) -> datetime:
        session.execute(text("SELECT 1"))
        return clock.moment

    trade.until_active()
    trade.wait_until(AFTER_DUE)
    monkeypatch.setattr(SetClock, "now", asked)
    facts = settled(trade, advance(trade)["id"], settled_fen=ADVANCE_FEN)
    assert facts.types == ["payable.paid"]


def test_what_was_paid_directly_is_not_paid_twice(trade: Trade) -> None:
    trade.until_active()
    trade.pay(advance(trade)["id"], ADVANCE_FEN, "2026-03-04", "HX-1")
    facts = settled(trade, advance(trade)["id"], settled_fen=ADVANCE_FEN)
    assert facts.types == []
    assert advance(trade)["paid_fen"] == ADVANCE_FEN


def test_a_claim_financed_in_part_pays_that_part_and_later_the_rest(trade: Trade) -> None:
    trade.until_active()
    id = advance(trade)["id"]
    assert settled(trade, id, past="allocated", settled_fen=0).types == []
    part = settled(trade, id, past="allocated", settled_fen=1_000)
    assert part.types == ["payable.part_paid"]
    rest = settled(trade, id, settled_fen=ADVANCE_FEN)
    assert rest["payable.paid"]["paid_fen"] == ADVANCE_FEN


def test_what_a_small_loan_left_of_the_debt_is_paid_to_the_supplier(trade: Trade) -> None:
    trade.until_active()
    first, second = (payable["id"] for payable in trade.payables())
    part = settled(trade, first, second, past="allocated", settled_fen=1_000)
    assert part.types == ["payable.part_paid"]
    assert (trade.contract()["state"], trade.demand()["state"]) == ("active", "contracted")
    rest = trade.pay(first, ADVANCE_FEN - 1_000, "2026-03-04", "HX-1")
    assert rest.types == ["payable.paid"]
    last = trade.pay(second, PRICE_FEN - ADVANCE_FEN, "2026-03-04", "HX-2")
    assert last.types == ["payable.paid", "contract.completed", "demand.fulfilled"]
    assert settled(trade, first, second, settled_fen=1_000).types == []


def test_a_fact_of_a_claim_that_comes_late_pays_nothing_twice(trade: Trade) -> None:
    trade.until_active()
    id = advance(trade)["id"]
    settled(trade, id, settled_fen=2_000)
    assert settled(trade, id, past="allocated", settled_fen=1_000).types == []
    assert settled(trade, id, past="allocated", settled_fen=2_000).types == []
    assert advance(trade)["paid_fen"] == 2_000


def test_a_suppliers_reference_that_reads_like_a_claim_stops_nothing(trade: Trade) -> None:
    trade.until_active()
    id = advance(trade)["id"]
    trade.pay(id, 1, "2026-03-04", "QF-R-2026-000001")
    assert settled(trade, id, settled_fen=ADVANCE_FEN).types == ["payable.paid"]


def test_a_claim_pays_what_is_due_first(trade: Trade) -> None:
    late_first = {"nodes": [
        {"kind": "advance", "share_bp": 5_000, "term_days": 90},
        {"kind": "advance", "share_bp": 5_000, "term_days": 30},
    ]}  # fmt: skip
    trade.until_active(terms=late_first)
    ids = [payable["id"] for payable in trade.payables()]
    settled(trade, *ids, settled_fen=PRICE_FEN // 2)
    assert [payable["paid_fen"] for payable in trade.payables()] == [0, PRICE_FEN // 2]


def test_a_claim_on_nothing_of_ours_changes_nothing(trade: Trade) -> None:
    trade.until_active()
    assert settled(trade, Ids().new()).types == []
