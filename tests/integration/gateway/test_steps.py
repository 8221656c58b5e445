"""Who owes the next step, kept ready beside the documents, for those who may know of it."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from alembic import command

from services.contracts.envelope import Event
from services.days import shanghai_date
from services.gateway.readmodel import projector
from services.gateway.readmodel.steps import refill
from services.gateway.readmodel.steps.table import CODES
from services.messaging import Ids
from tests.integration.gateway.api_client import Caller, Gateway, problem_of
from tests.integration.gateway.facts import a_demand, a_fact
from tests.waiting import eventually

FUTURE = "2099-01-01"
ROWS = """
    SELECT kind, id, owner, step, since, due_at, is_on_board, whole, is_done FROM steps
    ORDER BY 1, 2, 3
"""
WAITING = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
Told = set[tuple[str, str]]


@pytest.fixture(scope="module")
def buyer(gateway: Gateway) -> Caller:
    return gateway.someone("buyer", "buyer.purchaser")


@pytest.fixture(scope="module")
def supplier(gateway: Gateway) -> Caller:
    return gateway.someone("supplier", "supplier.owner")


@pytest.fixture(scope="module")
def bank(gateway: Gateway) -> Caller:
    return gateway.someone("bank", "bank.system")


@pytest.fixture(scope="module")
def registry(gateway: Gateway) -> Caller:
    return gateway.someone("registry", "registry.system")


def of_mine(caller: Caller, query: str = "") -> list[str]:
    """What the caller's own organisation owes, the most urgent first."""
    return [item["step"] for item in caller.gets(f"/steps?{query}")["items"]]


def steps_of(gateway: Gateway, id: str) -> list[tuple[str, str]]:
    return gateway.rows("SELECT step, owner FROM steps WHERE id = :id ORDER BY step, owner", id=id)


def test_a_step_comes_with_its_fact_and_goes_with_the_next(
    gateway: Gateway, buyer: Caller, supplier: Caller
) -> None:
    id, parties = Ids().new(), {"buyer_id": buyer.party_id, "supplier_id": supplier.party_id}
    shipped = a_fact("delivery", "shipped", id=id, state="shipped", **parties)
    gateway.project(shipped)
    assert steps_of(gateway, id) == [("arrive_delivery", f"party:{supplier.party_id}")]
    arrived = {"id": id, "state": "delivered", "inspect_until": FUTURE, **parties}
    gateway.project(a_fact("delivery", "delivered", sequence=2, **arrived))
    (item,) = (each for each in buyer.gets("/steps")["items"] if each["resource_id"] == id)
    owner = item.pop("owner")
    assert (owner["party_id"], owner["role"]) == (buyer.party_id, "buyer")
    assert owner["name"].startswith("buyer ")
    assert item["counterparts"][0].startswith("supplier ")
    assert (item["step"], item["due"], item["is_overdue"]) == ("accept_delivery", FUTURE, False)
    assert item["rule"]["id"] == "inspection_silence"
    assert item["command"] == f"/api/v1/deliveries/{id}/accept"
    assert (item["scope"], item["may"]) == ("deliveries:accept", True)
    gateway.project(a_fact("delivery", "accepted", sequence=3, id=id, state="accepted", **parties))
    assert steps_of(gateway, id) == []


def test_an_older_fact_never_brings_a_step_back(gateway: Gateway, buyer: Caller) -> None:
    id = Ids().new()
    states = ("draft", "published", "evaluating", "awarded", "contracting")
    facts = [
        a_demand(buyer.party_id, id=id, sequence=n, state=state)
        for n, state in enumerate(states, 1)
    ]
    for order in range(5):
        shuffled = random.Random(order).sample(facts, len(facts))
        for batch in (shuffled[:2], shuffled[2:], shuffled[:1]):
            gateway.project(*batch)
        assert steps_of(gateway, id) == []


def test_a_step_is_owed_since_its_state_began(gateway: Gateway, buyer: Caller) -> None:
    id, since = Ids().new(), "2026-03-02T01:30:00+00:00"
    given = {"id": id, "debtor_id": buyer.party_id, "state": "prepared", "confirm_until": FUTURE}
    gateway.project(a_fact("receivable", "prepared", updated_at=since, **given))
    later = {"sequence": 2, "updated_at": "2026-03-20T01:30:00+00:00"}
    gateway.project(a_fact("receivable", "reminded", **given, **later))
    (item,) = (each for each in buyer.gets("/steps")["items"] if each["resource_id"] == id)
    assert item["since"] == since
    assert (item["scope"], item["may"]) == ("confirmations:sign", False)
    assert item["duties"] == ["buyer.checker"]
    assert "sign_confirmation" not in of_mine(buyer, "for=me")


