"""What a bank has lent and promised, from its own documents and nobody else's."""

import io
from typing import Any

import pytest
from openpyxl import load_workbook

from services.contracts.envelope import Event
from services.contracts.money import as_money
from services.messaging import Ids
from tests.integration.gateway.api_client import Caller, Gateway, problem_of
from tests.integration.gateway.facts import a_fact

PAST = {"active": "disbursed", "instructed": "instructed", "part_paid": "part_paid"}


@pytest.fixture
def bank(gateway: Gateway) -> Caller:
    return gateway.someone("bank", "bank.maker")


@pytest.fixture(scope="module")
def debtor(gateway: Gateway) -> Caller:
    return gateway.someone("buyer", "buyer.purchaser")


def lent(
    bank: Caller,
    fen: int,
    shares: dict[str, int],
    state: str = "active",
    settled: dict[str, int] | None = None,
    **more: Any,
) -> list[Event]:
    """A loan, and the shares of claims (fen by debtor) that secure it; what debtors have paid."""
    application_id = Ids().new()
    given = {
        "state": state, "bank_id": bank.party_id, "application_id": application_id,
        "principal_fen": fen, "principal_paid_fen": 0, "due_date": "2026-12-20",
    } | more  # fmt: skip
    share = {"application_id": application_id, "bank_id": bank.party_id, "notice": None}
    share |= {"state": "funded"}
    return [
        a_fact("loan", PAST.get(state, state), id=Ids().new(), **given),
        *(
            a_fact("position", "funded", id=Ids().new(), debtor_id=id, amount_fen=part,
                   settled_fen=(settled or {}).get(id, 0), **share)
            for id, part in shares.items()
        ),
    ]  # fmt: skip


def test_what_is_open_by_debtor_month_and_state(
    gateway: Gateway, bank: Caller, debtor: Caller
) -> None:
    other, rival = Ids().new(), gateway.someone("bank", "bank.maker")
    limit = {"granted_fen": 5_000, "reserved_fen": 100, "used_fen": 1_200, "state": "approved"}
    gateway.project(
        *lent(bank, 1_000, {debtor.party_id: 1}),
        *lent(bank, 101, {debtor.party_id: 500, other: 500}, "overdue", due_date="2026-11-03"),
        *lent(bank, 700, {other: 9}, "part_paid", principal_paid_fen=300, due_date="2027-01-31"),
        *lent(bank, 60, {other: 1}, "instructed"),
        *lent(bank, 40, {debtor.party_id: 1}, "paid", principal_paid_fen=40),
        *lent(bank, 33, {debtor.party_id: 1}, "failed"),
        *lent(rival, 9_999, {debtor.party_id: 1}),
        a_fact("limit", "approved", id=Ids().new(), bank_id=bank.party_id, scope="debtor",
               subject_id=debtor.party_id, **limit),
        a_fact("limit", "approved", id=Ids().new(), bank_id=bank.party_id, scope="total",
               subject_id=None, **limit),
    )  # fmt: skip
    found = bank.gets("/portfolio")
    assert (found["open"], found["promised"]) == (as_money(1_501), as_money(60))
    assert (found["overdue"], found["is_whole"]) == (as_money(101), True)
    assert {one["state"]: one["loans"] for one in found["states"]} == dict.fromkeys(
        ("active", "overdue", "part_paid", "instructed", "paid", "failed"), 1
    )
    assert [(one["month"], one["open"]["amount"]) for one in found["months"]] == [
        ("2026-11", "1.01"), ("2026-12", "10.00"), ("2027-01", "4.00"),
    ]  # fmt: skip
    first, second = found["debtors"]
    assert first["debtor_id"] == debtor.party_id and first["name"].startswith("buyer ")
    assert second["name"] is None  # nobody has told of it
    # The hundred and one fen that two owe alike: nothing of them is lost.
    assert {first["open"]["amount"], second["open"]["amount"]} <= {"10.50", "10.51", "4.50", "4.51"}
    assert first["share_ppm"] + second["share_ppm"] in (999_999, 1_000_000)
    assert (first["loans"], second["loans"], second["promised"]) == (2, 3, as_money(60))
    assert first["limit"] == found["limit"] == {
        "granted": as_money(5_000), "reserved": as_money(100), "used": as_money(1_200)
    }  # fmt: skip
    assert second["limit"] is None


