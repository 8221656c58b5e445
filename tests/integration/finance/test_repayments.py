"""Money received: interest before principal, one reference once, and the end of the loan."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from deploy.sails.check.finance import CHECKS
from services.contracts.contract import payable
from services.contracts.money import as_money
from services.finance.commands import receivables
from tests.desk import heard
from tests.integration.finance.deal import DUE, PAYABLE_FEN, Deal, Facts, refuses


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


def test_without_recourse_the_bank_keeps_no_more_than_the_claim_yielded(deal: Deal) -> None:
    loan = deal.until_active(recourse=False)
    deal.wait_until(DUE)
    deal.repay(loan["id"], PAYABLE_FEN + 50_000_000)
    balances = dict(deal.sql("SELECT account, sum(amount_fen) FROM postings GROUP BY account"))
    assert (balances["surplus_income"], balances["seller_due"]) == (-9_328_000, -50_000_000)
    assert settled(deal, "receivables") == [("settled", PAYABLE_FEN)]


def test_what_an_earlier_release_did_not_count_counts_with_the_next_payment(deal: Deal) -> None:
    loan = deal.until_active()
    deal.wait_until(DUE)
    deal.repay(loan["id"], 40_000_000, "HK-1")
    with deal.desk.session() as session, session.begin():  # as the migration found it
        session.execute(text("UPDATE positions SET settled_fen = 0"))
        session.execute(text("UPDATE receivables SET settled_fen = 0, allocated_fen = claimed_fen"))
    facts = deal.repay(loan["id"], PAYABLE_FEN - 40_000_000, "HK-2")
    assert facts["receivable.settled"]["settled_fen"] == PAYABLE_FEN


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


LENT_FEN = 100_000  # CNY 1,000 on a claim of CNY 1,000,000


def settled(deal: Deal, table: str) -> list[tuple[str, int]]:
    """State and what was received of each, oldest first."""
    return [tuple(row) for row in deal.sql(f"SELECT state, settled_fen FROM {table} ORDER BY id")]


def test_a_small_loan_repaid_pays_no_more_of_the_debt_than_the_bank_received(deal: Deal) -> None:
    loan = deal.lend({deal.until_confirmed()["id"]: PAYABLE_FEN}, LENT_FEN)
    facts = deal.repay(loan["id"], LENT_FEN)
    assert facts.types[:4] == [
        "loan.paid", "application.closed", "position.releasing", "receivable.allocated",
    ]  # fmt: skip
    facts = cancel(deal)
    assert facts.types == ["position.short_paid", "receivable.allocated"]
    assert settled(deal, "positions") == [("short_paid", LENT_FEN)]
    assert settled(deal, "receivables") == [("confirmed", LENT_FEN)]
    rest = facts["receivable.allocated"]
    assert (rest["allocated_fen"], rest["settled_fen"]) == (0, LENT_FEN)


def test_the_rest_is_held_until_the_registry_has_cancelled_the_filing(deal: Deal) -> None:
    claim = deal.until_confirmed()
    loan = deal.lend({claim["id"]: PAYABLE_FEN}, LENT_FEN)
    held = deal.repay(loan["id"], LENT_FEN)["receivable.allocated"]
    assert (held["allocated_fen"], held["settled_fen"]) == (PAYABLE_FEN - LENT_FEN, LENT_FEN)
    consent = deal.authorise(deal.rival)
    rest = {"receivable_id": claim["id"], "amount": as_money(PAYABLE_FEN - LENT_FEN)}
    with refuses(deal, "not_enough_left", 409):
        deal.submit(claim["id"], consent, shares=[rest])
    cancel(deal)
    deal.equip(deal.rival)
    assert deal.submit(claim["id"], consent, shares=[rest])
    assert deal.sql("SELECT state FROM applications ORDER BY id") == [("closed",), ("offering",)]


def test_what_nobody_was_told_of_is_free_at_once(deal: Deal) -> None:
    position, _ = deal.until_securing(security="none")
    loan_id = str(deal.sql("SELECT id FROM loans")[0][0])
    loan = {"id": loan_id, "instruction_id": deal.sql("SELECT instruction_id FROM loans")[0][0]}
    deal.pay_out({key: str(value) for key, value in loan.items()})
    facts = deal.repay(loan_id, PAYABLE_FEN, payer="borrower")
    assert facts["position.short_paid"]["id"] == position["id"]
    assert facts["receivable.allocated"]["allocated_fen"] == 0


def cancel(deal: Deal) -> Facts:
    """The registry cancels the filing of the one share that waits for it."""
    [(id,)] = deal.sql("SELECT CAST(id AS text) FROM positions WHERE state = 'releasing'")
    return deal.do("release_position", deal.registry, id=id)


def test_the_rest_is_the_sellers_to_finance_or_to_be_paid(deal: Deal) -> None:
    claim = deal.until_confirmed()
    loan = deal.lend({claim["id"]: PAYABLE_FEN}, LENT_FEN)
    deal.repay(loan["id"], LENT_FEN)
    cancel(deal)
    too_much = {"receivable_id": claim["id"], "amount": as_money(PAYABLE_FEN - LENT_FEN + 1)}
    consent = deal.authorise()
    with refuses(deal, "not_enough_left", 409):
        deal.submit(claim["id"], consent, shares=[too_much])
    given = {"contract_id": deal.contract_id, "amount_fen": PAYABLE_FEN, "state": "paid",
             "due_date": DUE.isoformat(), "paid_fen": PAYABLE_FEN}  # fmt: skip
    paid = heard(payable.event("paid"), id=deal.payable_id, sequence=2, **given)
    [over] = deal.desk.act(receivables.note_payment, paid)
    assert (over.type, over.data["settled_fen"]) == ("receivable.settled.v1", LENT_FEN)


def test_what_the_debtor_pays_in_parts_counts_when_it_comes(deal: Deal) -> None:
    loan = deal.until_active()
    deal.wait_until(DUE)
    facts = deal.repay(loan["id"], 40_000_000, "HK-1")
    assert facts.types == ["loan.part_paid", "position.part_paid", "receivable.allocated"]
    part = facts["receivable.allocated"]
    assert (part["allocated_fen"], part["settled_fen"]) == (60_000_000, 40_000_000)
    facts = deal.repay(loan["id"], PAYABLE_FEN - 40_000_000, "HK-2")
    assert "position.settled" in facts.types
    assert facts["receivable.settled"]["settled_fen"] == PAYABLE_FEN


def test_a_claim_paid_whole_ends_though_the_loan_does_not(deal: Deal) -> None:
    loan = deal.lend({deal.until_confirmed()["id"]: 30_000_000}, 27_000_000)
    deal.wait_until("2027-03-01")
    facts = deal.repay(loan["id"], 27_500_000, "HK-1")
    assert (facts["loan.part_paid"]["state"], settled(deal, "positions")) == (
        "overdue", [("funded", 27_500_000)],
    )  # fmt: skip
    deal.repay(loan["id"], 10_000_000, "HK-2")
    assert settled(deal, "positions") == [("settled", 30_000_000)]
    assert settled(deal, "receivables") == [("confirmed", 30_000_000)]


def test_the_borrowers_own_money_pays_nothing_of_the_debtors_debt(deal: Deal) -> None:
    loan = deal.until_active()
    part = deal.repay(loan["id"], 50_000_000, "HK-1", payer="borrower")
    assert part.types == ["loan.part_paid"]
    facts = deal.repay(loan["id"], 50_000_000, "HK-2", payer="borrower")
    assert [r["payer"] for r in facts["loan.paid"]["repayments"]] == ["borrower", "borrower"]
    assert settled(deal, "positions") == [("releasing", 0)]
    cancel(deal)
    assert settled(deal, "positions") == [("short_paid", 0)]
    assert settled(deal, "receivables") == [("confirmed", 0)]
    balances = dict(deal.sql("SELECT account, sum(amount_fen) FROM postings GROUP BY account"))
    assert balances["seller_due"] == -loan_surplus(facts)
    assert "surplus_income" not in balances


def loan_surplus(facts: Facts) -> int:
    return int(facts["loan.paid"]["surplus_fen"])


def test_a_reference_told_again_with_another_payer_is_another_repayment(deal: Deal) -> None:
    loan = deal.until_active()
    deal.repay(loan["id"], 1_000_000)
    with refuses(deal, "repayment_reference_used", 409):
        deal.repay(loan["id"], 1_000_000, payer="borrower")


def test_another_spelling_of_a_reference_counts_nothing_again(deal: Deal) -> None:
    loan = deal.until_active()
    deal.repay(loan["id"], 1_000_000, "HK-0001")
    assert deal.repay(loan["id"], 1_000_000, "ＨＫ－０００１") == []
    for alike in ("HK-0001\u200b", "HK -0001", "HK\u00a0-0001", "\u202eHK-0001", "回款1", "H" * 61):
        with refuses(deal, "invalid", 422, "/reference"):
            deal.repay(loan["id"], 1_000_000, alike)
    assert deal.number("SELECT count(*) FROM repayments") == 1


def test_the_claim_that_is_due_first_is_paid_first(deal: Deal) -> None:
    first = deal.until_confirmed()
    deal.payable_id = deal.owe(due_date="2026-04-20")
    entered = deal.enter(invoice=deal.invoice("26112000000087654321"))["receivable.checked"]
    deal.request(entered["id"])
    prepared = deal.prepare(entered["id"])["receivable.prepared"]
    second = deal.confirm(entered["id"], prepared["confirmation_sha256"])["receivable.confirmed"]
    loan = deal.lend({first["id"]: PAYABLE_FEN, second["id"]: PAYABLE_FEN}, PAYABLE_FEN)
    deal.repay(loan["id"], PAYABLE_FEN + 5_000_000)
    assert settled(deal, "receivables") == [("confirmed", 5_000_000), ("settled", PAYABLE_FEN)]
    assert settled(deal, "positions") == [("releasing", 5_000_000), ("settled", PAYABLE_FEN)]


def lent_on_two(deal: Deal, amount_fen: int, **product: Any) -> tuple[dict[str, Any], str, str]:
    """A loan on the claims on two debtors, and who they are: the second owes as much, and later."""
    first, second = deal.until_confirmed(), deal.until_another_confirmed()
    loan = deal.lend({first["id"]: PAYABLE_FEN, second["id"]: PAYABLE_FEN}, amount_fen, **product)
    return loan, first["debtor_id"], second["debtor_id"]


def by_debtor(deal: Deal) -> dict[str, tuple[str, int]]:
    """Of each debtor's claim, its state and what was received of it."""
    rows = deal.sql("SELECT CAST(debtor_id AS text), state, settled_fen FROM receivables")
    return {debtor_id: (state, fen) for debtor_id, state, fen in rows}


