"""An organisation comes by itself: it applies, shows its papers, is sent back, mends, is let in."""

import hashlib
import random
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from stdnum.cn import uscc
from werkzeug.test import TestResponse

from services.contracts.joining import DOCUMENT_BYTES, MAX_DOCUMENTS
from services.contracts.roles import APPLYING
from services.gateway.commands import joining
from tests.integration.gateway.api_client import API, Caller, Gateway, problem_of
from tests.integration.gateway.browser import PASSWORD, Browser

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
LICENCE = {"name": "营业执照.pdf", "purpose": "business_licence"}
Document = dict[str, Any]


def a_code() -> str:
    """A credit code that nobody has."""
    digits = "".join(random.choices("0123456789ABCDEFGHJKLMNPQRTUWXY", k=9))
    body = f"91110108{digits}"
    return body + uscc.calc_check_digit(body)


def said(**changes: Any) -> Document:
    """What a supplier of the hall says of itself."""
    return {
        "name": "海淀精密机械有限公司", "credit_code": a_code(), "capacities": ["supplier"],
        "size": "small", "region": "110108", "industry": "C34", "person_name": "王芳",
        "contact": "010-6255 0000", "login": f"wang-{uuid.uuid4().hex[:12]}",
        "password": PASSWORD,
    } | changes  # fmt: skip


def of_organisation(form: Document, **changes: Any) -> Document:
    """What of it can be amended."""
    mended = {name: form[name] for name in (*joining.SAID, "credit_code") if name in form}
    return mended | changes


def joined(gateway: Gateway, **changes: Any) -> Browser:
    """Signed in, with nothing handed in yet."""
    browser = Browser(gateway)
    answer = browser.post("/session/join", said(**changes))
    assert answer.status_code == 200, answer.text
    return browser


def posts(browser: Browser, path: str, body: Any = None) -> TestResponse:
    return browser.post(path, body, Idempotency_Key=str(uuid.uuid4()))


def add(browser: Browser, content: bytes, **said_of_it: str) -> TestResponse:
    """A file as a page sends it."""
    asked = "&".join(f"{name}={quote(text)}" for name, text in (LICENCE | said_of_it).items())
    return browser._client.open(
        f"{API}/documents?{asked}",
        method="POST",
        data=content,
        content_type="application/pdf",
        headers={
            "Origin": "http://sails.example",
            "X-CSRF-Token": browser.said["csrf_token"],
            "Idempotency-Key": str(uuid.uuid4()),
            "Accept-Language": "en",
        },
    )


def handed_in(gateway: Gateway, **changes: Any) -> Browser:
    browser = joined(gateway, **changes)
    assert add(browser, PDF).status_code == 201
    answer = posts(browser, f"/parties/{party_of(browser)}/submit")
    assert (answer.status_code, answer.json["state"]) == (200, "applied")
    return browser


def party_of(browser: Browser) -> str:
    return str(browser.said["party"]["id"])


def facts_of(gateway: Gateway, party_id: str) -> list[str]:
    found = gateway.rows(
        "SELECT type FROM outbox WHERE envelope->>'subject' = :id ORDER BY id", id=party_id
    )
    return [row.type for row in found]


@pytest.fixture
def later(gateway: Gateway) -> Iterator[None]:
    yield
    gateway.clock.offset_s = 0


