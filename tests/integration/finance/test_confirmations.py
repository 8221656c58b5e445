"""确权: two people of the debtor with mandates, a signature over exactly what was prepared."""

import pytest

from services.contracts.money import as_money
from tests.integration.finance.deal import PAYABLE_FEN, Deal, refuses
from tests.integration.finance.people import Person, mandates, register_key


def test_maker_prepares_and_checker_signs(deal: Deal) -> None:
    claim = deal.until_confirmed()
    assert claim["state"] == "confirmed"
    assert claim["confirmed_fen"] == PAYABLE_FEN
    assert claim["prepared_by"] == deal.maker.actor.user_id
    assert claim["confirmed_by"] == deal.checker.actor.user_id
    assert deal.number("SELECT count(*) FROM receivables WHERE confirmation_signature <> ''") == 1


def test_less_than_claimed_may_be_confirmed_never_more(deal: Deal) -> None:
    id = deal.until_checked()["id"]
    deal.request(id)
    with refuses(deal, "confirmed_over_claimed", 422):
        deal.prepare(id, confirmed=as_money(PAYABLE_FEN + 1))
    prepared = deal.prepare(id, confirmed=as_money(60_000_000))["receivable.prepared"]
    facts = deal.confirm(id, prepared["confirmation_sha256"])
    assert facts["receivable.confirmed"]["confirmed_fen"] == 60_000_000


def test_the_debtor_has_thirty_days_and_is_reminded_twice(deal: Deal) -> None:
    id = deal.until_checked()["id"]
    requested = deal.request(id)["receivable.confirmation_requested"]
    assert requested["confirm_until"] == "2026-04-01"  # 30 days after 2 March
    assert deal.wait_until("2026-03-06T23:59:59+08:00") == []
    assert deal.wait_until("2026-03-07T00:00:00+08:00").types == ["receivable.reminded"]
    assert deal.wait_until("2026-03-22T00:00:00+08:00").types == ["receivable.reminded"]
    assert deal.wait_until("2026-04-01T23:59:59+08:00") == []
    overdue = deal.wait_until("2026-04-02T00:00:00+08:00")
    assert overdue.types == ["receivable.confirmation_overdue"]
    assert overdue[0].data["confirmation_overdue"] is True


def test_silence_is_never_consent(deal: Deal) -> None:
    id = deal.until_checked()["id"]
    deal.request(id)
    overdue = deal.wait(days=60)
    assert overdue[-1].data["state"] == "confirmation_requested"
    assert deal.prepare(id)["receivable.prepared"]["state"] == "prepared"


def test_a_last_day_on_a_holiday_moves_on(deal: Deal) -> None:
    deal.wait_until("2026-03-05")  # thirty days later is 4 April, before 清明 on the 5th
    deal.enter()
    id = deal.sql("SELECT id FROM receivables")[0][0]
    requested = deal.request(str(id))["receivable.confirmation_requested"]
    assert requested["confirm_until"] == "2026-04-07"


def test_an_answered_request_is_not_chased(deal: Deal) -> None:
    deal.until_confirmed()
    assert deal.wait(days=60) == []


def test_maker_and_checker_are_two_people(deal: Deal) -> None:
    both = deal.maker.colleague("buyer.maker", "buyer.checker")
    register_key(deal.desk, both)
    mandates(deal.desk, both, limit_fen=PAYABLE_FEN)
    id = deal.until_checked()["id"]
    deal.request(id)
    sha256 = deal.do("prepare_receivable", both, id=id)[0].data["confirmation_sha256"]
    with refuses(deal, "same_person", 403):
        deal.confirm(id, sha256, by=both)
    assert deal.confirm(id, sha256).types == ["receivable.confirmed"]


