"""An application holds its shares at once, is opened to authorised banks, and lets go again."""

import pytest

from services.contracts.money import as_money
from tests.integration.finance.deal import DUE, PAYABLE_FEN, Deal, refuses


def test_submitting_holds_the_claim_and_opens_the_window(deal: Deal) -> None:
    claim = deal.until_confirmed()
    deal.equip(deal.bank)
    facts = deal.submit(claim["id"], deal.authorise(), offer_window_hours=6)
    assert facts.types == ["application.submitted", "position.held", "receivable.allocated"]
    application = facts["application.submitted"]
    assert application["state"] == "offering"
    assert application["waiting_for"] == "bank"
    assert application["offers_until"] == "2026-03-02T07:00:00+00:00"
    assert application["latest_due_date"] == DUE.isoformat()
    assert application["opened_to"] == application["eligible_bank_ids"] == [deal.bank.id]
    assert application["shares"][0]["position_id"] == facts["position.held"]["id"]
    assert facts["receivable.allocated"]["allocated_fen"] == PAYABLE_FEN


def test_only_banks_whose_criteria_and_limits_fit_are_eligible(deal: Deal) -> None:
    claim = deal.until_confirmed()
    deal.equip(deal.bank, max_term_days=64)  # due on 6 May, 65 days from 2 March
    deal.equip(deal.rival, granted_fen=99_999)
    facts = deal.submit(claim["id"], deal.authorise(deal.bank, deal.rival))
    assert facts["application.submitted"]["eligible_bank_ids"] == []


def test_what_is_held_cannot_be_asked_for_twice(deal: Deal) -> None:
    application = deal.until_submitted()
    receivable_id = application["shares"][0]["receivable_id"]
    with refuses(deal, "not_enough_left", 409):
        deal.submit(receivable_id, application["authorisation_ids"][0])


def test_shares_name_each_claim_once_and_at_least_one(deal: Deal) -> None:
    claim = deal.until_confirmed()
    share, consent = {"receivable_id": claim["id"], "amount": as_money(1)}, deal.authorise()
    with refuses(deal, "shares_missing", 422, "/shares"):
        deal.submit(claim["id"], consent, shares=[])
    with refuses(deal, "receivable_twice", 422, "/shares/1/receivable_id"):
        deal.submit(claim["id"], consent, shares=[share, share])


def test_the_claim_must_be_ones_own_and_confirmed(deal: Deal) -> None:
    checked = deal.until_checked()
    authorisation_id = deal.authorise()
    with refuses(deal, "receivable_not_confirmed", 409):
        deal.submit(checked["id"], authorisation_id)
    with refuses(deal, "not_found", 404):
        deal.submit(deal.desk.ids.new(), authorisation_id)


def test_a_claim_that_was_paid_meanwhile_is_not_financed(deal: Deal) -> None:
    claim = deal.until_confirmed()
    deal.owe(id=deal.payable_id, paid_fen=PAYABLE_FEN, state="paid", sequence=2)
    consent = deal.authorise()
    with refuses(deal, "receivable_not_confirmed", 409):
        deal.submit(claim["id"], consent)


def test_a_bank_declines_once_with_coded_reasons(deal: Deal) -> None:
    application = deal.until_submitted()
    reasons = {"reason_codes": ["industry_not_accepted", "term_too_long"]}
    id = application["id"]
    screened = deal.do("screen_out_application", deal.rival.system, reasons, id=id)
    assert screened.types == ["application.screened_out"]
    [screening] = screened[0].data["screenings"]
    assert (screening["bank_id"], screening["reason_codes"]) == (
        deal.rival.id, reasons["reason_codes"],
    )  # fmt: skip
    with refuses(deal, "screened_out", 409):
        deal.do("screen_out_application", deal.rival.system, reasons, id=id)
    with refuses(deal, "screened_out", 409):
        deal.draft_offer(deal.rival, application)
    with refuses(deal, "reasons_missing", 422, "/reason_codes"):
        deal.do("screen_out_application", deal.bank.system, {"reason_codes": []}, id=id)