def test_from_the_form_to_work(gateway: Gateway) -> None:
    """Applied, sent back with a reason, mended, handed in again, let in."""
    browser, login = Browser(gateway), f"wang-{uuid.uuid4().hex[:8]}"
    form = said(login=login)
    opened = browser.post("/session/join", form).json
    assert set(opened["scopes"]) == APPLYING
    assert opened["party"]["state"] == "applying" and opened["user"]["name"] == "王芳"
    id = opened["party"]["id"]
    assert problem_of(posts(browser, f"/parties/{id}/submit")) == (409, "documents_missing")
    assert add(browser, PDF).status_code == 201
    assert posts(browser, f"/parties/{id}/submit").json["state"] == "applied"

    refused = gateway.operator.posts(
        f"/parties/{id}/refuse", {"reason_code": "name_differs", "note": "执照上为“有限责任公司”"}
    )
    assert (refused["state"], refused["reason_code"]) == ("refused", "name_differs")
    assert browser.get(f"/parties/{id}").json["reason_note"] == "执照上为“有限责任公司”"
    mended = of_organisation(form, name="海淀精密机械有限责任公司", contact="010-6255 0001")
    assert posts(browser, f"/parties/{id}/amend", mended).json["reason_code"] == "name_differs"
    assert posts(browser, f"/parties/{id}/submit").json["reason_code"] is None
    assert gateway.operator.gets(f"/parties/{id}/contact") == {
        "person_name": "王芳", "contact": "010-6255 0001",
    }  # fmt: skip
    until = (date.today() + timedelta(days=365)).isoformat()
    let_in = gateway.operator.posts(f"/parties/{id}/verify", {"valid_until": until})
    assert (let_in["state"], let_in["name"]) == ("verified", "海淀精密机械有限责任公司")
    assert facts_of(gateway, id) == [
        f"party.{past}.v1"
        for past in ("introduced", "submitted", "refused", "amended", "submitted", "verified")
    ]
    gateway.forget_callers()
    works = browser.sign_in(login).json
    assert "supplies:write" in works["scopes"] and works["user"]["roles"] == ["supplier.owner"]
    assert browser.get("/parties?view=public").status_code == 200
    colleague = {"name": "李强", "roles": ["supplier.accountant"]}
    assert posts(browser, "/users", colleague).status_code == 201


def test_who_waits_sees_what_is_its_own_and_does_nothing_else(gateway: Gateway) -> None:
    browser = joined(gateway)
    id, stranger = party_of(browser), gateway.organisation("京东方", "buyer")
    assert browser.get(f"/parties/{id}").status_code == 200
    assert problem_of(browser.get(f"/parties/{stranger['id']}")) == (404, "not_found")
    assert problem_of(browser.get("/parties?view=public")) == (403, "no_view")
    assert browser.get("/supplies").json["items"] == []
    for path in ("/supplies", "/api-keys", "/users", "/webhooks", "/demands", "/mandates"):
        assert problem_of(posts(browser, path)) == (403, "no_scope"), path
    owed = browser.get("/steps").json["items"]
    assert [(step["step"], step["may"]) for step in owed] == [("submit_party", True)]
    assert owed[0]["command"] == f"/api/v1/parties/{id}/submit" and owed[0]["due"]


def test_nobody_else_learns_who_asks(gateway: Gateway) -> None:
    browser = handed_in(gateway)
    id, rival = party_of(browser), joined(gateway)
    other = gateway.someone("supplier", "supplier.owner")
    document = browser.get("/documents").json["items"][0]["id"]
    for path in (f"/parties/{id}", f"/parties/{id}/contact", f"/parties/{id}/documents",
                 f"/documents/{document}", f"/documents/{document}/content"):  # fmt: skip
        assert problem_of(other.get(path)) == (404, "not_found"), path
        assert problem_of(rival.get(path)) == (404, "not_found"), path
        assert gateway.operator.get(path).status_code == 200, path
        assert browser.get(path).status_code == 200, path
    removed = posts(rival, f"/documents/{document}/remove")
    assert problem_of(removed) == (404, "not_found")
    for verb in ("amend", "submit"):
        body = of_organisation(said()) if verb == "amend" else None
        assert problem_of(posts(rival, f"/parties/{id}/{verb}", body)) == (404, "not_found")
    steps = gateway.operator.gets("/steps?step=check_party&limit=200")["items"]
    assert id in {step["resource_id"] for step in steps}