@pytest.mark.parametrize(
    ("limit_fen", "scope", "code"),
    [
        (PAYABLE_FEN - 1, {}, "mandate_too_small"),
        (PAYABLE_FEN, {"valid_until": "2026-03-01"}, "mandate_expired"),
        (PAYABLE_FEN, {"revoked_at": "2026-03-01T00:00:00+00:00"}, "mandate_missing"),
        (PAYABLE_FEN, {"contract_id": "0198c5f0-0000-7000-8000-0000000000ff"}, "mandate_missing"),
        (PAYABLE_FEN, {"supplier_id": "0198c5f0-0000-7000-8000-0000000000ff"}, "mandate_missing"),
    ],
)
def test_a_mandate_must_cover_the_claim(
    deal: Deal, limit_fen: int, scope: dict[str, str], code: str
) -> None:
    maker = deal.maker.colleague("buyer.maker")
    checker = deal.maker.colleague("buyer.checker")
    register_key(deal.desk, maker, checker)
    mandates(deal.desk, maker, checker, limit_fen=limit_fen, **scope)
    prepared = deal.until_prepared()
    with refuses(deal, code, 403):
        deal.do("prepare_receivable", maker, id=prepared["id"])
    with refuses(deal, code, 403):
        deal.confirm(prepared["id"], prepared["confirmation_sha256"], by=checker)


def test_a_mandate_within_scope_is_enough(deal: Deal) -> None:
    maker = deal.maker.colleague("buyer.maker")
    scope = {"supplier_id": deal.supplier.id, "contract_id": deal.contract_id}
    mandates(deal.desk, maker, limit_fen=PAYABLE_FEN, valid_until="2026-03-02", **scope)
    id = deal.until_checked()["id"]
    deal.request(id)
    assert deal.do("prepare_receivable", maker, id=id).types == ["receivable.prepared"]


def test_the_signature_is_over_what_was_prepared(deal: Deal) -> None:
    prepared = deal.until_prepared()
    id, sha256 = prepared["id"], prepared["confirmation_sha256"]
    with refuses(deal, "confirmation_changed", 409):
        deal.confirm(id, "ab" * 32)
    with refuses(deal, "signature_invalid", 422):
        deal.confirm(id, sha256, signature=deal.maker.signature(sha256))
    with refuses(deal, "signing_key_unknown", 422):
        deal.confirm(id, sha256, key_id=deal.maker.key_id)
    assert deal.prepare(id, confirmed=as_money(1))[0].data["confirmation_sha256"] != sha256
    with refuses(deal, "confirmation_changed", 409):
        deal.confirm(id, sha256)


def test_nobody_signs_a_due_date_that_does_not_hold_any_more(deal: Deal) -> None:
    prepared = deal.until_prepared()
    id, sha256 = prepared["id"], prepared["confirmation_sha256"]
    deal.owe(id=deal.payable_id, due_date="2026-07-01", sequence=2)  # accepted anew
    with refuses(deal, "confirmation_changed", 409, "/confirmation_sha256"):
        deal.confirm(id, sha256)
    again = deal.prepare(id)["receivable.prepared"]
    assert again["due_date"] == "2026-07-01" and again["confirmation_sha256"] != sha256
    confirmed = deal.confirm(id, again["confirmation_sha256"])["receivable.confirmed"]
    assert confirmed["due_date"] == "2026-07-01"


def test_nobody_prepares_what_waits_for_its_delivery_again(deal: Deal) -> None:
    id = deal.until_checked()["id"]
    deal.request(id)
    deal.owe(id=deal.payable_id, state="scheduled", due_date=None, sequence=2)
    with refuses(deal, "payable_not_running", 409):
        deal.prepare(id)


def test_a_revoked_key_signs_nothing(deal: Deal) -> None:
    prepared = deal.until_prepared()
    checker = deal.maker.colleague("buyer.checker")
    mandates(deal.desk, checker, limit_fen=PAYABLE_FEN)
    register_key(deal.desk, checker, revoked_at="2026-03-01T00:00:00+00:00")
    with refuses(deal, "signing_key_revoked", 422):
        deal.confirm(prepared["id"], prepared["confirmation_sha256"], by=checker)


