"""A caller may know more than finance: a refusal out of ignorance is told from a real one."""

from services.contracts.contract import payable
from services.contracts.party import mandate
from services.finance import copies
from services.messaging import Ids
from tests.desk import heard
from tests.integration.finance.deal import DUE, PAYABLE_FEN, Deal, refuses


def test_a_payable_on_its_way_is_waited_for_and_then_claimed(deal: Deal) -> None:
    state = {"contract_id": deal.contract_id, "state": "running", "amount_fen": PAYABLE_FEN,
             "paid_fen": 0, "due_date": DUE.isoformat()}  # fmt: skip
    fact = heard(payable.event("running"), **state)
    seen = {"payable": {fact.subject: 1}, "demand": {deal.thread_id: 7}}
    with refuses(deal, "not_heard_yet", 503):
        deal.enter(payable_ids=[fact.subject], seen=seen)
    deal.desk.project(copies.keep_payables, fact)
    assert deal.enter(payable_ids=[fact.subject], seen=seen).types[0] == "receivable.entered"


def test_an_older_copy_is_behind_too(deal: Deal) -> None:
    waiting = deal.owe(state="scheduled", due_date=None)
    with refuses(deal, "not_heard_yet", 503):
        deal.enter(payable_ids=[waiting], seen={"payable": {waiting: 2}})
    with refuses(deal, "payable_not_running", 409):
        deal.enter(payable_ids=[waiting], seen={"payable": {waiting: 1}})


def test_a_mandate_on_its_way_is_waited_for(deal: Deal) -> None:
    """A refusal for want of a right is one out of ignorance as well."""
    claim = deal.until_checked()
    deal.request(claim["id"])
    newcomer = deal.maker.colleague("buyer.maker")
    fact = heard(
        mandate.event("granted"), party_id=newcomer.id, user_id=newcomer.actor.user_id,
        supplier_id=None, contract_id=None, revoked_at=None, valid_until="2026-12-31",
        limit_fen=PAYABLE_FEN,
    )  # fmt: skip
    seen = {"mandate": {fact.subject: 1}}
    with refuses(deal, "not_heard_yet", 503):
        deal.do("prepare_receivable", newcomer, id=claim["id"], seen=seen)
    with refuses(deal, "mandate_missing", 403):
        deal.do("prepare_receivable", newcomer, id=claim["id"])
    deal.desk.project(copies.keep_mandates, fact)
    prepared = deal.do("prepare_receivable", newcomer, id=claim["id"], seen=seen)
    assert prepared.types == ["receivable.prepared"]


def test_what_nobody_was_shown_does_not_exist(deal: Deal) -> None:
    with refuses(deal, "not_found", 404):
        deal.enter(payable_ids=[Ids().new()], seen={"payable": {deal.payable_id: 1}})


def test_being_behind_stops_nothing_that_is_allowed(deal: Deal) -> None:
    facts = deal.enter(seen={"payable": {deal.payable_id: 99}})
    assert facts.types == ["receivable.entered", "receivable.checked"]