def test_a_bank_that_was_not_let_in_neither_declines_nor_offers(deal: Deal) -> None:
    claim = deal.until_confirmed()
    deal.equip(deal.rival)
    application = deal.submit(claim["id"], deal.authorise(deal.bank))["application.submitted"]
    reasons = {"reason_codes": ["other"]}
    with refuses(deal, "sheet_not_opened", 403):
        deal.do("screen_out_application", deal.rival.system, reasons, id=application["id"])
    with refuses(deal, "sheet_not_opened", 403):
        deal.draft_offer(deal.rival, application)
    further = {"authorisation_id": deal.authorise(deal.rival)}
    opened = deal.do("open_to_application", deal.supplier, further, id=application["id"])
    assert opened["application.opened"]["opened_to"] == sorted([deal.bank.id, deal.rival.id])
    assert deal.offer(deal.rival, application)


def test_without_offers_the_window_ends_in_declined(deal: Deal) -> None:
    application = deal.until_submitted()
    facts = deal.wait_until(application["offers_until"])
    assert facts.types == ["application.declined", "position.released", "receivable.allocated"]
    assert facts["application.declined"]["reason_code"] == "no_offers"
    assert facts["receivable.allocated"]["allocated_fen"] == 0


def test_withdrawing_lets_everything_go_and_keeps_sealed_terms_sealed(deal: Deal) -> None:
    application = deal.until_submitted()
    deal.offer(deal.bank, application)
    deal.draft_offer(deal.rival, application)
    facts = deal.do("withdraw_application", deal.supplier, id=application["id"])
    assert facts.types == [
        "application.withdrawn", "offer.lost", "offer.expired", "position.released",
        "receivable.allocated",
    ]  # fmt: skip
    assert facts["offer.lost"]["amount_fen"] is None
    assert deal.number("SELECT sum(sealed_fen) FROM limits") == 0
    assert deal.wait(days=30) == []


def test_withdrawing_after_filing_waits_for_the_registry(deal: Deal) -> None:
    position, id = deal.until_securing()
    deal.file(position["id"])
    facts = deal.do("withdraw_application", deal.supplier, id=id)
    assert facts["position.releasing"]["state"] == "releasing"
    assert facts["offer.lost"]["state"] == "lost"
    assert deal.number("SELECT allocated_fen FROM receivables") == PAYABLE_FEN
    released = deal.do("release_position", deal.registry, id=position["id"])
    assert released.types == ["position.released", "receivable.allocated"]
    assert deal.number("SELECT allocated_fen FROM receivables") == 0


@pytest.mark.parametrize("command", ["withdraw_application", "open_to_application"])
def test_others_cannot_touch_it(deal: Deal, command: str) -> None:
    id = deal.until_submitted()["id"]
    if command == "open_to_application":
        deal.supplier = deal.stranger
        arguments = {"authorisation_id": deal.authorise()}
    else:
        arguments = {}
    with refuses(deal, "not_found", 404):
        deal.do(command, deal.stranger, arguments, id=id)


def test_once_ready_it_cannot_be_withdrawn(deal: Deal) -> None:
    loan = deal.until_instructed()
    with refuses(deal, "illegal_move", 409):
        deal.do("withdraw_application", deal.supplier, id=loan["application_id"])


def test_an_application_over_two_claims_holds_both(deal: Deal) -> None:
    first = deal.until_confirmed()
    deal.payable_id = deal.owe(40_000_000, due_date="2026-06-01")
    deal.desk.clock.advance(minutes=1)
    invoice = deal.invoice("26112000000000000002")
    entered = deal.enter(40_000_000, invoice=invoice)["receivable.checked"]["id"]
    deal.request(entered)
    sha256 = deal.prepare(entered)["receivable.prepared"]["confirmation_sha256"]
    deal.confirm(entered, sha256)
    shares = [
        {"receivable_id": entered, "amount": as_money(40_000_000)},
        {"receivable_id": first["id"], "amount": as_money(50_000_000)},
    ]
    facts = deal.submit(first["id"], deal.authorise(), shares=shares)
    application = facts["application.submitted"]
    assert application["amount_fen"] == 90_000_000
    assert application["latest_due_date"] == "2026-06-01"
    assert application["debtor_ids"] == [deal.maker.id]
    assert [share["receivable_id"] for share in application["shares"]] == [entered, first["id"]]


def test_a_bank_does_not_decline_beside_its_own_offer(deal: Deal) -> None:
    application = deal.until_submitted()
    offer_id = deal.offer(deal.bank, application)
    reasons, id = {"reason_codes": ["other"]}, application["id"]
    with refuses(deal, "offer_exists", 409):
        deal.do("screen_out_application", deal.bank.system, reasons, id=id)
    deal.do("withdraw_offer", deal.bank.maker, id=offer_id)
    assert deal.do("screen_out_application", deal.bank.system, reasons, id=id)
