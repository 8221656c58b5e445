"""A supplier's side of trade: a supply is told of, matched, answered, quoted for, won."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, Response, expect

from deploy.sails.demo.cast import Organisation
from deploy.sails.demo.shared_clock import SharedClock
from deploy.sails.demo.story import TERMS
from deploy.sails.waiting import until
from services.client import money
from tests.e2e.scene import Scene
from tests.portal.people import PHONE, Desk, Desks

OWNER = "supplier.owner"
TITLE = "蓝鲸牌声呐浮标组装与校准"
PRICE, BETTER = "481357.60", "472468.90"
CERTIFICATE = {"name": "证书.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n ISO 9001"}
SHEET = "货号,供给名称,最低价\nZ-1,声呐浮标外壳,1200\nZ-2,声呐浮标缆线,一千\n"


@pytest.fixture(scope="module")
def owner(scene: Scene) -> Organisation:
    """A supplier nobody else's test acts as."""
    return scene.company.bidder(sorted(scene.company.suppliers)[-1])


@pytest.fixture(scope="module")
def rival(scene: Scene) -> Organisation:
    return scene.company.bidder(sorted(scene.company.suppliers)[-2])


def listening(desk: Desk) -> list[str]:
    """The bodies that the browser receives from now on."""
    heard: list[str] = []

    def hear(response: Response) -> None:
        if "/api/v1/" in response.url and not response.url.endswith("/stream"):
            heard.append(response.text())

    desk.page.on("response", hear)
    return heard


def publish(scene: Scene, title: str = TITLE) -> dict[str, Any]:
    """A buyer wants this."""
    purchaser = scene.company.buyers[0]["buyer.purchaser"]
    closes = SharedClock(scene.stage.operator).now() + timedelta(days=3)
    wish = {
        "title": "采购" + title, "text": title, "budget": money(600_000_00),
        "quote_deadline_at": closes.isoformat(), "terms": TERMS, "publish": True,
        "category": title,
    }  # fmt: skip
    return purchaser.does("/demands", wish)


def fill_in(page: Page) -> None:
    """As its owner does, with the hints rising."""
    status = page.get_by_role("complementary", name="完善度").get_by_role("status")
    expect(status).to_have_text(re.compile("已完善 0 /"))
    page.get_by_label("供给名称").fill(TITLE)
    page.get_by_label("说明", exact=True).fill(TITLE + "，批量交付")
    expect(status).to_have_text(re.compile("已完善 2 /"))
    page.get_by_label("能力").first.fill("检测")
    page.get_by_role("list", name="可选的能力").get_by_role("button").first.click()
    page.get_by_role("button", name="添加资质").click()
    page.get_by_label("资质", exact=True).fill("ISO 9001 质量管理体系认证")
    page.get_by_label("有效期至").first.fill("2098-01-31")
    page.get_by_label("最低价").fill("45万元整")
    page.get_by_role("button", name="保存并提交核验").click()  # nothing is sent, nothing dropped
    expect(page.get_by_text("处填写不正确")).to_be_visible()
    expect(page.get_by_label("最低价")).to_be_focused()
    page.get_by_label("最低价").fill("45万")
    expect(page.get_by_text("人民币肆拾伍万元整")).to_be_visible()
    page.get_by_label("产能").fill("50")
    page.get_by_label("交付天数").fill("20")
    expect(status).to_have_text(re.compile("已完善 8 /"))


