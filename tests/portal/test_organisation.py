"""An organisation and its people, by the portal: added, invited, mandated, given keys."""

import pytest
from playwright.sync_api import expect

from tests.e2e.scene import Scene
from tests.portal.people import PASSWORD, PHONE, Desks


def test_a_purchaser_adds_a_colleague_who_comes_in_by_the_link(scene: Scene, desks: Desks) -> None:
    buyer = scene.company.buyers[0]
    desk = desks.of(buyer, "buyer.purchaser")
    page = desk.opens("/organisation")
    page.get_by_role("button", name="添加人员").click()
    dialog = page.get_by_role("dialog", name="添加人员")
    dialog.get_by_label("姓名").fill("沈冰")
    dialog.get_by_text("采购", exact=False).first.click()
    dialog.get_by_role("button", name="添加", exact=True).click()
    row = page.get_by_role("row", name="沈冰")  # and at once what the newcomer comes in by
    link = page.get_by_test_id("secret").inner_text()
    page.get_by_role("button", name="已妥善保存").click()

    newcomer = desks.stranger()
    other = newcomer.opens(link.partition("/portal")[2])
    other.get_by_label("登录名").fill("shen.bing")
    other.get_by_label("新密码").fill(PASSWORD)
    other.get_by_label("再次输入密码").fill(PASSWORD)
    other.get_by_role("button", name="激活并登录").click()
    expect(other.get_by_role("button", name="沈冰")).to_be_visible()
    # The purchaser's page, which nobody has reloaded, knows it.
    expect(row).to_contain_text("可登录")
    row.get_by_role("button", name="办理离任").click()
    asked = page.get_by_role("dialog", name="办理离任")
    expect(asked).to_contain_text("沈冰 立即退出所有登录")
    asked.get_by_role("button", name="办理离任").click()
    expect(row).to_contain_text("已离任")
    expect(row.get_by_role("button", name="办理离任")).to_have_count(0)
    assert newcomer.context.request.get(f"{scene.url}/api/v1/session").status == 401
    desk.is_well()
    newcomer.is_well()


def test_duties_beyond_ones_own_are_not_offered_and_say_why(scene: Scene, desks: Desks) -> None:
    seller = scene.company.bidder(next(iter(scene.company.suppliers)))
    desk = desks.of(seller, "supplier.accountant")
    page = desk.opens("/organisation")
    page.get_by_role("button", name="添加人员").click()
    dialog = page.get_by_role("dialog", name="添加人员")
    expect(dialog.get_by_role("checkbox", name="会计")).to_be_enabled()
    expect(dialog.get_by_role("checkbox", name="企业负责人")).to_be_disabled()
    expect(dialog.get_by_text("由本单位最先加入的人员（平台添加）添加或邀请")).to_be_visible()
    desk.is_well()


def test_a_key_is_shown_once_works_and_ends(scene: Scene, desks: Desks) -> None:
    desk = desks.of(scene.company.buyers[0], "buyer.purchaser")
    page = desk.opens("/keys")
    page.get_by_role("button", name="新建密钥").click()
    made = page.get_by_role("dialog").get_by_role("button", name="新建密钥")
    expect(made).to_be_disabled()  # without a name nobody knows later whose it is
    page.get_by_role("dialog").get_by_label("名称").fill("ERP 采购接口")
    made.click()
    secret = page.get_by_test_id("secret").inner_text()
    page.get_by_role("button", name="已妥善保存").click()
    asked = desk.context.request.get(
        f"{scene.url}/api/v1/demands", headers={"Authorization": f"Bearer {secret}"}
    )
    assert asked.ok
    row = page.get_by_role("row", name=secret.split("_")[1])
    expect(row).to_contain_text("ERP 采购接口")
    page.reload()
    expect(row).not_to_contain_text("没有记录")  # it was used today
    row.get_by_role("button", name="撤销").click()
    page.get_by_role("dialog").get_by_role("button", name="撤销").click()
    expect(row.get_by_role("button", name="撤销")).to_have_count(0)
    desk.is_well()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_everybody_can_use_these_pages(scene: Scene, desks: Desks, language: str) -> None:
    desk = desks.of(scene.company.buyers[0], "buyer.purchaser", PHONE)
    desk.opens("/")
    desk.speaks(language)
    for path in ("/", "/organisation", "/keys", "/authorisations"):
        page = desk.opens(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.locator("[aria-busy=true]")).to_have_count(0)
        assert desk.grave_findings() == [], path
        assert desk.overflow_px() <= 0, path
    desk.is_well()
