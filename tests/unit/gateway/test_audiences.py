"""Who sees what, for every aggregate: read the table as the platform's promise."""

import json
from typing import Any

import pytest

from services.contracts.actor import Actor
from services.contracts.registry import AGGREGATES, EVENTS
from services.gateway.readmodel.audiences import (
    BANK,
    OPERATOR,
    PUBLIC,
    REGISTRY,
    TABLE,
    documents,
    mine,
    of_party,
)
from services.gateway.readmodel.hearers import TOLD_ONLY, told
from tests.unit.gateway.states import a_state, id_of


def party(name: str) -> str:
    return of_party(id_of(name))


# kind, what its state says, who sees something of it
SEEN: list[tuple[str, dict[str, Any], set[str]]] = [
    ("party", {}, {PUBLIC, OPERATOR, party("party")}),
    ("party", {"state": "applying"}, {OPERATOR, party("party")}),
    ("party", {"state": "applied"}, {OPERATOR, party("party")}),
    ("party", {"state": "refused"}, {OPERATOR, party("party")}),
    ("party", {"state": "rejected"}, {OPERATOR, party("party")}),
    ("document", {}, {OPERATOR, party("party_id")}),
    ("user", {}, {OPERATOR, party("party_id")}),
    ("api_key", {}, {OPERATOR, party("party_id")}),
    ("mandate", {}, {party("party_id")}),
    ("webhook", {}, {party("party_id")}),
    ("clock", {}, {PUBLIC, OPERATOR}),
    ("demand", {"state": "draft", "published_at": None}, {party("buyer_id")}),
    ("demand", {"state": "cancelled", "published_at": None}, {party("buyer_id")}),
    (
        "demand",
        {"state": "published", "awarded_supplier_id": None},
        {PUBLIC, OPERATOR, party("buyer_id")},
    ),
    (
        "demand",
        {"state": "awarded"},
        {PUBLIC, OPERATOR, party("buyer_id"), party("awarded_supplier_id")},
    ),
    ("quote", {"state": "sealed", "opened_at": None}, {party("supplier_id")}),
    ("quote", {"state": "sealed"}, {party("supplier_id")}),  # a second round
    ("quote", {"state": "withdrawn", "opened_at": None}, {party("supplier_id")}),
    ("quote", {"state": "invalidated", "opened_at": None}, {party("supplier_id")}),
    ("quote", {"state": "expired", "opened_at": None}, {party("supplier_id")}),
    ("quote", {"state": "opened"}, {OPERATOR, party("supplier_id"), party("buyer_id")}),
    ("quote", {"state": "rejected"}, {OPERATOR, party("supplier_id"), party("buyer_id")}),
    ("contract", {}, {OPERATOR, party("buyer_id"), party("supplier_id")}),
    ("delivery", {}, {OPERATOR, party("buyer_id"), party("supplier_id")}),
    ("payable", {}, {OPERATOR, party("buyer_id"), party("supplier_id")}),
    ("supply", {"state": "draft"}, {OPERATOR, party("supplier_id")}),
    ("supply", {"state": "verifying"}, {OPERATOR, party("supplier_id")}),
    ("supply", {"state": "active"}, {PUBLIC, OPERATOR, party("supplier_id")}),
    ("supply", {"state": "stale"}, {OPERATOR, party("supplier_id")}),
    ("supply", {"state": "archived"}, {OPERATOR, party("supplier_id")}),
    ("import", {}, {OPERATOR, party("party_id")}),
    ("match", {}, {OPERATOR, party("buyer_id"), party("supplier_id")}),
    ("receivable", {}, {OPERATOR, party("seller_id"), party("debtor_id")}),
    ("authorisation", {}, {OPERATOR, party("grantor_id"), party("recipient_id")}),
    ("position", {"bank_id": None, "notice": None}, {OPERATOR, party("seller_id")}),
    (
        "position",
        {"notice": None},
        {OPERATOR, REGISTRY, party("seller_id"), party("bank_id")},
    ),
    (
        "position",
        {},
        {OPERATOR, REGISTRY, party("seller_id"), party("bank_id"), party("debtor_id")},
    ),
    ("product", {"state": "published"}, {PUBLIC, OPERATOR, party("bank_id")}),
    ("product", {"state": "retired"}, {OPERATOR, party("bank_id")}),
    ("limit", {}, {party("bank_id")}),
    ("application", {"opened_to": []}, {OPERATOR, BANK, party("applicant_id")}),
    (
        "application",
        {"opened_to": [id_of("bank a")]},
        {OPERATOR, BANK, party("applicant_id"), party("bank a")},
    ),
    ("offer", {"state": "prepared", "amount_fen": None}, {party("bank_id")}),
    ("offer", {"state": "sealed", "amount_fen": None}, {party("bank_id")}),
    ("offer", {"state": "sealed"}, {party("bank_id")}),
    ("offer", {"state": "withdrawn"}, {party("bank_id")}),
    ("offer", {"state": "expired", "amount_fen": None}, {party("bank_id")}),
    ("offer", {"state": "visible"}, {OPERATOR, party("bank_id"), party("applicant_id")}),
    ("offer", {"state": "lost"}, {OPERATOR, party("bank_id"), party("applicant_id")}),
    ("loan", {}, {OPERATOR, party("bank_id"), party("borrower_id")}),
]


