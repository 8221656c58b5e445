"""Notifications: what others did that concerns me, how far I have read; what my portal keeps."""

from typing import Any

import pytest
from sqlalchemy import text

from services.contracts.registry import AGGREGATES
from services.gateway.readmodel import notices
from services.messaging import Ids
from tests.integration.gateway.api_client import Caller, Gateway, problem_of
from tests.integration.gateway.facts import a_demand, a_fact

Document = dict[str, Any]


@pytest.fixture
def buyer(gateway: Gateway) -> Caller:
    return gateway.someone("buyer", "buyer.purchaser")


@pytest.fixture
def supplier(gateway: Gateway) -> Caller:
    return gateway.someone("supplier", "supplier.owner")


def notified(caller: Caller, query: str = "") -> list[Document]:
    return list(caller.gets(f"/notifications{query}")["items"])


def a_match(buyer: Caller, supplier: Caller, past: str = "sent", **more: Any) -> Any:
    given = {"buyer_id": buyer.party_id, "supplier_id": supplier.party_id, "state": past}
    return a_fact("match", past, **{"id": Ids().new()} | given | more)


def test_what_others_did_is_shown_newest_first(
    gateway: Gateway, buyer: Caller, supplier: Caller
) -> None:
    first = a_match(buyer, supplier, demand_title="五轴加工中心采购", thread_id=Ids().new())
    second = a_match(buyer, supplier, "interested", actor=supplier.party_id)
    gateway.project(first, second)
    gateway.number_feed()
    shown = notified(supplier)
    assert [item["event_id"] for item in shown[:2]] == [second.id, first.id]
    assert shown[1] == {
        "position": shown[1]["position"],
        "event_id": first.id,
        "type": "match.sent.v1",
        "kind": "match",
        "resource_id": first.subject,
        "number": first.data["number"],
        "title": "五轴加工中心采购",
        "thread_id": first.thread_id,
        "occurred_at": first.occurred_at,
        "actor": None,
        "state": "sent",
        "state_after": "sent",
        "amount": None,
        "is_read": False,
    }
    assert notified(buyer)[0]["actor"]["party_id"] == supplier.party_id


def test_an_earlier_notification_tells_what_was_then(
    gateway: Gateway, buyer: Caller, supplier: Caller
) -> None:
    first = a_match(buyer, supplier)
    gateway.project(first)
    gateway.project(a_match(buyer, supplier, "declined", id=first.subject, sequence=2))
    gateway.number_feed()
    told = [item for item in notified(buyer) if item["resource_id"] == first.subject]
    shown = [(item["type"], item["state_after"], item["state"]) for item in told]
    assert shown == [
        ("match.declined.v1", "declined", "declined"), ("match.sent.v1", "sent", "declined"),
    ]  # fmt: skip


def test_ones_own_acts_and_the_news_of_strangers_are_none(
    gateway: Gateway, buyer: Caller, supplier: Caller
) -> None:
    """A colleague is somebody else: the checker hears what the maker did."""
    gateway.project(a_demand(buyer.party_id))  # published to everybody
    colleague = gateway.person(buyer, buyer.party_id, "buyer.purchaser")
    gateway.number_feed()
    came = {item["resource_id"]: item for item in notified(colleague, "?limit=50")}
    assert came[colleague.user_id]["type"] == "user.added.v1"
    assert came[colleague.user_id]["actor"]["party_id"] == buyer.party_id
    told = {item["resource_id"] for item in notified(buyer, "?limit=50")}
    assert buyer.user_id in told and colleague.user_id not in told  # the operator added the buyer
    kinds = {item["kind"] for item in notified(supplier, "?limit=50")}
    assert "user" in kinds and "demand" not in kinds


def test_money_is_shown_as_its_reader_sees_it(gateway: Gateway, supplier: Caller) -> None:
    gateway.project(a_fact("loan", "paid", id=Ids().new(), borrower_id=supplier.party_id))
    gateway.number_feed()
    assert notified(supplier)[0]["amount"]["currency"] == "CNY"


def test_of_a_person_not_known_to_have_acted_the_whole_party_counts(
    gateway: Gateway, buyer: Caller
) -> None:
    """Facts from before anybody's name was kept."""
    gateway.project(demand := a_demand(buyer.party_id))
    gateway.number_feed()
    own = "UPDATE feed SET actor_user = NULL WHERE event_id = :id"
    assert demand.id in {item["event_id"] for item in notified(buyer)}
    with gateway.engine.begin() as connection:
        connection.execute(text(own), {"id": demand.id})
    assert demand.id not in {item["event_id"] for item in notified(buyer)}