def test_a_supply_is_made_verified_matched_quoted_for_and_won(
    scene: Scene, desks: Desks, owner: Organisation, rival: Organisation
) -> None:
    desk, other = desks.of(owner, OWNER), desks.of(rival, OWNER)
    heard = listening(other)
    page = desk.opens("/supplies/new")
    fill_in(page)
    page.reload()  # the draft is kept
    expect(page.get_by_label("供给名称")).to_have_value(TITLE)
    page.get_by_role("button", name="保存并提交核验").click()
    expect(page.get_by_text("运营机构核验中")).to_be_visible()
    supply_id = page.url.rsplit("/", 1)[-1]
    supply = owner[OWNER].sees(f"/supplies/{supply_id}")
    assert (supply["state"], supply["lead_time_days"]) == ("verifying", 20)
    assert supply["price_min"]["amount"] == "450000.00"
    other.opens("/evidence")
    expect(other.page.locator("[aria-busy=true]")).to_have_count(0)
    expect(other.page.get_by_text("还没有文件")).to_be_visible()
    other.page.locator('input[type="file"]').set_input_files([CERTIFICATE])
    other.page.get_by_role("button", name="上传所选文件").click()
    expect(other.page.get_by_role("link", name="证书.pdf")).to_be_visible()
    expect(other.page.get_by_text("资质证书 · ")).to_be_visible()
    scene.stage.operator.post(f"/supplies/{supply_id}/activate", {}, version=supply["sequence"])
    expect(page.get_by_text("已上架，参与匹配")).to_be_visible()

    page.get_by_role("link", name="我的匹配").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("我的匹配")
    demand = publish(scene)
    row = page.get_by_role("row").filter(has_text=demand["title"])
    expect(row).to_be_visible()  # by itself
    row.get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="为什么匹配")).to_be_visible()
    expect(page.get_by_text("文字相近")).to_be_visible()
    page.get_by_role("button", name="有意报价").click()
    page.get_by_role("link", name="去报价").click()

    page.get_by_label("报价金额").fill(PRICE)
    expect(page.get_by_text("人民币肆拾捌万壹仟叁佰伍拾柒元陆角整")).to_be_visible()
    page.get_by_label("交付天数").fill("18")
    page.get_by_label("有效期至").fill(
        (datetime.fromisoformat(demand["quote_deadline_at"]) + timedelta(days=30))
        .date()
        .isoformat()
    )
    other.opens(f"/demands/{demand['id']}/answer")
    page.get_by_role("button", name="密封提交").click()
    expect(page.get_by_text("¥481,357.60")).to_be_visible()
    page.get_by_role("button", name="替换报价").click()
    page.get_by_label("报价金额").fill(BETTER)
    page.get_by_role("button", name="密封替换").click()
    expect(page.get_by_text("¥472,468.90")).to_be_visible()
    expect(page.get_by_text("替换报价", exact=True).first).to_be_visible()
    quote_id = page.url.rsplit("/", 1)[-1]
    quote = owner[OWNER].sees(f"/quotes/{quote_id}")
    assert (quote["state"], quote["price"]) == ("sealed", None)
    for path in ("/quotes", f"/quotes/{quote_id}", "/matches"):
        other.opens(path)
        expect(other.page.get_by_role("main")).not_to_be_empty()

    clock = SharedClock(scene.stage.operator)
    clock.reach(datetime.fromisoformat(demand["quote_deadline_at"]) + timedelta(minutes=1))
    expect(page.get_by_text("已开启").first).to_be_visible()
    purchaser = scene.company.buyers[0]["buyer.purchaser"]
    path = f"/demands/{demand['id']}"
    until("opened", lambda: purchaser.sees(path)["state"] == "evaluating")
    purchaser.does(f"{path}/award", {"quote_id": quote_id})
    phone = desks.of(owner, OWNER, PHONE)
    thumb = phone.opens(path)  # where the step of the day leads to
    expect(thumb.get_by_text("您已中标，请确认成交")).to_be_visible()
    assert phone.overflow_px() <= 0
    thumb.get_by_role("button", name="确认成交").click()
    sure = thumb.get_by_role("dialog")
    expect(sure).to_contain_text("确认后按您的报价起草合同")
    sure.get_by_role("button", name="确认成交").click()
    expect(thumb.get_by_text("本单位中标")).to_be_visible()
    assert owner[OWNER].sees(path)["state"] == "contracting"
    assert heard
    assert not [body for body in heard if PRICE in body or BETTER in body]
    for each in (desk, other, phone):
        each.is_well()


def test_a_demand_of_the_hall_is_answered_with_a_supply_of_ones_own(
    scene: Scene, desks: Desks, owner: Organisation
) -> None:
    demand = publish(scene, "园林绿化养护")  # which is nothing that the machine would tell it of
    desk = desks.of(owner, OWNER)
    page = desk.opens(f"/demands/{demand['id']}/answer")
    page.get_by_role("radio", name=TITLE).check()
    expect(page.get_by_text("供方核验有效至")).to_be_visible()
    page.get_by_role("button", name="进入并报价").click()
    expect(page.get_by_role("button", name="密封提交")).to_be_visible()
    [match] = owner[OWNER].finds("/matches", demand["id"])
    assert (match["state"], match["source"]) == ("interested", "supplier")
    page = desk.opens(f"/matches/{match['id']}")
    page.get_by_role("button", name="婉拒").click()
    page.get_by_label("不属于我方业务").check()
    page.get_by_role("button", name="确定").click()
    expect(page.get_by_text("已婉拒")).to_be_visible()
    assert owner[OWNER].sees(f"/matches/{match['id']}")["reason_code"] == "not_our_field"
    desk.is_well()