def test_what_is_in_a_document_stays_out_of_every_fact(gateway: Gateway) -> None:
    browser, secret = joined(gateway, contact="secret.contact@example.cn"), uuid.uuid4().hex
    content = PDF + secret.encode()
    added = add(browser, content, name="../授权<书>.exe", purpose="authorisation_letter").json
    assert added["sha256"] == hashlib.sha256(content).hexdigest()
    assert (added["media_type"], added["size_bytes"]) == ("application/pdf", len(content))
    answer = browser.get(f"/documents/{added['id']}/content")
    assert answer.data == content
    assert answer.headers["Content-Disposition"] == (
        f"attachment; filename*=UTF-8''{quote('.._授权_书_.exe.pdf', safe='')}"
    )
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.mimetype == "application/octet-stream"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    for table in ("outbox", "views", "feed", "feed_waiting", "idempotency"):
        rows = str(gateway.rows(f"SELECT * FROM {table}"))
        assert "secret.contact" not in rows and secret not in rows, table
    posts(browser, f"/documents/{added['id']}/remove")
    assert problem_of(browser.get(f"/documents/{added['id']}/content")) == (404, "not_found")
    kept = "SELECT FROM document_contents WHERE party_id = :id"
    assert not gateway.rows(kept, id=party_of(browser))


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", (422, "document_type_unknown")),
        (b"<html><script>alert(1)</script>", (422, "document_type_unknown")),
        (b"PK\x03\x04" + PDF, (422, "document_type_unknown")),
        (PDF + b"x" * DOCUMENT_BYTES, (413, "body_too_large")),
    ],
)
def test_what_is_no_document(gateway: Gateway, content: bytes, refusal: tuple[int, str]) -> None:
    assert problem_of(add(joined(gateway), content)) == refusal


def test_documents_have_a_bound_and_stay_while_they_are_looked_at(gateway: Gateway) -> None:
    browser = joined(gateway)
    for nth in range(MAX_DOCUMENTS):
        assert add(browser, b"\x89PNG\r\n\x1a\n%d" % nth, name="证书").status_code == 201
    assert problem_of(add(browser, b"\xff\xd8\xff")) == (409, "too_many")
    assert problem_of(add(browser, b"\x89PNG\r\n\x1a\n0")) == (409, "document_known")
    posts(browser, f"/parties/{party_of(browser)}/submit")
    first = browser.get("/documents").json["items"][0]
    refused = posts(browser, f"/documents/{first['id']}/remove")
    assert problem_of(refused) == (409, "document_under_review")
    for said_of_it in ({"name": "x" * 121}, {"purpose": "none"}):
        assert problem_of(add(browser, PDF, **said_of_it))[0] == 422


def test_a_code_that_is_known_says_whom_to_ask_and_no_more(gateway: Gateway) -> None:
    code = a_code()
    gateway.organisation("清华同方", "supplier", credit_code=code)
    answer = Browser(gateway).post("/session/join", said(credit_code=code.lower()))
    assert problem_of(answer) == (409, "organisation_known")
    assert answer.json["errors"][0]["pointer"] == "/credit_code"
    assert "administrator" in answer.json["detail"] and "清华同方" not in answer.text
    wrong = Browser(gateway).post("/session/join", said(credit_code=code[:-1] + "O"))
    assert problem_of(wrong) == (422, "credit_code_invalid")


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"capacities": ["operator"]}, (422, "invalid")),
        ({"capacities": []}, (422, "invalid")),
        ({"password": "1234567890"}, (422, "password_common")),
        ({"login": "王芳"}, (422, "invalid")),
        ({"contact": ""}, (422, "invalid")),
        ({"tiers": ["小巨人"]}, (422, "invalid")),
    ],
)
def test_what_is_wrong_with_a_form(
    gateway: Gateway, changes: Document, refusal: tuple[int, str]
) -> None:
    before = gateway.rows("SELECT count(*) FROM parties")
    assert problem_of(Browser(gateway).post("/session/join", said(**changes))) == refusal
    assert gateway.rows("SELECT count(*) FROM parties") == before


def test_a_login_that_is_taken_leaves_nothing_behind(gateway: Gateway) -> None:
    taken = said()
    Browser(gateway).post("/session/join", taken)
    form = said(login=taken["login"])
    assert problem_of(Browser(gateway).post("/session/join", form)) == (409, "login_taken")
    assert Browser(gateway).post("/session/join", form | {"login": "x" + form["login"]}).json


def test_of_ten_at_once_with_one_code_one_is_let_in(gateway: Gateway) -> None:
    code = a_code()

    def comes(_: int) -> TestResponse:
        """Again while others hash their passwords: two are let do that at once."""
        while (
            answer := Browser(gateway).post("/session/join", said(credit_code=code))
        ).status_code == 503:
            pass
        return answer

    with ThreadPoolExecutor(10) as threads:
        answers = list(threads.map(comes, range(10)))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 9
    assert {a.json["code"] for a in answers if a.status_code == 409} == {"organisation_known"}


