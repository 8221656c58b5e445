"""Facts become documents and lists, whatever the order they come in, for those who may see them."""

import random
from typing import Any

import pytest

from services.contracts.actor import SYSTEM_PARTY
from services.gateway.readmodel import feed, reads
from services.messaging import Ids
from tests.integration.gateway.api_client import Caller, Gateway, problem_of
from tests.integration.gateway.facts import a_demand, a_fact


@pytest.fixture(scope="module")
def buyer(gateway: Gateway) -> Caller:
    return gateway.someone("buyer", "buyer.purchaser")


@pytest.fixture(scope="module")
def supplier(gateway: Gateway) -> Caller:
    return gateway.someone("supplier", "supplier.owner")


def test_an_older_fact_never_replaces_a_newer_one(gateway: Gateway, buyer: Caller) -> None:
    id = Ids().new()
    facts = [a_demand(buyer.party_id, id=id, sequence=n, title=f"第{n}版") for n in (1, 2, 3, 4, 5)]
    for order in range(5):
        shuffled = random.Random(order).sample(facts, 5)
        for batch in (shuffled[:2], shuffled[2:], shuffled[:1], []):
            gateway.project(*batch)
        document = buyer.get(f"/demands/{id}")
        assert (document.json["title"], document.headers["ETag"]) == ("第5版", '"5"')
    guard = "SELECT sequence FROM resources WHERE id = :id"
    assert gateway.rows(guard, id=id) == [(5,)]


def test_every_fact_is_in_the_feed_once_though_it_came_late_and_twice(
    gateway: Gateway, buyer: Caller
) -> None:
    id = Ids().new()
    facts = [a_demand(buyer.party_id, id=id, sequence=n) for n in (1, 2, 3)]
    gateway.project(facts[2])
    gateway.number_feed()
    gateway.project(facts[0], facts[2])
    gateway.project(*facts)
    gateway.number_feed()
    told = "SELECT sequence FROM feed WHERE resource_id = :id AND audience = :mine ORDER BY 1"
    assert gateway.rows(told, id=id, mine=f"party:{buyer.party_id}") == [(1,), (2,), (3,)]
    assert gateway.rows(told, id=id, mine="public") == [(None,)] * 3  # it counts what is kept back


def test_a_view_goes_when_its_audience_does(gateway: Gateway, buyer: Caller) -> None:
    supplier = gateway.someone("supplier", "supplier.owner")
    id = Ids().new()
    given = {"id": id, "supplier_id": supplier.party_id}
    gateway.project(a_fact("supply", "activated", state="active", **given))
    assert "capacity_reserved" not in buyer.gets(f"/supplies/{id}")
    gateway.project(a_fact("supply", "archived", state="archived", sequence=2, **given))
    assert problem_of(buyer.get(f"/supplies/{id}")) == (404, "not_found")
    assert supplier.gets(f"/supplies/{id}")["state"] == "archived"


def test_the_fullest_document_is_shown(gateway: Gateway, buyer: Caller) -> None:
    id = Ids().new()
    gateway.project(a_demand(buyer.party_id, id=id))
    assert "quote_count" in buyer.gets(f"/demands/{id}")
    assert "quote_count" not in gateway.someone("supplier").gets(f"/demands/{id}")


def test_why_a_match_is_one_is_shown_in_words_whatever_its_fact_carries(
    gateway: Gateway, buyer: Caller, supplier: Caller
) -> None:
    price = {"constraint": "price", "verdict": "pass", "given": ["4.00", "5.00"]}
    active = {"constraint": "active", "verdict": "fail", "note": "not"}
    old = {"constraint": "kind", "verdict": "pass", "note_zh": "旧说法", "note_en": "old words"}
    newer = {"constraint": "price", "verdict": "fail", "note": "of a release to come"}
    id, parties = Ids().new(), {"buyer_id": buyer.party_id, "supplier_id": supplier.party_id}
    verdicts = [price, active, old, newer]
    gateway.project(a_fact("match", "sent", id=id, **parties, verdicts=verdicts))
    for caller in (buyer, supplier):
        shown = caller.gets(f"/matches/{id}")["verdicts"]
        assert [(one.get("note_zh"), one.get("note_en")) for one in shown] == [
            ("起价 4.00 元，预算 5.00 元", "from CNY 4.00, budget CNY 5.00"),
            ("供给未生效或已归档", "the supply is not active"),
            ("旧说法", "old words"),
            (None, None),
        ]
        assert all(one.keys() <= {"constraint", "verdict", "note_zh", "note_en"} for one in shown)


