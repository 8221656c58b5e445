"""Filed in the bank's name, noticed to the debtor: no payout before the gates of the product."""

from datetime import UTC, datetime, timedelta

import pytest

from services.contracts.contract import payable
from services.finance.commands import positions
from tests.desk import heard
from tests.integration.finance.deal import PAYABLE_FEN, VOUCHER, Deal, Facts, refuses


def test_filed_and_noticed_the_loan_is_instructed(deal: Deal) -> None:
    position, _ = deal.until_securing()
    filed = deal.file(position["id"])
    assert filed.types == ["position.filed"]
    assert filed["position.filed"]["filing"]["search"] == "clear"
    noticed = deal.notify(position["id"])
    assert noticed.types == ["position.noticed", "application.ready", "loan.instructed"]
    notice = noticed["position.noticed"]["notice"]
    assert notice["arrived_at"] == deal.desk.clock.moment.isoformat()
    assert (notice["factor_name"], notice["voucher_sha256"]) == (deal.bank.name, VOUCHER)
    loan = noticed["loan.instructed"]
    assert noticed["application.ready"]["loan_id"] == loan["id"]
    assert (loan["principal_fen"], loan["due_date"]) == (90_000_000, "2026-05-11")


@pytest.mark.parametrize("security", ["assignment_undisclosed", "pledge"])
def test_some_products_need_no_notice(deal: Deal, security: str) -> None:
    position, _ = deal.until_securing(security=security)
    assert deal.file(position["id"]).types[-1] == "loan.instructed"


def test_the_bank_may_file_itself_and_nobody_else(deal: Deal) -> None:
    position, _ = deal.until_securing()
    for other in (deal.supplier, deal.rival.system, deal.maker):
        with refuses(deal, "not_found", 404):
            deal.file(position["id"], by=other)
    assert deal.file(position["id"], by=deal.bank.system).types == ["position.filed"]


def test_a_filing_is_neither_backdated_nor_of_the_future(deal: Deal) -> None:
    position, _ = deal.until_securing()
    made_at = datetime.fromisoformat(position["created_at"])
    earliest = made_at - timedelta(hours=1)  # the registry's clock may be behind ours
    for filed_at in (datetime(2001, 1, 1, tzinfo=UTC), earliest - timedelta(seconds=1)):
        with refuses(deal, "filing_before_position", 422, "/filed_at"):
            deal.file(position["id"], filed_at=filed_at.isoformat())
    tomorrow = deal.desk.clock.moment + timedelta(days=1)
    with refuses(deal, "answer_in_future", 422, "/filed_at"):
        deal.file(position["id"], filed_at=tomorrow.isoformat())
    assert deal.file(position["id"], filed_at=earliest.isoformat()).types == ["position.filed"]


def test_prior_claims_hold_everything_up_until_a_clear_search(deal: Deal) -> None:
    position, _ = deal.until_securing()
    deal.file(position["id"], search="prior_claims")
    with refuses(deal, "prior_claims_found", 409):
        deal.notify(position["id"])
    deal.file(position["id"], search="clear")
    with refuses(deal, "filing_is_clear", 409):
        deal.file(position["id"])
    assert deal.notify(position["id"]).types[-1] == "loan.instructed"


def test_prior_claims_keep_an_undisclosed_one_from_being_ready(deal: Deal) -> None:
    position, _ = deal.until_securing(security="pledge")
    assert deal.file(position["id"], search="prior_claims").types == ["position.filed"]


def test_the_debtor_may_acknowledge(deal: Deal) -> None:
    position, _ = deal.until_securing()
    deal.file(position["id"])
    with refuses(deal, "not_found", 404):  # before the notice the debtor knows of no financing
        deal.do("acknowledge_position", deal.maker, id=position["id"])
    deal.notify(position["id"])
    with refuses(deal, "not_found", 404):
        deal.do("acknowledge_position", deal.stranger, id=position["id"])
    facts = deal.do("acknowledge_position", deal.maker, id=position["id"])
    assert facts["position.acknowledged"]["acknowledged_at"]


def reported(deal: Deal, *references: str, sequence: int = 2) -> Facts:
    """Finance hears that the debtor says it paid, under these references in all, the last now."""
    said = [
        {
            "amount_fen": 700, "paid_on": "2026-03-02", "reference": reference,
            "reported_at": deal.desk.clock.moment.isoformat(), "received_before_fen": 0,
        }
        for reference in references
    ]  # fmt: skip
    given = {"contract_id": deal.contract_id, "amount_fen": PAYABLE_FEN, "state": "running"}
    fact = heard(
        payable.event("payment_reported"), id=deal.payable_id, sequence=sequence,
        reported_payments=said, **given,
    )  # fmt: skip
    return Facts(deal.desk.act(positions.note_report, fact))


def test_after_the_notice_the_bank_is_told_what_the_debtor_says_it_paid(deal: Deal) -> None:
    position, _ = deal.until_securing()
    deal.file(position["id"])
    assert reported(deal, "GH-0") == []
    deal.desk.clock.advance(hours=1)
    deal.notify(position["id"])
    facts = reported(deal, "GH-1", sequence=3)
    assert facts.types == ["position.payment_reported"]
    said = facts["position.payment_reported"]
    assert (said["state"], said["settled_fen"]) == ("noticed", 0)
    assert [one["reference"] for one in said["reported_payments"]] == ["GH-1"]
    assert reported(deal, "GH-1", sequence=3) == []
    more = reported(deal, "GH-1", "GH-2", sequence=4)["position.payment_reported"]
    assert [one["reference"] for one in more["reported_payments"]] == ["GH-1", "GH-2"]
    assert {one["amount_fen"] for one in more["reported_payments"]} == {700}


def test_what_was_said_before_the_notice_is_not_told_after_it(deal: Deal) -> None:
    position, _ = deal.until_securing()
    deal.file(position["id"])
    before = deal.desk.clock.moment
    deal.desk.clock.advance(hours=1)
    deal.notify(position["id"])
    deal.desk.clock.moment = before
    assert reported(deal, "GH-0") == []


def test_only_the_positions_bank_notifies_and_after_filing(deal: Deal) -> None:
    position, _ = deal.until_securing()
    with refuses(deal, "illegal_move", 409):
        deal.notify(position["id"])
    deal.file(position["id"])
    with refuses(deal, "not_found", 404):
        deal.notify(position["id"], deal.rival)


def test_a_held_position_is_nobodys_to_file(deal: Deal) -> None:
    application = deal.until_submitted()
    with refuses(deal, "illegal_move", 409):
        deal.file(application["shares"][0]["position_id"])


def test_only_what_is_being_released_can_be_cancelled(deal: Deal) -> None:
    position, _ = deal.until_securing()
    deal.file(position["id"])
    with refuses(deal, "illegal_move", 409):
        deal.do("release_position", deal.registry, id=position["id"])


def test_after_the_time_to_pay_nothing_is_instructed_though_the_timer_is_down(deal: Deal) -> None:
    position, _ = deal.until_securing()
    deal.file(position["id"])
    deal.desk.clock.advance(hours=48)
    assert deal.notify(position["id"]).types == ["position.noticed"]
    assert deal.tick().types[:2] == ["offer.lapsed", "application.reselecting"]