def an_order(contract: Event) -> Event:
    """Goods are delivered under it, unlike under an intent."""
    contract.data["kind"] = "order"
    return contract


def a_whole_market(buyer: Caller, supplier: Caller, bank: Caller) -> list[Event]:
    """A fact of everything that owes something, each of a thing of its own."""
    sides = {"buyer_id": buyer.party_id, "supplier_id": supplier.party_id}
    claim = {"seller_id": supplier.party_id, "debtor_id": buyer.party_id}
    lent = {"bank_id": bank.party_id, "borrower_id": supplier.party_id}
    asked = {"applicant_id": supplier.party_id, "opened_to": [bank.party_id], "screenings": []}

    def fact(kind: str, past: str, state: str, **changes: Any) -> Event:
        event = a_fact(kind, past, id=Ids().new(), state=state, **changes)
        return an_order(event) if kind == "contract" else event

    return [
        a_demand(buyer.party_id, state="evaluating"),
        fact("contract", "signing_started", "signing", signatures=[], **sides),
        fact("contract", "signed", "active", signatures=[], **sides),
        fact("contract", "cleared", "cleared", signatures=[], **sides),
        fact("delivery", "delivered", "delivered", **sides),
        fact("payable", "overdue", "overdue", **sides),
        fact("supply", "submitted", "verifying", supplier_id=supplier.party_id),
        fact("match", "sent", "sent", **sides),
        fact("quote", "sealed", "sealed", opened_at=None, **sides),
        fact("receivable", "prepared", "prepared", **claim),
        fact("position", "committed", "committed", bank_id=bank.party_id, notice=None, **claim),
        fact("application", "submitted", "offering", **asked),
        fact("offer", "prepared", "prepared", amount_fen=None, bank_id=bank.party_id),
        fact("limit", "prepared", "prepared", bank_id=bank.party_id),
        fact("loan", "instructed", "instructed", **lent),
    ]


def test_all_made_anew_from_the_documents_they_are_the_same(fresh_gateway: Gateway) -> None:
    buyer = fresh_gateway.someone("buyer", "buyer.purchaser")
    supplier = fresh_gateway.someone("supplier", "supplier.owner")
    bank = fresh_gateway.someone("bank", "bank.system")
    fresh_gateway.project(*a_whole_market(buyer, supplier, bank))
    kept = fresh_gateway.rows(ROWS)
    done = fresh_gateway.rows("SELECT * FROM step_parts ORDER BY kind, id")
    assert len(kept) > 15 and done and any(row.is_done for row in kept)
    with fresh_gateway.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM steps")
        connection.exec_driver_sql("DELETE FROM step_parts")
    assert refill.if_needed(fresh_gateway.sessionmaker)
    assert fresh_gateway.rows(ROWS) == kept
    assert fresh_gateway.rows("SELECT * FROM step_parts ORDER BY kind, id") == done
    assert not refill.if_needed(fresh_gateway.sessionmaker)
    refill.every(fresh_gateway.sessionmaker)
    assert fresh_gateway.rows(ROWS) == kept


def test_what_was_done_before_is_marked_once(fresh_gateway: Gateway) -> None:
    buyer = fresh_gateway.someone("buyer", "buyer.purchaser")
    supplier = fresh_gateway.someone("supplier", "supplier.owner")
    bank = fresh_gateway.someone("bank", "bank.system")
    fresh_gateway.project(*a_whole_market(buyer, supplier, bank))
    kept = fresh_gateway.rows(ROWS)
    assert {row.is_done for row in kept} == {True, False}
    config = fresh_gateway.migrations()
    command.downgrade(config, "gateway_0016")
    command.upgrade(config, "head")
    assert fresh_gateway.rows(ROWS) == kept


