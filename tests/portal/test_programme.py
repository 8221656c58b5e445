"""How the programme stands, who did what, and lists narrowed and taken home as files."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from deploy.sails.demo import trade
from deploy.sails.demo.deal import Deal
from deploy.sails.demo.shared_clock import SharedClock
from deploy.sails.demo.story import TERMS
from services.client import money
from tests.e2e.scene import Scene
from tests.portal.people import PHONE, Desks

PURCHASER = "buyer.purchaser"
TITLES = ("青鸾牌潮汐闸门启闭机", "青鸾牌潮汐闸门密封件", "白泽牌回声测深仪")
LOADING = {"zh-CN": "正在读取", "en": "Loading"}


@pytest.fixture(scope="module")
def deal(scene: Scene) -> Deal:
    """One that was awarded, its contract yet to be signed."""
    return scene.carried_to(trade.sign_contract, 2)


@pytest.fixture(scope="module")
def wishes(scene: Scene) -> list[dict[str, Any]]:
    """Three demands of a buyer, the last a draft."""
    purchaser = scene.company.buyers[1][PURCHASER]
    closes = SharedClock(scene.stage.operator).now() + timedelta(days=3)
    return [
        purchaser.does("/demands", {
            "title": title, "text": title, "category": title, "terms": TERMS,
            "budget": money(100_000_00 * (n + 1)), "quote_deadline_at": closes.isoformat(),
            "publish": n < 2,
        })
        for n, title in enumerate(TITLES)
    ]  # fmt: skip


@pytest.fixture(scope="module")
def reader(scene: Scene) -> str:
    """The id of a person of an authority who reads what the programme has come to."""
    operator = scene.stage.operator
    body = {"name": "海淀演示主管部门", "capacities": ["authority"], "nature": "government"}
    party = operator.post("/parties", body)
    person = {"party_id": party["id"], "name": "周览", "roles": ["authority.reader"]}
    return str(operator.post("/users", person)["id"])


def tile(page: Page, name: str) -> Any:
    """The figure under this name."""
    return page.locator(f"dt:text-is('{name}') + dd")


def funnel(scene: Scene, query: str = "") -> dict[str, dict[str, Any]]:
    """The API's funnel: by indicator, then by step."""
    items = scene.stage.operator.get(f"/programme/dashboard{query}")["items"]
    found: dict[str, dict[str, Any]] = {}
    for one in items:
        found.setdefault(one["id"], {})[one["of"].get("step")] = one
    return found


def test_the_figures_are_the_platforms_and_the_period_is_in_the_address(
    scene: Scene, desks: Desks, deal: Deal
) -> None:
    desk = desks.operator()
    page = desk.opens("/")
    page.get_by_role("link", name="统筹看板").click()
    figures = funnel(scene)
    for name, id in (("发布的需求", "demands.count"), ("登记的供给", "supplies.count")):
        expect(tile(page, name)).to_contain_text(f"{figures[id][None]['value']:,}")
    expect(tile(page, "未发布事实")).to_be_visible()  # the operator's alone
    drawn = page.get_by_role("img", name="漏斗图")
    expect(drawn).to_contain_text("推送匹配")
    table = page.get_by_role("table", name="从需求到结清")
    for word, step in (("发布需求", "demand"), ("推送匹配", "matched"), ("定标", "awarded")):
        row = table.get_by_role("row").filter(has=page.get_by_role("cell", name=word, exact=True))
        counted = figures["funnel.count"][step]["value"]
        expect(row.get_by_role("cell").nth(1)).to_have_text(str(counted))
        if step != "demand":
            made = figures["funnel.conversion"][step]
            expect(row).to_contain_text(f"{made['numerator']} / {made['denominator']}")
    page.get_by_label("日期：从").fill("2030-01-01")
    expect(page).to_have_url(re.compile(r"\?from=2030-01-01$"))
    expect(tile(page, "发布的需求").locator(".value")).to_have_text("0")
    page.reload()
    expect(tile(page, "发布的需求").locator(".value")).to_have_text("0")
    page.get_by_role("button", name="清除筛选").click()
    expect(tile(page, "发布的需求").locator(".value")).not_to_have_text("0")
    desk.is_well()


def test_the_audit_finds_a_fact_by_number_and_by_who_acted(
    scene: Scene, desks: Desks, deal: Deal
) -> None:
    desk = desks.operator()
    page = desk.opens("/audit")
    table = page.get_by_role("table", name="审计检索")
    page.get_by_label("搜索").fill(deal.demand["number"])
    expect(page).to_have_url(re.compile(f"q={deal.demand['number']}"))
    published = table.get_by_role("row").filter(has_text="发布需求")
    expect(published).to_have_count(1)
    expect(published).to_contain_text(deal.buyer.name)
    expect(published).to_contain_text(deal.buyer[PURCHASER].name)  # who acted, to the operator
    expect(published.get_by_role("link", name=deal.demand["number"])).to_be_visible()
    page.get_by_label("搜索").fill("")
    page.get_by_label("办理单位").fill(deal.supplier.name)
    expect(page).to_have_url(re.compile(f"party_id={deal.supplier.id}"))
    expect(table.get_by_role("row").nth(1)).to_contain_text(deal.supplier.name)
    page.get_by_label("事项").select_option("demand.published.v1")
    expect(page.get_by_text("没有符合条件的记录")).to_be_visible()
    desk.opens(f"/audit?thread_id={deal.thread_id}&type=demand.awarded.v1")
    expect(table.get_by_role("row")).to_have_count(2)  # with its head
    desk.opens("/audit")
    expect(table.get_by_role("row")).to_have_count(51)
    page.get_by_role("button", name="显示更多").click()
    expect(table.get_by_role("row")).not_to_have_count(51)
    desk.is_well()