def test_what_one_did_is_shown_though_no_fact_arrives(desks: Desks, owner: Organisation) -> None:
    desk = desks.of(owner, OWNER)
    desk.page.route("**/api/v1/stream", lambda _: None)  # which nobody answers
    page = desk.opens("/supplies/new")
    page.get_by_label("供给名称").fill("缆绳编接")
    page.get_by_label("说明", exact=True).fill("手工编接，按米计")
    page.get_by_role("button", name="保存草稿").click()
    page.get_by_role("button", name="提交核验", exact=True).click()
    expect(page.get_by_text("运营机构核验中")).to_be_visible()
    page.get_by_role("button", name="下架").click()
    page.get_by_role("dialog").get_by_role("button", name="下架").click()
    expect(page.get_by_text("已下架").first).to_be_visible()
    desk.is_well()


def test_a_claim_that_is_not_ticked_is_named_before_it_is_approved(
    desks: Desks, owner: Organisation
) -> None:
    deal = {"title": "航标浮筒加工", "buyer": "清源船舶有限公司", "date": "2025-06-01"}
    wish = {"title": "浮筒加工", "text": "浮筒加工", "claimed_deals": [deal]}
    supply = owner[OWNER].does("/supplies", wish)
    owner[OWNER].does(f"/supplies/{supply['id']}/submit")
    desk = desks.operator()
    page = desk.opens(f"/verification/{supply['id']}")
    page.get_by_role("button", name="通过核验").click()
    asked = page.get_by_role("dialog", name="还有内容没有勾选")
    expect(asked.get_by_role("listitem")).to_have_text([deal["title"]])
    assert owner[OWNER].sees(f"/supplies/{supply['id']}")["state"] == "verifying"
    asked.get_by_role("button", name="返回核对").click()
    page.locator("label").filter(has_text=deal["title"]).click()
    page.get_by_role("button", name="通过核验").click()  # nothing is left to be asked
    expect(page).to_have_url(re.compile("/verification$"))
    found = owner[OWNER].sees(f"/supplies/{supply['id']}")
    assert [one["title"] for one in found["track_record"]] == [deal["title"]]
    desk.is_well()


def test_a_file_with_one_bad_row_says_what_became_of_each(
    desks: Desks, owner: Organisation
) -> None:
    desk = desks.of(owner, OWNER)
    page = desk.opens("/imports")
    file = {"name": "supplies.csv", "mimeType": "text/csv", "buffer": SHEET.encode()}
    page.get_by_label("选择文件").set_input_files([file])
    page.get_by_role("button", name="开始导入").click()
    expect(page.get_by_text("2 / 2 行")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="最低价")).to_contain_text("失败")
    expect(page.get_by_role("row").filter(has_text="已导入")).to_have_count(1)
    desk.is_well()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_pages_are_accessible_and_fit_a_phone(
    desks: Desks, owner: Organisation, language: str
) -> None:
    desk = desks.of(owner, OWNER, PHONE)
    desk.opens("/supplies")
    desk.speaks(language)
    found: list[tuple[str, str | int]] = []
    for path in pages(owner):
        page = desk.opens(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.locator("[aria-busy=true]")).to_have_count(0)
        found += [(path, one) for one in desk.grave_findings()]
        found += [(path, desk.overflow_px())] if desk.overflow_px() > 0 else []
    assert found == []
    desk.is_well()


def pages(owner: Organisation) -> Iterator[str]:
    """Those of the areas, and one thing of each kind that there is."""
    yield from ("/supplies", "/supplies/new", "/evidence", "/imports", "/matches", "/quotes")
    for kind in ("supplies", "matches", "quotes", "imports"):
        for one in list(owner[OWNER].client.items(f"/{kind}"))[:1]:
            yield f"/{kind}/{one['id']}"
    for one in list(owner[OWNER].client.items("/supplies"))[:1]:
        yield f"/supplies/{one['id']}/edit"