def test_a_document_that_has_not_changed_is_not_sent_again(gateway: Gateway, buyer: Caller) -> None:
    id = Ids().new()
    gateway.project(a_demand(buyer.party_id, id=id))
    assert buyer.get(f"/demands/{id}", If_None_Match='"1"').status_code == 304
    assert buyer.get(f"/demands/{id}", If_None_Match='"0"').status_code == 200
    assert buyer.get(f"/demands/{id}", If_Match='"0"').status_code == 200  # nothing to prevent
    other = gateway.someone("supplier")
    tag = other.get(f"/demands/{id}").headers["ETag"]
    assert other.get(f"/demands/{id}", If_None_Match=tag).status_code == 304
    gateway.project(a_demand(buyer.party_id, id=id, sequence=2, quote_count=9))
    assert other.get(f"/demands/{id}", If_None_Match=tag).status_code == 304
    gateway.project(a_demand(buyer.party_id, id=id, sequence=3, title="改了"))
    assert other.get(f"/demands/{id}", If_None_Match=tag).status_code == 200


def test_a_debtor_does_not_notice_that_a_claim_is_being_financed(
    gateway: Gateway, buyer: Caller, supplier: Caller
) -> None:
    id, path = Ids().new(), "/receivables/"
    given = {"id": id, "debtor_id": buyer.party_id, "seller_id": supplier.party_id}
    gateway.project(a_fact("receivable", "confirmed", allocated_fen=0, **given))
    before, position = buyer.get(path + id), gateway.number_feed()
    gateway.project(
        a_fact("receivable", "allocated", sequence=2, updated_at="2026-03-03T01:30:00Z", **given)
    )
    after = buyer.get(path + id)
    assert (after.text, after.headers["ETag"]) == (before.text, before.headers["ETag"])
    gateway.number_feed()
    assert buyer.gets(f"/feed?after={position}")["items"] == []
    assert supplier.get(path + id).headers["ETag"] == '"2"'


def test_a_list_goes_on_where_it_stopped(fresh_gateway: Gateway) -> None:
    buyer = fresh_gateway.someone("buyer", "buyer.purchaser")
    moments = [f"2026-03-0{1 + n // 3}T01:30:00+00:00" for n in range(10)]
    facts = [a_demand(buyer.party_id, published_at=moment) for moment in moments]
    fresh_gateway.project(*facts)
    seen: list[str] = []
    cursor = ""
    for _ in range(4):
        page = buyer.gets(f"/demands?view=public&limit=3{cursor}")
        seen += [item["id"] for item in page["items"]]
        cursor = f"&cursor={page['next']}"
    assert page["next"] is None
    expected = sorted(facts, key=lambda fact: (fact.data["published_at"], fact.subject))
    assert seen == [fact.subject for fact in reversed(expected)]