def test_what_one_debtor_pays_is_not_paid_by_another(deal: Deal) -> None:
    loan, first, second = lent_on_two(deal, 100_000_000)
    facts = deal.repay(loan["id"], 30_000_000, "HK-1", debtor_id=second)
    assert [r["debtor_id"] for r in facts["loan.part_paid"]["repayments"]] == [second]
    assert by_debtor(deal) == {first: ("confirmed", 0), second: ("confirmed", 30_000_000)}
    deal.repay(loan["id"], PAYABLE_FEN, "HK-2", debtor_id=second)
    assert by_debtor(deal) == {first: ("confirmed", 0), second: ("settled", PAYABLE_FEN)}


def test_the_checker_tells_debtors_apart_and_knows_rests_that_wait(deal: Deal) -> None:
    loan, first, second = lent_on_two(deal, 100_000_000)
    deal.repay(loan["id"], 30_000_000, "HK-1", debtor_id=second)
    assert found_wrong(deal) == []
    deal.repay(loan["id"], PAYABLE_FEN, "HK-2", debtor_id=first)
    assert "releasing" in dict(settled(deal, "positions")) and found_wrong(deal) == []
    with deal.desk.session() as session, session.begin():
        session.execute(text(f"UPDATE repayments SET debtor_id = '{first}'"))
    assert found_wrong(deal) == ["settled_is_received"]


