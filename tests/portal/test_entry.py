"""Coming in: signing in by the form, being sent back to where one wanted to go, leaving."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.scene import Scene
from tests.portal.people import PASSWORD, PHONE, Desks


class Held:
    """Requests that wait for their answers, all but the first `at_once`."""

    def __init__(self, at_once: int = 1) -> None:
        self.at_once, self.waiting, self.is_over = at_once, list[Route](), False

    def hold(self, route: Route) -> None:
        if self.is_over or self.at_once > 0:
            self.at_once -= 1
            route.continue_()
        else:
            self.waiting.append(route)

    def answered(self, page: Page) -> None:
        """The page has every answer that it waits for; what it asks for from now on it gets."""
        self.is_over = True
        for route in self.waiting:
            with page.expect_response(route.request.url):
                route.continue_()


def test_whoever_is_not_signed_in_is_asked_to_and_then_gets_where_they_wanted(
    scene: Scene, desks: Desks
) -> None:
    buyer = scene.company.buyers[0]
    person = buyer["buyer.purchaser"]
    desks.of(buyer, "buyer.purchaser")  # has chosen a login and a password
    stranger = desks.stranger()
    page = stranger.opens("/nowhere?x=1")
    expect(page).to_have_url(re.compile(r"/portal/sign-in\?next="))
    page.get_by_label("登录名").fill(f"u-{person.user_id}")
    page.get_by_label("密码", exact=True).fill("not this one")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page).to_have_url(re.compile(r"/portal/nowhere\?x=1$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("没有找到")
    stranger.is_well()


def test_an_invited_person_chooses_login_and_password_by_the_link(
    scene: Scene, desks: Desks
) -> None:
    buyer = scene.company.buyers[1]
    body = {"name": "周迅", "roles": ["buyer.purchaser"]}
    purchaser = buyer["buyer.purchaser"].client
    user = purchaser.post("/users", body)
    code = purchaser.post(f"/users/{user['id']}/invite")["secret"]
    desk = desks.stranger()
    page = desk.opens(f"/activate#{code}")
    expect(page.get_by_label("邀请码")).to_have_value(code)
    page.get_by_label("登录名").fill("zhou.xun@example.cn")
    page.get_by_label("新密码").fill("a long enough sentence")
    page.get_by_label("再次输入密码").fill("a long enough sentence")
    page.get_by_role("button", name="激活并登录").click()
    expect(page.get_by_text("周迅", exact=True)).to_be_visible()
    desk.is_well()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_ways_in_are_accessible_and_fit_a_phone(desks: Desks, language: str) -> None:
    desk = desks.stranger(PHONE)
    desk.opens("/sign-in")
    desk.speaks(language)
    for path in ("/sign-in", "/activate"):
        page = desk.opens(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert desk.grave_findings() == []
        assert desk.overflow_px() <= 0
    desk.is_well()


def test_signing_out_leaves_nothing_open(scene: Scene, desks: Desks) -> None:
    desk = desks.of(scene.company.buyers[0], "buyer.purchaser")
    page = desk.opens("/demands/new?step=2")
    page.get_by_label("名称").fill("还没写完的需求")
    expect(page.get_by_text("草稿已保存在本浏览器")).to_be_visible()
    page.get_by_role("button", name="张敏").click()
    page.get_by_role("menuitem", name="退出登录").click()
    expect(page).to_have_url(re.compile("/portal/sign-in"))
    # The device is known again, which opens nothing.
    assert [cookie["name"] for cookie in desk.context.cookies()] == ["sails_device"]
    assert desk.context.request.get(f"{scene.url}/api/v1/session").status == 401
    assert page.evaluate("Object.keys(localStorage).filter(key => key.includes('draft'))") == []
    desk.opens("/")
    expect(page).to_have_url(re.compile("/portal/sign-in"))
    desk.is_well()


def test_whoever_comes_next_in_the_same_tab_sees_nothing_of_the_last(
    scene: Scene, desks: Desks
) -> None:
    first, second = scene.company.buyers[0], scene.company.buyers[1]
    desks.of(second, "buyer.purchaser")  # has chosen a login and a password
    body = {"title": "只给一个人看的采购"}
    demand = first["buyer.purchaser"].client.post("/demands", body)
    desk = desks.of(first, "buyer.purchaser")
    page = desk.opens(f"/demands/{demand['id']}")
    expect(page.get_by_role("heading", level=1)).to_contain_text(demand["title"])
    desk.context.clear_cookies()  # the session has ended
    late = Held()  # a second question about the session is answered when the person has left
    page.route("**/api/v1/session", late.hold)
    # Whichever asks first is told: this link or what the page asks by itself, whose word covers it.
    page.get_by_role("navigation").get_by_role("link", name="合同").first.dispatch_event("click")
    page.get_by_role("button", name="离开，不保留刚才的操作").click()
    late.answered(page)
    page.get_by_label("登录名").fill(f"u-{second['buyer.purchaser'].user_id}")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("banner").get_by_text(second.name)).to_be_visible()
    unanswered = Held(at_once=0)
    page.route(f"**/api/v1/demands/{demand['id']}", unanswered.hold)
    page.go_back()
    expect(page.get_by_role("status", name="正在读取").first).to_be_visible()
    assert demand["title"] not in page.content()
    unanswered.answered(page)
    expect(page.get_by_text("没有找到")).to_be_visible()
    assert demand["title"] not in page.content()
    desk.is_well()