def test_the_board_knows_nothing_that_its_owner_alone_may_know(fresh_gateway: Gateway) -> None:
    buyer = fresh_gateway.someone("buyer", "buyer.purchaser")
    supplier = fresh_gateway.someone("supplier", "supplier.owner")
    bank = fresh_gateway.someone("bank", "bank.maker")
    fresh_gateway.project(*a_whole_market(buyer, supplier, bank))
    board = fresh_gateway.operator.gets("/steps?view=operator&limit=200")["items"]
    secret = {"answer_match", "submit_quote", "prepare_offer", "approve_offer", "approve_limit"}
    assert not secret & {item["step"] for item in board}
    assert {"sign_contract", "accept_delivery", "verify_supply", "file_position"} <= {
        item["step"] for item in board
    }
    assert secret - {"answer_match", "submit_quote"} == set(of_mine(bank)) & secret
    for caller in (buyer, supplier, bank):
        assert problem_of(caller.get("/steps?view=operator")) == (403, "no_view")


def test_who_has_done_it_is_not_asked_again_and_nobody_else_notices(
    gateway: Gateway, supplier: Caller, bank: Caller
) -> None:
    demand = a_demand(Ids().new(), quote_deadline_at="2098-12-31T09:00:00+00:00")
    given = {"thread_id": demand.subject, "demand_id": demand.subject}
    match = a_fact(
        "match", "sent", id=Ids().new(), state="sent", supplier_id=supplier.party_id, **given
    )
    gateway.project(demand, match)
    (item,) = (
        each for each in supplier.gets("/steps")["items"] if each["resource_id"] == match.subject
    )
    assert (item["step"], item["due"][:10]) == ("answer_match", "2098-12-31")
    sealed = {"supplier_id": supplier.party_id, "opened_at": None, "state": "sealed", **given}
    quote = Ids().new()
    gateway.project(a_fact("quote", "sealed", id=quote, **sealed))
    assert "answer_match" not in of_mine(supplier)
    gateway.project(
        a_fact("quote", "withdrawn", id=quote, sequence=2, **sealed | {"state": "withdrawn"})
    )
    assert "answer_match" in of_mine(supplier)

    id = Ids().new()
    asked = {"opened_to": [bank.party_id], "screenings": [], "applicant_id": Ids().new()}
    gateway.project(a_fact("application", "submitted", id=id, state="offering", **asked))
    assert "prepare_offer" in of_mine(bank)
    screened = asked | {"screenings": [{"bank_id": bank.party_id, "reason_codes": ["x"]}]}
    gateway.project(
        a_fact("application", "screened_out", id=id, sequence=2, state="offering", **screened)
    )
    assert "prepare_offer" not in of_mine(bank)


def test_a_contract_is_delivered_when_its_parts_are(
    gateway: Gateway, buyer: Caller, supplier: Caller
) -> None:
    id, sides = Ids().new(), {"buyer_id": buyer.party_id, "supplier_id": supplier.party_id}
    signed = a_fact("contract", "signed", id=id, state="active", amount_fen=1000, **sides)
    gateway.project(an_order(signed))

    def is_owed() -> bool:
        found = supplier.gets("/steps?step=ship_delivery&limit=200")["items"]
        return id in [item["resource_id"] for item in found]

    first, second = Ids().new(), Ids().new()
    part = {"contract_id": id, "state": "shipped", **sides}
    gateway.project(a_fact("delivery", "shipped", id=first, amount_fen=400, **part))
    assert is_owed()
    gateway.project(a_fact("delivery", "shipped", id=second, amount_fen=600, **part))
    assert not is_owed()
    rejected = part | {"state": "rejected"}
    gateway.project(
        a_fact("delivery", "rejected", id=second, sequence=2, amount_fen=600, **rejected)
    )
    assert is_owed()


def test_it_is_done_whoever_finishes_it_at_the_same_time(
    gateway: Gateway, buyer: Caller, supplier: Caller
) -> None:
    """A contract and its two deliveries in all orders, the next one begun before a commit."""
    sides = {"buyer_id": buyer.party_id, "supplier_id": supplier.party_id}
    for order in permutations(range(3)):
        id = Ids().new()
        signed = a_fact("contract", "signed", id=id, state="active", amount_fen=1000, **sides)
        part = {"contract_id": id, "state": "shipped", "amount_fen": 500, **sides}
        parts = [a_fact("delivery", "shipped", id=Ids().new(), **part) for _ in range(2)]
        facts = [an_order(signed), *parts]
        first, second, third = (facts[place] for place in order)
        gateway.project(first)
        with ThreadPoolExecutor(1) as other:
            with gateway.sessionmaker.begin() as session:
                projector.project(session, [second])
                last = other.submit(gateway.project, third)
                eventually(lambda: gateway.rows(WAITING) == [(1,)], 5, "the last one waits")
            last.result()
        assert gateway.rows("SELECT is_done FROM steps WHERE id = :id", id=id) == [(True,)]
        assert id not in [
            item["resource_id"] for item in supplier.gets("/steps?limit=200")["items"]
        ]