@pytest.mark.parametrize(("kind", "changes", "expected"), SEEN)
def test_who_sees_something(kind: str, changes: dict[str, Any], expected: set[str]) -> None:
    assert set(documents(kind, a_state(kind, **changes))) == expected


def test_every_aggregate_has_its_audiences() -> None:
    assert set(TABLE) == set(AGGREGATES) == {kind for kind, _, _ in SEEN}


@pytest.mark.parametrize("kind", sorted(AGGREGATES))
def test_a_field_that_is_not_declared_reaches_nobody(kind: str) -> None:
    shown = documents(kind, a_state(kind) | {"sealed_price_fen": 424242})
    assert "424242" not in json.dumps(shown)


@pytest.mark.parametrize("kind", sorted(AGGREGATES))
def test_every_document_names_what_it_is(kind: str) -> None:
    for document in documents(kind, a_state(kind)).values():
        assert {"id", "number", "state"} <= set(document)


def test_the_hall_sees_no_number_of_rivals_and_no_winner() -> None:
    hall = documents("demand", a_state("demand", state="awarded"))[PUBLIC]
    assert hall["budget_fen"] == 123_456_789
    assert not [name for name in hall if name.startswith(("award", "quote_count", "reason_note"))]
    for column in ("awarded_supplier_id", "awarded_quote_id", "contract_id"):
        assert id_of(column) not in json.dumps(hall)


def test_the_winner_is_not_told_how_many_quoted() -> None:
    state = a_state("demand", state="awarded")
    winner = documents("demand", state)[party("awarded_supplier_id")]
    assert "quote_count" not in winner and winner["awarded_quote_id"]


def test_a_buyer_who_is_the_only_party_keeps_the_full_document() -> None:
    own = id_of("both")
    state = a_state("demand", state="awarded", buyer_id=own, awarded_supplier_id=own)
    assert documents("demand", state)[of_party(own)]["quote_count"] == 7


def test_the_operator_sees_no_price_of_a_quote() -> None:
    shown = documents("quote", a_state("quote", state="opened"))
    assert "price_fen" in shown[party("buyer_id")]
    assert not {"price_fen", "note", "delivery_days"} & set(shown[OPERATOR])


def test_a_supplier_does_not_learn_its_rank() -> None:
    shown = documents("match", a_state("match"))
    assert "rank" in shown[party("buyer_id")] and "rank" not in shown[party("supplier_id")]


def test_the_public_does_not_learn_how_busy_a_supplier_is() -> None:
    hall = documents("supply", a_state("supply", state="active"))[PUBLIC]
    assert not [name for name in hall if name.startswith("capacity")]


def test_a_debtor_does_not_learn_that_the_claim_is_financed() -> None:
    state = a_state("receivable")
    assert not {"allocated_fen", "settled_fen"} & set(
        documents("receivable", state)[party("debtor_id")]
    )
    assert party("debtor_id") not in told("receivable.allocated.v1", "receivable", state)
    assert party("debtor_id") in told("receivable.confirmed.v1", "receivable", state)


def test_the_teaser_leads_to_nobody() -> None:
    shown = documents("application", a_state("application", amount_fen=123_456_789))
    teaser = shown[BANK]
    assert (teaser["amount_band"], teaser["term_days"]) == ("1m_to_5m", 65)
    text = json.dumps(teaser)
    for name, value in a_state("application").items():
        if name.endswith(("_id", "_ids", "_name", "_names")) or name in ("amount_fen", "purpose"):
            leaf = value[0] if isinstance(value, list) else value
            assert str(leaf) not in text, name


@pytest.mark.parametrize(
    ("amount_fen", "band"),
    [
        (1, "under_1m"),
        (99_999_999, "under_1m"),
        (100_000_000, "1m_to_5m"),
        (2_999_999_999, "10m_to_30m"),
        (3_000_000_000, "30m_and_more"),
    ],
)
def test_the_bands_of_a_teaser(amount_fen: int, band: str) -> None:
    state = a_state("application", amount_fen=amount_fen)
    assert documents("application", state)[BANK]["amount_band"] == band


