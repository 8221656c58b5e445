"""Sealed offers: two people of a bank, inside the window, within product and limits."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from services.contracts.money import as_money
from tests.integration.finance.deal import PAYABLE_FEN, Deal, refuses

TERMS = ("amount_fen", "rate_bp", "fee_fen", "interest_fen", "all_in_cost_bp", "day_count",
         "recourse", "loan_due_date", "pay_within_hours")  # fmt: skip


def test_prepared_by_one_and_sealed_by_another(deal: Deal) -> None:
    application = deal.until_submitted()
    both = deal.bank.maker.colleague("bank.maker", "bank.approver")
    deal.bank.maker = both
    id = deal.draft_offer(deal.bank, application)
    with refuses(deal, "same_person", 403):
        deal.do("approve_offer", both, id=id)
    with refuses(deal, "not_found", 404):
        deal.do("approve_offer", deal.rival.approver, id=id)
    sealed = deal.do("approve_offer", deal.bank.approver, id=id)
    assert sealed.types == ["offer.sealed"]
    with refuses(deal, "illegal_move", 409):
        deal.do("approve_offer", deal.bank.approver, id=id)


def test_no_fact_says_anything_of_a_sealed_offer(deal: Deal) -> None:
    application = deal.until_submitted()
    amount_fen, fee_fen = 81_234_567, 987_653
    deal.offer(deal.bank, application, amount=as_money(amount_fen), fee=as_money(fee_fen))
    stated = str([event.to_json() for event in deal.desk.events()])
    assert str(amount_fen) not in stated
    assert str(fee_fen) not in stated
    sealed = deal.desk.events()[-1].data
    assert [sealed[name] for name in TERMS] == [None] * len(TERMS)
    assert deal.number("SELECT sum(sealed_fen) FROM limits") == 2 * amount_fen
    assert deal.number("SELECT sum(reserved_fen) FROM limits") == 0
    opened = deal.wait_until(application["offers_until"])
    assert opened["offer.visible"]["amount_fen"] == amount_fen
    assert opened["limit.changed"]["reserved_fen"] == amount_fen


def test_the_bank_reads_its_own_sealed_terms_and_nobody_else(deal: Deal) -> None:
    application = deal.until_submitted()
    id = deal.offer(deal.bank, application)
    terms = deal.ask("terms_offer", deal.bank.maker, id=id)
    assert terms == {
        "amount_fen": 90_000_000, "rate_bp": 420, "fee_fen": 10_000,
        "interest_fen": 735_000,  # 70 days to 11 May, the due date and five days of grace
        "all_in_cost_bp": 432, "loan_due_date": "2026-05-11",
        "day_count": "ACT/360", "recourse": False, "pay_within_hours": 48, "reason_note": None,
    }  # fmt: skip
    assert deal.ask("terms_offer", deal.bank.approver, id=id) == terms  # who is to approve them
    for other in (deal.rival.maker, deal.supplier):
        with refuses(deal, "not_found", 404):
            deal.ask("terms_offer", other, id=id)


def test_a_late_offer_is_refused_though_the_timer_is_down(deal: Deal) -> None:
    application = deal.until_submitted()
    id = deal.draft_offer(deal.bank, application)
    deal.desk.clock.moment = datetime.fromisoformat(application["offers_until"])
    with refuses(deal, "offer_window_closed", 409):
        deal.draft_offer(deal.rival, application)
    with refuses(deal, "offer_window_closed", 409):
        deal.do("approve_offer", deal.bank.approver, id=id)
    deal.desk.clock.moment -= timedelta(seconds=1)
    assert deal.do("approve_offer", deal.bank.approver, id=id).types == ["offer.sealed"]


def test_an_offer_that_nobody_approved_expires_with_the_window(deal: Deal) -> None:
    application = deal.until_submitted()
    deal.draft_offer(deal.bank, application)
    deal.offer(deal.rival, application)
    facts = deal.wait_until(application["offers_until"])
    assert facts["offer.expired"]["amount_fen"] is None
    assert facts["application.offers_closed"]["offer_count"] == 1


def test_a_sealed_offer_is_replaced_by_withdrawing_it(deal: Deal) -> None:
    application = deal.until_submitted()
    id = deal.offer(deal.bank, application)
    with refuses(deal, "offer_exists", 409):
        deal.draft_offer(deal.bank, application)
    with refuses(deal, "not_found", 404):
        deal.do("withdraw_offer", deal.rival.maker, id=id)
    withdrawn = deal.do("withdraw_offer", deal.bank.maker, id=id)
    assert withdrawn.types == ["offer.withdrawn"]
    assert deal.number("SELECT sum(sealed_fen) FROM limits") == 0
    assert deal.offer(deal.bank, application, rate_bp=400)


def test_an_approver_sends_an_offer_back_and_the_maker_prepares_another(deal: Deal) -> None:
    application = deal.until_submitted()
    id = deal.draft_offer(deal.bank, application)
    why = {"reason_code": "rate_unfit", "note": "420 个基点偏低"}
    with refuses(deal, "forbidden", 403):
        deal.do("reject_offer", deal.bank.maker, why, id=id)
    with refuses(deal, "not_found", 404):
        deal.do("reject_offer", deal.rival.approver, why, id=id)
    rejected = deal.do("reject_offer", deal.bank.approver, why, id=id)
    assert rejected.types == ["offer.rejected"]
    state = rejected["offer.rejected"]
    assert (state["state"], state["reason_code"]) == ("rejected", "rate_unfit")
    assert [state[name] for name in TERMS] == [None] * len(TERMS)
    assert why["note"] not in str([event.to_json() for event in deal.desk.events()])
    assert deal.ask("terms_offer", deal.bank.maker, id=id)["reason_note"] == why["note"]
    with refuses(deal, "illegal_move", 409):
        deal.do("approve_offer", deal.bank.approver, id=id)
    assert deal.number("SELECT sum(sealed_fen) FROM limits") == 0
    other = deal.offer(deal.bank, application, rate_bp=500)
    with refuses(deal, "illegal_move", 409):
        deal.do("reject_offer", deal.bank.approver, why, id=other)
    facts = deal.wait_until(application["offers_until"])
    assert facts["application.offers_closed"]["offer_count"] == 1


def test_an_offer_is_sent_back_within_the_window_only(deal: Deal) -> None:
    application = deal.until_submitted()
    id = deal.draft_offer(deal.bank, application)
    deal.desk.clock.moment = datetime.fromisoformat(application["offers_until"])
    with refuses(deal, "offer_window_closed", 409):
        deal.do("reject_offer", deal.bank.approver, {"reason_code": "other", "note": None}, id=id)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount": as_money(90_000_001)}, "amount_over_advance"),
        ({"amount": as_money(99_999)}, "amount_below_minimum"),
    ],
)
def test_an_offer_keeps_to_its_product(deal: Deal, changes: dict[str, object], code: str) -> None:
    application = deal.until_submitted()
    with refuses(deal, code, 409):
        deal.draft_offer(deal.bank, application, **changes)


@pytest.mark.parametrize(
    ("product", "code"),
    [
        ({"max": as_money(80_000_000)}, "amount_above_maximum"),
        ({"max_term_days": 64}, "term_too_long"),
    ],
)
def test_an_offer_keeps_to_its_products_bounds(
    deal: Deal, product: dict[str, object], code: str
) -> None:
    application = deal.until_submitted(**product)
    with refuses(deal, code, 409):
        deal.draft_offer(deal.bank, application)


def test_a_data_chain_product_is_capped(deal: Deal) -> None:
    deal.payable_id = deal.owe(4_000_000_000)
    deal.contract(amount_fen=4_000_000_000, sequence=2)
    whole = {"total": as_money(4_000_000_000)}
    id = deal.enter(4_000_000_000, invoice=deal.invoice(**whole))["receivable.checked"]["id"]
    deal.request(id)
    sha256 = deal.prepare(id, confirmed=as_money(1_000_000_000))[0].data["confirmation_sha256"]
    deal.confirm(id, sha256)
    deal.publish(deal.bank, kind="data_chain", security="none", max=as_money(10**12))
    share = {"receivable_id": id, "amount": as_money(1_000_000_000)}
    facts = deal.submit(id, deal.authorise(), shares=[share])
    offered = deal.draft_offer(
        deal.bank, facts["application.submitted"], amount=as_money(900_000_000)
    )
    assert offered  # under CNY 30,000,000; the unit tests of risk judge what is above


@pytest.mark.parametrize("late_days", [-1, 0, 31])
def test_an_offer_outlives_the_window_and_not_for_ever(deal: Deal, late_days: int) -> None:
    application = deal.until_submitted()
    valid_until = datetime.fromisoformat(application["offers_until"]) + timedelta(days=late_days)
    with refuses(deal, "offer_validity", 422):
        deal.draft_offer(deal.bank, application, valid_until=valid_until.isoformat())


def test_a_fee_must_leave_the_borrower_something(deal: Deal) -> None:
    application = deal.until_submitted()
    with refuses(deal, "cost_out_of_range", 422):
        deal.draft_offer(deal.bank, application, fee=as_money(90_000_000))
    with refuses(deal, "cost_out_of_range", 422):
        deal.draft_offer(deal.bank, application, fee=as_money(89_000_000))


def test_only_a_makers_draft_under_ones_own_product(deal: Deal) -> None:
    application = deal.until_submitted()
    deal.products[deal.bank.id] = deal.products[deal.rival.id]
    with refuses(deal, "not_found", 404):
        deal.draft_offer(deal.bank, application)
    deal.bank.maker = deal.bank.approver
    with refuses(deal, "forbidden", 403):
        deal.draft_offer(deal.bank, application)


def test_a_retired_product_carries_no_new_offer(deal: Deal) -> None:
    application = deal.until_submitted()
    deal.do("retire_product", deal.bank.maker, id=deal.products[deal.bank.id])
    with refuses(deal, "product_retired", 409):
        deal.draft_offer(deal.bank, application)


@pytest.mark.parametrize(
    ("scope", "granted_fen", "code"),
    [
        ("debtor", 89_999_999, "debtor_limit_exhausted"),
        ("total", 89_999_999, "total_limit_exhausted"),
        ("borrower", 1, "borrower_limit_exhausted"),
        ("product", 89_999_999, "product_limit_exhausted"),
    ],
)
def test_each_limit_that_exists_is_reserved(
    deal: Deal, scope: str, granted_fen: int, code: str
) -> None:
    claim = deal.until_confirmed()
    deal.publish(deal.bank)
    subjects = {"debtor": deal.maker.id, "borrower": deal.supplier.id, "total": None,
                "product": deal.products[deal.bank.id]}  # fmt: skip
    for each in {"debtor", "total", scope}:
        granted = granted_fen if each == scope else 10 * PAYABLE_FEN
        deal.limit(deal.bank, each, subjects[each], granted)
    application = deal.submit(claim["id"], deal.authorise())["application.submitted"]
    id = deal.draft_offer(deal.bank, application)
    with refuses(deal, code, 409):
        deal.do("approve_offer", deal.bank.approver, id=id)
    assert deal.number("SELECT sum(sealed_fen + reserved_fen) FROM limits") == 0


@pytest.mark.parametrize("scope", ["debtor", "total"])
def test_debtor_and_total_limits_must_exist(deal: Deal, scope: str) -> None:
    claim = deal.until_confirmed()
    deal.publish(deal.bank)
    deal.limit(deal.bank, scope, deal.maker.id if scope == "debtor" else None, PAYABLE_FEN)
    application = deal.submit(claim["id"], deal.authorise())["application.submitted"]
    id = deal.draft_offer(deal.bank, application)
    missing = "total" if scope == "debtor" else "debtor"
    with refuses(deal, f"{missing}_limit_missing", 409):
        deal.do("approve_offer", deal.bank.approver, id=id)


def test_a_sealed_offer_binds_after_the_window_though_the_timer_is_down(deal: Deal) -> None:
    application = deal.until_submitted()
    id = deal.offer(deal.bank, application)
    deal.desk.clock.moment = datetime.fromisoformat(application["offers_until"])
    with refuses(deal, "offer_window_closed", 409):
        deal.do("withdraw_offer", deal.bank.maker, id=id)
    assert deal.tick()["offer.visible"]["id"] == id


def test_a_bank_with_many_debtors_keeps_its_newest_limits(deal: Deal) -> None:
    claim = deal.until_confirmed()
    deal.limit(deal.bank, "total", None, 10 * PAYABLE_FEN)
    with deal.desk.session() as session:
        others = """
            INSERT INTO limits (id, number, state, sequence, created_at, updated_at, bank_id, scope,
                subject_id, granted_fen, sealed_fen, reserved_fen, used_fen, prepared_by)
            SELECT lpad(n::text, 32, '0')::uuid, 'old-' || n, 'approved', 1, now(), now(), bank_id,
                'debtor', gen_random_uuid(), 1, 0, 0, 0, 'somebody'
            FROM limits, generate_series(1, 1100) AS n
        """
        session.execute(text(others))
        session.commit()
    deal.publish(deal.bank)
    deal.limit(deal.bank, "debtor", deal.maker.id, 10 * PAYABLE_FEN)
    application = deal.submit(claim["id"], deal.authorise())["application.submitted"]
    assert application["eligible_bank_ids"] == [deal.bank.id]
    assert deal.offer(deal.bank, application)
