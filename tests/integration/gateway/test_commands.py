"""Commands over HTTP: what is refused and how, and that one key means one effect."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from services.contracts.actor import Actor
from services.contracts.problems import Problem
from services.gateway.edge import places
from services.gateway.readmodel import audiences, seen
from services.messaging import Ids
from tests.integration.gateway.api_client import WORKERS, Caller, Gateway, problem_of
from tests.integration.gateway.facts import a_demand, a_fact
from tests.waiting import eventually

NOBODYS = "0198c5f0-0000-7000-8000-00000000000e"
CLAIM = {
    "invoice": {
        "number": "26112000000012345678", "issued_on": "2026-02-27",
        "total": {"amount": "1.00", "currency": "CNY"},
        "tax": {"amount": "0.13", "currency": "CNY"},
    },
    "claimed": {"amount": "1.00", "currency": "CNY"},
}  # fmt: skip
PARTY = {"name": "海淀精密机械有限公司", "capacities": ["supplier"]}


@pytest.fixture(scope="module")
def buyer(gateway: Gateway) -> Caller:
    return gateway.someone("buyer", "buyer.purchaser")


def test_a_party_is_registered_verified_and_read_back(gateway: Gateway) -> None:
    body = {
        "name": "首钢智新", "capacities": ["buyer"], "credit_code": "91110000600037341l",
        "nature": "state_owned", "size": "large", "region": "110107", "tiers": ["高新技术企业"],
    }  # fmt: skip
    answer = gateway.operator.post("/parties", body)
    assert answer.status_code == 201, answer.text
    party = answer.json
    assert (answer.status_code, answer.headers["ETag"]) == (201, '"1"')
    assert answer.headers["Location"] == f"/api/v1/parties/{party['id']}"
    assert (party["state"], party["credit_code"]) == ("unverified", "91110000600037341L")
    assert party["number"].startswith("QF-P-")
    assert gateway.operator.gets(f"/parties/{party['id']}") == party

    until = (date.today() + timedelta(days=365)).isoformat()
    verified = gateway.operator.posts(f"/parties/{party['id']}/verify", {"valid_until": until})
    assert (verified["state"], verified["verified_until"]) == ("verified", until)
    facts = "SELECT type FROM outbox WHERE envelope->>'subject' = :id ORDER BY id"
    types = [row.type for row in gateway.rows(facts, id=party["id"])]
    assert types == ["party.registered.v1", "party.verified.v1"]

    same = gateway.operator.post("/parties", body | {"name": "另一个名字"})
    assert problem_of(same) == (409, "credit_code_taken")


def test_a_name_without_a_code_is_not_verified(gateway: Gateway) -> None:
    party = gateway.operator.posts("/parties", PARTY)
    answer = gateway.operator.post(f"/parties/{party['id']}/verify", {"valid_until": "2099-01-01"})
    assert problem_of(answer) == (409, "credit_code_missing")


def test_an_import_answers_row_by_row(gateway: Gateway) -> None:
    rows = [
        {"name": "中关村软件园", "capacities": ["buyer"]},
        {"name": "错码公司", "capacities": ["buyer"], "credit_code": "0" * 18},
        {"name": "中关村软件园", "capacities": ["buyer"]},
        {"name": "🚜 农机合作社", "capacities": ["supplier"]},
    ]
    answer = gateway.operator.post("/parties/import", {"rows": rows}, key="import 1")
    results = answer.json["results"]
    assert answer.status_code == 200
    assert [row["outcome"] for row in results] == ["imported", "failed", "skipped", "imported"]
    assert results[1]["reason"] == "credit_code_invalid" and results[1]["id"] is None
    assert results[2]["id"] == results[0]["id"]
    assert gateway.operator.gets(f"/parties/{results[3]['id']}")["name"] == "🚜 农机合作社"
    again = gateway.operator.post("/parties/import", {"rows": rows}, key="import 1")
    assert again.json == answer.json
    later = gateway.operator.posts("/parties/import", {"rows": rows[:1]})
    assert later["results"][0]["outcome"] == "skipped"


@pytest.mark.parametrize(
    ("body", "status", "code", "pointer"),
    [
        (b"{", 400, "malformed_json", None),
        (b'{"name": "a", "name": "b"}', 400, "malformed_json", None),
        (b'{"name": NaN}', 400, "malformed_json", None),
        (b"\xff", 400, "malformed_json", None),
        (b"[]", 422, "invalid", ""),
        (b'"text"', 422, "invalid", ""),
        (b"null", 422, "invalid", ""),
        (b"{}", 422, "invalid", "/name"),
        ({"capacities": ["buyer"], "name": ""}, 422, "invalid", "/name"),
        ({"capacities": ["buyer"], "name": "x" * 10_000}, 422, "invalid", "/name"),
        ({"capacities": ["buyer"], "name": "nul\x00"}, 422, "invalid", "/name"),
        (b'{"capacities": ["buyer"], "name": "\\ud800"}', 422, "invalid", "/name"),
        (b'{"capacities": ["buyer"], "name": "x", "\\ud800": 1}', 422, "invalid", ""),
        ({"capacities": ["thief"], "name": "x"}, 422, "invalid", "/capacities/0"),
        ({"capacities": "buyer", "name": "x"}, 422, "invalid", "/capacities"),
        ({"capacities": [], "name": "x", "colour/~": 1}, 422, "invalid", "/colour~1~0"),
        ({"capacities": [], "name": "x", "credit_code": "1"}, 422, "credit_code_invalid",
         "/credit_code"),
        ({"capacities": [], "name": "x", "group_id": NOBODYS}, 422, "party_unknown", "/group_id"),
        ({"capacities": [], "name": "x", "size": "huge"}, 422, "invalid", "/size"),
        (b'{"name": ' + b"[" * 60 + b"]" * 60 + b"}", 422, "invalid", None),
    ],
)  # fmt: skip
def test_bad_input_is_a_clear_refusal_and_changes_nothing(
    gateway: Gateway, body: Any, status: int, code: str, pointer: str | None
) -> None:
    before = gateway.rows("SELECT count(*) FROM parties")
    answer = gateway.operator.post("/parties", body)
    assert problem_of(answer) == (status, code)
    if pointer is not None:
        assert pointer in [error["pointer"] for error in answer.json["errors"]]
    assert gateway.rows("SELECT count(*) FROM parties") == before


def test_refusals_speak_chinese_unless_asked(gateway: Gateway) -> None:
    answer = gateway.operator.post("/parties", {}, Accept_Language=None)
    assert answer.headers["Content-Language"] == "zh-CN"
    assert answer.json["detail"] == "有字段不符合要求"
    assert {error["message"] for error in answer.json["errors"]} == {"缺少必填项。"}
    typed = gateway.operator.get("/feed?types=x", Accept_Language=None)
    assert typed.json["errors"][0]["message"] == "必须是以逗号分隔的事件类型，最多 50 个。"
    english = gateway.operator.post("/parties", {}, Accept_Language="en-GB,en;q=0.8")
    assert english.headers["Content-Language"] == "en"


def test_the_edge_of_http(gateway: Gateway) -> None:
    operator = gateway.operator
    send, path = operator.send, "/api/v1/parties"
    no_key = send("POST", path, data="{}", content_type="application/json")
    assert problem_of(no_key) == (400, "idempotency_key_required")
    text = {"Idempotency-Key": "x"}
    for kind in ("text/plain", "multipart/form-data; boundary=x", "message/rfc822"):
        other = send("POST", path, data="{}", content_type=kind, headers=text)
        assert problem_of(other) == (415, "unsupported_media_type")
    wrong = send("DELETE", path)
    assert problem_of(wrong) == (405, "method_not_allowed")
    assert wrong.headers["Allow"] == "GET, HEAD, POST"
    assert problem_of(send("GET", "/api/v1/nothing")) == (404, "not_found")
    assert problem_of(send("GET", path + "/")) == (404, "not_found")
    assert problem_of(operator.get("/parties", Accept="text/html")) == (406, "not_acceptable")
    assert problem_of(operator.get("/parties?colour=red")) == (422, "query_invalid")
    assert problem_of(operator.post("/parties?x=1", PARTY)) == (422, "query_invalid")
    large = operator.post("/parties", b'{"name": "' + b"x" * 2_000_000 + b'"}')
    assert problem_of(large) == (413, "body_too_large")
    assert operator.post("/parties", PARTY, X_Request_Id=NOBODYS).headers["X-Request-Id"] == NOBODYS
    assert send("HEAD", path).status_code == 200


def test_one_key_means_one_request(gateway: Gateway) -> None:
    operator = gateway.operator
    first = operator.post("/parties", PARTY, key="once")
    again = operator.post("/parties", json.dumps(PARTY, indent=2).encode(), key="once")
    assert (again.status_code, again.json) == (201, first.json)
    assert again.headers["Location"] == first.headers["Location"]
    other_body = operator.post("/parties", PARTY | {"name": "x"}, key="once")
    assert problem_of(other_body) == (422, "idempotency_key_reused")
    path = f"/parties/{first.json['id']}/verify"
    other_command = operator.post(path, {"valid_until": "2099-01-01"}, key="once")
    assert problem_of(other_command) == (422, "idempotency_key_reused")


def test_a_maker_is_not_answered_what_its_purchaser_was(gateway: Gateway) -> None:
    """A key that the maker could not have made was told of as if it had."""
    purchaser = gateway.someone("buyer", "buyer.purchaser")
    maker = gateway.person(purchaser, purchaser.party_id, "buyer.maker")
    body, key = {"user_id": purchaser.user_id, "name": "ERP"}, Ids().new()
    assert purchaser.post("/api-keys", body, key=key).status_code == 201
    assert problem_of(maker.post("/api-keys", body, key=key)) == (422, "idempotency_key_reused")
    assert maker.post("/api-keys", body).status_code == 403  # by its own


def test_fifty_identical_requests_at_once_have_one_effect(gateway: Gateway) -> None:
    name, key = f"并发 {Ids().new()}", f"fifty {Ids().new()}"

    def post(_: int) -> Any:
        caller = Caller(gateway, gateway.operator.key, "", "")
        return caller.post("/parties", PARTY | {"name": name}, key=key)

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(post, range(50)))
    done = [answer for answer in answers if answer.status_code == 201]
    assert {problem_of(a)[1] for a in answers if a not in done} <= {"in_flight", "unavailable"}
    assert done and len({answer.text for answer in done}) == 1
    assert gateway.rows("SELECT count(*) FROM parties WHERE name = :n", n=name) == [(1,)]


def test_a_command_of_another_service_goes_to_its_owner(gateway: Gateway, buyer: Caller) -> None:
    fact = a_demand(buyer.party_id, past="created", state="draft", published_at=None)
    gateway.owners.state("create_demand", fact)
    body = {"title": "五轴数控加工中心", "budget": {"amount": "100.50", "currency": "CNY"}}
    before = datetime.now(UTC)
    answer = buyer.post("/demands", body, key="d 1", traceparent="00-abc")
    service, method, payload = gateway.owners.asked[-1]
    assert (service, method) == ("orders", "create_demand")
    assert payload["arguments"] == body and payload["id"] is None
    assert payload["idempotency_key"] == "d 1" and len(payload["body_sha256"]) == 64
    assert payload["actor"]["party_id"] == buyer.party_id
    assert payload["traceparent"] == "00-abc"
    assert datetime.fromisoformat(payload["received_at"]) >= before
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/api/v1/demands/{fact.subject}"
    # what one has just written can be read at once, and nobody else sees the draft
    assert buyer.gets(f"/demands/{fact.subject}") == answer.json
    assert problem_of(gateway.operator.get(f"/demands/{fact.subject}")) == (404, "not_found")


def test_who_may_not_see_the_result_learns_that_it_happened(gateway: Gateway) -> None:
    registry = gateway.someone("registry", "registry.system")
    id = Ids().new()
    fact = a_fact("position", "released", id=id, sequence=4, state="released", bank_id=None)
    gateway.owners.state("file_position", fact)
    body = {"filing_number": "1", "filed_at": "2026-03-02T09:00:00+08:00", "search": "clear"}
    answer = registry.post(f"/positions/{id}/file", body)
    assert answer.json == {"id": id, "number": "<number>", "state": "released"}
    assert answer.headers["ETag"].strip('"') != "4"  # the version counts what it may not know of


def test_a_versioned_command_names_the_version_seen(gateway: Gateway, buyer: Caller) -> None:
    path = f"/demands/{NOBODYS}/amend"
    assert problem_of(buyer.post(path, {"title": "x"})) == (428, "version_required")
    assert problem_of(buyer.post(path, {"title": "x"}, If_Match="7")) == (400, "header_invalid")
    gateway.owners.refuse("amend_demand", "stale_version", version=8)
    stale = buyer.post(path, {"title": "x"}, If_Match='"7"')
    assert problem_of(stale) == (412, "stale_version")
    assert gateway.owners.asked[-1][2]["expected_version"] == 7
    assert "version 8" in stale.json["detail"]


@pytest.mark.parametrize(
    ("reply", "status", "code"),
    [
        (Problem("service_timeout"), 504, "service_timeout"),
        (Problem("unavailable"), 503, "unavailable"),
    ],
)
def test_an_owner_that_does_not_answer(
    gateway: Gateway, buyer: Caller, reply: Problem, status: int, code: str
) -> None:
    gateway.owners.replies["publish_demand"] = reply
    answer = buyer.post(f"/demands/{NOBODYS}/publish")
    assert problem_of(answer) == (status, code)
    assert answer.headers["Retry-After"] == "1"


def test_a_dead_owner_takes_no_more_than_its_share(
    gateway: Gateway, buyer: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "PATIENCE_S", 0.1)
    owner_back, unknown = threading.Event(), {"problem": Problem("not_found").to_json()}
    monkeypatch.setattr(gateway.owners, "call", lambda *_: owner_back.wait(30) and unknown)
    share = WORKERS // places.SHARE
    other = gateway.someone("buyer", "buyer.purchaser")
    assert other.get("/demands").status_code == 200  # both are known by now
    keys = [buyer.key, other.key] * share  # for alone nobody has all of it
    callers = [Caller(gateway, key, "", "") for key in keys]
    with ThreadPoolExecutor(len(callers)) as pool:
        path = f"/demands/{NOBODYS}/publish"
        answers = [pool.submit(caller.post, path) for caller in callers]
        refused = eventually(lambda: [a.result() for a in answers if a.done()][2:])
        assert problem_of(refused[0]) == (503, "unavailable")
        assert refused[0].headers["Retry-After"] == "1"
        assert buyer.get("/demands").status_code == 200
        owner_back.set()
    statuses = sorted(answer.result().status_code for answer in answers)
    assert statuses == [404] * share + [503] * share


def test_an_owners_refusal_is_passed_on(gateway: Gateway, buyer: Caller) -> None:
    gateway.owners.refuse("publish_demand", "illegal_move", state="awarded", verb="publish")
    answer = buyer.post(f"/demands/{NOBODYS}/publish", Accept_Language="zh-CN")
    assert problem_of(answer) == (409, "illegal_move")
    assert "awarded" in answer.json["detail"]


def test_an_id_that_is_none_is_unknown(gateway: Gateway, buyer: Caller) -> None:
    asked = len(gateway.owners.asked)
    for id in ("x", "%00", "0" * 36, NOBODYS.upper(), "é"):
        assert problem_of(buyer.post(f"/demands/{id}/publish"))[0] == 404
        assert problem_of(buyer.get(f"/demands/{id}"))[0] == 404
    assert len(gateway.owners.asked) == asked


def test_a_query_is_answered_by_its_owner(gateway: Gateway) -> None:
    supplier = gateway.someone("supplier", "supplier.owner")
    price = {"price_fen": 990_000, "delivery_days": 30, "note": "含税"}
    gateway.owners.replies["sealed_price_quote"] = {"answer": price}
    shown = supplier.gets(f"/quotes/{NOBODYS}/sealed-price")
    assert shown["price"] == {"amount": "9900.00", "currency": "CNY"}
    gateway.owners.replies["precheck_application"] = {"answer": {"amount_fen": 1, "missing": []}}
    asked = supplier.send(
        "POST", "/api/v1/applications/precheck", data=b'{"shares": []}',
        content_type="application/json",
    )  # fmt: skip
    assert asked.json == {"amount": {"amount": "0.01", "currency": "CNY"}, "missing": []}


def test_a_question_is_checked_before_it_travels(gateway: Gateway) -> None:
    """Nested so that it can be read, but not written again."""
    supplier = gateway.someone("supplier", "supplier.owner")
    asked = len(gateway.owners.asked)
    for depth in (30, *range(900, 1_000)):
        body = b'{"shares": ' + b"[" * depth + b"]" * depth + b"}"
        answer = supplier.post("/applications/precheck", body)
        assert problem_of(answer)[1] in ("invalid", "malformed_json"), depth
    assert len(gateway.owners.asked) == asked


def test_an_offset_that_no_database_knows_is_still_an_instant(
    gateway: Gateway, buyer: Caller
) -> None:
    gateway.owners.refuse("create_demand", "party_unverified")
    body = {"title": "x", "quote_deadline_at": "2027-01-01T00:00:00+23:59"}
    assert problem_of(buyer.post("/demands", body)) == (409, "party_unverified")
    body = {"to": None, "at": "2000-01-01T00:00:00.5+16:00:00.5"}
    assert problem_of(gateway.operator.post("/clock/advance", body))[0] in (409, 422)


def test_ten_that_move_the_clock_for_the_first_time_at_once(fresh_gateway: Gateway) -> None:
    at = (datetime.now(UTC) + timedelta(days=2)).isoformat()
    operator = fresh_gateway.operator
    with ThreadPoolExecutor(10) as callers:
        answers = list(
            callers.map(lambda _: operator.post("/clock/advance", {"at": at}), range(10))
        )
    done = [answer.json["sequence"] for answer in answers if answer.status_code == 200]
    refused = [problem_of(answer)[1] for answer in answers if answer.status_code != 200]
    assert sorted(done) == list(range(1, len(done) + 1)) and done
    assert set(refused) <= {"clock_backwards"}  # of two at the same instant one is a moment late


def test_the_clock_ends_with_the_days_that_the_api_takes(gateway: Gateway) -> None:
    for body in ({"to": "2100-01-02"}, {"at": "2100-12-31T00:00:00Z"}):
        answer = gateway.operator.post("/clock/advance", body)
        assert problem_of(answer) == (422, "clock_too_far")


def test_the_clock_goes_forward_only_and_only_in_a_demonstration(
    fresh_gateway: Gateway, sober_gateway: Gateway
) -> None:
    operator = fresh_gateway.operator
    assert operator.gets("/clock")["offset_s"] == 0
    day = date.today() + timedelta(days=30)
    advanced = operator.posts("/clock/advance", {"to": day.isoformat()})
    assert advanced["offset_s"] > 28 * 86_400
    now = operator.gets("/clock")
    assert (now["offset_s"], now["today"]) == (advanced["offset_s"], day.isoformat())
    assert now["now"].startswith(f"{day.isoformat()}T01:00:0")
    back = operator.post("/clock/advance", {"at": datetime.now(UTC).isoformat()})
    assert problem_of(back) == (409, "clock_backwards")
    assert problem_of(operator.post("/clock/advance", {})) == (422, "clock_target")

    fresh_gateway.owners.replies["publish_demand"] = Problem("unavailable")
    buyer = fresh_gateway.someone("buyer", "buyer.purchaser")
    buyer.post(f"/demands/{NOBODYS}/publish")
    received = datetime.fromisoformat(fresh_gateway.owners.asked[-1][2]["received_at"])
    assert received.date() == day

    sober = sober_gateway.operator.post("/clock/advance", {"to": day.isoformat()})
    assert problem_of(sober) == (403, "clock_not_demo")


def test_a_refusal_is_final_only_when_the_owner_knew_what_its_caller_was_shown(
    gateway: Gateway,
) -> None:
    """The bill's contract is named by the bill alone; a stranger's bill counts as not shown."""
    seller, stranger = (gateway.someone("supplier", "supplier.accountant") for _ in range(2))
    contract_id, payable_id, foreign_id = Ids().new(), Ids().new(), Ids().new()
    mine = {"supplier_id": seller.party_id, "contract_id": contract_id}
    gateway.project(
        a_fact("contract", "signed", id=contract_id, sequence=5, supplier_id=seller.party_id),
        a_fact("payable", "running", id=payable_id, sequence=2, **mine),
        a_fact("payable", "running", id=foreign_id, sequence=2, supplier_id=stranger.party_id),
    )
    refused = Problem("not_found", "/payable_ids").to_json()
    gateway.owners.replies["create_receivable"] = {"problem": refused}
    body = CLAIM | {"payable_ids": [payable_id, foreign_id]}
    answer = seller.post("/receivables", body)
    assert problem_of(answer) == (404, "not_found")
    first, again = [payload for _, _, payload in gateway.owners.asked[-2:]]
    assert "seen" not in first
    assert again["seen"]["payable"] == {payable_id: 2}
    assert again["seen"]["contract"] == {contract_id: 5}
    assert again["seen"]["user"].keys() == {seller.user_id}
    assert again["idempotency_key"] == first["idempotency_key"]

    with gateway.engine.begin() as connection:  # no news of it is on its way any more
        connection.execute(text("UPDATE views SET shown_at = shown_at - interval '1 hour'"))
    seller.post("/receivables", body)
    _, _, again = gateway.owners.asked[-1]
    assert again["seen"] == {}


def test_words_in_a_text_are_no_things_that_the_request_names(
    gateway: Gateway, buyer: Caller
) -> None:
    named = Ids().new()
    gateway.project(a_demand(buyer.party_id, id=named))
    gateway.owners.refuse("create_demand", "not_found")
    body = {"title": "标题", "text": f'见 {named} 与 "{named}"'}
    assert problem_of(buyer.post("/demands", body)) == (404, "not_found")
    assert "demand" not in gateway.owners.asked[-1][2]["seen"]
    gateway.owners.refuse("publish_demand", "not_found")
    buyer.post(f"/demands/{named}/publish")
    assert gateway.owners.asked[-1][2]["seen"]["demand"] == {named: 1}


def test_however_long_the_documents_so_much_of_them_is_looked_through(
    gateway: Gateway, buyer: Caller
) -> None:
    """All are known by their versions; of what they name, the smallest's in any case."""
    long, small, contract = "文" * 20_000, Ids().new(), Ids().new()
    many = [a_demand(buyer.party_id, text=long) for _ in range(40)]
    mine = {"supplier_id": buyer.party_id}
    gateway.project(
        *many,
        a_fact("payable", "running", id=small, contract_id=contract, **mine),
        a_fact("contract", "signed", id=contract, **mine),
    )
    named = [demand.subject for demand in many] + [small]
    party = (audiences.of_party(buyer.party_id),)
    with gateway.sessionmaker() as session:
        _, documents = seen._versions(session, named, party, seen.BYTES)
        actor = Actor(buyer.party_id, buyer.user_id)
        known = seen.by(session, actor, json.dumps(named))
    assert 60_000 < sum(len(each.encode()) for each in documents) < seen.BYTES + 100_000
    assert known["demand"].keys() == {demand.subject for demand in many}
    assert contract in known["contract"]