@pytest.mark.usefixtures("later")
def test_what_is_not_handed_in_keeps_nobody_out_for_long(gateway: Gateway) -> None:
    code = a_code()
    squatter = joined(gateway, credit_code=code)
    gateway.clock.offset_s = int(joining.HAND_IN.total_seconds()) + 1
    real = joined(gateway, credit_code=code)
    lapsed = squatter.get(f"/parties/{party_of(squatter)}").json
    assert (lapsed["state"], lapsed["reason_code"]) == ("rejected", "lapsed")
    assert real.said["party"]["state"] == "applying"
    assert problem_of(add(squatter, PDF)) == (409, "illegal_move")


def test_the_name_of_a_file_shows_what_it_is(gateway: Gateway) -> None:
    refused = add(joined(gateway), PDF, name="执照\u202efdp.exe")
    assert problem_of(refused) == (422, "invalid")
    assert refused.json["errors"][0]["pointer"] == "/name"


def test_nothing_is_handed_in_without_a_business_licence(gateway: Gateway) -> None:
    browser = joined(gateway)
    path = f"/parties/{party_of(browser)}/submit"
    assert add(browser, PDF + b"1", purpose="other").status_code == 201
    refused = posts(browser, path)
    assert problem_of(refused) == (409, "documents_missing")
    assert "licence" in refused.json["detail"]
    licence = add(browser, PDF + b"2").json
    assert posts(browser, f"/documents/{licence['id']}/remove").status_code == 200
    assert problem_of(posts(browser, path)) == (409, "documents_missing")
    assert add(browser, PDF + b"3").status_code == 201
    assert posts(browser, path).json["state"] == "applied"


def test_what_is_handed_in_late_needs_its_files_again(gateway: Gateway) -> None:
    browser = joined(gateway)
    document = add(browser, PDF).json
    path = f"/parties/{party_of(browser)}/submit"
    gateway.execute("DELETE FROM document_contents WHERE party_id = :id", id=party_of(browser))
    assert problem_of(posts(browser, path)) == (409, "documents_missing")
    assert posts(browser, f"/documents/{document['id']}/remove").status_code == 200
    assert add(browser, PDF).status_code == 201
    assert posts(browser, path).json["state"] == "applied"


def test_what_is_rejected_frees_the_code_and_is_forgotten(gateway: Gateway) -> None:
    code = a_code()
    browser = handed_in(gateway, credit_code=code)
    id = party_of(browser)
    why = {"reason_code": "person_unproved", "note": None}
    assert gateway.operator.posts(f"/parties/{id}/reject", why)["state"] == "rejected"
    assert problem_of(posts(browser, f"/parties/{id}/submit")) == (409, "illegal_move")
    for table in ("document_contents", "contacts"):
        ends = f"SELECT ends_at < now() + interval '31 days' FROM {table} WHERE party_id = :id"
        assert gateway.rows(ends, id=id) == [(True,)], table
    assert joined(gateway, credit_code=code)
    until = {"valid_until": "2099-01-01"}
    assert problem_of(gateway.operator.post(f"/parties/{id}/verify", until))[1] == "illegal_move"


def test_who_was_rejected_reads_why_and_joins_anew_with_the_same_login(gateway: Gateway) -> None:
    login, code = f"wang-{uuid.uuid4().hex[:8]}", a_code()
    before = handed_in(gateway, login=login, credit_code=code)
    why = {"reason_code": "person_unproved", "note": None}
    waits = Browser(gateway).post("/session/join", said(login=login))
    assert problem_of(waits) == (409, "login_taken")
    gateway.operator.posts(f"/parties/{party_of(before)}/reject", why)
    read = before.sign_in(login).json
    assert read["party"]["state"] == "rejected"
    again = joined(gateway, login=login, credit_code=code)
    assert party_of(again) != party_of(before)
    gateway.forget_callers()
    assert problem_of(before.get("/session")) == (401, "unauthenticated")
    assert Browser(gateway).sign_in(login).json["party"]["id"] == party_of(again)
    former = gateway.operator.gets(f"/users/{before.said['user']['id']}")
    assert (former["state"], former["can_sign_in"]) == ("left", False)


