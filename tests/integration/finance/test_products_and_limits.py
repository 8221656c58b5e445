"""What a bank publishes, and the limits that two of its people set."""

import pytest
from sqlalchemy import text

from services.contracts.money import as_money
from tests.integration.finance.deal import Deal, refuses


def test_a_product_is_published_and_retired_by_its_bank(deal: Deal) -> None:
    id = deal.publish(deal.bank)
    published = deal.desk.events()[-1]
    assert published.type == "product.published.v1"
    assert published.data["kind"] == "receivable"
    assert published.data["security"] == "assignment_disclosed"
    assert published.data["day_count"] == "ACT/360"
    with refuses(deal, "not_found", 404):
        deal.do("retire_product", deal.rival.maker, id=id)
    assert deal.do("retire_product", deal.bank.maker, id=id).types == ["product.retired"]
    with refuses(deal, "illegal_move", 409):
        deal.do("retire_product", deal.bank.maker, id=id)


def test_only_a_bank_publishes_and_the_amounts_make_sense(deal: Deal) -> None:
    product = {
        "name": "贷", "advance_rate_bp": 9_000, "min": as_money(2), "max": as_money(1),
        "max_term_days": 365,
    }  # fmt: skip
    with refuses(deal, "not_a_bank", 403):
        deal.do("create_product", deal.supplier, product)
    with refuses(deal, "amount_range", 422, "/min"):
        deal.do("create_product", deal.bank.maker, product)


def test_a_limit_is_prepared_by_one_and_approved_by_another(deal: Deal) -> None:
    both = deal.bank.maker.colleague("bank.maker", "bank.approver")
    given = {"scope": "total", "granted": as_money(1_000)}
    id = deal.do("create_limit", both, given)["limit.prepared"]["id"]
    with refuses(deal, "same_person", 403):
        deal.do("approve_limit", both, id=id)
    with refuses(deal, "forbidden", 403):
        deal.do("approve_limit", deal.bank.maker, id=id)
    with refuses(deal, "not_found", 404):
        deal.do("approve_limit", deal.rival.approver, id=id)
    approved = deal.do("approve_limit", deal.bank.approver, id=id)["limit.approved"]
    assert (approved["state"], approved["granted_fen"]) == ("approved", 1_000)
    with refuses(deal, "illegal_move", 409):
        deal.do("approve_limit", deal.bank.approver, id=id)


def test_one_limit_per_scope_and_subject(deal: Deal) -> None:
    for subject_id, scope in ((None, "total"), (deal.maker.id, "debtor")):
        deal.limit(deal.bank, scope, subject_id, 1_000)
        with refuses(deal, "limit_exists", 409):
            deal.limit(deal.bank, scope, subject_id, 2_000)
        deal.limit(deal.rival, scope, subject_id, 2_000)


@pytest.mark.parametrize(
    ("scope", "subject_id", "code", "status"),
    [
        ("debtor", None, "limit_subject_missing", 422),
        ("debtor", "0198c5f0-0000-7000-8000-0000000000ff", "party_unknown", 422),
        ("group", "0198c5f0-0000-7000-8000-0000000000ff", "party_unknown", 422),
        ("borrower", "0198c5f0-0000-7000-8000-0000000000ff", "party_unknown", 422),
        ("product", "0198c5f0-0000-7000-8000-0000000000ff", "not_found", 404),
        ("total", "0198c5f0-0000-7000-8000-0000000000ff", "total_without_subject", 422),
    ],
)
def test_a_limit_has_a_subject_that_fits_its_scope(
    deal: Deal, scope: str, subject_id: str | None, code: str, status: int
) -> None:
    with refuses(deal, code, status):
        deal.limit(deal.bank, scope, subject_id, 1_000)


def test_a_bank_is_no_debtor(deal: Deal) -> None:
    """It grants: what it buys, it buys as an organisation that is a buyer as well."""
    with refuses(deal, "not_a_debtor", 422):
        deal.limit(deal.bank, "debtor", deal.rival.id, 1_000)


def test_what_rests_on_an_authorisation_is_found_by_an_index(deal: Deal) -> None:
    with deal.desk.engine.connect() as connection:
        connection.execute(text("SET enable_seqscan = off"))
        rests = "authorisation_ids @> ARRAY[CAST(:id AS uuid)]"
        query = f"EXPLAIN SELECT id FROM applications WHERE {rests}"
        plan = connection.execute(text(query), {"id": deal.bank.id}).scalars().all()
    assert any("ix_applications_authorisation_ids" in line for line in plan)


def test_only_a_banks_maker_prepares_limits(deal: Deal) -> None:
    given = {"scope": "total", "granted": as_money(1_000)}
    with refuses(deal, "forbidden", 403):
        deal.do("create_limit", deal.bank.approver, given)
    outsider = deal.supplier.colleague("bank.maker")
    with refuses(deal, "not_a_bank", 403):
        deal.do("create_limit", outsider, given)