def test_a_list_goes_on_where_it_stopped_the_most_urgent_first(fresh_gateway: Gateway) -> None:
    buyer = fresh_gateway.someone("buyer", "buyer.purchaser")
    today = shanghai_date(fresh_gateway.clock.real())
    due = [(today + timedelta(days=n)).isoformat() for n in (-9, -2, 3, 8)]
    sides = {"buyer_id": buyer.party_id, "supplier_id": Ids().new(), "state": "running"}
    facts = [a_fact("payable", "running", id=Ids().new(), due_date=day, **sides) for day in due] + [
        a_demand(buyer.party_id, state="evaluating") for _ in range(3)
    ]
    random.Random(1).shuffle(facts)
    fresh_gateway.project(*facts)
    for view, caller in (("mine", buyer), ("operator", fresh_gateway.operator)):
        seen: list[dict[str, Any]] = []
        cursor = ""
        for _ in range(4):
            page = caller.gets(f"/steps?view={view}&limit=2{cursor}")
            seen += page["items"]
            cursor = f"&cursor={page['next']}"
        assert page["next"] is None and len({item["id"] for item in seen}) == len(seen) == 7
        assert [item["due"] for item in seen] == [None] * 3 + due
        overdue = caller.gets(f"/steps?view={view}&overdue=true")["items"]
        assert [item["due"] for item in overdue] == due[:2]
        assert all(item["is_overdue"] for item in overdue)
        summary = caller.gets(f"/steps/summary?view={view}")
        assert summary == {
            "total": 7,
            "overdue": 2,
            "steps": [
                {"step": "award_demand", "count": 3, "overdue": 0},
                {"step": "pay_payable", "count": 4, "overdue": 2},
            ],
        }
    assert of_mine(buyer, "kind=demand") == ["award_demand"] * 3
    assert of_mine(buyer, "step=pay_payable&limit=1") == ["pay_payable"]
    # Paid outside of the platform: no duty of its own, so the people of the buyer all see to it.
    assert buyer.gets("/steps/summary?for=me")["total"] == 7
    maker = fresh_gateway.person(buyer, buyer.party_id, "buyer.maker")
    assert set(of_mine(maker, "for=me")) == {"pay_payable"}


def test_overdue_is_judged_by_business_time(fresh_gateway: Gateway) -> None:
    buyer = fresh_gateway.someone("buyer", "buyer.purchaser")
    today = shanghai_date(fresh_gateway.clock.real())
    due = (today + timedelta(days=5)).isoformat()
    sides = {"buyer_id": buyer.party_id, "state": "running", "due_date": due}
    fresh_gateway.project(a_fact("payable", "running", id=Ids().new(), **sides))
    assert of_mine(buyer, "overdue=true") == []
    to = (today + timedelta(days=6)).isoformat()
    fresh_gateway.operator.posts("/clock/advance", {"to": to})
    assert of_mine(buyer, "overdue=true") == ["pay_payable"]


@pytest.mark.parametrize(
    "query", ["view=public", "for=you", "step=x", "kind=user", "overdue=1", "cursor=x", "limit=0"]
)
def test_what_is_asked_for_must_be_possible(buyer: Caller, query: str) -> None:
    assert problem_of(buyer.get(f"/steps?{query}")) == (422, "query_invalid")


