"""Claims: entered by the seller, checked against contract, payables and invoice, once only."""

import pytest
from sqlalchemy import text

from services.contracts.contract import payable
from services.contracts.envelope import Event
from services.contracts.money import as_money
from services.finance.commands import receivables
from tests.desk import heard
from tests.integration.finance.deal import DUE, PAYABLE_FEN, Deal, refuses
from tests.integration.finance.people import introduce

NUMBERS = [f"{number:020d}" for number in range(4)]


def test_a_claim_that_agrees_is_checked_at_once(deal: Deal) -> None:
    facts = deal.enter()
    assert facts.types == ["receivable.entered", "receivable.checked"]
    claim = facts["receivable.checked"]
    assert claim["due_date"] == DUE.isoformat()
    assert claim["claimed_fen"] == PAYABLE_FEN
    assert claim["thread_id"] == deal.thread_id
    assert (claim["seller_id"], claim["debtor_id"]) == (deal.supplier.id, deal.maker.id)


def test_several_payables_of_one_contract_are_due_with_the_last(deal: Deal) -> None:
    retention = deal.owe(5_000_000, due_date="2027-03-02")
    facts = deal.enter(
        PAYABLE_FEN + 5_000_000,
        payable_ids=[deal.payable_id, retention],
        invoice=deal.invoice(total=as_money(PAYABLE_FEN + 5_000_000)),
    )
    assert facts["receivable.checked"]["due_date"] == "2027-03-02"


@pytest.mark.parametrize(
    ("invoice", "doubt"),
    [
        ({"total": as_money(11 * PAYABLE_FEN)}, "invoice_over_contract"),
        ({"issued_on": "2026-01-31"}, "invoice_before_contract"),
        ({"issued_on": "2026-03-03"}, "invoice_in_future"),
    ],
)
def test_a_doubtful_invoice_waits_for_the_operator(
    deal: Deal, invoice: dict[str, object], doubt: str
) -> None:
    facts = deal.enter(invoice=deal.invoice(**invoice))
    assert facts.types == ["receivable.entered"]
    assert facts["receivable.entered"]["reason_code"] == doubt
    id = facts["receivable.entered"]["id"]
    checked = deal.do("check_receivable", deal.operator, id=id)
    assert checked["receivable.checked"]["state"] == "checked"


def test_a_second_live_claim_on_the_same_payable_is_held(deal: Deal) -> None:
    first = deal.until_checked()
    facts = deal.enter(invoice=deal.invoice("26112000000000000002"))
    assert facts.types == ["receivable.entered", "receivable.duplicate_held"]
    held = facts["receivable.duplicate_held"]
    assert held["reason_code"] == "payable_claimed_before"
    with refuses(deal, "payable_claimed_before", 409):
        deal.do("check_receivable", deal.operator, id=held["id"])
    deal.do("withdraw_receivable", deal.supplier, id=first["id"])
    checked = deal.do("check_receivable", deal.operator, id=held["id"])
    assert checked.types == ["receivable.checked"]


def test_a_claim_beyond_the_invoice_is_held(deal: Deal) -> None:
    deal.until_checked()
    other = deal.owe()
    facts = deal.enter(payable_ids=[other])
    assert facts["receivable.duplicate_held"]["reason_code"] == "invoice_claimed_before"


@pytest.mark.parametrize(
    "number", ["２６１１２０００００００１２３４５６７８", " 26112000000012345678\u3000"]
)
def test_another_spelling_is_the_same_invoice(deal: Deal, number: str) -> None:
    deal.until_checked()
    facts = deal.enter(payable_ids=[deal.owe()], invoice=deal.invoice(number))
    assert facts["receivable.duplicate_held"]["reason_code"] == "invoice_claimed_before"
    assert facts["receivable.duplicate_held"]["invoice"]["number"] == deal.invoice()["number"]


@pytest.mark.parametrize(
    ("number", "code", "pointer"),
    [
        ("2611200000001234\u200b5678", "", "number"),
        ("2611200000001234 5678", "", "number"),
        ("2611200000001234\u00a05678", "", "number"),
        ("2611200000001234-5678", "", "number"),
        ("026112000000012345678", "", "number"),
        ("\u202e26112000000012345678", "", "number"),
        ("1234567", "1100261130", "number"),
        ("26112000000012345678", "X1", "code"),
        ("26112000000012345678", "1100261130", "code"),
        ("12345678", "", "code"),
        ("12345678", "X1", "code"),
        ("12345678", "110026113", "code"),
    ],
)
def test_no_spelling_makes_two_of_one_invoice(
    deal: Deal, number: str, code: str, pointer: str
) -> None:
    with refuses(deal, "invalid", 422, f"/invoice/{pointer}"):
        deal.enter(invoice=deal.invoice(number, code=code))