def test_a_list_is_narrowed_and_taken_home_as_a_file(
    scene: Scene, desks: Desks, wishes: list[dict[str, Any]], tmp_path: Path
) -> None:
    desk = desks.of(scene.company.buyers[1], PURCHASER)
    page = desk.opens("/demands")
    rows = page.get_by_role("table").get_by_role("row")
    page.get_by_label("搜索").fill("牌潮汐闸门")
    expect(rows).to_have_count(3)
    page.get_by_label("搜索").fill("牌")
    expect(page.get_by_text("每个词至少两个字")).to_be_visible()
    page.get_by_label("搜索").fill("青鸾")
    page.get_by_role("button", name="更多筛选").click()
    page.get_by_label("不少于").fill("150,000")
    expect(rows).to_have_count(2)
    page.get_by_role("button", name="清除筛选").click()
    expect(page.get_by_label("搜索")).to_have_value("")
    page.get_by_role("button", name="报价中").click()
    page.get_by_label("搜索").fill("青鸾")
    page.get_by_label("排序").select_option("amount")
    expect(page).to_have_url(re.compile(r"(?=.*state=published)(?=.*[?&]q=.)(?=.*sort=amount)"))
    expect(page.get_by_role("button", name="报价中 2")).to_have_attribute("aria-pressed", "true")
    expect(rows.nth(1)).to_contain_text(TITLES[1])
    page.get_by_role("button", name="导出").click()
    with page.expect_download() as saved:
        page.get_by_role("menuitem", name="Excel").click()
    place = tmp_path / saved.value.suggested_filename
    saved.value.save_as(place)
    assert place.name.startswith("需求")
    sheet = openpyxl.load_workbook(place).worksheets[0]
    cells = [[str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    found = [row for row in cells if any(wish["number"] in row for wish in wishes)]
    assert [wishes[1]["number"] in found[0], wishes[0]["number"] in found[1]] == [True, True]
    assert len(found) == 2
    page.get_by_label("搜索").fill("没有这样的东西")
    expect(page.get_by_text("没有符合条件的内容")).to_be_visible()
    desk.is_well()


def test_an_authority_reads_the_figures_and_nothing_of_people(
    scene: Scene, desks: Desks, reader: str, deal: Deal
) -> None:
    desk = desks.added("authority", reader)
    page = desk.opens("/programme")
    expect(tile(page, "发布的需求")).to_be_visible()
    expect(page.get_by_text("少于 3 的数", exact=False)).to_be_visible()
    expect(page.get_by_role("heading", name="平台运行")).to_have_count(0)
    expect(page.get_by_text("最近", exact=False).filter(has_text="份名单")).to_have_count(0)
    page.get_by_role("link", name="审计检索").click()
    table = page.get_by_role("table", name="审计检索")
    expect(table.get_by_role("row").nth(1)).to_be_visible()
    for person in deal.buyer.people.values():
        expect(page.get_by_text(person.name, exact=True)).to_have_count(0)
    desk.opens("/audit?type=user.added.v1")
    expect(page.get_by_text("没有符合条件的记录")).to_be_visible()
    desk.is_well()


def test_whoever_is_neither_is_told_so(scene: Scene, desks: Desks) -> None:
    desk = desks.of(scene.company.buyers[0], PURCHASER)
    for path in ("/programme", "/audit"):
        page = desk.opens(path)
        expect(page.get_by_text("您的岗位没有这一页的权限")).to_be_visible()
    expect(page.get_by_role("link", name="统筹看板")).to_have_count(0)
    desk.is_well()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_everybody_can_use_these_pages(
    scene: Scene, desks: Desks, wishes: list[dict[str, Any]], language: str
) -> None:
    operator = desks.operator(PHONE)
    buyer = desks.of(scene.company.buyers[1], PURCHASER, PHONE)
    for desk, paths in (
        (operator, ("/programme", "/audit?q=QF-D", "/parties")),
        (buyer, ("/demands", "/demands?amount_from=1", "/contracts", "/payables", "/quotes")),
    ):
        desk.opens("/")
        desk.speaks(language)
        for path in paths:
            page = desk.opens(path)
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            expect(page.get_by_label(LOADING[language])).to_have_count(0)
            assert desk.grave_findings() == [], path
            assert desk.overflow_px() <= 0, path
        desk.is_well()
