"""The debtor pays the seller directly while the claim is being confirmed or financed."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from services.contracts.contract import payable
from services.contracts.envelope import Event
from services.contracts.money import as_money
from services.contracts.problems import Problem
from services.finance import copies
from services.finance.commands import receivables
from tests.desk import heard
from tests.integration.finance.deal import PAYABLE_FEN, Deal, Facts, refuses
from tests.waiting import eventually


def paid(deal: Deal) -> Event:
    given = {"contract_id": deal.contract_id, "amount_fen": PAYABLE_FEN, "state": "paid",
             "due_date": "2026-05-06"}  # fmt: skip
    return heard(
        payable.event("paid"), id=deal.payable_id, sequence=2, paid_fen=PAYABLE_FEN, **given
    )


def hear(deal: Deal) -> Facts:
    """Finance hears that the payable was paid."""
    return Facts(deal.desk.act(receivables.note_payment, paid(deal)))


def state_of(deal: Deal, table: str) -> str:
    return str(deal.sql(f"SELECT state FROM {table} ORDER BY id")[-1][0])


def test_a_claim_confirmed_after_it_was_paid_ends_at_once(deal: Deal) -> None:
    prepared = deal.until_prepared()
    assert hear(deal) == []
    facts = deal.confirm(prepared["id"], prepared["confirmation_sha256"])
    assert facts.types == ["receivable.confirmed", "receivable.settled"]


def test_a_claim_paid_while_it_was_held_ends_when_it_is_let_go(deal: Deal) -> None:
    application = deal.until_submitted()
    assert hear(deal) == []
    facts = deal.do("withdraw_application", deal.supplier, id=application["id"])
    assert facts.types[-1] == "receivable.settled"
    assert facts["receivable.settled"]["allocated_fen"] == 0


def test_no_offer_is_chosen_on_a_claim_that_was_paid(deal: Deal) -> None:
    application, mine, _ = deal.until_selecting()
    hear(deal)
    with refuses(deal, "receivable_not_confirmed", 409):
        deal.choose(application["id"], mine)
    facts = deal.wait_until(application["select_until"])
    assert (state_of(deal, "applications"), state_of(deal, "receivables")) == ("expired", "settled")
    assert facts["receivable.settled"]["id"]


def test_no_payout_is_instructed_on_a_claim_that_was_paid(deal: Deal) -> None:
    position, _ = deal.until_securing()
    deal.file(position["id"])
    hear(deal)
    assert deal.notify(position["id"]).types == ["position.noticed"]
    facts = deal.wait(hours=48)
    assert facts.types[:2] == ["offer.lapsed", "application.reselecting"]
    released = deal.do("release_position", deal.registry, id=position["id"])
    assert released["application.expired"]["state"] == "expired"
    assert released["receivable.settled"]["allocated_fen"] == 0
    assert deal.number("SELECT sum(reserved_fen + sealed_fen + used_fen) FROM limits") == 0


def stop(deal: Deal) -> None:
    """Finance hears that the delivery was rejected after all: nothing is owed for it now."""
    given = {"contract_id": deal.contract_id, "amount_fen": PAYABLE_FEN, "paid_fen": 0}
    fact = heard(
        payable.event("scheduled"), id=deal.payable_id, sequence=2, state="scheduled",
        due_date=None, **given,
    )  # fmt: skip
    deal.desk.project(copies.keep_payables, fact)


def test_nothing_is_lent_on_what_is_no_longer_delivered(deal: Deal) -> None:
    application, mine, _ = deal.until_selecting()
    consent = deal.authorise()
    stop(deal)
    with refuses(deal, "receivable_not_confirmed", 409):
        deal.choose(application["id"], mine)
    deal.do("withdraw_application", deal.supplier, id=application["id"])
    claim_id = deal.sql("SELECT id FROM receivables")[0][0]
    with refuses(deal, "receivable_not_confirmed", 409, "/shares/0/receivable_id"):
        deal.submit(str(claim_id), consent)


def test_what_was_rejected_since_is_not_confirmed(deal: Deal) -> None:
    prepared = deal.until_prepared()
    stop(deal)
    with refuses(deal, "payable_not_running", 409):
        deal.confirm(prepared["id"], prepared["confirmation_sha256"])


def divide(deal: Deal, kept_fen: int) -> None:
    """Finance hears that of what was delivered only so much was accepted."""
    given = {"contract_id": deal.contract_id, "amount_fen": kept_fen, "paid_fen": 0}
    fact = heard(
        payable.event("divided"), id=deal.payable_id, sequence=2, state="running",
        due_date="2026-05-06", **given,
    )  # fmt: skip
    deal.desk.project(copies.keep_payables, fact)


def test_of_a_divided_payable_what_stays_of_it_is_confirmed(deal: Deal) -> None:
    prepared = deal.until_prepared()
    divide(deal, PAYABLE_FEN - 100)
    with refuses(deal, "confirmed_over_payables", 409):
        deal.confirm(prepared["id"], prepared["confirmation_sha256"])
    with refuses(deal, "confirmed_over_payables", 409):
        deal.prepare(prepared["id"])
    again = deal.prepare(prepared["id"], confirmed=as_money(PAYABLE_FEN - 100))
    sha256 = again["receivable.prepared"]["confirmation_sha256"]
    assert deal.confirm(prepared["id"], sha256).types == ["receivable.confirmed"]
    deal.equip(deal.bank)
    share = {"receivable_id": prepared["id"], "amount": as_money(PAYABLE_FEN - 100)}
    submitted = deal.submit(prepared["id"], deal.authorise(), shares=[share])
    assert "application.submitted" in submitted.types


def test_what_was_divided_off_one_payable_is_not_confirmed_of_another(deal: Deal) -> None:
    """The other has room, which a second claim may take: the debt was confirmed twice."""
    later = deal.owe(1_000, due_date="2026-06-05")
    both = {"payable_ids": [deal.payable_id, later]}
    invoice = deal.invoice(total=as_money(PAYABLE_FEN + 1_000))
    entered = deal.enter(PAYABLE_FEN + 400, invoice=invoice, **both)
    first = entered["receivable.checked"]["id"]
    divide(deal, PAYABLE_FEN - 500)
    deal.request(first)
    whole_fen = PAYABLE_FEN - 500 + 400
    with refuses(deal, "confirmed_over_payables", 409):
        deal.prepare(first, confirmed=as_money(whole_fen + 1))
    prepared = deal.prepare(first, confirmed=as_money(whole_fen))
    assert prepared.types == ["receivable.prepared"]


def test_two_claims_on_a_divided_payable_are_not_both_confirmed(deal: Deal) -> None:
    half = PAYABLE_FEN // 2
    first = deal.enter(half)["receivable.checked"]["id"]
    second = deal.enter(half)["receivable.checked"]["id"]
    divide(deal, PAYABLE_FEN - 100)
    deal.request(first)
    with refuses(deal, "confirmed_over_payables", 409):
        deal.prepare(first)
    deal.do("withdraw_receivable", deal.supplier, id=second)
    assert deal.prepare(first).types == ["receivable.prepared"]


def test_nothing_is_lent_on_a_payable_that_was_divided_below_what_was_confirmed(deal: Deal) -> None:
    """As it may be where the confirmation was not heard of in time."""
    application, mine, _ = deal.until_selecting()
    divide(deal, PAYABLE_FEN - 100)
    with refuses(deal, "receivable_not_confirmed", 409):
        deal.choose(application["id"], mine)


def test_a_debt_that_is_late_is_owed_all_the_same(deal: Deal) -> None:
    application, mine, _ = deal.until_selecting()
    given = {"contract_id": deal.contract_id, "amount_fen": PAYABLE_FEN, "paid_fen": 0}
    late = heard(
        payable.event("overdue"), id=deal.payable_id, sequence=2, state="overdue",
        due_date="2026-03-03", **given,
    )  # fmt: skip
    deal.desk.project(copies.keep_payables, late)
    assert "offer.accepted" in deal.choose(application["id"], mine).types


def test_a_claim_paid_between_reading_and_locking_is_not_held(deal: Deal) -> None:
    claim, consent = deal.until_confirmed(), deal.authorise()
    with deal.desk.session() as other, ThreadPoolExecutor(1) as pool:
        other.execute(text("UPDATE receivables SET state = 'settled', sequence = sequence + 1"))
        asked = pool.submit(deal.submit, claim["id"], consent)
        eventually(lambda: deal.number("SELECT count(*) FROM pg_locks WHERE NOT granted") == 1)
        other.commit()
        with pytest.raises(Problem, match="receivable_not_confirmed"):
            asked.result()
    assert deal.number("SELECT count(*) FROM positions") == 0