def test_a_page_is_bounded_by_its_bytes_too(
    fresh_gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (reads, feed):
        monkeypatch.setattr(module, "MAX_PAGE_BYTES", 50_000)
    buyer = fresh_gateway.someone("buyer", "buyer.purchaser")
    start = fresh_gateway.number_feed()
    sizes = (10, 30_000, 30_000, 10, 60_000, 60_000, 10)
    facts = [a_demand(buyer.party_id, requirements="x" * size) for size in sizes]
    fresh_gateway.project(*facts)
    fresh_gateway.number_feed()
    pages, cursor = [], ""
    while cursor is not None:
        page = buyer.gets(f"/demands?limit=200{cursor and '&cursor=' + cursor}")
        pages.append([item["id"] for item in page["items"]])
        cursor = page["next"]
    listed = sorted((fact.subject for fact in facts), reverse=True)
    assert [id for page in pages for id in page] == listed and len(pages) > 3

    for types in ("", "&types=demand.published.v1,demand.closed.v1"):
        told, after, before, rounds = [], start, -1, 0
        while after > before:
            before, rounds = after, rounds + 1
            answer = buyer.gets(f"/feed?after={after}&limit=500{types}")
            told += [item["id"] for item in answer["items"]]
            after = answer["next"]
        assert told == [fact.id for fact in facts] and rounds > 4


def test_lists_are_narrowed_by_state_and_thread(fresh_gateway: Gateway) -> None:
    buyer = fresh_gateway.someone("buyer", "buyer.purchaser")
    open_one, closed = a_demand(buyer.party_id), a_demand(buyer.party_id, state="evaluating")
    fresh_gateway.project(open_one, closed)
    found = buyer.gets("/demands?state=evaluating")["items"]
    assert [item["id"] for item in found] == [closed.subject]
    thread = buyer.gets(f"/demands?thread_id={open_one.thread_id}")["items"]
    assert [item["id"] for item in thread] == [open_one.subject]
    assert buyer.gets("/demands?view=public&state=draft")["items"] == []


@pytest.mark.parametrize(
    "query",
    ["view=theirs", "limit=0", "limit=x", "limit=9999", "cursor=x", "thread_id=x", "colour=red",
     "state=%00", "state=%F0%9F%9A%9C", "limit=1&limit=2"],
)  # fmt: skip
def test_a_list_is_asked_for_properly(buyer: Caller, query: str) -> None:
    answer = buyer.get(f"/demands?{query}")
    assert problem_of(answer) == (422, "query_invalid")
    assert answer.json["errors"][0]["pointer"] == "?" + query.partition("=")[0]


@pytest.mark.parametrize("view", ["operator", "bank", "registry"])
def test_a_view_belongs_to_a_duty(buyer: Caller, view: str) -> None:
    assert problem_of(buyer.get(f"/applications?view={view}")) == (403, "no_view")


def test_a_bank_sees_the_teaser_and_then_the_sheet(gateway: Gateway) -> None:
    bank, rival = gateway.someone("bank", "bank.system"), gateway.someone("bank", "bank.system")
    applicant = gateway.someone("supplier", "supplier.owner")
    id = Ids().new()
    given: dict[str, Any] = {
        "id": id,
        "state": "offering",
        "applicant_id": applicant.party_id,
        "actor": applicant.party_id,
    }
    gateway.project(a_fact("application", "submitted", opened_to=[], **given))
    for other in (bank, rival):
        teaser = other.gets(f"/applications/{id}")
        assert teaser["amount_band"] == "1m_to_5m" and "applicant_name" not in teaser
    opened = {"opened_to": [bank.party_id], "view_changed_for": [bank.party_id]}
    gateway.project(a_fact("application", "opened", sequence=2, **opened, **given))
    assert bank.gets(f"/applications/{id}")["applicant_name"] == "<applicant_name>"
    assert "applicant_name" not in rival.gets(f"/applications/{id}")
    assert [item["id"] for item in bank.gets("/applications")["items"]] == [id]
    assert rival.gets("/applications")["items"] == []
    assert id in [item["id"] for item in rival.gets("/applications?view=bank")["items"]]

    gateway.number_feed()
    for reader, pasts in ((bank, ["submitted", "opened"]), (rival, ["submitted"])):
        page = reader.gets("/feed?types=application.submitted.v1,application.opened.v1&limit=500")
        items = [item for item in page["items"] if item["resource_id"] == id]
        assert [item["type"].split(".")[1] for item in items] == pasts
        assert items[0]["actor"] is None and items[0]["thread_id"] is None
        assert {item["sequence"] for item in items} == {None}
    assert items[0]["document"] == rival.gets(f"/applications/{id}")

    closed = {"opened_to": [], "view_changed_for": [bank.party_id], "state": "withdrawn"}
    gateway.project(a_fact("application", "opened", sequence=3, **given | closed))
    position = gateway.number_feed()
    page = bank.gets(f"/feed?after={position - 10}&types=application.opened.v1")
    last = page["items"][-1]
    assert "applicant_name" not in last["document"]  # the teaser is what is left to it
    assert "applicant_name" not in bank.gets(f"/applications/{id}")
    assert applicant.gets(f"/applications/{id}")["state"] == "withdrawn"


def test_what_a_debtor_says_is_told_as_its_word(gateway: Gateway, buyer: Caller) -> None:
    """The platform itself records it on the share of a bank."""
    bank, thread_id = gateway.someone("bank", "bank.maker"), Ids().new()
    notice = {
        "arrived_at": "2026-03-02T01:30:00+00:00",
        "factor_name": "江南银行",
        "voucher_sha256": "0" * 64,
    }
    said = a_fact(
        "position", "payment_reported", id=Ids().new(), state="noticed", notice=notice,
        thread_id=thread_id, debtor_id=buyer.party_id, bank_id=bank.party_id, actor=SYSTEM_PARTY,
    )  # fmt: skip
    gateway.project(said)
    [entry] = bank.gets(f"/threads/{thread_id}/timeline")["items"]
    assert entry["actor"]["party_id"] == buyer.party_id and entry["actor"]["name"]


def test_the_story_of_a_thread_is_told_to_each_as_far_as_they_may_know(
    gateway: Gateway, buyer: Caller, supplier: Caller
) -> None:
    demand = a_demand(buyer.party_id, occurred_at="2026-03-02T01:00:00+00:00")
    thread = {"thread_id": demand.subject, "buyer_id": buyer.party_id}
    quote = {"id": Ids().new(), "supplier_id": supplier.party_id, "actor": supplier.party_id}
    sealed = a_fact(
        "quote", "sealed", state="sealed", opened_at=None, price_fen=None, **quote, **thread
    )
    gateway.project(demand, sealed)
    path = f"/threads/{demand.subject}/timeline"
    kinds = {
        name: [entry["type"] for entry in caller.gets(path)["items"]]
        for name, caller in (("buyer", buyer), ("supplier", supplier))
    }
    assert kinds["buyer"] == ["demand.published.v1"]
    assert kinds["supplier"] == ["demand.published.v1", "quote.sealed.v1"]

    opened = a_fact("quote", "opened", sequence=2, state="opened", **quote, **thread)
    gateway.project(opened)
    last = buyer.gets(path)["items"][-1]
    assert last["type"] == "quote.opened.v1"
    assert last["amount"] == {"amount": "1234567.89", "currency": "CNY"}
    assert last["actor"]["party_id"] == supplier.party_id and last["actor"]["name"]
    assert pages_of(supplier, path, 1) == pages_of(supplier, path, 2) == pages_of(supplier, path, 9)
    assert problem_of(supplier.get(f"{path}?cursor=x")) == (422, "query_invalid")
    elsewhere = supplier.get(f"{path}?cursor={Ids().new()}")  # not: this was the last page
    assert problem_of(elsewhere) == (422, "query_invalid")
    stranger = gateway.someone("supplier")
    assert [entry["kind"] for entry in stranger.gets(path)["items"]] == ["demand"]
    unknown = buyer.get("/threads/0198c5f0-0000-7000-8000-00000000000e/timeline")
    assert problem_of(unknown) == (404, "not_found")


def pages_of(caller: Caller, path: str, limit: int) -> list[str]:
    """The facts of a thread, read in pages of so many."""
    found, cursor = [], ""
    while cursor is not None:
        page = caller.gets(f"{path}?limit={limit}{cursor and '&cursor=' + cursor}")
        found += [entry["id"] for entry in page["items"]]
        cursor = page["next"]
    return found
