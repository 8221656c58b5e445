"""Deliveries: never more than the contract, inspected in time or judged by silence."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from services.contracts.money import as_money
from services.contracts.problems import Problem
from services.contracts.receivable import receivable
from services.messaging import Ids
from services.orders import copies
from tests.desk import heard
from tests.integration.orders.trade import PRICE_FEN, Facts, Trade, refused

REJECT = {"reason_code": "quality", "note": "主轴振动超标"}
# Everything happens on Wednesday 4 March: ten days of inspection end with Saturday 14 March, which
# moves to Monday the 16th.
INSPECT_UNTIL = "2026-03-16"


def acceptance(trade: Trade) -> dict[str, Any]:
    return trade.payables()[1]


def test_arrival_starts_the_inspection_period(trade: Trade) -> None:
    trade.until_active()
    _, facts = trade.arrive()
    delivered = facts["delivery.delivered"]
    assert (delivered["state"], delivered["inspect_until"]) == ("delivered", INSPECT_UNTIL)
    assert facts.types == ["delivery.delivered"]  # inspection is a condition: no clock yet


def test_what_hangs_on_a_contract_says_whose_it_is(trade: Trade) -> None:
    trade.until_active()
    _, facts = trade.arrive()
    contract = trade.contract()
    names = ("buyer_name", "supplier_name")
    for row in (facts["delivery.delivered"], acceptance(trade)):
        assert row["contract_number"] == contract["number"]
        assert [row[name] for name in names] == [contract[name] for name in names]


def test_acceptance_of_the_whole_starts_the_payment_clock(trade: Trade) -> None:
    trade.until_active()
    first, _ = trade.arrive(PRICE_FEN // 2)
    second, _ = trade.arrive(PRICE_FEN - PRICE_FEN // 2)
    assert trade.do("accept_delivery", trade.buyer, {}, id=first).types == ["delivery.accepted"]
    facts = trade.do("accept_delivery", trade.buyer, {}, id=second)
    assert facts.types == ["delivery.accepted", "payable.running"]
    assert (acceptance(trade)["start_date"], acceptance(trade)["due_date"]) == (
        "2026-03-04", "2026-04-03",
    )  # fmt: skip


def test_more_than_the_contract_is_not_shipped(trade: Trade) -> None:
    trade.until_active()
    trade.ship(PRICE_FEN - 100)
    with refused("over_delivery"):
        trade.ship(101)
    assert trade.ship(100).types == ["delivery.shipped"]


def test_shipments_at_once_never_exceed_the_contract(trade: Trade) -> None:
    trade.until_active()

    def ship(_: int) -> str:
        try:
            return trade.ship(PRICE_FEN // 3).types[0]
        except Problem as problem:
            return problem.code

    with ThreadPoolExecutor(max_workers=6) as pool:
        answers = list(pool.map(ship, range(6)))
    assert sorted(answers) == ["delivery.shipped"] * 3 + ["over_delivery"] * 3


def test_only_a_contract_in_force_is_delivered(trade: Trade) -> None:
    trade.until_contracting()
    with refused("contract_not_active"):
        trade.ship()


def test_part_of_it_accepted_leaves_room_for_the_rest(trade: Trade) -> None:
    trade.until_active()
    id, _ = trade.arrive()
    part = {"accepted": as_money(PRICE_FEN - 500)}
    assert trade.do("accept_delivery", trade.buyer, part, id=id).types == ["delivery.part_accepted"]
    rest, _ = trade.arrive(500)
    assert "payable.running" in trade.do("accept_delivery", trade.buyer, {}, id=rest).types


def test_no_more_is_accepted_than_came(trade: Trade) -> None:
    trade.until_active()
    id, _ = trade.arrive(1_000)
    with refused("accepted_over_delivered"):
        trade.do("accept_delivery", trade.buyer, {"accepted": as_money(1_001)}, id=id)


def test_rejected_goods_come_again(trade: Trade) -> None:
    trade.until_active()
    id, _ = trade.arrive()
    rejected = trade.do("reject_delivery", trade.buyer, REJECT, id=id)["delivery.rejected"]
    assert (rejected["reason_code"], rejected["reason_note"]) == ("quality", "主轴振动超标")
    again = trade.do("redeliver_delivery", trade.supplier, id=id)
    assert again.types == ["delivery.redelivered"]
    assert again["delivery.redelivered"]["delivered_at"] is None
    assert trade.do("arrive_delivery", trade.supplier, id=id).types == ["delivery.delivered"]


def test_rejected_goods_come_again_only_while_there_is_room(trade: Trade) -> None:
    trade.until_active()
    id, _ = trade.arrive()
    trade.do("reject_delivery", trade.buyer, REJECT, id=id)
    trade.ship()
    with refused("over_delivery"):
        trade.do("redeliver_delivery", trade.supplier, id=id)


def test_silence_deems_goods_conforming_and_starts_the_clock(trade: Trade) -> None:
    trade.until_active()
    id, _ = trade.arrive()
    facts = trade.wait(days=13)
    assert facts.types == [
        "payable.due", "payable.overdue", "delivery.deemed_conforming", "payable.running",
    ]  # fmt: skip
    assert acceptance(trade)["start_date"] == INSPECT_UNTIL
    with refused("illegal_move"):
        trade.do("reject_delivery", trade.buyer, REJECT, id=id)


def test_silence_on_services_is_overdue_inspection_and_starts_the_clock(trade: Trade) -> None:
    trade.until_active()
    id, _ = trade.arrive(subject="services")
    assert "delivery.inspection_overdue" in trade.wait(days=13).types
    assert acceptance(trade)["start_date"] == INSPECT_UNTIL
    assert trade.do("accept_delivery", trade.buyer, {}, id=id).types == ["delivery.accepted"]
    assert acceptance(trade)["start_date"] == INSPECT_UNTIL


def test_a_late_word_is_judged_by_its_receipt_even_if_the_timer_is_down(trade: Trade) -> None:
    trade.until_active()
    id, _ = trade.arrive()
    trade.desk.clock.advance(days=13)
    with refused("illegal_move"):
        trade.do("reject_delivery", trade.buyer, REJECT, id=id)


@pytest.mark.parametrize(
    ("command", "arguments", "allowed"),
    [
        ("arrive_delivery", {}, "supplier"),
        ("redeliver_delivery", {}, "supplier"),
        ("accept_delivery", {}, "buyer"),
        ("reject_delivery", REJECT, "buyer"),
    ],
)
def test_each_side_says_its_own(
    trade: Trade, command: str, arguments: dict[str, Any], allowed: str
) -> None:
    trade.until_active()
    id = trade.ship()["delivery.shipped"]["id"]
    other = trade.buyer if allowed == "supplier" else trade.supplier
    for person in (other, trade.stranger):
        with refused("not_found"):
            trade.do(command, person, arguments, id=id)
    if command != "arrive_delivery":
        with refused("illegal_move"):
            trade.do(command, getattr(trade, allowed), arguments, id=id)


def test_a_rejected_delivery_stops_the_clock_that_it_started(trade: Trade) -> None:
    trade.until_active(terms={"nodes": [
        {"kind": "advance", "share_bp": 3_000, "term_days": 30},
        {"kind": "delivery", "share_bp": 7_000, "term_days": 30},
    ]})  # fmt: skip
    id, facts = trade.arrive()
    assert facts.types == ["delivery.delivered", "payable.running"]
    rejected = trade.do("reject_delivery", trade.buyer, REJECT, id=id)
    assert rejected.types == ["delivery.rejected", "payable.scheduled"]
    stopped = rejected["payable.scheduled"]
    assert (stopped["state"], stopped["start_date"], stopped["due_date"]) == (
        "scheduled", None, None,
    )  # fmt: skip
    assert trade.payables()[0]["state"] == "running"  # an advance counts from the signing
    trade.do("redeliver_delivery", trade.supplier, id=id)
    trade.desk.clock.advance(days=40)
    again = trade.do("arrive_delivery", trade.supplier, id=id)
    assert again["payable.running"]["start_date"] == "2026-04-13"


ON_ARRIVAL = {"nodes": [
    {"kind": "advance", "share_bp": 3_000, "term_days": 30},
    {"kind": "delivery", "share_bp": 7_000, "term_days": 30},
]}  # fmt: skip
HALF_FEN = PRICE_FEN // 2
NODE_FEN = 8_641_975  # 70 % of the price
HALF_NODE_FEN = 4_320_988  # half up
REST_FEN = NODE_FEN - HALF_NODE_FEN
PART = {"accepted": as_money(100)}


def claimed(
    trade: Trade, node_no: int, past: str, state: str, sequence: int, id: str, **amounts: int | None
) -> None:
    """Orders hears of a claim on the payable of a node; without amounts it is on all of it."""
    payable = trade.payables()[node_no - 1]
    given = {
        "contract_id": trade.contract_id, "payable_ids": [payable["id"]], "state": state,
        "confirmed_fen": payable["amount_fen"],
    } | amounts  # fmt: skip
    fact = heard(receivable.event(past), id=id, sequence=sequence, **given)
    trade.desk.project(copies.keep_claims, fact)


@pytest.mark.parametrize(
    ("command", "arguments"), [("reject_delivery", REJECT), ("accept_delivery", PART)]
)
def test_a_debt_that_was_confirmed_is_not_undone_by_who_inspects(
    trade: Trade, command: str, arguments: dict[str, Any]
) -> None:
    trade.until_active(terms=ON_ARRIVAL)
    id, _ = trade.arrive()
    claimed(trade, 2, "confirmed", "confirmed", 5, Ids().new())
    with refused("debt_confirmed"):
        trade.do(command, trade.buyer, arguments, id=id)
    assert trade.payables()[1]["state"] == "running"
    assert trade.do("accept_delivery", trade.buyer, {}, id=id).types == ["delivery.accepted"]


def test_what_is_not_confirmed_or_not_started_by_it_hinders_no_inspection(trade: Trade) -> None:
    trade.until_active(terms=ON_ARRIVAL)
    id, _ = trade.arrive()
    claimed(trade, 1, "confirmed", "confirmed", 5, Ids().new())  # the advance is owed anyhow
    refused_one = Ids().new()
    claimed(trade, 2, "prepared", "prepared", 4, refused_one)
    claimed(trade, 2, "refused", "refused", 5, refused_one)
    rejected = trade.do("reject_delivery", trade.buyer, REJECT, id=id)
    assert rejected.types == ["delivery.rejected", "payable.scheduled"]


def owed(trade: Trade) -> list[tuple[str, int, str | None]]:
    """Of the node that counts from arrival, in the order of its parts."""
    return [(p["state"], p["amount_fen"], p["due_date"]) for p in trade.payables()[1:]]


def accept_part(trade: Trade, id: str, amount_fen: int) -> Facts:
    return trade.do("accept_delivery", trade.buyer, {"accepted": as_money(amount_fen)}, id=id)


def test_a_part_accepted_keeps_its_clock_and_the_rest_waits_for_its_delivery(trade: Trade) -> None:
    trade.until_active(terms=ON_ARRIVAL)
    id, _ = trade.arrive()
    part = accept_part(trade, id, HALF_FEN)
    assert part.types == ["delivery.part_accepted", "payable.divided", "payable.scheduled"]
    assert owed(trade) == [
        ("running", HALF_NODE_FEN, "2026-04-03"), ("scheduled", REST_FEN, None),
    ]  # fmt: skip
    trade.wait(days=1)
    rest, facts = trade.arrive(HALF_FEN)
    assert facts.types == ["delivery.delivered", "payable.running"]
    assert trade.do("accept_delivery", trade.buyer, {}, id=rest).types == ["delivery.accepted"]
    assert owed(trade) == [
        ("running", HALF_NODE_FEN, "2026-04-03"), ("running", REST_FEN, "2026-04-07"),
    ]  # fmt: skip
    assert sum(payable["amount_fen"] for payable in trade.payables()) == PRICE_FEN


def test_to_reject_the_rest_stops_no_clock_of_what_was_accepted(trade: Trade) -> None:
    trade.until_active(terms=ON_ARRIVAL)
    id, _ = trade.arrive()
    accept_part(trade, id, PRICE_FEN - 100)
    rest, _ = trade.arrive(100)
    rejected = trade.do("reject_delivery", trade.buyer, REJECT, id=rest)
    assert rejected.types == ["delivery.rejected", "payable.scheduled"]
    assert owed(trade) == [
        ("running", NODE_FEN - 70, "2026-04-03"), ("scheduled", 70, None),
    ]  # fmt: skip
    assert len(trade.desk.deadlines()) == 4  # of the advance and of what was accepted


def test_of_two_deliveries_the_rejected_one_stops_its_own_part(trade: Trade) -> None:
    trade.until_active(terms=ON_ARRIVAL)
    first, _ = trade.arrive(HALF_FEN)
    second, _ = trade.arrive(HALF_FEN)
    rejected = trade.do("reject_delivery", trade.buyer, REJECT, id=second)
    assert rejected.types == ["delivery.rejected", "payable.divided", "payable.scheduled"]
    both = trade.do("reject_delivery", trade.buyer, REJECT, id=first)
    assert both.types == ["delivery.rejected", "payable.scheduled"]
    assert owed(trade) == [("scheduled", HALF_NODE_FEN, None), ("scheduled", REST_FEN, None)]


def test_a_part_that_is_paid_stays_paid_when_the_rest_is_rejected(trade: Trade) -> None:
    trade.until_active(terms=ON_ARRIVAL)
    id, _ = trade.arrive()
    accept_part(trade, id, HALF_FEN)
    accepted = trade.payables()[1]["id"]
    assert trade.pay(accepted, HALF_NODE_FEN, "2026-03-04", "HX-1").types == ["payable.paid"]
    assert trade.contract()["state"] == "active"
    rest, _ = trade.arrive(HALF_FEN)
    trade.do("reject_delivery", trade.buyer, REJECT, id=rest)
    assert owed(trade) == [
        ("paid", HALF_NODE_FEN, "2026-04-03"), ("scheduled", REST_FEN, None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("accepted_fen", "state"), [(PRICE_FEN - 10, "part_paid"), (10, "scheduled")]
)
def test_what_was_paid_in_part_is_divided_above_it_or_waits_with_it(
    trade: Trade, accepted_fen: int, state: str
) -> None:
    trade.until_active(terms=ON_ARRIVAL)
    id, _ = trade.arrive()
    trade.pay(trade.payables()[1]["id"], 1_000, "2026-03-04", "HX-1")
    accept_part(trade, id, accepted_fen)
    assert (owed(trade)[0][0], trade.payables()[1]["paid_fen"]) == (state, 1_000)


def test_what_has_run_out_stays_overdue_even_if_the_timer_is_down(trade: Trade) -> None:
    nodes = [ON_ARRIVAL["nodes"][0], ON_ARRIVAL["nodes"][1] | {"term_days": 1}]
    trade.until_active(terms={"nodes": nodes, "inspection_days": 10})
    id, _ = trade.arrive()
    trade.desk.clock.advance(days=3)
    part = accept_part(trade, id, HALF_FEN)
    assert part.types == ["delivery.part_accepted", "payable.due", "payable.overdue"]
    assert owed(trade) == [("overdue", NODE_FEN, "2026-03-05")]


@pytest.mark.parametrize(("confirmed_fen", "is_refused"), [(0, False), (1, True)])
def test_beyond_what_was_confirmed_a_buyer_rejects_and_accepts_in_part(
    trade: Trade, confirmed_fen: int, is_refused: bool
) -> None:
    trade.until_active(terms=ON_ARRIVAL)
    id, _ = trade.arrive(HALF_FEN)
    rest, _ = trade.arrive(HALF_FEN)
    claim = {"claimed_fen": NODE_FEN, "confirmed_fen": HALF_NODE_FEN + confirmed_fen}
    claimed(trade, 2, "confirmed", "confirmed", 5, Ids().new(), **claim)
    if is_refused:
        with refused("debt_confirmed"):
            trade.do("reject_delivery", trade.buyer, REJECT, id=rest)
    else:
        trade.do("reject_delivery", trade.buyer, REJECT, id=rest)
        assert owed(trade)[0] == ("running", HALF_NODE_FEN, "2026-04-03")
        with refused("debt_confirmed"):
            accept_part(trade, id, HALF_FEN - 100)


def test_what_was_paid_directly_carries_nothing_that_was_confirmed(trade: Trade) -> None:
    trade.until_active(terms=ON_ARRIVAL)
    id, _ = trade.arrive()
    trade.pay(trade.payables()[1]["id"], HALF_NODE_FEN, "2026-03-04", "HX-1")
    claimed(trade, 2, "confirmed", "confirmed", 5, Ids().new(), confirmed_fen=REST_FEN)
    with refused("debt_confirmed"):
        accept_part(trade, id, HALF_FEN)
    assert owed(trade) == [("part_paid", NODE_FEN, "2026-04-03")]


def test_what_banks_have_received_of_a_claim_is_confirmed_no_more(trade: Trade) -> None:
    trade.until_active(terms=ON_ARRIVAL)
    id, _ = trade.arrive()
    trade.pay(trade.payables()[1]["id"], 1_000, "2026-03-04", "QF-R-2026-000001")
    amounts = {"confirmed_fen": HALF_NODE_FEN, "settled_fen": 1_000}
    claimed(trade, 2, "allocated", "confirmed", 6, Ids().new(), **amounts)
    with refused("debt_confirmed"):
        accept_part(trade, id, HALF_FEN - 100)
    assert accept_part(trade, id, HALF_FEN).types[1] == "payable.divided"


def test_claims_are_confirmed_one_after_the_other(trade: Trade) -> None:
    """Of 70 % two claims, of which the second holds what the first left."""
    trade.until_active(terms=ON_ARRIVAL)
    id, _ = trade.arrive()
    for _ in range(2):
        claimed(
            trade, 2, "confirmed", "confirmed", 5, Ids().new(), confirmed_fen=HALF_NODE_FEN // 2
        )
    with refused("debt_confirmed"):
        accept_part(trade, id, HALF_FEN - 100)
    assert accept_part(trade, id, HALF_FEN).types[1] == "payable.divided"


def test_a_claim_of_which_an_earlier_release_kept_no_amount_is_confirmed_whole(
    trade: Trade,
) -> None:
    trade.until_active(terms=ON_ARRIVAL)
    id, _ = trade.arrive()
    claimed(trade, 2, "confirmed", "confirmed", 5, Ids().new(), confirmed_fen=None)
    with refused("debt_confirmed"):
        accept_part(trade, id, PRICE_FEN - 100)