def test_pages_go_back_without_gap_or_repetition(
    gateway: Gateway, buyer: Caller, supplier: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where a page ends early, among many facts that are no news to the reader."""
    monkeypatch.setattr(notices, "MAX_SCANNED", 4)
    expected = []
    for _ in range(4):
        match = a_match(buyer, supplier)
        gateway.project(match)
        for _ in range(3):
            supplier.posts("/webhooks", {"url": "http://127.0.0.1:9/"})
        expected.append(match.id)
        for hook in supplier.gets("/webhooks?state=enabled")["items"]:
            supplier.posts(f"/webhooks/{hook['id']}/disable")
    gateway.number_feed()
    seen, cursor, pages = [], "", 0
    while True:
        page = supplier.gets(f"/notifications?limit=2{cursor}")
        seen += [item["event_id"] for item in page["items"]]
        assert len(page["items"]) <= 2
        pages += 1
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert seen[:4] == expected[::-1] and len(seen) == len(set(seen)) and pages > 4


def test_a_role_hears_what_its_role_is_told_once(gateway: Gateway, buyer: Caller) -> None:
    """The operator is told of all; a fact for it and its own party is one item."""
    gateway.operator.posts("/webhooks", {"url": "http://127.0.0.1:9/"})
    gateway.project(demand := a_demand(buyer.party_id))
    gateway.number_feed()
    shown = [item["event_id"] for item in notified(gateway.operator, "?limit=50")]
    assert shown.count(demand.id) == 1 and len(shown) == len(set(shown))
    bank = gateway.someone("bank", "bank.maker")
    teaser = a_fact("application", "submitted", id=Ids().new(), opened_to=[])
    gateway.project(teaser)
    gateway.number_feed()
    told = notified(bank)[0]
    kept = {name: told[name] for name in ("title", "amount", "thread_id", "actor")}
    assert (told["event_id"], kept) == (teaser.id, dict.fromkeys(kept))
    assert teaser.id not in {item["event_id"] for item in notified(buyer, "?limit=50")}


def test_a_thing_that_is_seen_no_more_says_nothing_more(
    gateway: Gateway, buyer: Caller, supplier: Caller
) -> None:
    """An authorisation that is taken back from a bank: told that it went, not what became of it."""
    bank, id = gateway.someone("bank", "bank.maker"), Ids().new()
    given = {"grantor_id": supplier.party_id, "state": "active"}
    granted = a_fact("authorisation", "granted", id=id, recipient_ids=[bank.party_id], **given)
    gateway.project(granted)
    rival = [gateway.someone("bank").party_id]
    revoked = a_fact("authorisation", "revoked", id=id, sequence=2, recipient_ids=rival, **given)
    gateway.project(revoked)
    gateway.number_feed()
    shown = notified(bank)[:2]
    assert [item["type"] for item in shown] == [
        "authorisation.revoked.v1", "authorisation.granted.v1",
    ]  # fmt: skip
    for item in shown:
        for name in ("number", "title", "state", "amount"):
            assert item[name] is None
        assert item["actor"] is None
    assert not {*rival, revoked.data["number"]} & set(map(str, shown[0].values()))


def test_what_was_read_stays_read_and_is_ones_own(
    gateway: Gateway, buyer: Caller, supplier: Caller
) -> None:
    matches = [a_match(buyer, supplier) for _ in range(3)]
    gateway.project(*matches)
    gateway.number_feed()
    newest, middle = (item["position"] for item in notified(supplier)[:2])
    unread = supplier.gets("/notifications/unread")
    assert unread["count"] >= 3 and unread["newest"] == newest and not unread["is_more"]
    assert supplier.posts("/notifications/read", {"position": middle}) == {"position": middle}
    assert [item["is_read"] for item in notified(supplier)[:3]] == [False, True, True]
    assert [item["event_id"] for item in notified(supplier, "?unread=true")] == [matches[2].id]
    assert supplier.gets("/notifications/unread") == {
        "count": 1, "is_more": False, "newest": newest,
    }  # fmt: skip
    assert supplier.posts("/notifications/read", {"position": newest})["position"] == newest
    back = supplier.post("/notifications/read", {"position": 1}, Idempotency_Key=None)
    assert back.json == {"position": newest}
    nothing = {"count": 0, "is_more": False, "newest": None}
    assert supplier.gets("/notifications/unread") == nothing
    colleague = gateway.person(supplier, supplier.party_id, "supplier.owner")
    gateway.number_feed()
    assert colleague.gets("/notifications/unread")["count"] >= 3
    ahead = supplier.post("/notifications/read", {"position": 10**15})
    assert problem_of(ahead) == (410, "feed_ahead")


def test_kinds_that_somebody_wants_to_hear_nothing_of_are_left_out(
    gateway: Gateway, buyer: Caller, supplier: Caller
) -> None:
    loan = a_fact("loan", "paid", id=Ids().new(), borrower_id=supplier.party_id)
    gateway.project(loan, a_match(buyer, supplier))
    gateway.number_feed()
    whole = supplier.gets("/notifications/unread")["count"]
    [first, *_] = notified(supplier, "?without=match,user")
    assert first["event_id"] == loan.id
    assert {"match", "user"}.isdisjoint(
        item["kind"] for item in notified(supplier, "?without=match,user")
    )
    left = supplier.gets("/notifications/unread?without=match")
    assert (left["count"], left["newest"]) == (whole - 1, first["position"])
    for path in ("/notifications", "/notifications/unread"):
        for wrong in ("", "match,", "nothing", ",".join(["match"] * (len(AGGREGATES) + 1))):
            answer = supplier.get(f"{path}?without={wrong}")
            assert problem_of(answer) == (422, "query_invalid"), wrong


def test_many_unread_are_counted_up_to_a_bound(
    gateway: Gateway, buyer: Caller, supplier: Caller
) -> None:
    gateway.project(*(a_match(buyer, supplier) for _ in range(notices.MAX_COUNTED + 5)))
    gateway.number_feed()
    unread = supplier.gets("/notifications/unread")
    assert (unread["count"], unread["is_more"]) == (99, True)


def test_a_draft_begun_on_the_desk_goes_on_on_the_phone(gateway: Gateway, buyer: Caller) -> None:
    draft = {"title": "五轴加工中心采购", "budget_fen": 12, "z": [1.5, None], "a": {"b": True}}
    kept = buyer.posts("/preferences", {"name": "draft.demand", "value": draft})
    buyer.posts("/preferences", {"name": "language", "value": {"language": "zh-CN"}})
    phone = gateway.person(buyer, buyer.party_id, "buyer.purchaser")
    key = buyer.posts("/api-keys", {"user_id": buyer.user_id, "name": "系统"})["secret"]
    same = Caller(gateway, key, buyer.party_id, buyer.user_id)
    items = same.gets("/preferences")["items"]
    assert [item["name"] for item in items] == ["draft.demand", "language"]
    assert items[0] == kept and list(items[0]["value"]) == list(draft)
    assert same.gets("/preferences?name=language")["items"] == items[1:]
    assert phone.gets("/preferences")["items"] == []  # a colleague has its own
    same.posts("/preferences", {"name": "draft.demand", "value": {}})
    assert buyer.gets("/preferences?name=draft.demand")["items"][0]["value"] == {}
    gone = buyer.posts("/preferences", {"name": "language", "value": None})
    assert gone == {"name": "language", "updated_at": None, "value": None}
    assert [item["name"] for item in buyer.gets("/preferences")["items"]] == ["draft.demand"]
    assert not gateway.rows("SELECT 1 FROM outbox t WHERE t::text LIKE '%draft.demand%'")


def test_what_a_portal_keeps_is_bounded(gateway: Gateway, buyer: Caller) -> None:
    def refused(name: Any, value: Any) -> tuple[int, str, set[str]]:
        answer = buyer.post("/preferences", {"name": name, "value": value})
        return *problem_of(answer), {error["pointer"] for error in answer.json["errors"]}

    assert refused("Draft", {}) == refused("a" * 61, {}) == (422, "invalid", {"/name"})
    assert refused("a/b", {}) == refused("", {}) == (422, "invalid", {"/name"})
    assert refused("a", []) == refused("a", "x") == (422, "invalid", {"/value"})
    assert refused("a", {"text": "千" * 5_500}) == (422, "invalid", {"/value"})
    body = b'{"name":"a","value":{"n":1e999}}'
    assert problem_of(buyer.post("/preferences", body)) == (422, "invalid")
    deep = b'{"name":"a","value":' + b'{"x":' * 60 + b"1" + b"}" * 61
    assert problem_of(buyer.post("/preferences", deep)) == (422, "invalid")
    buyer.posts("/preferences", {"name": "full", "value": {"text": "千" * 5_400}})
    for place in range(49):
        buyer.posts("/preferences", {"name": f"filter-{place}", "value": {}})
    assert refused("one-more", {}) == (409, "too_many", set())
    buyer.posts("/preferences", {"name": "full", "value": {}})
    buyer.language = "zh"
    large = buyer.post("/preferences", {"name": "a", "value": {"text": "x" * 17_000}})
    assert large.json["errors"][0]["message"] == "不能超过 16384 字节。"