@pytest.mark.parametrize("code", ["1100261130", "011002600111"])
def test_an_invoice_with_a_code_is_told_apart_by_it(deal: Deal, code: str) -> None:
    for each, state in ((code, "checked"), ("1100261131", "checked"), (code, "duplicate_held")):
        invoice = deal.invoice("12345678", code=each)
        facts = deal.enter(payable_ids=[deal.owe()], invoice=invoice)
        assert facts.types[-1] == f"receivable.{state}"


def test_the_same_invoice_with_another_total_is_held(deal: Deal) -> None:
    deal.enter(PAYABLE_FEN // 2)
    facts = deal.enter(PAYABLE_FEN // 2, invoice=deal.invoice(total=as_money(2 * PAYABLE_FEN)))
    assert facts["receivable.duplicate_held"]["reason_code"] == "invoice_differs"


def test_two_claims_may_share_invoice_and_payable_up_to_their_amounts(deal: Deal) -> None:
    for _ in range(2):
        assert deal.enter(PAYABLE_FEN // 2).types[-1] == "receivable.checked"
    assert deal.enter(1).types[-1] == "receivable.duplicate_held"
    assert deal.number("SELECT allocated_fen FROM invoices") == PAYABLE_FEN


@pytest.mark.parametrize("verb", ["reject", "withdraw"])
def test_a_claim_that_ended_frees_payable_and_invoice(deal: Deal, verb: str) -> None:
    id = deal.enter(invoice=deal.invoice(issued_on="2026-03-03"))["receivable.entered"]["id"]
    person = deal.operator if verb == "reject" else deal.supplier
    reason = {"reason_code": "invoice_invalid", "note": "发票已作废"} if verb == "reject" else {}
    ended = deal.do(f"{verb}_receivable", person, reason, id=id)
    state = ended[0].data
    assert state["reason_code"] == reason.get("reason_code")
    assert state["reason_note"] == reason.get("note")
    assert deal.number("SELECT allocated_fen FROM invoices") == 0
    assert deal.enter().types[-1] == "receivable.checked"


def test_more_than_the_payables_or_the_invoice_cannot_be_claimed(deal: Deal) -> None:
    with refuses(deal, "claim_over_invoice", 422):
        deal.enter(PAYABLE_FEN + 1)
    with refuses(deal, "claim_over_payables", 422):
        deal.enter(PAYABLE_FEN + 1, invoice=deal.invoice(total=as_money(PAYABLE_FEN + 1)))
    part_paid = deal.owe(paid_fen=1)
    with refuses(deal, "claim_over_payables", 422):
        deal.enter(payable_ids=[part_paid])


def test_a_payable_must_run(deal: Deal) -> None:
    for state in ({"state": "scheduled", "due_date": None}, {"state": "paid"}):
        waiting = deal.owe(**state)
        with refuses(deal, "payable_not_running", 409):
            deal.enter(payable_ids=[waiting])


@pytest.mark.parametrize("state", [{"kind": "framework"}, {"state": "draft"}])
def test_the_contract_must_be_a_live_order(deal: Deal, state: dict[str, str]) -> None:
    deal.contract(sequence=2, **state)
    with refuses(deal, "contract_not_financeable", 409):
        deal.enter()


def test_payables_of_two_contracts_do_not_make_one_claim(deal: Deal) -> None:
    another = deal.owe(contract_id=deal.contract(id=deal.desk.ids.new()))
    with refuses(deal, "payables_of_several_contracts", 422):
        deal.enter(payable_ids=[deal.payable_id, another])


def test_only_the_contracts_own_supplier_may_claim(deal: Deal) -> None:
    claim = {
        "payable_ids": [deal.payable_id], "invoice": deal.invoice(),
        "claimed": as_money(PAYABLE_FEN),
    }  # fmt: skip
    with refuses(deal, "not_found", 404):
        deal.do("create_receivable", deal.stranger, claim)
    with refuses(deal, "not_found", 404):
        deal.enter(payable_ids=[deal.desk.ids.new()])


def test_an_unverified_seller_may_not_claim(deal: Deal) -> None:
    introduce(
        deal.desk, deal.supplier.id, "海淀精密机械", "supplier",
        verified_until="2026-03-01", sequence=2,
    )  # fmt: skip
    with refuses(deal, "party_unverified", 409):
        deal.enter()


def test_tax_is_less_than_the_total(deal: Deal) -> None:
    with refuses(deal, "tax_over_total", 422, "/invoice/tax"):
        deal.enter(invoice=deal.invoice(tax=as_money(PAYABLE_FEN)))


def test_a_claim_names_each_payable_once_and_at_least_one(deal: Deal) -> None:
    with refuses(deal, "payables_missing", 422, "/payable_ids"):
        deal.enter(payable_ids=[])
    with refuses(deal, "payable_twice", 422, "/payable_ids/1"):
        deal.enter(payable_ids=[deal.payable_id, deal.payable_id])


def test_others_cannot_withdraw_and_only_the_operator_checks(deal: Deal) -> None:
    id = deal.until_checked()["id"]
    with refuses(deal, "not_found", 404):
        deal.do("withdraw_receivable", deal.stranger, id=id)
    with refuses(deal, "forbidden", 403):
        deal.do("check_receivable", deal.supplier, id=id)
    with refuses(deal, "illegal_move", 409):
        deal.do("check_receivable", deal.operator, id=id)


def paid(deal: Deal, payable_id: str) -> Event:
    given = {"contract_id": deal.contract_id, "amount_fen": PAYABLE_FEN, "state": "paid"}
    return heard(payable.event("paid"), id=payable_id, sequence=2, paid_fen=PAYABLE_FEN, **given)


def test_a_claim_that_the_debtor_paid_directly_is_settled(deal: Deal) -> None:
    deal.until_confirmed()
    fact = paid(deal, deal.payable_id)
    settled = deal.desk.act(receivables.note_payment, fact)
    assert [event.type for event in settled] == ["receivable.settled.v1"]
    assert deal.desk.act(receivables.note_payment, fact) == []


def test_a_claim_over_two_payables_waits_for_both(deal: Deal) -> None:
    other = deal.owe()
    deal.payable_id, first = other, deal.payable_id
    whole = {"invoice": deal.invoice(total=as_money(2 * PAYABLE_FEN))}
    id = deal.enter(2 * PAYABLE_FEN, payable_ids=[first, other], **whole)[-1].data["id"]
    deal.request(id)
    deal.confirm(id, deal.prepare(id)["receivable.prepared"]["confirmation_sha256"])
    assert deal.desk.act(receivables.note_payment, paid(deal, first)) == []
    assert len(deal.desk.act(receivables.note_payment, paid(deal, other))) == 1


def test_a_claim_that_secures_a_loan_is_not_settled_by_a_payment_to_the_seller(deal: Deal) -> None:
    deal.until_active()
    assert deal.desk.act(receivables.note_payment, paid(deal, deal.payable_id)) == []


def test_a_mistyped_invoice_is_mended_by_entering_it_again(deal: Deal) -> None:
    mistyped = deal.invoice(total=as_money(2 * PAYABLE_FEN))
    id = deal.enter(invoice=mistyped)["receivable.checked"]["id"]
    deal.do("withdraw_receivable", deal.supplier, id=id)
    assert deal.enter().types[-1] == "receivable.checked"


def test_the_total_that_the_debtor_objected_to_is_corrected(deal: Deal) -> None:
    id = deal.enter(invoice=deal.invoice(total=as_money(2 * PAYABLE_FEN)))[-1].data["id"]
    deal.request(id)
    deal.do("refuse_receivable", deal.maker, {"reason_code": "invoice_wrong"}, id=id)
    mended = {"invoice": deal.invoice(), "claimed": as_money(PAYABLE_FEN)}
    corrected = deal.do("correct_receivable", deal.supplier, mended, id=id)
    assert corrected.types[-1] == "receivable.checked"


def test_what_a_settled_claim_took_is_not_counted_twice(deal: Deal) -> None:
    half_fen = PAYABLE_FEN // 2
    id = deal.enter(half_fen)["receivable.checked"]["id"]
    deal.request(id)
    deal.confirm(id, deal.prepare(id)["receivable.prepared"]["confirmation_sha256"])
    with deal.desk.session() as session:
        session.execute(text("UPDATE receivables SET state = 'settled', settled_fen = claimed_fen"))
        session.commit()
    deal.owe(id=deal.payable_id, paid_fen=half_fen, state="part_paid", sequence=2)
    with refuses(deal, "claim_over_payables", 422):
        deal.enter(half_fen + 1)
    assert deal.enter(half_fen).types[-1] == "receivable.checked"
    assert deal.enter(1).types[-1] == "receivable.duplicate_held"


def test_a_claim_does_not_reach_past_anothers_part_of_a_payable(deal: Deal) -> None:
    """Orders, which pays a claim earliest due first, would pay it with the other's part."""
    deal.enter(PAYABLE_FEN // 2, invoice=deal.invoice(NUMBERS[0]))
    later = deal.owe(due_date="2026-06-01")
    both = {"payable_ids": [deal.payable_id, later], "invoice": deal.invoice(NUMBERS[1])}
    held = deal.enter(PAYABLE_FEN, **both)["receivable.duplicate_held"]
    assert held["reason_code"] == "payable_claimed_before"
    within = deal.enter(PAYABLE_FEN // 2, **both | {"invoice": deal.invoice(NUMBERS[2])})
    assert within.types[-1] == "receivable.checked"
    alone = deal.enter(PAYABLE_FEN, payable_ids=[later], invoice=deal.invoice(NUMBERS[3]))
    assert alone.types[-1] == "receivable.checked"
