"""What everybody sees without signing in: whole pages in two languages, nothing that is kept."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from werkzeug.test import TestResponse

from services.gateway.edge.routes import ROUTES
from services.messaging import Ids
from tests.integration.gateway.api_client import Caller, Gateway
from tests.integration.gateway.facts import a_demand, a_fact

OPEN, CLOSED, DRAFT = "QF-D-2026-000001", "QF-D-2026-000002", "QF-D-2026-000003"
CANCELLED = "QF-D-2026-000004"
SECRETS = (
    "草稿标题", "暂停的能力", "在审的能力", "中标供应商", "绝密说明", "自报业绩", "自报称号证书",
    "内部货号", "产能单位秘", "中标备注", "业绩买方秘", "4242",
)  # fmt: skip
TERMS = {"nodes": [{"kind": "acceptance", "share_bp": 10_000, "term_days": 30}]}
ORDER: dict[str, Any] = {
    "kind": "order", "method": "inquiry", "category": "软件开发", "region": "广州市黄埔区",
    "text": "第一段\n第二段 <b>不是标签</b>", "facets": None, "terms": TERMS, "quantity": "1 套",
    "quote_deadline_at": "2099-03-05T08:00:00+00:00", "budget_fen": 128_500_000,
    "requirements": [{"name": "CMMI", "grade": "三级", "alternatives": [{"name": "ISO 9001"}]}],
    "buyer_name": "黄埔水务集团", "buyer_verified": True, "origin": "own",
    "quote_count": 4242, "awarded_supplier_id": None, "reason_note": "中标备注",
}  # fmt: skip
SUPPLY: dict[str, Any] = {
    "kind": "service", "title": "泵站自动化改造", "capability_codes": ["it", "works.building"],
    "regions": ["广州市"], "supplier_region": "广州市", "text": "公开的说明",
    "qualifications": [{"name": "安全生产许可证", "grade": None, "expires_on": "2027-01-01"}],
    "badges": [], "capacity_declared": 4242, "capacity_reserved": 4242, "capacity_used": 4242,
    "capacity_unit": "产能单位秘", "item_code": "内部货号",
    "claimed_deals": [{"title": "自报业绩"}], "reason_note": "绝密说明",
    "claimed_badges": [
        {"code": "high_tech", "certificate_number": "自报称号证书", "expires_on": "2027-01-01"}
    ],
    "track_record": [{"title": "往期项目", "buyer": "业绩买方秘", "outcome": "won"}],
}  # fmt: skip
PAGES = ("home", "hall", "hall_demand", "suppliers", "supplier", "statistics")
PARTY = {"capacities": ["supplier"], "tiers": ["high_tech"], "size": "small", "region": "广州市"}


@pytest.fixture(scope="module")
def site(gateway: Gateway) -> Gateway:
    """A demand of each sort, two suppliers, one of them with nothing on offer any more."""
    buyer, winner = gateway.organisation("黄埔水务集团", "buyer")["id"], Ids().new()
    good, gone = Ids().new(), Ids().new()
    gateway.project(
        a_demand(buyer, number=OPEN, title="泵站控制软件 <script>alert(1)</script>", **ORDER),
        a_demand(buyer, number=CLOSED, title="智慧水务平台", state="contracted",
                 **ORDER | {"awarded_supplier_id": winner, "awarded_quote_id": Ids().new()}),
        a_demand(buyer, past="created", number=DRAFT, title="草稿标题", state="draft",
                 published_at=None, **ORDER),
        a_demand(buyer, number=CANCELLED, title="取消的需求", state="cancelled",
                 **ORDER | {"region": "深圳市", "budget_fen": None, "quote_deadline_at": None}),
        a_fact("party", "registered", id=good, number="QF-P-2026-900001", name="粤水智能", **PARTY),
        a_fact("party", "registered", id=gone, number="QF-P-2026-900002", name="已停业", **PARTY),
        a_fact("party", "registered", id=winner, number="QF-P-2026-900003", name="中标供应商",
               **PARTY),
        _supply("activated", "S1", good, "active"),
        _supply("submitted", "S2", good, "submitted", title="在审的能力"),
        _supply("archived", "S3", gone, "archived", title="暂停的能力"),
    )  # fmt: skip
    quote = {"id": Ids().new(), "demand_id": buyer, "supplier_id": winner}
    gateway.project(a_fact("quote", "sealed", state="sealed", opened_at=None, **quote))
    return gateway


def _supply(past: str, number: str, supplier_id: str, state: str, **more: Any) -> Any:
    given = SUPPLY | {"number": number, "supplier_id": supplier_id, "state": state} | more
    return a_fact("supply", past, id=Ids().new(), **given)


PATHS = (
    "/", "/hall", "/hall?state=all", "/hall?q=泵站&kind=order&industry=it&region=黄埔",
    f"/hall/{OPEN}", f"/hall/{CLOSED}", f"/hall/{CANCELLED}", "/suppliers",
    "/suppliers?q=自动化&industry=works", "/suppliers/QF-P-2026-900001", "/statistics",
    "/hall?q=没有这样的东西", "/hall/QF-D-0000-000000",
)  # fmt: skip


def get(site: Gateway, path: str, **headers: str) -> TestResponse:
    return site.nobody.send("GET", path, headers={"Accept-Language": None} | headers)


def pages(site: Gateway) -> Iterator[tuple[str, TestResponse]]:
    for path in PATHS:
        for language in ("", "en"):
            asked = f"{path}{'&' if '?' in path else '?'}lang={language}" if language else path
            yield asked, get(site, asked)


def tree(answer: TestResponse) -> ET.Element:
    """The page, which is well-formed XML as well: every tag closed, every sign escaped."""
    return ET.fromstring(answer.text.removeprefix("<!doctype html>"))


def test_every_page_is_whole_in_both_languages(site: Gateway) -> None:
    for path, answer in pages(site):
        missing = "D-0000" in path
        assert (answer.status_code, answer.mimetype) == (404 if missing else 200, "text/html"), path
        page = tree(answer)
        language = "en" if "lang=en" in path else "zh-CN"
        assert page.get("lang") == answer.headers["Content-Language"] == language
        assert [link.get("hreflang") for link in page.iter("link") if link.get("hreflang")] == [
            "zh-CN", "en", "x-default",
        ]  # fmt: skip
        levels = [int(e.tag[1]) for e in page.iter() if re.fullmatch("h[1-6]", e.tag)]
        assert levels[0] == 1 and levels.count(1) == 1, path
        assert all(b - a <= 1 for a, b in pairwise(levels)), (path, levels)
        ids = [e.get("id") for e in page.iter() if e.get("id")]
        assert len(ids) == len(set(ids)), path
        assert not list(page.iter("script")) and not re.search(r"\son\w+=", answer.text)
        for field in (*page.iter("input"), *page.iter("select")):
            assert field.get("type") == "hidden" or _is_labelled(page, field), path


def _is_labelled(page: ET.Element, field: ET.Element) -> bool:
    return any(field in list(label.iter()) for label in page.iter("label"))


def test_no_page_says_what_is_kept(site: Gateway) -> None:
    given = [answer.text for _, answer in pages(site)]
    given += [get(site, "/api/v1/ocds/releases").text]
    given += [get(site, f"/api/v1/ocds/releases/ocds-test00-{CLOSED}").text]
    for secret in (*SECRETS, DRAFT, "QF-P-2026-900003"):
        assert not [text for text in given if secret in text], secret
    entries = site.rows("SELECT card || array_to_string(terms, ' ') FROM public_entries"
                        " WHERE kind <> 'party'")  # fmt: skip
    for secret in SECRETS:
        assert not [row for row in entries if secret in row[0]], secret
    assert get(site, f"/hall/{DRAFT}").status_code == 404
    assert get(site, "/suppliers/QF-P-2026-900002").status_code == 404
    assert get(site, "/suppliers/QF-P-2026-900003").status_code == 404


def test_a_demand_is_shown_as_its_buyer_published_it(site: Gateway) -> None:
    text = get(site, f"/hall/{OPEN}").text
    for said in ("黄埔水务集团", "¥1,285,000.00", "2099年3月5日 16:00", "软件开发", "CMMI（三级）",
                 "ISO 9001", "100.0 %", "30 天", "询比", "1 套"):  # fmt: skip
        assert said in text, said
    assert "&lt;script&gt;" in text and "<b>" not in text
    assert 'property="og:title" content="泵站控制软件' in text
    english = get(site, f"/hall/{OPEN}?lang=en").text
    assert "¥1,285,000.00" in english and "Mar 5, 2099, 4:00 PM" in english and "Inquiry" in english


def test_the_hall_is_narrowed_by_what_one_looks_for(site: Gateway) -> None:
    def found(query: str) -> set[str]:
        return set(re.findall(r'href="/hall/(QF-D-[0-9-]+)', get(site, f"/hall?{query}").text))

    assert found("") == {OPEN}
    assert found("state=closed") == {CLOSED, CANCELLED}
    assert found("state=all") == {OPEN, CLOSED, CANCELLED}
    assert found("state=all&region=深圳") == {CANCELLED}
    assert found("state=all&q=水务") == {OPEN, CLOSED, CANCELLED}  # the buyer's name
    assert found("state=all&q=智慧水务") == {CLOSED}
    assert found(f"state=all&q={CLOSED}") == {CLOSED}
    assert found("industry=it") == {OPEN} and found("industry=works") == set()
    assert found("kind=space") == set()
    nothing = get(site, "/hall?region=深圳").text  # none is open
    assert "state=closed" in nothing and "查看已截止的 1 条" in nothing
    assert found("until=2099-03-05") == {OPEN} and found("until=2099-03-07") == set()


def test_suppliers_are_found_by_what_they_offer(site: Gateway) -> None:
    def found(query: str) -> set[str]:
        text = get(site, f"/suppliers?{query}").text
        return set(re.findall(r'href="/suppliers/(QF-P-[0-9-]+)', text))

    one = {"QF-P-2026-900001"}
    assert found("") == found("q=泵站") == found("industry=works") == found("region=广州") == one
    assert found("q=Building+works") == one and found("industry=fin") == set()
    page = get(site, "/suppliers/QF-P-2026-900001").text
    for said in ("粤水智能", "泵站自动化改造", "安全生产许可证，有效期至 2027年1月1日",
                 "房屋建筑工程", "高新技术企业", "1 项"):  # fmt: skip
        assert said in page, said


def test_who_offers_nothing_any_more_is_gone_at_once(site: Gateway) -> None:
    id, party = Ids().new(), Ids().new()
    given = SUPPLY | {"id": id, "number": "S9", "supplier_id": party}
    name = {"number": "QF-P-2026-900009", "name": "一日公司"} | PARTY
    site.project(
        a_fact("party", "registered", id=party, **name),
        a_fact("supply", "activated", state="active", **given),
    )
    assert "一日公司" in get(site, "/suppliers").text
    site.project(a_fact("supply", "archived", state="archived", sequence=2, **given))
    assert "一日公司" not in get(site, "/suppliers").text
    assert get(site, "/suppliers/QF-P-2026-900009").status_code == 404


def test_an_entry_changes_only_with_what_everybody_sees(site: Gateway) -> None:
    id, buyer = Ids().new(), Ids().new()
    given = ORDER | {"id": id, "number": "QF-D-2026-000077", "title": "变更"}
    when = "SELECT changed_at FROM public_entries WHERE id = :id"
    site.project(a_demand(buyer, occurred_at="2026-03-02T01:00:00+00:00", **given))
    before = site.rows(when, id=id)
    site.project(
        a_demand(buyer, occurred_at="2026-03-03T01:00:00+00:00", sequence=2,
                 **given | {"quote_count": 9})
    )  # fmt: skip
    assert site.rows(when, id=id) == before
    later = {"sequence": 3, "occurred_at": "2026-03-04T01:00:00+00:00", "state": "cancelled"}
    site.project(a_demand(buyer, **given | later))
    assert site.rows(when, id=id) != before


def test_the_figures_say_what_is_divided_by_what(site: Gateway) -> None:
    text = get(site, "/statistics").text
    assert "已定标的需求: 1" in text and "已不再征集的需求: " in text and "少于 10" in text
    assert "<svg" in text and "<rect" in text
    assert "demands awarded: 1" in get(site, "/statistics?lang=en").text


HOSTILE = (
    "q=%00", "q=%ff%fe", "q=%ED%A0%80", "q=" + "a" * 5000, "q='%3BDROP TABLE views%3B--",
    "q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E", "page=0", "page=-1", "page=999999999999",
    "page=１", "page=50", "until=2026-02-30", "until=9999-12-31", "until=2026-W10-1", "kind=nope",
    "industry=%F0%9F%9A%9C", "state=draft", "lang=xx", "lang=en&lang=zh", "unknown=1", "&&&=",
    "region=%25%25%27", "q=" + "泵" * 90,
)  # fmt: skip


@pytest.mark.parametrize("query", HOSTILE)
def test_whatever_an_address_says_a_page_comes(site: Gateway, query: str) -> None:
    for path in ("/", "/hall", f"/hall/{OPEN}", "/suppliers", "/statistics"):
        answer = get(site, f"{path}?{query}")
        assert (answer.status_code, answer.mimetype) == (200, "text/html"), answer.text
        if "00" not in query:  # no XML has half a character
            tree(answer)


@pytest.mark.parametrize(
    "number", ["%00", "..%2f", "'", "%F0%9F%9A%9C", "x" * 500, "QF-D-1", "%ff"]
)
@pytest.mark.parametrize("place", ["hall", "suppliers"])
def test_an_unknown_number_gets_a_page_that_helps(site: Gateway, place: str, number: str) -> None:
    answer = get(site, f"/{place}/{number}")
    if answer.mimetype == "text/html":
        assert answer.status_code == 404 and "找不到这一页" in answer.text
        assert answer.headers["Cache-Control"] == "no-store"
    else:
        assert (answer.status_code, number) == (404, "..%2f")  # another path, of no route


def test_a_page_runs_nothing_and_is_kept_for_a_moment(site: Gateway) -> None:
    answer = get(site, "/hall")
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'") and "unsafe" not in policy
    assert answer.headers["Cache-Control"] == "public, max-age=15"
    tag = answer.headers["ETag"]
    assert get(site, "/hall", **{"If-None-Match": tag}).status_code == 304
    assert get(site, "/hall?lang=en", **{"If-None-Match": tag}).status_code == 200


def test_pages_of_the_hall_are_turned_and_bounded(fresh_gateway: Gateway) -> None:
    buyer = Ids().new()
    fresh_gateway.project(
        *(a_demand(buyer, **ORDER, number=f"QF-D-2026-1{n:05d}", title=f"第{n}件",
                   published_at=f"2026-03-{1 + n // 24:02d}T{n % 24:02d}:00:00+00:00")
          for n in range(45))
    )  # fmt: skip
    seen: list[str] = []
    for page in (1, 2, 3, 4):
        text = get(fresh_gateway, f"/hall?page={page}").text
        seen += re.findall(r'<h3><a href="/hall/QF-D-2026-1(\d+)', text)
        assert "共 45 条" in text
    assert [int(number) for number in seen] == list(range(44, -1, -1))
    assert "page=2" in get(fresh_gateway, "/hall").text


def test_pages_are_asked_of_the_database_by_few_statements(site: Gateway) -> None:
    for path, most in (("/hall?state=all&q=泵站", 2), (f"/hall/{OPEN}", 2), ("/suppliers", 2)):
        site.reader.asked.clear()
        get(site, path)
        assert len(site.reader.asked) <= most, site.reader.asked


def test_no_key_is_asked_for_and_none_is_looked_at(site: Gateway) -> None:
    stranger = Caller(site, "qf_wrong_key", "", "")
    for route in ROUTES:
        if route.action in PAGES:
            path = route.path.replace("<id>", OPEN)
            assert stranger.send("GET", path).status_code in (200, 404)
            assert stranger.send("POST", path).status_code == 405