def found_wrong(deal: Deal) -> list[str]:
    """The checks of finance that do not hold."""
    return [check.name for check in CHECKS if deal.sql(check.sql)]


def test_more_than_a_debtor_owes_pays_nothing_of_anothers_debt(deal: Deal) -> None:
    loan, first, second = lent_on_two(deal, 150_000_000, recourse=False)
    facts = deal.repay(loan["id"], PAYABLE_FEN + 60_000_000, debtor_id=first)
    assert by_debtor(deal) == {first: ("settled", PAYABLE_FEN), second: ("confirmed", 0)}
    balances = dict(deal.sql("SELECT account, sum(amount_fen) FROM postings GROUP BY account"))
    assert balances["seller_due"] == -loan_surplus(facts) != 0  # no claim yielded it


def test_of_several_debtors_it_is_said_which_one_paid(deal: Deal) -> None:
    loan, first, _ = lent_on_two(deal, 100_000_000)
    with refuses(deal, "repayment_debtor_missing", 422, "/debtor_id"):
        deal.repay(loan["id"], 1_000_000)
    with refuses(deal, "not_found", 404, "/debtor_id"):
        deal.repay(loan["id"], 1_000_000, debtor_id=deal.stranger.id)
    with refuses(deal, "invalid", 422, "/debtor_id"):
        deal.repay(loan["id"], 1_000_000, payer="borrower", debtor_id=first)
    [part] = deal.repay(loan["id"], 1_000_000, payer="borrower")
    assert part.data["repayments"][0]["debtor_id"] is None


def test_a_reference_told_again_of_another_debtor_is_another_repayment(deal: Deal) -> None:
    loan, first, second = lent_on_two(deal, 100_000_000)
    deal.repay(loan["id"], 1_000_000, debtor_id=first)
    assert deal.repay(loan["id"], 1_000_000, debtor_id=first) == []
    with refuses(deal, "repayment_reference_used", 409):
        deal.repay(loan["id"], 1_000_000, debtor_id=second)


def test_what_was_counted_before_debtors_were_named_takes_nothing_of_the_next(deal: Deal) -> None:
    loan, first, second = lent_on_two(deal, 150_000_000)
    deal.repay(loan["id"], 30_000_000, "HK-1", debtor_id=first)
    with deal.desk.session() as session, session.begin():  # as the migration found it
        session.execute(text("UPDATE repayments SET debtor_id = NULL"))
    deal.repay(loan["id"], 20_000_000, "HK-2", debtor_id=first)
    deal.repay(loan["id"], 5_000_000, "HK-3", debtor_id=first)
    assert by_debtor(deal) == {first: ("confirmed", 55_000_000), second: ("confirmed", 0)}


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
