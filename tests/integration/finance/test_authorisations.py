"""Consent to show data: to verified banks, for a time, and closed at once when it is taken back."""

import pytest

from services.contracts.money import as_money
from services.finance.commands import authorisations
from tests.integration.finance.deal import PAYABLE_FEN, Deal, refuses


def test_a_grant_names_verified_banks(deal: Deal) -> None:
    id = deal.authorise(deal.bank, deal.rival, deal.bank)
    event = deal.desk.events()[-1]
    assert (event.type, event.subject) == ("authorisation.granted.v1", id)
    assert event.data["recipient_ids"] == sorted([deal.bank.id, deal.rival.id])
    with refuses(deal, "recipient_not_a_bank", 422):
        deal.authorise(recipient_ids=[deal.bank.id, deal.maker.id])
    with refuses(deal, "recipient_not_a_bank", 422):
        deal.authorise(recipient_ids=[deal.desk.ids.new()])


def test_a_grant_for_nobody_nothing_or_the_past_is_refused(deal: Deal) -> None:
    with refuses(deal, "recipients_missing", 422, "/recipient_ids"):
        deal.authorise(recipient_ids=[])
    with refuses(deal, "items_missing", 422, "/items"):
        deal.authorise(items=[])
    with refuses(deal, "authorisation_over", 409):
        deal.authorise(valid_until="2026-03-01")


def test_revoking_closes_what_it_had_opened(deal: Deal) -> None:
    application = deal.until_submitted()
    id = application["authorisation_ids"][0]
    facts = deal.do("revoke_authorisation", deal.supplier, id=id)
    assert facts.types == ["authorisation.revoked", "application.opened"]
    assert facts["application.opened"]["opened_to"] == []
    with refuses(deal, "sheet_not_opened", 403):
        deal.draft_offer(deal.bank, application)


@pytest.mark.parametrize("ended_by", ["withdraw", "decline"])
def test_revoking_closes_what_has_ended_too(deal: Deal, ended_by: str) -> None:
    application = deal.until_submitted()
    if ended_by == "withdraw":
        deal.do("withdraw_application", deal.supplier, id=application["id"])
    else:
        deal.wait_until(application["offers_until"])
    consent = application["authorisation_ids"][0]
    facts = deal.do("revoke_authorisation", deal.supplier, id=consent)
    assert facts["application.opened"]["opened_to"] == []
    assert facts["application.opened"]["state"] in ("withdrawn", "declined")


def test_an_expiry_closes_what_has_ended_too(deal: Deal) -> None:
    claim = deal.until_confirmed()
    deal.equip(deal.bank)
    application = deal.submit(claim["id"], deal.authorise(valid_until="2026-03-04"))
    id = application["application.submitted"]["id"]
    deal.do("withdraw_application", deal.supplier, id=id)
    facts = deal.wait_until("2026-03-05T00:00:00+08:00")
    assert facts.types == ["authorisation.expired", "application.opened"]
    assert facts["application.opened"]["opened_to"] == []


def test_many_views_are_closed_in_turns(deal: Deal, monkeypatch: pytest.MonkeyPatch) -> None:
    claim = deal.until_confirmed()
    deal.equip(deal.bank)
    consent, ids = deal.authorise(), []
    for _ in range(3):
        ids.append(deal.submit(claim["id"], consent)["application.submitted"]["id"])
        deal.do("withdraw_application", deal.supplier, id=ids[-1])
    monkeypatch.setattr(authorisations, "VIEWS_AT_ONCE", 2)
    at_once = deal.do("revoke_authorisation", deal.supplier, id=consent)
    later = deal.tick()
    assert at_once.types == ["authorisation.revoked", "application.opened", "application.opened"]
    assert later.types == ["application.opened"]
    assert [fact.subject for fact in (*at_once[1:], *later)] == [ids[1], ids[2], ids[0]]
    assert deal.sql("SELECT DISTINCT opened_to FROM applications") == [([],)]


