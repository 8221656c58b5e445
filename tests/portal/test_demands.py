"""The buyer's side of trade: a text becomes a demand, matches come by themselves, quotes open."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, Response, expect

from deploy.sails.demo import trade
from deploy.sails.demo.deal import Deal
from deploy.sails.demo.trade import JUST_AFTER
from services.client import fen, money
from tests.e2e.scene import Scene
from tests.portal.people import PHONE, Desk, Desks

PURCHASER = "buyer.purchaser"
ODD_FEN = 12_345_67  # what is put on a quote's last digits, so that it can be searched for


def test_a_pasted_text_becomes_a_demand_that_is_matched_quoted_and_awarded(
    scene: Scene, desks: Desks
) -> None:
    deal = scene.deal()
    desk = desks.of(deal.buyer, PURCHASER)
    bodies = _listened(desk)
    page = _read(desk, deal)
    page.get_by_label("预算", exact=True).fill(str(fen(deal.wish["budget"]) // 100))
    expect(page.get_by_text("合计 100%")).to_be_visible()
    page.get_by_role("button", name="下一步：确认").click()
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.get_by_role("dialog")).to_contain_text("报价封存至")
    page.get_by_role("button", name="确认发布").click()
    expect(page).to_have_url(re.compile(r"/portal/demands/[0-9a-f-]{36}$"))
    deal.demand = deal.buyer[PURCHASER].sees(f"/demands/{page.url.rsplit('/', 1)[1]}")
    assert deal.demand["state"] == "published"
    _compare(page)  # nobody has reloaded: matches have come by themselves
    trade.match(deal)
    prices = _quote(deal)
    page.get_by_role("button", name="报价", exact=True).click()
    expect(page.get_by_text("报价封存中")).to_be_visible()
    _is_nowhere(prices, [page.content(), *bodies])
    deadline = datetime.fromisoformat(deal.demand["quote_deadline_at"])
    deal.clock.reach(deadline + JUST_AFTER)
    expect(page.get_by_role("table", name="报价").get_by_text("最低")).to_have_count(1)
    page.get_by_role("button", name="选定成交").first.click()
    page.get_by_role("button", name="确认成交").click()
    expect(page.get_by_role("region", name="成交情况")).to_contain_text("供应商确认期限")
    winner = deal.company.bidder(_sees(deal)["awarded_supplier_id"])
    winner["supplier.owner"].does(f"/demands/{deal.thread_id}/confirm-award")
    expect(page.get_by_role("link", name="查看合同")).to_be_visible()
    desk.is_well()


def test_amending_says_what_follows_and_ends_the_quotes(scene: Scene, desks: Desks) -> None:
    deal = _quoted(scene, 1)
    desk = desks.of(deal.buyer, PURCHASER)
    page = desk.opens(f"/demands/{deal.thread_id}/amend")
    expect(page.get_by_role("note")).to_contain_text("第 1 版变为第 2 版")
    page.get_by_label("数量").fill("三套")
    page.get_by_role("button", name="变更需求").click()
    page.get_by_role("button", name="确认变更").click()
    expect(page).to_have_url(re.compile(f"/demands/{deal.thread_id}$"))
    demand = _sees(deal)
    assert (demand["version"], demand["quantity"]) == (2, "三套")
    [bidder] = deal.bidders[:1]
    [quote] = bidder["supplier.owner"].finds("/quotes", deal.thread_id)
    assert (quote["state"], quote["reason_code"]) == ("invalidated", "demand_amended")
    page.get_by_role("button", name="取消需求").click()
    page.get_by_label("不再需要").check()
    page.get_by_role("button", name="确定").click()
    expect(page.get_by_role("button", name="取消需求")).to_have_count(0)
    assert (_sees(deal)["state"], _sees(deal)["reason_code"]) == ("cancelled", "no_need")
    desk.is_well()


def test_a_director_awards_with_one_thumb(scene: Scene, desks: Desks) -> None:
    deal = _quoted(scene, 2)
    deal.clock.reach(datetime.fromisoformat(deal.demand["quote_deadline_at"]) + JUST_AFTER)
    desk = desks.of(deal.buyer, PURCHASER, PHONE)
    page = desk.opens(f"/demands/{deal.thread_id}?tab=quotes")
    button = page.get_by_role("button", name="选定成交").first
    expect(button).to_be_visible()
    assert desk.overflow_px() <= 0
    button.click()
    page.get_by_role("button", name="确认成交").dblclick()
    expect(page.get_by_role("region", name="成交情况")).to_be_visible()
    assert _sees(deal)["state"] == "awarded"
    desk.is_well()


def test_a_draft_is_kept_and_published_later(scene: Scene, desks: Desks) -> None:
    desk = desks.of(scene.company.buyers[0], PURCHASER)
    page = desk.opens("/demands/new?step=2")
    page.get_by_label("名称").fill("年度办公家具采购")
    page.get_by_label("需求类型").select_option("space")
    expect(page.get_by_text("草稿已保存在本浏览器")).to_be_visible()
    page.reload()  # what was typed is there again
    expect(page.get_by_label("名称")).to_have_value("年度办公家具采购")
    page.get_by_role("button", name="存为草稿").dblclick()
    expect(page.get_by_role("heading", level=1)).to_contain_text("年度办公家具采购")
    page.get_by_role("button", name="发布", exact=True).click()
    page.get_by_role("button", name="确认发布").click()
    refusal = page.get_by_role("dialog").get_by_role("alert")
    expect(refusal).to_contain_text("报价截止时间必须晚于当前时间")
    desk.opens("/demands?state=draft")
    expect(page.get_by_role("link", name="年度办公家具采购")).to_have_count(1)
    desk.is_well()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_pages_are_accessible_and_fit_a_phone(
    scene: Scene, desks: Desks, language: str
) -> None:
    deal = scene.carried_to(trade.quote, 3)
    desk = desks.of(deal.buyer, PURCHASER, PHONE)
    desk.opens("/")
    desk.speaks(language)
    own = f"/demands/{deal.thread_id}"
    rows = deal.buyer[PURCHASER].finds("/matches", deal.thread_id)
    pair = ",".join(row["id"] for row in rows[:2])
    steps = ("/demands/new", "/demands/new?step=2", "/demands/new?step=3")
    tabs = (f"{own}?tab=says", f"{own}?tab=matches&compare={pair}", f"{own}?tab=quotes")
    for path in ("/demands", *steps, *tabs, f"{own}/amend"):
        _is_fit(desk, path)
    supplier = desks.of(deal.bidders[0], "supplier.owner", PHONE)
    supplier.opens("/")
    supplier.speaks(language)
    for path in ("/hall", own):
        _is_fit(supplier, path)
    link = supplier.page.locator(f"a[href$='{own}/answer']")
    expect(link).to_be_visible()
    desk.is_well()
    supplier.is_well()


def _read(desk: Desk, deal: Deal) -> Page:
    """The first step: what was read is shown in the text, corrected by hand in the next."""
    closes = (deal.clock.today() + timedelta(days=3)).isoformat().split("-")
    day = "{}年{}月{}日".format(*closes)
    page = desk.opens("/demands/new")
    page.get_by_label("名称").fill(deal.wish["title"])
    text = f"{deal.wish['text']}\n采购预算为120万元。投标截止时间：{day}9时30分。"
    page.get_by_label("采购文字").fill(text)
    page.get_by_role("button", name="读取", exact=True).click()
    expect(page.locator("mark.taken", has_text="120万元")).to_be_visible()
    expect(page.get_by_role("group", name="预算").get_by_role("radio").first).to_be_checked()
    page.get_by_role("button", name="采用并继续填写").click()
    expect(page.get_by_label("报价截止")).to_have_value(f"{'-'.join(closes)}T09:30")
    expect(page.get_by_label("预算", exact=True)).to_have_value("1200000.00")
    return page


def _compare(page: Page) -> None:
    matches = page.get_by_role("list", name="匹配").get_by_role("checkbox")
    expect(matches.nth(1)).to_be_visible()
    expect(page.get_by_text("得分构成").first).to_be_visible()
    matches.nth(0).check()
    matches.nth(1).check()
    expect(page.get_by_role("region", name="比较").get_by_role("columnheader")).to_have_count(3)
    page.get_by_role("button", name="查看为什么没有推送").click()


def _quoted(scene: Scene, number: int) -> Deal:
    """Published, matched and quoted for; sealed yet."""
    deal = scene.carried_to(trade.quote, number)
    _quote(deal)
    return deal


def _quote(deal: Deal) -> list[str]:
    """As `trade.quote`, but the clock stays; answers the prices as they are written."""
    prices = []
    for rank, bidder in enumerate(deal.bidders):
        price = money(deal.price_fen // 100 * 100 + ODD_FEN + rank)
        body = {
            "demand_id": deal.thread_id,
            "match_id": deal.matches[bidder.id]["id"],
            "price": price,
            "delivery_days": 20 + rank,
            "valid_until": (deal.clock.today() + timedelta(days=30)).isoformat(),
        }
        bidder["supplier.owner"].does("/quotes", body)
        prices.append(price["amount"])
    return prices


def _listened(desk: Desk) -> list[str]:
    """Every body of the platform that this browser gets from now on."""
    bodies: list[str] = []

    def keep(response: Response) -> None:
        if "/api/v1/" in response.url and "/stream" not in response.url:
            bodies.append(response.text())

    desk.page.on("requestfinished", lambda request: keep(request.response()))
    return bodies


def _is_nowhere(prices: list[str], texts: list[str]) -> None:
    assert len(texts) > 5, "nothing was listened to"
    for price in prices:
        assert not any(price in text for text in texts)


def _sees(deal: Deal) -> dict[str, Any]:
    return deal.buyer[PURCHASER].sees(f"/demands/{deal.thread_id}")


def _is_fit(desk: Desk, path: str) -> None:
    page = desk.opens(path)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    assert desk.grave_findings() == [], path
    assert desk.overflow_px() <= 0, path
