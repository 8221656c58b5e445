"""The sandbox bank: it decides on what it may see, offers with two people, pays once."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from deploy.sandbox.bank.bank import Bank
from deploy.sandbox.bank.book import Book
from deploy.sandbox.bank.policy import Policy
from deploy.sandbox.behaviour import Behaviour
from services.client import Client, Refused, fen, money
from tests.unit.sandbox.scripted import Scripted, ok, problem, serving

BANK_A = "bank-a"
CLOCK = ok({"offset_s": 0})
SHEET = {
    "id": "app-1",
    "number": "QF-A-1",
    "state": "offering",
    "opened_to": [BANK_A],
    "amount": money(1_000_001),
    "latest_due_date": "2099-01-01",
    "offers_until": "2098-11-02T09:00:00+00:00",
}
TEASER = {"id": "app-1", "state": "offering", "amount": money(1_000_001)}
POSITION = {
    "id": "pos-1",
    "number": "QF-N-1",
    "state": "filed",
    "application_id": "app-1",
    "receivable_id": "rec-1",
}
LOAN = {
    "id": "loan-1",
    "state": "instructed",
    "application_id": "app-1",
    "instruction_id": "ins-1",
    "principal": money(800_000),
}
POLICY = Policy(
    product_id="prod-1",
    advance_rate_bp=8_000,
    min_fen=1_000,
    max_fen=10_000_000,
    max_term_days=365 * 100,
    rate_bp=435,
    fee_bp=10,
)


def fact(kind: str, document: dict[str, Any]) -> dict[str, Any]:
    return {"position": 1, "type": f"{kind}.x.v1", "kind": kind, "id": document["id"],
            "document": document}  # fmt: skip


@pytest.fixture
def platform() -> Iterator[Scripted]:
    script = {
        "GET /clock": [CLOCK],
        "POST /offers": [ok({"id": "offer-1"})],
        "POST /offers/offer-1/approve": [ok({})],
        "POST /applications/app-1/screen-out": [ok({})],
        "POST /positions/pos-1/notify": [ok({})],
        "POST /loans/loan-1/record-payout": [ok({}), problem(409, "illegal_move")],
    }
    with serving(script) as scripted:
        yield scripted


@pytest.fixture
def bank(platform: Scripted, tmp_path: Path) -> Bank:
    system, maker, approver = (
        Client(platform.url, name) for name in ("system", "maker", "approver")
    )
    book = Book(tmp_path / "bank.sqlite")
    return Bank(BANK_A, system=system, maker=maker, approver=approver, policy=POLICY, book=book)


def test_a_masked_teaser_is_only_noted(bank: Bank, platform: Scripted) -> None:
    bank.handle(fact("application", TEASER))
    assert bank.book.application("app-1") == {"teaser": TEASER, "sheet": None}
    assert platform.calls == []


def test_the_teaser_is_remembered_beside_the_sheet(bank: Bank) -> None:
    bank.handle(fact("application", TEASER))
    bank.handle(fact("application", SHEET))
    assert bank.book.application("app-1") == {"teaser": TEASER, "sheet": SHEET}


def test_an_opened_sheet_gets_an_offer_of_two_people(bank: Bank, platform: Scripted) -> None:
    bank.handle(fact("application", SHEET))
    assert platform.bodies("POST /offers") == [
        {
            "application_id": "app-1",
            "product_id": "prod-1",
            "amount": money(800_000),
            "rate_bp": 435,
            "fee": money(800),
            "valid_until": "2098-11-07T09:00:00+00:00",
        }
    ]
    by = {route: headers["Authorization"] for route, _, headers in platform.calls}
    assert by["POST /offers"] == "Bearer maker"
    assert by["POST /offers/offer-1/approve"] == "Bearer approver"


def test_the_same_sheet_twice_repeats_the_same_key(bank: Bank, platform: Scripted) -> None:
    bank.handle(fact("application", SHEET))
    bank.handle(fact("application", SHEET))
    assert len(set(platform.keys("POST /offers"))) == 1


def test_what_the_policy_refuses_is_screened_out(bank: Bank, platform: Scripted) -> None:
    bank.handle(fact("application", SHEET | {"latest_due_date": "2001-01-01"}))
    assert platform.bodies("POST /applications/app-1/screen-out") == [
        {"reason_codes": ["already_due"]}
    ]
    assert platform.bodies("POST /offers") == []


def test_policy_reasons() -> None:
    sheet = SHEET | {"amount": money(10**10), "latest_due_date": "2300-01-01"}
    assert POLICY.refusals(sheet, date(2026, 1, 1)) == ["amount_above_maximum", "term_too_long"]
    assert POLICY.refusals(SHEET | {"amount": money(10)}, date(2026, 1, 1)) == [
        "amount_below_minimum"
    ]


def test_a_filed_position_is_noticed(bank: Bank, platform: Scripted) -> None:
    bank.handle(fact("position", POSITION))
    [notice] = platform.bodies("POST /positions/pos-1/notify")
    assert len(notice["voucher_sha256"]) == 64


def test_an_instruction_is_paid_once_however_often_it_comes(bank: Bank, platform: Scripted) -> None:
    bank.handle(fact("loan", LOAN))
    with pytest.raises(Refused, match="illegal_move"):
        bank.handle(fact("loan", LOAN))
    first, second = platform.bodies("POST /loans/loan-1/record-payout")
    assert first == second
    assert (first["outcome"], first["bank_reference"]) == ("paid", "PAY00000001")


def test_told_to_fail_it_reports_that_nothing_was_paid(bank: Bank, platform: Scripted) -> None:
    bank.behaviours.set("pay", Behaviour("fail", times=1))
    bank.handle(fact("loan", LOAN))
    assert platform.bodies("POST /loans/loan-1/record-payout") == [
        {"instruction_id": "ins-1", "outcome": "failed"}
    ]


def test_answering_twice_uses_two_keys_and_one_payment(bank: Bank, platform: Scripted) -> None:
    bank.behaviours.set("pay", Behaviour("twice", times=1))
    with pytest.raises(Refused, match="illegal_move"):
        bank.handle(fact("loan", LOAN))
    assert len(set(platform.keys("POST /loans/loan-1/record-payout"))) == 2
    references = {b["bank_reference"] for b in platform.bodies("POST /loans/loan-1/record-payout")}
    assert references == {"PAY00000001"}


def test_the_book_finds_the_loan_behind_a_claim(tmp_path: Path) -> None:
    book = Book(tmp_path / "bank.sqlite")
    book.note_position("pos-1", "app-1", "rec-1")
    assert book.loan_secured_by("rec-1") is None
    book.note_loan("loan-1", "app-1")
    assert book.loan_secured_by("rec-1") == ("loan-1", "pos-1")


def test_incoming_money_counts_once_per_reference(tmp_path: Path) -> None:
    book = Book(tmp_path / "bank.sqlite")
    first = book.receive("ref-1", "loan-1", 500, "2026-01-01T00:00:00+00:00")
    assert book.receive("ref-1", "loan-1", 900, "2026-02-01T00:00:00+00:00") == first


def test_amounts_never_round_up() -> None:
    assert POLICY.amount_fen(SHEET) == fen(SHEET["amount"]) * 8_000 // 10_000 == 800_000