def test_a_bank_learns_nothing_of_its_rivals() -> None:
    banks = [id_of("bank a"), id_of("bank b")]
    state = a_state("application", opened_to=banks, eligible_bank_ids=banks)
    shown = documents("application", state)
    sheet = shown[party("bank a")]
    assert sheet["applicant_name"] and sheet["opened_to"] == [id_of("bank a")]
    assert id_of("bank b") not in json.dumps(sheet)
    unseen = {"offer_count", "reason_code", "authorisation_ids", "screenings", "accepted_offer_id"}
    assert not unseen & set(sheet)
    assert shown[party("applicant_id")]["opened_to"] == banks


def test_a_rivals_decline_is_told_to_no_bank() -> None:
    state = a_state("application", opened_to=[id_of("bank a")])
    hearers = set(told("application.screened_out.v1", "application", state))
    assert hearers == {OPERATOR, party("applicant_id")}


def test_an_opened_view_is_told_to_whom_it_changes_for_alone() -> None:
    banks = [id_of("bank a"), id_of("bank b")]
    changed = [id_of("bank b"), id_of("bank c")]
    state = a_state("application", opened_to=banks, view_changed_for=changed)
    heard = told("application.opened.v1", "application", state)
    assert set(heard) == {OPERATOR, party("applicant_id"), party("bank b"), party("bank c")}
    assert heard[party("bank b")]["applicant_name"] and heard[party("bank c")] == {}


@pytest.mark.parametrize("past", ["reserved", "short", "used", "released"])
def test_what_awards_do_to_a_supplier_is_told_to_it_alone(past: str) -> None:
    state = a_state("supply", state="active")
    heard = told(f"supply.{past}.v1", "supply", state)
    assert set(heard) == {OPERATOR, party("supplier_id")}
    assert PUBLIC in told("supply.activated.v1", "supply", state)
    assert id_of("reserved_for_demand_id") not in json.dumps(documents("supply", state)[PUBLIC])


@pytest.mark.parametrize("event_type", sorted(TOLD_ONLY))
def test_a_fact_that_is_kept_from_someone_leaves_no_trace_in_their_document(
    event_type: str,
) -> None:
    """Version and time of change would tell that something has happened."""
    kind = EVENTS[event_type].aggregate.name
    state = a_state(kind, state="active", opened_to=[id_of("bank a")])
    unaware = set(documents(kind, state)) - set(told(event_type, kind, state))
    later = a_state(kind, state="active", opened_to=[id_of("bank a")])
    later |= {"sequence": 2, "updated_at": "2026-03-03T01:30:00+00:00"}
    assert unaware
    for audience in unaware:
        assert documents(kind, later)[audience] == documents(kind, state)[audience]


def test_a_recipient_does_not_see_the_other_recipients() -> None:
    banks = [id_of("bank a"), id_of("bank b")]
    shown = documents("authorisation", a_state("authorisation", recipient_ids=banks))
    assert shown[party("bank a")]["recipient_ids"] == [id_of("bank a")]
    assert shown[party("grantor_id")]["recipient_ids"] == banks


def test_terms_of_an_offer_stay_between_bank_and_applicant() -> None:
    shown = documents("offer", a_state("offer", state="visible"))
    assert "rate_bp" in shown[party("applicant_id")]
    assert not {"prepared_by", "approved_by"} & set(shown[party("applicant_id")])
    assert not {"rate_bp", "amount_fen", "fee_fen", "all_in_cost_bp"} & set(shown[OPERATOR])


def test_what_a_caller_belongs_to_begins_with_the_fullest() -> None:
    own = id_of("me")
    assert mine(Actor(own, "u")) == (of_party(own), PUBLIC)
    bank = Actor(own, "u", frozenset({"bank.maker", "bank.system"}))
    assert mine(bank) == (of_party(own), BANK, PUBLIC)
    assert mine(Actor(own, "u", frozenset({"operator.staff"})))[1] == OPERATOR
    assert mine(Actor(own, "u", frozenset({"authority.reader"}))) == (of_party(own), PUBLIC)


def test_the_public_learns_nothing_that_a_supplier_only_claims() -> None:
    shown = documents("supply", a_state("supply", state="active"))
    hall, own = shown[PUBLIC], shown[party("supplier_id")]
    assert hall["badges"] and own["claimed_badges"] and own["claimed_deals"]
    assert not {"claimed_badges", "claimed_deals", "item_code", "reason_note"} & set(hall)