def test_a_refused_claim_is_corrected_by_the_seller(deal: Deal) -> None:
    id = deal.until_prepared()["id"]
    refusal = {"reason_code": "amount_differs", "note": "有一台未安装"}
    refused = deal.do("refuse_receivable", deal.maker, refusal, id=id)["receivable.refused"]
    assert (refused["reason_code"], refused["reason_note"]) == ("amount_differs", "有一台未安装")
    assert (refused["refused_by"], refused["refused_as"]) == (
        deal.maker.actor.user_id,
        "buyer.maker",
    )
    assert refused["refused_at"] == refused["updated_at"]
    mended = {"invoice": deal.invoice(), "claimed": as_money(80_000_000)}
    facts = deal.do("correct_receivable", deal.supplier, mended, id=id)
    assert facts.types == ["receivable.entered", "receivable.checked"]
    again = facts["receivable.checked"]
    assert (again["claimed_fen"], again["confirmed_fen"]) == (80_000_000, None)
    assert {again[f"refused_{what}"] for what in ("by", "as", "at")} == {None}
    assert deal.request(id).types == ["receivable.confirmation_requested"]


def test_the_duties_of_the_debtors_people_are_apart(deal: Deal) -> None:
    prepared = deal.until_prepared()
    id, sha256 = prepared["id"], prepared["confirmation_sha256"]
    with refuses(deal, "forbidden", 403):
        deal.do("prepare_receivable", deal.checker, id=id)
    with refuses(deal, "forbidden", 403):
        deal.confirm(id, sha256, by=deal.maker)


def test_the_checker_may_refuse_what_the_maker_prepared(deal: Deal) -> None:
    id = deal.until_prepared()["id"]
    refusal = {"reason_code": "amount_differs", "note": " \u3000 "}  # blanks say nothing
    facts = deal.do("refuse_receivable", deal.checker, refusal, id=id)
    assert facts.types == ["receivable.refused"]
    refused = facts["receivable.refused"]
    assert (refused["refused_as"], refused["reason_note"]) == ("buyer.checker", None)


def test_others_do_not_see_the_claim(deal: Deal) -> None:
    id = deal.until_checked()["id"]
    with refuses(deal, "not_found", 404):
        deal.do("request_confirmation_receivable", deal.stranger, id=id)
    sha256 = "ab" * 32
    for command, arguments in (
        ("prepare_receivable", {}),
        ("refuse_receivable", {"reason_code": "not_ours"}),
        ("confirm_receivable", {
            "key_id": deal.stranger.key_id, "confirmation_sha256": sha256,
            "signature": deal.stranger.signature(sha256),
        }),
    ):  # fmt: skip
        with refuses(deal, "not_found", 404):
            deal.do(command, deal.stranger, arguments, id=id)


def test_each_step_has_its_state(deal: Deal) -> None:
    id = deal.until_checked()["id"]
    with refuses(deal, "illegal_move", 409):
        deal.prepare(id)
    with refuses(deal, "illegal_move", 409):
        deal.confirm(id, "ab" * 32)
    with refuses(deal, "illegal_move", 409):
        deal.do("refuse_receivable", deal.maker, {"reason_code": "not_ours"}, id=id)
    mended = {"invoice": deal.invoice(), "claimed": as_money(1)}
    with refuses(deal, "illegal_move", 409):
        deal.do("correct_receivable", deal.supplier, mended, id=id)
    deal.request(id)
    with refuses(deal, "illegal_move", 409):
        deal.request(id)


def test_a_confirmed_claim_cannot_be_withdrawn_or_refused(deal: Deal) -> None:
    id = deal.until_confirmed()["id"]
    with refuses(deal, "illegal_move", 409):
        deal.do("withdraw_receivable", deal.supplier, id=id)
    with refuses(deal, "illegal_move", 409):
        deal.do("refuse_receivable", deal.maker, {"reason_code": "other"}, id=id)


def test_someone_without_a_registered_key_cannot_sign(deal: Deal) -> None:
    prepared = deal.until_prepared()
    unknown = Person("buyer.checker", party_id=deal.maker.id)
    mandates(deal.desk, unknown, limit_fen=PAYABLE_FEN)
    with refuses(deal, "signing_key_unknown", 422):
        deal.confirm(prepared["id"], prepared["confirmation_sha256"], by=unknown)