def test_a_fact_of_a_view_names_whom_it_changes_for(deal: Deal) -> None:
    claim = deal.until_confirmed()
    deal.equip(deal.bank)
    first, second = deal.authorise(deal.bank), deal.authorise(deal.bank, deal.rival)
    application = deal.submit(claim["id"], first)["application.submitted"]
    assert application["view_changed_for"] is None
    given, id = {"authorisation_id": second}, application["id"]
    opened = deal.do("open_to_application", deal.supplier, given, id=id)["application.opened"]
    assert opened["view_changed_for"] == [deal.rival.id]
    closed = deal.do("revoke_authorisation", deal.supplier, id=second)["application.opened"]
    assert (closed["opened_to"], closed["view_changed_for"]) == ([deal.bank.id], [deal.rival.id])


def test_another_authorisation_keeps_a_view_open(deal: Deal) -> None:
    application = deal.until_submitted()
    second = deal.authorise(deal.rival)
    opened = deal.do(
        "open_to_application", deal.supplier, {"authorisation_id": second}, id=application["id"]
    )
    assert len(opened["application.opened"]["authorisation_ids"]) == 2
    first = application["authorisation_ids"][0]
    facts = deal.do("revoke_authorisation", deal.supplier, id=first)
    assert facts["application.opened"]["opened_to"] == [deal.rival.id]


def test_the_last_day_ends_by_the_clock(deal: Deal) -> None:
    deal.authorise(valid_until="2026-03-04")
    assert deal.wait_until("2026-03-04T23:59:59+08:00") == []
    assert deal.wait_until("2026-03-05T00:00:00+08:00").types == ["authorisation.expired"]


def test_an_expiry_is_judged_though_the_timer_is_down(deal: Deal) -> None:
    claim = deal.until_confirmed()
    id = deal.authorise(valid_until="2026-03-04")
    deal.desk.clock.advance(days=3)
    with refuses(deal, "authorisation_over", 409):
        deal.submit(claim["id"], id)


def test_only_the_grantor_revokes_and_only_once(deal: Deal) -> None:
    id = deal.authorise()
    with refuses(deal, "not_found", 404):
        deal.do("revoke_authorisation", deal.stranger, id=id)
    deal.do("revoke_authorisation", deal.supplier, id=id)
    with refuses(deal, "illegal_move", 409):
        deal.do("revoke_authorisation", deal.supplier, id=id)


def test_an_application_needs_a_standing_and_wide_enough_one(deal: Deal) -> None:
    claim = deal.until_confirmed()
    narrow = deal.authorise(items=["receivable", "contract"])
    with refuses(deal, "authorisation_too_narrow", 409):
        deal.submit(claim["id"], narrow)
    revoked = deal.authorise()
    deal.do("revoke_authorisation", deal.supplier, id=revoked)
    with refuses(deal, "authorisation_over", 409):
        deal.submit(claim["id"], revoked)
    share = {"receivable_id": claim["id"], "amount": as_money(PAYABLE_FEN)}
    given = {"shares": [share], "authorisation_id": deal.authorise()}
    with refuses(deal, "not_found", 404):
        deal.do("create_application", deal.stranger, given)


def test_a_view_ends_with_its_last_day_though_the_timer_is_down(deal: Deal) -> None:
    claim = deal.until_confirmed()
    deal.equip(deal.bank)
    consent = deal.authorise(valid_until="2026-03-04")
    facts = deal.submit(claim["id"], consent, offer_window_hours=240)
    deal.desk.clock.advance(days=3)
    with refuses(deal, "sheet_not_opened", 403):
        deal.draft_offer(deal.bank, facts["application.submitted"])
    reasons, id = {"reason_codes": ["other"]}, facts["application.submitted"]["id"]
    with refuses(deal, "sheet_not_opened", 403):
        deal.do("screen_out_application", deal.bank.system, reasons, id=id)
