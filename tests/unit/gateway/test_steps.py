"""Who owes the next step: of every state of everything, and nothing told beyond a reader's view."""

import importlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from services.contracts.actor import Actor
from services.contracts.registry import AGGREGATES
from services.contracts.roles import SCOPES
from services.gateway.readmodel.audiences import OPERATOR, REGISTRY, documents, of_party
from services.gateway.readmodel.rendering import render
from services.gateway.readmodel.steps import items, keeping, parts, refill, thread
from services.gateway.readmodel.steps.declared import duties
from services.gateway.readmodel.steps.table import BY_CODE, CODES, TABLE, owed
from services.lifecycle import Lifecycle
from tests.unit.gateway.states import MOMENT, a_state, id_of

SERVICES = ("gateway", "orders", "matching", "finance")
LIVES = {
    life.aggregate: life
    for service in SERVICES
    for life in vars(importlib.import_module(f"services.{service}.lifecycle")).values()
    if isinstance(life, Lifecycle)
}
STATES = [(kind, state) for kind in AGGREGATES for state in sorted(LIVES[kind].states)]
BOTH = ("buyer_id", "supplier_id")
CLEAR = {"filing": {"search": "clear"}, "security": "assignment_disclosed"}

# kind, what its state says, who owes which step
OWED: list[tuple[str, dict[str, Any], set[tuple[str, str]]]] = [
    ("party", {"state": "unverified"}, {("verify_party", OPERATOR)}),
    ("party", {"state": "unverified", "credit_code": None}, set()),
    ("party", {"state": "applying"}, {("submit_party", "party")}),
    ("party", {"state": "applied"}, {("check_party", OPERATOR)}),
    ("party", {"state": "refused"}, {("correct_party", "party")}),
    ("party", {"state": "rejected"}, set()),
    ("demand", {"state": "draft"}, {("publish_demand", "buyer_id")}),
    ("demand", {"state": "published"}, set()),
    ("demand", {"state": "evaluating"}, {("award_demand", "buyer_id")}),
    ("demand", {"state": "awarded"}, {("confirm_award", "awarded_supplier_id")}),
    ("contract", {"state": "cleared"}, {("start_signing", party) for party in BOTH}),
    ("contract", {"state": "blocked"}, {("revise_contract", party) for party in BOTH}),
    ("contract", {"state": "signing"}, {("sign_contract", party) for party in BOTH}),
    (
        "contract",
        {"state": "signing", "signatures": [{"party_id": id_of("buyer_id")}]},
        {("sign_contract", "supplier_id")},
    ),
    ("contract", {"state": "active", "kind": "order"}, {("ship_delivery", "supplier_id")}),
    ("contract", {"state": "active", "kind": "intent"}, set()),
    ("delivery", {"state": "shipped"}, {("arrive_delivery", "supplier_id")}),
    ("delivery", {"state": "delivered"}, {("accept_delivery", "buyer_id")}),
    ("delivery", {"state": "rejected"}, set()),
    ("payable", {"state": "running"}, {("pay_payable", "buyer_id")}),
    ("supply", {"state": "verifying"}, {("verify_supply", OPERATOR)}),
    ("supply", {"state": "stale"}, {("refresh_supply", "supplier_id")}),
    ("match", {"state": "sent"}, {("answer_match", "supplier_id")}),
    ("match", {"state": "interested"}, {("submit_quote", "supplier_id")}),
    ("quote", {"state": "opened"}, set()),
    ("receivable", {"state": "duplicate_held"}, {("check_receivable", OPERATOR)}),
    ("receivable", {"state": "checked"}, {("request_confirmation", "seller_id")}),
    (
        "receivable",
        {"state": "confirmation_requested"},
        {("prepare_confirmation", "debtor_id")},
    ),
    ("receivable", {"state": "prepared"}, {("sign_confirmation", "debtor_id")}),
    ("receivable", {"state": "confirmed"}, set()),
    ("limit", {"state": "prepared"}, {("approve_limit", "bank_id")}),
    ("limit", {"state": "changing"}, {("approve_limit", "bank_id")}),
    ("limit", {"state": "reopening"}, {("approve_limit", "bank_id")}),
    ("limit", {"state": "ended"}, set()),
    (
        "application",
        {
            "state": "offering",
            "opened_to": [id_of("bank a"), id_of("bank b")],
            "screenings": [{"bank_id": id_of("bank a")}],
        },
        {("prepare_offer", "bank b")},
    ),
    ("application", {"state": "selecting"}, {("choose_offer", "applicant_id")}),
    ("offer", {"state": "prepared"}, {("approve_offer", "bank_id")}),
    ("position", {"state": "committed"}, {("file_position", REGISTRY)}),
    ("position", {"state": "committed", "security": "none"}, set()),
    (
        "position",
        {"state": "filed", "filing": {"search": "prior_claims"}},
        {("file_position", REGISTRY)},
    ),
    ("position", {"state": "filed"} | CLEAR, {("notify_debtor", "bank_id")}),
    # Of an undisclosed assignment the debtor must not hear.
    ("position", {"state": "filed"} | CLEAR | {"security": "assignment_undisclosed"}, set()),
    ("position", {"state": "releasing"}, {("release_position", REGISTRY)}),
    ("loan", {"state": "unknown"}, {("record_payout", "bank_id")}),
    ("loan", {"state": "failed"}, {("instruct_loan", "bank_id")}),
    (
        "loan",
        {"state": "overdue", "recourse": True},
        {("record_repayment", "bank_id"), ("repay_loan", "borrower_id")},
    ),
    ("loan", {"state": "overdue", "recourse": False}, {("record_repayment", "bank_id")}),
]


