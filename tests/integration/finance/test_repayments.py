"""Money received: interest before principal, one reference once, and the end of the loan."""

from datetime import date

import pytest

from services.contracts.money import as_money
from tests.integration.finance.deal import DUE, PAYABLE_FEN, Deal, refuses


def test_part_payments_pay_interest_first_and_accrue_on_what_is_left(deal: Deal) -> None:
    loan = deal.until_active()
    deal.wait_until("2026-04-02")  # 30 days after payout on 3 March
    first = deal.repay(loan["id"], 45_315_000, "HK-1")["loan.part_paid"]
    assert first["state"] == "part_paid"
    assert (first["interest_paid_fen"], first["principal_paid_fen"]) == (315_000, 45_000_000)
    deal.wait_until("2026-05-02")  # 30 days on half of it
    facts = deal.repay(loan["id"], 45_157_500, "HK-2")
    paid = facts["loan.paid"]
    assert (paid["interest_paid_fen"], paid["surplus_fen"]) == (472_500, 0)
    assert [r["reference"] for r in paid["repayments"]] == ["HK-1", "HK-2"]
    assert deal.number("SELECT sum(amount_fen) FROM postings") == 0


def test_less_than_the_interest_leaves_it_owed(deal: Deal) -> None:
    loan = deal.until_active()
    deal.wait_until("2026-04-02")
    part = deal.repay(loan["id"], 300_000, "HK-1")["loan.part_paid"]
    assert (part["interest_paid_fen"], part["principal_paid_fen"]) == (300_000, 0)
    assert deal.number("SELECT interest_due_fen FROM loans") == 15_000
    paid = deal.repay(loan["id"], 90_015_000, "HK-2")["loan.paid"]
    assert paid["interest_paid_fen"] == 315_000


@pytest.mark.parametrize(("recourse", "account"), [(True, "seller_due"), (False, "surplus_income")])
def test_the_surplus_is_the_sellers_with_recourse(deal: Deal, recourse: bool, account: str) -> None:
    loan = deal.until_active(recourse=recourse)
    deal.wait_until(DUE)
    deal.repay(loan["id"], PAYABLE_FEN)
    balances = dict(deal.sql("SELECT account, sum(amount_fen) FROM postings GROUP BY account"))
    assert balances[account] == -9_328_000
    assert balances["surplus"] == balances["principal"] == 0


def test_one_reference_counts_once(deal: Deal) -> None:
    loan = deal.until_active()
    deal.wait_until("2026-04-02")
    deal.repay(loan["id"], 1_000_000)
    assert deal.repay(loan["id"], 1_000_000) == []
    with refuses(deal, "repayment_reference_used", 409):
        deal.repay(loan["id"], 1_000_001)
    assert deal.number("SELECT count(*) FROM repayments") == 1
    assert deal.number("SELECT count(*) FROM journal_entries") == 2


def test_the_repayment_that_ended_the_loan_may_be_repeated(deal: Deal) -> None:
    loan = deal.until_active()
    deal.wait_until(DUE)
    deal.repay(loan["id"], PAYABLE_FEN)
    assert deal.repay(loan["id"], PAYABLE_FEN) == []
    with refuses(deal, "illegal_move", 409):
        deal.repay(loan["id"], 1, "HK-2")


def test_due_and_overdue_by_the_clock(deal: Deal) -> None:
    loan = deal.until_active()
    assert deal.wait_until("2026-05-10T23:59:59+08:00") == []
    assert deal.wait_until("2026-05-11T00:00:00+08:00").types == ["loan.due"]
    assert deal.wait_until("2026-05-12T00:00:00+08:00").types == ["loan.overdue"]
    part = deal.repay(loan["id"], 1_000_000, "HK-1")
    assert part["loan.part_paid"]["state"] == "overdue"
    paid = deal.repay(loan["id"], PAYABLE_FEN, "HK-2")
    assert paid["loan.paid"]["state"] == "paid"


def test_a_paid_loan_never_falls_due(deal: Deal) -> None:
    loan = deal.until_active()
    deal.repay(loan["id"], PAYABLE_FEN)
    assert deal.wait_until(date(2026, 6, 1)) == []


def test_a_repayment_comes_after_the_payout_and_in_order(deal: Deal) -> None:
    loan = deal.until_active()
    early = {"reference": "HK-0", "amount": as_money(1), "received_at": "2026-03-01T01:00:00Z"}
    with refuses(deal, "repayment_out_of_order", 422):
        deal.do("record_repayment_loan", deal.bank.system, early, id=loan["id"])
    future = early | {"received_at": "2026-03-09T01:00:00Z"}
    with refuses(deal, "answer_in_future", 422):
        deal.do("record_repayment_loan", deal.bank.system, future, id=loan["id"])


def test_only_the_loans_bank_records_and_only_what_was_paid_out(deal: Deal) -> None:
    loan = deal.until_instructed()
    with refuses(deal, "illegal_move", 409):
        deal.repay(loan["id"], 1)
    deal.bank = deal.rival
    with refuses(deal, "not_found", 404):
        deal.repay(loan["id"], 1)


def test_a_part_of_the_claim_settled_leaves_the_rest_to_finance(deal: Deal) -> None:
    claim = deal.until_confirmed()
    deal.equip(deal.bank)
    share = {"receivable_id": claim["id"], "amount": as_money(40_000_000)}
    authorisation_id = deal.authorise()
    application = deal.submit(claim["id"], authorisation_id, shares=[share])[0].data
    offer_id = deal.offer(deal.bank, application, amount=as_money(36_000_000))
    deal.wait_until(application["offers_until"])
    position = deal.choose(application["id"], offer_id)["position.committed"]
    deal.file(position["id"])
    loan = deal.pay_out(deal.notify(position["id"])["loan.instructed"])["loan.disbursed"]
    facts = deal.repay(loan["id"], 40_000_000)
    partly = facts["receivable.allocated"]
    assert (partly["allocated_fen"], partly["settled_fen"]) == (0, 40_000_000)
    assert "receivable.settled" not in facts.types
    whole = {"receivable_id": claim["id"], "amount": as_money(60_000_001)}
    with refuses(deal, "not_enough_left", 409):
        deal.submit(claim["id"], authorisation_id, shares=[whole])
    rest = whole | {"amount": as_money(60_000_000)}
    assert deal.submit(claim["id"], authorisation_id, shares=[rest])