def test_a_deal_shows_who_is_next_after_every_fact(
    gateway: Gateway, buyer: Caller, supplier: Caller, bank: Caller, registry: Caller
) -> None:
    """Each reads the same deal; each sees those who owe something as far as they may know."""
    demand = Ids().new()
    ids = {
        name: Ids().new()
        for name in ("match", "quote", "contract", "delivery", "payable", "receivable",
                     "application", "position", "offer", "loan")
    }  # fmt: skip
    b, s, k = buyer.party_id, supplier.party_id, bank.party_id
    sides = {"buyer_id": b, "supplier_id": s, "demand_id": demand, "thread_id": demand}
    claim = {"seller_id": s, "debtor_id": b, "thread_id": demand}
    counted: dict[str, int] = {}

    def happens(kind: str, past: str, state: str, **changes: Any) -> None:
        counted[kind] = counted.get(kind, 0) + 1
        given = {"id": ids[kind], "sequence": counted[kind], "state": state, "thread_id": demand}
        event = a_fact(kind, past, **given | changes)
        gateway.project(an_order(event) if kind == "contract" else event)

    def demand_is(state: str, **changes: Any) -> None:
        counted["demand"] = counted.get("demand", 0) + 1
        given = {"sequence": counted["demand"], "state": state, "past": "published"}
        gateway.project(a_demand(b, id=demand, **given | changes))

    def told(caller: Caller) -> Told:
        gateway.number_feed()
        answer = caller.get(f"/threads/{demand}/timeline")
        roles = {b: "buyer", s: "supplier", k: "bank", None: "registry"}
        steps = answer.json["steps"] if answer.status_code == 200 else []
        return {(item["step"], roles[item["owner"]["party_id"]]) for item in steps}

    def everybody(*expected: tuple[str, str]) -> None:
        for caller in (buyer, supplier, gateway.operator):
            assert told(caller) == set(expected), caller.party_id

    demand_is("published")
    everybody()
    happens("match", "sent", "sent", **sides)
    assert told(supplier) == {("answer_match", "supplier")}
    assert told(buyer) == told(gateway.operator) == set()
    happens("match", "interested", "interested", **sides)
    assert told(supplier) == {("submit_quote", "supplier")}
    happens("quote", "sealed", "sealed", opened_at=None, **sides)
    everybody()
    happens("match", "quoted", "quoted", **sides)
    happens("quote", "opened", "opened", **sides)
    demand_is("evaluating")
    everybody(("award_demand", "buyer"))
    demand_is("awarded", awarded_supplier_id=s, award_confirm_until="2098-01-01T00:00:00+00:00")
    everybody(("confirm_award", "supplier"))
    stranger = gateway.someone("supplier", "supplier.owner")
    assert told(stranger) == set()  # who has won is not the hall's to know
    demand_is("contracting", awarded_supplier_id=s)
    happens("contract", "cleared", "cleared", signatures=[], **sides)
    everybody(("start_signing", "buyer"), ("start_signing", "supplier"))
    happens("contract", "signing_started", "signing", signatures=[], **sides)
    everybody(("sign_contract", "buyer"), ("sign_contract", "supplier"))
    signature = {"party_id": b, "user_id": b, "key_id": b, "signature": "x", "signed_at": FUTURE}
    happens("contract", "signed_by_party", "signing", signatures=[signature], **sides)
    everybody(("sign_contract", "supplier"))
    happens("contract", "signed", "active", amount_fen=1000, **sides)
    demand_is("contracted", awarded_supplier_id=s)
    everybody(("ship_delivery", "supplier"))
    parts = {"contract_id": ids["contract"], "amount_fen": 1000, **sides}
    happens("delivery", "shipped", "shipped", **parts)
    everybody(("arrive_delivery", "supplier"))
    happens("delivery", "delivered", "delivered", **parts)
    everybody(("accept_delivery", "buyer"))
    happens("delivery", "accepted", "accepted", **parts)
    happens("payable", "running", "running", **sides)
    everybody(("pay_payable", "buyer"))
    owes = ("pay_payable", "buyer")
    happens("receivable", "entered", "entered", **claim)
    everybody_sees_operator = {owes, ("check_receivable", "registry")}  # a role, no organisation
    assert told(supplier) == told(gateway.operator) == everybody_sees_operator
    happens("receivable", "checked", "checked", **claim)
    everybody(owes, ("request_confirmation", "supplier"))
    happens("receivable", "confirmation_requested", "confirmation_requested", **claim)
    everybody(owes, ("prepare_confirmation", "buyer"))
    happens("receivable", "prepared", "prepared", **claim)
    everybody(owes, ("sign_confirmation", "buyer"))
    happens("receivable", "confirmed", "confirmed", **claim)
    everybody(owes)
    asked = {"applicant_id": s, "opened_to": [k], "screenings": [], "shares": []}
    happens("application", "submitted", "offering", **asked)
    assert told(bank) == {("prepare_offer", "bank")}
    everybody(owes)  # whether a bank has offered is the bank's to know
    offered = {"application_id": ids["application"], "applicant_id": s, "bank_id": k}
    happens("offer", "prepared", "prepared", amount_fen=None, **offered)
    assert told(bank) == {("approve_offer", "bank")}
    happens("offer", "sealed", "sealed", amount_fen=None, **offered)
    assert told(bank) == set()
    happens("offer", "visible", "visible", **offered)
    happens("application", "offers_closed", "selecting", **asked)
    assert told(supplier) == told(gateway.operator) == {owes, ("choose_offer", "supplier")}
    assert told(bank) == {("choose_offer", "supplier")}
    assert told(buyer) == {owes}  # of the financing the debtor knows nothing
    happens("offer", "accepted", "accepted", **offered)
    happens("application", "offer_chosen", "securing", **asked)
    share = {"bank_id": k, "notice": None, "filing": None, **claim}
    share |= {"security": "assignment_disclosed"}
    happens("position", "committed", "committed", **share)
    assert told(registry) == told(bank) == {("file_position", "registry")}
    assert "file_position" in of_mine(registry, "for=me")
    filing = {"filing_number": "1", "filed_at": FUTURE, "search": "clear"}
    happens("position", "filed", "filed", **share | {"filing": filing})
    assert told(bank) == {("notify_debtor", "bank")}
    assert told(buyer) == {owes}
    happens("position", "noticed", "noticed", **share | {"filing": filing})
    happens("application", "ready", "ready", **asked)
    lent = {"bank_id": k, "borrower_id": s, "pay_until": "2098-01-01T00:00:00+00:00"}
    happens("loan", "instructed", "instructed", **lent)
    assert told(bank) == {("record_payout", "bank")}
    happens("loan", "disbursed", "active", **lent)
    assert told(supplier) == {owes, ("record_repayment", "bank")}
    happens("loan", "paid", "paid", **lent)
    happens("payable", "paid", "paid", **sides)
    happens("contract", "completed", "completed", **sides)
    demand_is("fulfilled", awarded_supplier_id=s)
    everybody()