def _owner(name: str) -> str:
    return name if name in (OPERATOR, REGISTRY) else of_party(id_of(name))


@pytest.mark.parametrize(("kind", "changes", "expected"), OWED)
def test_who_owes_what(kind: str, changes: dict[str, Any], expected: set[tuple[str, str]]) -> None:
    found = {(each.step.code, each.owner) for each in owed(kind, a_state(kind) | changes)}
    assert found == {(code, _owner(name)) for code, name in expected}


@pytest.mark.parametrize("kind", sorted(AGGREGATES))
def test_every_state_of_every_life_says_who_owes_or_that_nobody_does(kind: str) -> None:
    assert set(TABLE[kind]) == LIVES[kind].states


def test_every_step_has_its_example() -> None:
    told = {code for _, _, expected in OWED for code, _ in expected}
    simple = {"correct_receivable", "correct_supply", "reopen_demand", "submit_supply"}
    assert told | simple == set(CODES)


@pytest.mark.parametrize("code", CODES)
def test_a_step_is_for_people_who_may_do_it(code: str) -> None:
    step = BY_CODE[code]
    if step.command is None:
        assert step.scope is None and duties(None, step.role) == ()
    else:
        assert step.scope in SCOPES and duties(step.scope, step.role)


def test_makers_owe_what_makers_do_and_checkers_what_checkers_do() -> None:
    assert duties("confirmations:prepare", "buyer") == ("buyer.maker",)
    assert duties("confirmations:sign", "buyer") == ("buyer.checker",)
    assert duties("contracts:sign", "supplier") == ("supplier.owner",)


def _private(kind: str, state: str) -> dict[str, Any]:
    return a_state(
        kind, state=state, opened_to=[id_of("bank a"), id_of("bank b")], screenings=[]
    ) | {"position": CLEAR, "contract": {"kind": "order"}}.get(kind, {})


@pytest.mark.parametrize(("kind", "state"), STATES)
def test_no_step_is_told_to_whoever_does_not_see_the_thing(kind: str, state: str) -> None:
    whole = _private(kind, state)
    shown = documents(kind, whole)
    for row in keeping.rows_of(kind, whole, shown):
        seen = shown[row["owner"]]
        readers = [seen] + ([shown[OPERATOR]] if row["is_on_board"] else [])
        for reader in readers:
            assert (reader["number"], reader["state"]) == (row["number"], state)
            values = str(list(reader.values()))
            assert all(id in values for id in row["counterparts"])
            assert row["title"] is None or row["title"] in values
            assert row["amount_fen"] is None or row["amount_fen"] in reader.values()
        assert row["thread_id"] == seen.get("thread_id")


@pytest.mark.parametrize(("kind", "state"), STATES)
def test_one_owner_owes_one_step_of_a_thing(kind: str, state: str) -> None:
    whole = _private(kind, state)
    owners = [row["owner"] for row in keeping.rows_of(kind, whole, documents(kind, whole))]
    assert len(owners) == len(set(owners))


@pytest.mark.parametrize("kind", ["match", "offer", "application", "limit"])
def test_what_only_its_owner_may_know_is_on_no_board(kind: str) -> None:
    """A quote or an offer would show in that its step is gone."""
    for state in sorted(LIVES[kind].states):
        whole = _private(kind, state)
        board = [
            row["step"]
            for row in keeping.rows_of(kind, whole, documents(kind, whole))
            if row["is_on_board"]
        ]
        assert set(board) <= {"choose_offer"}


def test_a_bank_without_a_view_is_told_of_no_step() -> None:
    whole = a_state("application", state="offering", opened_to=[id_of("bank a")], screenings=[])
    rows = keeping.rows_of("application", whole, documents("application", whole))
    assert [row["owner"] for row in rows] == [of_party(id_of("bank a"))]
    assert id_of("bank b") not in str(rows)