def test_who_has_paid_weighs_no_more_in_what_is_open(gateway: Gateway, bank: Caller) -> None:
    paid, part, whole = (Ids().new() for _ in range(3))
    gateway.project(
        *lent(bank, 900, {paid: 500, part: 500, whole: 500}, "part_paid", {paid: 500, part: 250},
              principal_paid_fen=600),
        *lent(bank, 50, {paid: 30, part: 20}, "overdue", {paid: 30, part: 20}),
    )  # fmt: skip
    debtors = {one["debtor_id"]: one for one in bank.gets("/portfolio")["debtors"]}
    # A third and two thirds of 300; of 50 on which nobody owes any more, as they owed.
    assert debtors[whole]["open"] == as_money(200)
    assert debtors[part]["open"] == as_money(100 + 20)
    assert debtors[paid]["open"] == as_money(30)
    assert {id: one["loans"] for id, one in debtors.items()} == {whole: 1, part: 2, paid: 1}


def test_exposure_and_ladder_are_taken_home(gateway: Gateway, bank: Caller, debtor: Caller) -> None:
    gateway.project(*lent(bank, 123_456, {debtor.party_id: 1}))
    response = bank.get("/portfolio/export?lang=zh")
    assert response.headers["Content-Disposition"].startswith('attachment; filename="portfolio-')
    book = load_workbook(io.BytesIO(response.data))
    assert book.sheetnames == ["按债务人的敞口", "到期阶梯", "借款状态", "办理中的申请"]
    [_, exposed, total], [heading, due], [_, lent_out], _ = (
        list(book[name].values) for name in book.sheetnames
    )
    [shown] = bank.gets("/portfolio")["debtors"]
    assert exposed[:5] == (shown["name"], 1, 1234.56, 100, 0)
    assert (total[0], total[2]) == ("合计", 1234.56)
    assert lent_out[1:] == (1, 1234.56, 1234.56)
    assert heading == ("到期月份", "笔数", "未还本金（元）")
    assert due == ("2026-12", 1, 1234.56)
    assert problem_of(debtor.get("/portfolio/export")) == (404, "not_found")


def test_what_is_asked_for_and_offered(gateway: Gateway, bank: Caller) -> None:
    opened = {"opened_to": [bank.party_id], "screenings": [], "amount_fen": 5_000}
    gateway.project(
        *(
            a_fact("application", past, id=Ids().new(), state=state, **opened)
            for past, state in (
                ("submitted", "offering"), ("submitted", "offering"), ("closed", "closed")
            )
        ),
        a_fact("application", "submitted", id=Ids().new(), state="offering", opened_to=[]),
        a_fact("offer", "sealed", id=Ids().new(), state="sealed", amount_fen=None,
               bank_id=bank.party_id),
    )  # fmt: skip
    found = bank.gets("/portfolio")
    assert found["applications"] == [{"state": "offering", "count": 2, "amount": as_money(10_000)}]
    assert found["offers"] == [{"state": "sealed", "count": 1}]


def test_who_has_lent_nothing_has_an_empty_one(bank: Caller) -> None:
    found = bank.gets("/portfolio")
    assert (found["open"], found["debtors"], found["months"]) == (as_money(0), [], [])
    assert (found["states"], found["limit"], found["debtors_more"]) == ([], None, 0)


def test_who_is_no_bank_has_none(gateway: Gateway, debtor: Caller, bank: Caller) -> None:
    assert problem_of(debtor.get("/portfolio")) == (404, "not_found")
    assert problem_of(gateway.operator.get("/portfolio")) == (404, "not_found")
    assert problem_of(bank.get("/portfolio?x=1")) == (422, "query_invalid")