def test_the_story_says_which_rule_and_which_clock(gateway: Gateway, buyer: Caller) -> None:
    demand = a_demand(buyer.party_id, quote_deadline_at="2098-12-31T09:00:00+00:00")
    given = {"thread_id": demand.subject, "buyer_id": buyer.party_id, "state": "delivered"}
    arrived = a_fact("delivery", "delivered", id=Ids().new(), inspect_until=FUTURE, **given)
    gateway.project(demand, arrived)
    gateway.number_feed()
    told = {
        entry["kind"]: entry for entry in buyer.gets(f"/threads/{demand.subject}/timeline")["items"]
    }
    assert told["demand"]["rule"] is None
    assert told["demand"]["clock"] == "2098-12-31T09:00:00+00:00"
    assert told["delivery"]["rule"] == {
        "id": "inspection_silence",
        "citation_zh": "民法典第六百二十一条",
        "citation_en": "Civil Code, art. 621",
    }
    assert told["delivery"]["clock"] == FUTURE


def test_words_are_told_to_everybody_and_kept(gateway: Gateway) -> None:
    answer = gateway.nobody.send("GET", "/api/v1/words")
    assert answer.json["facts"]["demand.published.v1"] == {
        "zh": "发布需求",
        "en": "Demand published",
    }
    assert set(answer.json["steps"]) == set(CODES)
    assert answer.json["codes"]["reason_code"]["no_capacity"]["zh"] == "产能不足"
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    held = {"If-None-Match": answer.headers["ETag"]}
    assert gateway.nobody.send("GET", "/api/v1/words", headers=held).status_code == 304


def test_steps_are_read_by_one_statement(gateway: Gateway, buyer: Caller) -> None:
    gateway.reader.asked.clear()
    buyer.gets("/steps")
    before = {"live_key", "clock_offset"}  # who asks, and what time it is
    assert [name for name in gateway.reader.asked if name not in before] == ["steps_mine_00"]
