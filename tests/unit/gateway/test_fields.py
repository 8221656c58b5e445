"""Which fields each audience sees of each aggregate, word by word.

A field that is added to a state fails here until it is said who may see it: read the tables as the
platform's promise, and change them deliberately.
"""

from typing import Any

import pytest

from services.contracts.registry import AGGREGATES
from services.gateway.readmodel.audiences import BANK, OPERATOR, PUBLIC, REGISTRY, documents
from tests.unit.gateway.states import a_state
from tests.unit.gateway.test_audiences import SEEN, party

EVERY = "id number state created_at reason_code thread_id"
VERSION = "sequence updated_at"  # in whole documents alone: it counts facts that others see

# Beside EVERY and VERSION: the whole of a state.
WHOLE: dict[str, str] = {
    "party": (
        "name credit_code capacities nature fiscal_funded size region industry tiers group_id "
        "verified_until reason_note apply_until"
    ),
    "document": "party_id purpose name sha256 size_bytes media_type",
    "user": "party_id name roles signing_keys can_sign_in",
    "api_key": "party_id user_id name issued_by prefix scopes revoked_at",
    "mandate": "party_id user_id supplier_id contract_id limit_fen valid_until revoked_at",
    "webhook": "party_id url event_types disabled_at rotated_at",
    "clock": "offset_s",
    "demand": (
        "kind method buyer_id buyer_name buyer_verified title text category region quantity "
        "budget_fen quote_deadline_at delivery_due_date requirements performance facets terms "
        "version origin source_ref published_at quote_count awarded_quote_id awarded_supplier_id "
        "awarded_supply_id award_confirm_until award_reason capacity contract_id reason_note"
    ),
    "quote": (
        "demand_id demand_version buyer_id supplier_id supplier_name match_id supply_id round_no "
        "seal sealed_at opened_at price_fen delivery_days valid_until note"
    ),
    "contract": (
        "kind demand_id quote_id buyer_id buyer_name supplier_id supplier_name title amount_fen "
        "delivery_due_date terms buyer_nature buyer_fiscal_funded buyer_size supplier_size "
        "content_sha256 findings signatures reason_note sign_until signed_at"
    ),
    "delivery": (
        "contract_id contract_number demand_id buyer_id buyer_name supplier_id supplier_name "
        "subject amount_fen note evidence_sha256 "
        "shipped_at delivered_at inspect_until accepted_at accepted_fen reason_note"
    ),
    "payable": (
        "contract_id contract_number demand_id buyer_id buyer_name supplier_id supplier_name "
        "node_no node_kind amount_fen paid_fen "
        "term_days start_date due_date paid_at late_interest_fen reported_payments"
    ),
    "supply": (
        "kind supplier_id supplier_name supplier_verified supplier_region version item_code title "
        "text categories capability_codes capabilities_from gbt4754 external_code regions "
        "qualifications evidence_until badges claimed_badges price_min_fen price_max_fen "
        "capacity_declared capacity_reserved capacity_used capacity_unit capacity_period "
        "lead_time_days facets track_record claimed_deals origin source_ref reason_note "
        "reserved_for_demand_id"
    ),
    "import": ("party_id target format rows_total rows_done imported skipped failed finished_at"),
    "match": (
        "demand_id demand_title supply_id supply_title buyer_id supplier_id supplier_name source "
        "rank score_ppm contributions verdicts terms weights_version allotted allotted_zh "
        "allotted_en reason_note reason_zh reason_en"
    ),
    "receivable": (
        "seller_id seller_name debtor_id debtor_name contract_id contract_number payable_ids "
        "invoice claimed_fen confirmed_fen credited_fen allocated_fen settled_fen due_date "
        "instrument confirm_until confirmation_overdue prepared_by confirmed_by confirmed_at "
        "confirmation_sha256 confirmation_key_id refused_by refused_as refused_at reason_note"
    ),
    "authorisation": "grantor_id recipient_ids items purpose valid_from valid_until revoked_at",
    "position": (
        "application_id receivable_id seller_id debtor_id bank_id bank_name security amount_fen "
        "settled_fen filing notice acknowledged_at settled_at reported_payments"
    ),
    "product": (
        "bank_id bank_name kind name security recourse advance_rate_bp min_fen max_fen "
        "max_term_days grace_days day_count"
    ),
    "limit": (
        "bank_id scope subject_id granted_fen reserved_fen used_fen prepared_by approved_by "
        "proposed_fen proposed_by reason_note ended_code ended_note"
    ),
    "application": (
        "applicant_id applicant_name debtor_ids debtor_names shares amount_fen latest_due_date "
        "purpose authorisation_ids opened_to view_changed_for eligible_bank_ids submitted_at "
        "offers_until select_until screenings offer_count accepted_offer_id loan_id waiting_for"
    ),
    "offer": (
        "application_id applicant_id bank_id bank_name product_id prepared_by approved_by "
        "amount_fen rate_bp fee_fen interest_fen all_in_cost_bp day_count recourse loan_due_date "
        "pay_within_hours valid_until pay_until"
    ),
    "loan": (
        "application_id offer_id bank_id bank_name borrower_id principal_fen fee_fen rate_bp "
        "day_count recourse instruction_id instructed_at pay_until disbursed_at bank_reference "
        "due_date interest_paid_fen principal_paid_fen surplus_fen repayments"
    ),
}
# Who sees the whole, by the column that names them or as a role.
SEES_THE_WHOLE: dict[str, set[str]] = {
    "party": {PUBLIC, OPERATOR, party("party")},
    "document": {OPERATOR, party("party_id")},
    "user": {OPERATOR, party("party_id")},
    "api_key": {OPERATOR, party("party_id")},
    "mandate": {party("party_id")},
    "webhook": {party("party_id")},
    "clock": {PUBLIC, OPERATOR},
    "demand": {OPERATOR, party("buyer_id")},
    "quote": {party("supplier_id"), party("buyer_id")},
    "contract": {OPERATOR, party("buyer_id"), party("supplier_id")},
    "delivery": {OPERATOR, party("buyer_id"), party("supplier_id")},
    "payable": {OPERATOR, party("buyer_id"), party("supplier_id")},
    "supply": {OPERATOR, party("supplier_id")},
    "import": {OPERATOR, party("party_id")},
    "match": {OPERATOR, party("buyer_id")},
    "receivable": {OPERATOR, party("seller_id")},
    "authorisation": {OPERATOR, party("grantor_id")},
    "position": {
        OPERATOR, REGISTRY, party("seller_id"), party("bank_id"), party("debtor_id"),
    },
    "product": {PUBLIC, OPERATOR, party("bank_id")},
    "limit": {party("bank_id")},
    "application": {OPERATOR, party("applicant_id")},
    "offer": {party("bank_id")},
    "loan": {OPERATOR, party("bank_id"), party("borrower_id")},
}  # fmt: skip
# Everybody else who sees something: these fields, and never the version.
MASKED: dict[tuple[str, str], str] = {
    ("demand", PUBLIC): (
        f"{EVERY} kind method buyer_id buyer_name buyer_verified title text category region "
        "quantity budget_fen quote_deadline_at delivery_due_date requirements performance facets "
        "terms version origin source_ref published_at"
    ),
    ("demand", party("awarded_supplier_id")): (
        f"{EVERY} kind method buyer_id buyer_name buyer_verified title text category region "
        "quantity budget_fen quote_deadline_at delivery_due_date requirements performance facets "
        "terms version origin source_ref published_at awarded_quote_id awarded_supplier_id "
        "awarded_supply_id award_confirm_until capacity contract_id reason_note"
    ),
    ("quote", OPERATOR): (
        f"{EVERY} demand_id demand_version buyer_id supplier_id supplier_name match_id supply_id "
        "round_no seal sealed_at opened_at valid_until"
    ),
    ("supply", PUBLIC): (
        f"{EVERY} kind supplier_id supplier_name supplier_verified supplier_region version title "
        "text categories capability_codes capabilities_from gbt4754 external_code regions "
        "qualifications evidence_until badges price_min_fen price_max_fen lead_time_days facets "
        "track_record origin source_ref"
    ),
    ("match", party("supplier_id")): (
        f"{EVERY} demand_id demand_title supply_id supply_title buyer_id supplier_id "
        "supplier_name source score_ppm contributions verdicts terms weights_version reason_note "
        "reason_zh reason_en"
    ),
    ("receivable", party("debtor_id")): (
        f"{EVERY} seller_id seller_name debtor_id debtor_name contract_id contract_number "
        "payable_ids invoice claimed_fen confirmed_fen credited_fen due_date instrument "
        "confirm_until confirmation_overdue prepared_by confirmed_by confirmed_at "
        "confirmation_sha256 confirmation_key_id refused_by refused_as refused_at reason_note"
    ),
    ("authorisation", party("recipient_id")): (
        f"{EVERY} grantor_id recipient_ids items purpose valid_from valid_until revoked_at"
    ),
    ("application", BANK): (
        "id number state created_at submitted_at offers_until amount_band term_days share_count"
    ),
    ("application", party("bank a")): (
        "id number state created_at thread_id applicant_id applicant_name debtor_ids debtor_names "
        "shares amount_fen latest_due_date purpose opened_to submitted_at offers_until "
        "select_until waiting_for"
    ),
    ("offer", OPERATOR): (
        f"{EVERY} application_id applicant_id bank_id bank_name product_id valid_until pay_until"
    ),
    ("offer", party("applicant_id")): (
        f"{EVERY} application_id applicant_id bank_id bank_name product_id amount_fen rate_bp "
        "fee_fen interest_fen all_in_cost_bp day_count recourse loan_due_date pay_within_hours "
        "valid_until pay_until"
    ),
}