def test_of_ten_who_want_a_login_that_is_free_again_one_has_it(gateway: Gateway) -> None:
    login = f"wang-{uuid.uuid4().hex[:8]}"
    before = handed_in(gateway, login=login)
    why = {"reason_code": "person_unproved", "note": None}
    gateway.operator.posts(f"/parties/{party_of(before)}/reject", why)
    with ThreadPoolExecutor(10) as threads:
        answers = list(
            threads.map(
                lambda _: Browser(gateway).post("/session/join", said(login=login)), range(10)
            )
        )
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 9
    assert {a.json["code"] for a in answers if a.status_code == 409} == {"login_taken"}


def test_only_what_was_handed_in_is_judged(gateway: Gateway) -> None:
    id = party_of(joined(gateway))
    why = {"reason_code": "other", "note": "试"}
    judged = gateway.operator.post(f"/parties/{id}/refuse", why)
    assert problem_of(judged) == (409, "illegal_move")
    unknown = gateway.operator.post(f"/parties/{id}/reject", {"reason_code": "because"})
    assert problem_of(unknown) == (422, "invalid")
    until = {"valid_until": "2099-01-01"}
    assert problem_of(gateway.operator.post(f"/parties/{id}/verify", until))[1] == "illegal_move"


def test_another_kind_of_organisation_changes_the_duty_and_ends_no_session(
    gateway: Gateway,
) -> None:
    browser, form = Browser(gateway), said()
    browser.post("/session/join", form)
    mended = of_organisation(form, capacities=["buyer", "supplier"])
    answer = posts(browser, f"/parties/{party_of(browser)}/amend", mended)
    assert answer.json["capacities"] == ["buyer", "supplier"]
    gateway.forget_callers()
    assert browser.get("/session").json["user"]["roles"] == []  # none counts before it is let in
    [person] = browser.get("/users").json["items"]
    assert person["roles"] == ["buyer.purchaser", "supplier.owner"]


def test_all_that_wait_have_a_bound(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joining, "MOST", 0)
    assert problem_of(Browser(gateway).post("/session/join", said())) == (503, "joining_full")


def test_a_page_of_another_origin_applies_for_nobody(gateway: Gateway) -> None:
    answer = Browser(gateway).post("/session/join", said(), Origin="https://evil.example")
    assert problem_of(answer) == (403, "csrf_invalid")


def test_the_operator_imports_over_what_was_rejected(gateway: Gateway) -> None:
    code = a_code()
    browser = handed_in(gateway, credit_code=code)
    why = {"reason_code": "not_eligible"}
    gateway.operator.posts(f"/parties/{party_of(browser)}/reject", why)
    row = {"name": "真实机构", "credit_code": code, "capacities": ["supplier"]}
    [result] = gateway.operator.posts("/parties/import", {"rows": [row]})["results"]
    assert result["outcome"] == "imported"


def test_an_import_over_one_that_waits_fails_in_that_row_alone(
    gateway: Gateway, later: None
) -> None:
    code = a_code()
    joined(gateway, credit_code=code)
    rows = [
        {"name": "真实机构", "credit_code": code, "capacities": ["supplier"]},
        {"name": "另一机构", "credit_code": a_code(), "capacities": ["supplier"]},
    ]
    results = gateway.operator.posts("/parties/import", {"rows": rows})["results"]
    assert [(one["outcome"], one["reason"]) for one in results] == [
        ("failed", "organisation_known"), ("imported", None),
    ]  # fmt: skip
    gateway.clock.offset_s = int(joining.HAND_IN.total_seconds()) + 1
    [result] = gateway.operator.posts("/parties/import", {"rows": rows[:1]})["results"]
    assert result["outcome"] == "imported"


def test_a_caller_with_a_key_keeps_documents_too(gateway: Gateway) -> None:
    person: Caller = gateway.someone("buyer", "buyer.purchaser")
    answer = person.send(
        "POST", f"{API}/documents?name=licence.pdf", data=PDF, content_type="application/pdf",
        headers={"Idempotency-Key": "once"},
    )  # fmt: skip
    again = person.send(
        "POST", f"{API}/documents?name=licence.pdf", data=PDF, content_type="application/pdf",
        headers={"Idempotency-Key": "once"},
    )  # fmt: skip
    assert answer.status_code == 201 and again.json == answer.json
    assert person.get(f"/documents/{answer.json['id']}/content").data == PDF