def test_the_rendered_documents_say_the_same_as_the_state() -> None:
    """What is made anew from the documents is what the facts made."""
    for kind, state in STATES:
        whole = _private(kind, state)
        shown = documents(kind, whole)
        again = {name: refill.stated(kind, render(each)) for name, each in shown.items()}
        found = next((each for each in again.values() if "sequence" in each), None)
        if found is not None:
            assert keeping.rows_of(kind, found, again) == keeping.rows_of(kind, whole, shown)
            assert parts.rows_of(kind, found) == parts.rows_of(kind, whole)


def test_of_a_limits_change_what_is_to_be_approved_is_told() -> None:
    sums = {"granted_fen": 900, "subject_id": id_of("a debtor")}
    for state, proposed_fen, told in (("prepared", None, 900), ("changing", 50, 50)):
        limit = a_state("limit", state=state, proposed_fen=proposed_fen, **sums)
        [row] = keeping.rows_of("limit", limit, documents("limit", limit))
        assert row["amount_fen"] == told
        assert row["counterparts"] == [id_of("a debtor")]


def test_what_came_to_nothing_does_no_part_of_a_step() -> None:
    delivery = a_state("delivery", state="rejected", amount_fen=500, accepted_fen=None)
    assert [part["part"] for part in parts.rows_of("delivery", delivery)] == [0]
    delivery |= {"state": "part_accepted", "accepted_fen": 300}
    assert [part["part"] for part in parts.rows_of("delivery", delivery)] == [300]
    quote = a_state("quote", state="withdrawn")
    assert [part["part"] for part in parts.rows_of("quote", quote)] == [0]
    for state, part in (("sealed", 1), ("rejected", 0)):  # sent back, another is owed
        assert [one["part"] for one in parts.rows_of("offer", a_state("offer", state=state))] == [
            part
        ]


def test_a_day_is_over_at_its_end_in_shanghai() -> None:
    assert keeping.clock("2026-05-06") == {
        "due_at": "2026-05-06T16:00:00+00:00",
        "due_date": "2026-05-06",
    }
    assert keeping.clock(MOMENT) == {"due_at": MOMENT, "due_date": None}
    assert keeping.clock(None) == {"due_at": None, "due_date": None}


def a_row(**changes: Any) -> items.Row:
    since, due_at = "2026-03-02 01:30:00+00", "2026-04-01 16:00:00+00"
    return items.Row(
        "receivable", id_of("r"), of_party(id_of("buyer")), "sign_confirmation", "buyer", None,
        "QF-R-1", None, 100, since, due_at, "2026-04-01", "采购方", "", (), (),
    )._replace(**changes)  # fmt: skip


def shown_to(row: items.Row, actor: Actor, now: datetime) -> dict[str, Any]:
    (shown,) = items.every([row], actor, now)
    step: dict[str, Any] = json.loads(shown)
    return step


def test_a_step_tells_its_rule_its_clock_and_whether_the_caller_may() -> None:
    checker = Actor(
        id_of("buyer"), "u", frozenset({"buyer.checker"}), frozenset({"confirmations:sign"})
    )
    now = datetime(2026, 4, 1, 15, 59, tzinfo=UTC)
    shown = shown_to(a_row(), checker, now)
    assert (shown["due"], shown["is_overdue"], shown["days"]) == ("2026-04-01", False, 30)
    assert shown["rule"]["citation_zh"] == "保障中小企业款项支付条例（国务院令第802号）第十六条"
    assert (shown["scope"], shown["duties"]) == ("confirmations:sign", ["buyer.checker"])
    assert shown["command"] == f"/api/v1/receivables/{id_of('r')}/confirm"
    assert shown["may"]
    assert shown_to(a_row(), checker, datetime(2026, 4, 1, 16, tzinfo=UTC))["is_overdue"]
    maker = Actor(id_of("buyer"), "u", frozenset({"buyer.maker"}), frozenset())
    stranger = Actor(id_of("other"), "u", checker.roles, checker.scopes)
    assert not shown_to(a_row(), maker, now)["may"]
    assert not shown_to(a_row(), stranger, now)["may"]


def test_what_is_done_outside_of_the_platform_has_no_command() -> None:
    row = a_row(kind="payable", step="pay_payable")
    everything = Actor(id_of("buyer"), "u", frozenset(), SCOPES)
    shown = shown_to(row, everything, datetime.fromisoformat(row.since))
    assert (shown["command"], shown["scope"], shown["may"]) == (None, None, False)


def test_a_fact_starts_clocks_that_its_state_has() -> None:
    for name, column in thread.CLOCKS.items():
        kind, _, past = name.partition(".")
        assert past in AGGREGATES[kind].past
        assert column in AGGREGATES[kind].schema.fields