def allowed(kind: str, audience: str) -> set[str]:
    if audience in SEES_THE_WHOLE[kind]:
        return set(f"{EVERY} {VERSION} {WHOLE[kind]}".split())
    return set(MASKED[kind, audience].split())


@pytest.mark.parametrize("kind", sorted(AGGREGATES))
def test_every_field_of_a_state_is_said(kind: str) -> None:
    declared = set(AGGREGATES[kind].schema.fields)
    assert declared == set(f"{EVERY} {VERSION} {WHOLE[kind]}".split())


@pytest.mark.parametrize(("kind", "changes", "_"), SEEN)
def test_each_audience_sees_these_fields_and_no_others(
    kind: str, changes: dict[str, Any], _: set[str]
) -> None:
    for audience, document in documents(kind, a_state(kind, **changes)).items():
        assert set(document) == allowed(kind, audience), audience


def test_no_line_of_the_tables_is_idle() -> None:
    shown = {
        (kind, audience)
        for kind, changes, _ in SEEN
        for audience in documents(kind, a_state(kind, **changes))
    }
    whole = {(kind, name) for kind, names in SEES_THE_WHOLE.items() for name in names}
    assert shown == whole | set(MASKED)


def test_no_masked_document_has_a_version() -> None:
    assert not [line for line in MASKED.values() if set(VERSION.split()) & set(line.split())]