def test_what_is_wrong_with_the_request_itself_is_asked_once(gateway: Gateway) -> None:
    seller = gateway.someone("supplier", "supplier.accountant")
    refused = Problem("idempotency_key_reused").to_json()
    gateway.owners.replies["create_receivable"] = {"problem": refused}
    before = len(gateway.owners.asked)
    answer = seller.post("/receivables", CLAIM | {"payable_ids": [Ids().new()]})
    assert problem_of(answer) == (422, "idempotency_key_reused")
    assert len(gateway.owners.asked) == before + 1


def test_news_on_its_way_asks_the_caller_to_come_again(gateway: Gateway) -> None:
    seller = gateway.someone("supplier", "supplier.accountant")
    gateway.owners.replies["create_receivable"] = {"problem": Problem("not_heard_yet").to_json()}
    answer = seller.post("/receivables", CLAIM | {"payable_ids": [Ids().new()]})
    assert problem_of(answer) == (503, "not_heard_yet")
    assert answer.headers["Retry-After"] == "1"


@pytest.mark.parametrize("character", ["\u202e", "\u200b", "\n"])
def test_names_are_what_they_look_like(gateway: Gateway, character: str) -> None:
    """Of two that look alike one is an impostor's."""
    first = gateway.someone("buyer", "buyer.purchaser")
    name = f"李{character}强"
    for caller, path, body in (
        (first, "/users", {"name": name, "roles": ["buyer.purchaser"]}),
        (gateway.operator, "/parties", PARTY | {"name": name}),
        (first, "/demands", {"kind": "order", "title": name}),
    ):
        refused = caller.post(path, body)
        assert problem_of(refused) == (422, "invalid"), path
        [error] = refused.json["errors"]
        assert error["pointer"] in ("/name", "/title")
        assert "line break" in error["message"] or "invisible" in error["message"]
