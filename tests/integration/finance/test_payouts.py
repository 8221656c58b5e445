"""The bank's answer to an instruction: once, and never resent while it is unknown."""

import pytest

from tests.integration.finance.deal import Deal, refuses


def test_paid_makes_the_loan_active_and_funds_the_positions(deal: Deal) -> None:
    loan = deal.until_instructed()
    facts = deal.pay_out(loan)
    assert facts.types == [
        "loan.disbursed", "application.disbursed", "offer.fulfilled", "position.funded",
        "limit.changed", "limit.changed",
    ]  # fmt: skip
    active = facts["loan.disbursed"]
    assert (active["state"], active["bank_reference"]) == ("active", "TT-0001")
    limit = facts["limit.changed"]
    assert (limit["reserved_fen"], limit["used_fen"]) == (0, 90_000_000)
    assert dict(deal.sql("SELECT account, amount_fen FROM postings")) == {
        "principal": 90_000_000, "bank_cash": -89_990_000, "fee_income": -10_000,
    }  # fmt: skip


def test_the_same_answer_twice_has_one_effect(deal: Deal) -> None:
    loan = deal.until_instructed()
    deal.pay_out(loan)
    before = len(deal.desk.events())
    assert deal.pay_out(loan) == []
    assert deal.pay_out(loan, bank_reference=None) == []
    assert len(deal.desk.events()) == before
    assert deal.number("SELECT count(*) FROM journal_entries") == 1


@pytest.mark.parametrize(
    ("outcome", "changes"), [("failed", {}), ("unknown", {}), ("paid", {"bank_reference": "TT-2"})]
)
def test_another_answer_to_a_settled_instruction_is_refused(
    deal: Deal, outcome: str, changes: dict[str, str]
) -> None:
    loan = deal.until_instructed()
    deal.pay_out(loan)
    with refuses(deal, "payout_answered_differently", 409):
        deal.pay_out(loan, outcome, **changes)


def test_an_unknown_payout_is_reconciled_and_never_resent(deal: Deal) -> None:
    loan = deal.until_instructed()
    facts = deal.pay_out(loan, "unknown")
    assert facts.types == ["loan.unknown"]
    assert deal.pay_out(loan, "unknown") == []
    with refuses(deal, "illegal_move", 409):
        deal.do("instruct_loan", deal.bank.system, id=loan["id"])
    assert deal.wait(days=30) == []
    assert deal.number("SELECT count(*) FROM instructions") == 1
    assert deal.pay_out(loan)["loan.disbursed"]["state"] == "active"


def test_after_a_certain_failure_a_new_instruction_may_be_given(deal: Deal) -> None:
    loan = deal.until_instructed()
    assert deal.pay_out(loan, "failed").types == ["loan.failed"]
    again = deal.do("instruct_loan", deal.bank.system, id=loan["id"])["loan.instructed"]
    assert again["instruction_id"] != loan["instruction_id"]
    with refuses(deal, "payout_answered_differently", 409):
        deal.pay_out(loan)
    assert deal.pay_out(loan, "failed") == []
    assert deal.pay_out(again).types[0] == "loan.disbursed"
    assert deal.number("SELECT count(*) FROM journal_entries") == 1


def test_a_failed_payout_lapses_with_its_deadline(deal: Deal) -> None:
    loan = deal.until_instructed()
    deal.pay_out(loan, "failed")
    facts = deal.wait(hours=48)
    assert facts.types[:2] == ["offer.lapsed", "application.reselecting"]
    assert facts["application.reselecting"]["loan_id"] is None
    with refuses(deal, "payment_deadline_over", 409):
        deal.do("instruct_loan", deal.bank.system, id=loan["id"])


def test_the_next_bank_may_pay_after_the_first_failed(deal: Deal) -> None:
    loan = deal.until_instructed()
    deal.pay_out(loan, "failed")
    deal.wait(hours=48)
    old = deal.sql("SELECT id FROM positions WHERE state = 'releasing'")[0][0]
    facts = deal.do("release_position", deal.registry, id=str(old))
    application_id = facts["application.reselecting"]["id"]
    rivals = str(deal.sql("SELECT id FROM offers WHERE state = 'visible'")[0][0])
    committed = deal.choose(application_id, rivals)["position.committed"]
    deal.bank = deal.rival
    deal.file(committed["id"])
    second = deal.notify(committed["id"])["loan.instructed"]
    assert deal.pay_out(second)["loan.disbursed"]["bank_id"] == deal.rival.id


def test_only_the_loans_bank_answers_and_only_its_instructions(deal: Deal) -> None:
    loan = deal.until_instructed()
    stranger_answer = {"instruction_id": loan["instruction_id"], "outcome": "paid"}
    for other in (deal.rival.system, deal.supplier):
        with refuses(deal, "not_found", 404):
            deal.do("record_payout_loan", other, stranger_answer, id=loan["id"])
    with refuses(deal, "instruction_unknown", 422):
        deal.pay_out(loan | {"instruction_id": deal.desk.ids.new()})


def test_a_payout_does_not_lie_in_the_future(deal: Deal) -> None:
    loan = deal.until_instructed()
    with refuses(deal, "answer_in_future", 422):
        deal.pay_out(loan, paid_at="2026-03-05T01:00:00+00:00")


def test_a_payout_does_not_lie_before_its_instruction(deal: Deal) -> None:
    loan = deal.until_instructed()
    with refuses(deal, "payout_before_instruction", 422):
        deal.pay_out(loan, paid_at="2026-02-01T01:00:00+00:00")
