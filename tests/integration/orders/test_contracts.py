"""Contracts: judged, mended, signed by both or by nobody."""

from datetime import timedelta
from typing import Any

import pytest

from services.messaging import Ids
from tests.integration.orders.trade import TERMS, Person, Trade, refused

LONG = TERMS | {"nodes": [{"kind": "acceptance", "share_bp": 10_000, "term_days": 90}]}
DECLINE = {"reason_code": "terms_unacceptable", "note": "账期过长"}


def test_terms_against_the_rules_block_until_they_are_mended(trade: Trade) -> None:
    trade.until_contracting(terms=LONG)
    blocked = trade.contract()
    assert blocked["state"] == "blocked"
    assert [(f["rule_id"], f["blocks"]) for f in blocked["findings"]] == [("payment_term", True)]
    with refused("illegal_move"):
        trade.start_signing()
    facts = trade.do("revise_contract", trade.supplier, {"terms": TERMS}, id=trade.contract_id)
    assert facts.types == ["contract.revised", "contract.cleared"]
    assert facts["contract.cleared"]["findings"] == []
    assert facts["contract.cleared"]["content_sha256"] != blocked["content_sha256"]


def test_a_stated_reason_is_a_flag_and_does_not_block(trade: Trade) -> None:
    trade.until_contracting(terms=LONG | {"term_reason": "船舶建造周期"})
    (finding,) = trade.contract()["findings"]
    assert (trade.contract()["state"], finding["blocks"]) == ("cleared", False)


def test_revised_shares_must_be_whole(trade: Trade) -> None:
    trade.until_contracting()
    half = {"terms": TERMS | {"nodes": TERMS["nodes"][:1]}}
    with refused("terms_shares"):
        trade.do("revise_contract", trade.buyer, half, id=trade.contract_id)


def test_once_signing_has_started_nothing_is_revised(trade: Trade) -> None:
    trade.until_contracting()
    trade.start_signing()
    with refused("illegal_move"):
        trade.do("revise_contract", trade.buyer, {"terms": TERMS}, id=trade.contract_id)


def test_a_size_that_has_changed_since_is_judged_when_signing_starts(trade: Trade) -> None:
    trade.knows(trade.buyer, size="medium", sequence=2)
    trade.until_contracting(terms=LONG)
    trade.knows(trade.buyer, size="large", sequence=3)
    with refused("terms_blocked"):
        trade.start_signing()


@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        ("revise_contract", {"terms": TERMS}),
        ("start_signing_contract", {}),
        ("decline_contract", DECLINE),
    ],
)
def test_someone_elses_contract_is_not_there(
    trade: Trade, command: str, arguments: dict[str, Any]
) -> None:
    trade.until_contracting()
    with refused("not_found"):
        trade.do(command, trade.rival, arguments, id=trade.contract_id)


def test_two_signatures_put_it_in_force_with_sizes_fixed(trade: Trade) -> None:
    trade.until_contracting()
    trade.start_signing()
    first = trade.sign(trade.supplier)
    assert first.types == ["contract.signed_by_party"]
    signed = trade.sign(trade.buyer)["contract.signed"]
    assert {s["party_id"] for s in signed["signatures"]} == {trade.buyer.id, trade.supplier.id}
    assert (signed["buyer_nature"], signed["buyer_size"], signed["supplier_size"]) == (
        "private", "large", "small",
    )  # fmt: skip
    trade.knows(trade.buyer, size="medium", sequence=9)
    assert trade.contract()["buyer_size"] == "large"


def test_the_losers_are_told_when_it_is_signed(trade: Trade) -> None:
    facts = trade.until_active()
    assert facts["quote.accepted"]["id"] == trade.quote_id
    rejected = facts["quote.rejected"]
    assert (rejected["supplier_id"], rejected["reason_code"]) == (trade.rival.id, "not_awarded")
    waiting = {(aggregate, verb) for aggregate, _, verb in trade.desk.deadlines()}
    assert waiting == {("payable", "fall_due"), ("payable", "become_overdue")}


def test_a_party_signs_once(trade: Trade) -> None:
    trade.until_contracting()
    trade.start_signing()
    trade.sign(trade.supplier)
    with refused("already_signed"):
        trade.sign(trade.supplier)


def test_whose_signature_counts(trade: Trade) -> None:
    trade.until_contracting()
    with refused("illegal_move"):
        trade.sign(trade.buyer)
    trade.start_signing()
    with refused("not_found"):
        trade.sign(trade.rival)
    with refused("signing_key_unknown"):
        trade.sign(trade.buyer, key_id=trade.supplier.key_id)
    sha256 = trade.contract()["content_sha256"]
    with refused("signature_invalid"):
        trade.sign(trade.buyer, signature=trade.supplier.signature(sha256))
    with refused("contract_changed"):
        trade.sign(trade.buyer, content_sha256="0" * 64)


def test_a_key_of_another_persons_organisation_does_not_count(trade: Trade) -> None:
    trade.until_contracting()
    trade.start_signing()
    guest = Person("外人", "buyer.purchaser")
    trade.knows(guest)
    trade.buyer.actor = type(guest.actor)(trade.buyer.id, guest.actor.user_id)
    with refused("signing_key_unknown"):
        trade.sign(trade.buyer, key_id=guest.key_id)


def test_a_revoked_key_signs_nothing_and_what_it_signed_stays(trade: Trade) -> None:
    trade.until_contracting()
    trade.start_signing()
    trade.sign(trade.supplier)
    trade.hears_of_revoked_keys(trade.supplier, trade.buyer)
    with refused("signing_key_revoked"):
        trade.sign(trade.buyer)
    [signature] = trade.contract()["signatures"]
    assert signature["key_id"] == trade.supplier.key_id


def test_an_unverified_party_may_not_sign(trade: Trade) -> None:
    trade.until_contracting()
    trade.start_signing()
    trade.knows(trade.supplier, verified_until="2026-03-01", sequence=2)
    with refused("party_unverified"):
        trade.sign(trade.supplier)


def test_declining_gives_the_buyer_the_next_quote(trade: Trade) -> None:
    trade.until_contracting()
    trade.start_signing()
    facts = trade.do("decline_contract", trade.supplier, DECLINE, id=trade.contract_id)
    assert facts.types == ["contract.declined", "demand.award_lapsed", "quote.rejected"]
    assert facts["contract.declined"]["reason_note"] == "账期过长"
    assert facts["demand.award_lapsed"]["reason_code"] == "contract_declined"
    assert facts["demand.award_lapsed"]["contract_id"] is None
    with refused("illegal_move"):
        trade.sign(trade.buyer)


def test_signatures_that_do_not_come_in_time_end_it(trade: Trade) -> None:
    trade.until_contracting()
    trade.start_signing()
    trade.sign(trade.supplier)
    facts = trade.wait(days=34)
    assert facts.types == ["contract.expired", "demand.award_lapsed", "quote.rejected"]
    assert facts["demand.award_lapsed"]["reason_code"] == "contract_expired"


def test_a_late_signature_is_refused_even_if_the_timer_is_down(trade: Trade) -> None:
    trade.until_contracting()
    trade.start_signing()
    trade.desk.clock.moment += timedelta(days=34)
    with refused("signing_window_passed"):
        trade.sign(trade.buyer)


def test_an_unknown_contract_is_not_there(trade: Trade) -> None:
    with refused("not_found"):
        trade.do("start_signing_contract", trade.buyer, id=Ids().new())
