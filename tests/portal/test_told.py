"""What people and machines are told: notifications and the bell, webhooks and their log."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from standardwebhooks.webhooks import WebhookVerificationError

from deploy.sails.demo import trade
from deploy.sails.demo.cast import Organisation
from tests.e2e.scene import Scene
from tests.integration.gateway.receiver import Receiver
from tests.portal.people import PHONE, Desks
from tests.waiting import eventually


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """The buyer's own system, which fails once."""
    own = Receiver(500)
    yield own
    own.close()


@pytest.fixture
def hook(scene: Scene, receiver: Receiver) -> Iterator[dict[str, Any]]:
    """Of the first buyer, told of people; disabled with the test."""
    purchaser = scene.company.buyers[0]["buyer.purchaser"]
    body = {"url": receiver.url, "event_types": ["user.added.v1"]}
    webhook = purchaser.does("/webhooks", body)
    receiver.secret = webhook["secret"]
    yield webhook
    if purchaser.sees(f"/webhooks/{webhook['id']}")["state"] == "enabled":
        purchaser.does(f"/webhooks/{webhook['id']}/disable")


def adds_a_colleague(buyer: Organisation, name: str) -> str:
    """By a machine of the buyer's; the colleague's id."""
    body = {"name": name, "roles": ["buyer.purchaser"]}
    return str(buyer["buyer.purchaser"].does("/users", body)["id"])


def presses(page: Page, name: str) -> None:
    """A button that asks first; what it asks is said yes to."""
    page.get_by_role("button", name=name, exact=True).first.click()
    page.get_by_role("dialog").get_by_role("button", name=name, exact=True).click()


def test_what_others_did_rings_and_is_read_up_to_a_place(scene: Scene, desks: Desks) -> None:
    deal = scene.deal()
    desk = desks.of(deal.buyer, "buyer.checker")
    desk.opens("/notifications?tab=unread")
    page = desk.page
    page.get_by_role("button", name="全部标为已读").click()
    bell = page.get_by_role("banner").get_by_role("link", name="消息")
    expect(bell).to_have_accessible_name("消息")
    expect(page.get_by_text("没有未读消息")).to_be_visible()
    trade.publish(deal)
    adds_a_colleague(deal.buyer, "顾城")
    expect(bell).to_have_accessible_name(re.compile(r"消息，[1-9]\d* 条未读"))  # by itself
    items = page.get_by_role("main").get_by_role("listitem")
    added, published = items.filter(has_text="顾城"), items.filter(has_text="发布需求")
    expect(added).to_contain_text("添加人员")
    expect(added).to_contain_text("本单位同事")
    published.get_by_role("button", name="读到这里").click()
    expect(published).to_have_count(0)
    expect(added).to_have_count(1)
    page.get_by_role("navigation", name="消息").get_by_role("link", name="全部").click()
    expect(published.first.get_by_role("link", name="交易进程")).to_be_visible()
    published.first.get_by_role("link", name="发布需求").click()
    expect(page).to_have_url(re.compile("/portal/demands/"))
    desk.is_well()


def test_what_somebody_wants_to_hear_nothing_of_does_not_ring(scene: Scene, desks: Desks) -> None:
    buyer = scene.company.buyers[1]
    desk = desks.of(buyer, "buyer.maker")
    page = desk.opens("/notifications?tab=wanted")
    page.get_by_label("人员", exact=True).uncheck()
    expect(page.get_by_text("接收设置已保存")).to_be_visible()
    adds_a_colleague(buyer, "韩东")
    page.get_by_role("navigation", name="消息").get_by_role("link", name="全部").click()
    expect(page.get_by_role("main").get_by_role("listitem").first).to_be_visible()
    expect(page.get_by_text("韩东")).to_have_count(0)
    page = desk.opens("/notifications?tab=wanted")  # kept on the platform, not in the page
    box = page.get_by_label("人员", exact=True)
    expect(box).not_to_be_checked()
    box.check()
    expect(page.get_by_text("接收设置已保存")).to_be_visible()
    desk.opens("/notifications")
    expect(page.get_by_text("韩东")).to_be_visible()
    desk.is_well()


def test_a_webhook_is_registered_tried_and_given_another_secret(
    scene: Scene, desks: Desks, receiver: Receiver
) -> None:
    buyer = scene.company.buyers[0]
    desk = desks.of(buyer, "buyer.purchaser")
    page = desk.opens("/webhooks")
    page.get_by_role("link", name="登记地址").click()
    page.get_by_label("接收地址").fill("ftp://nowhere")
    page.get_by_role("button", name="登记地址").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    page.get_by_label("接收地址").fill(receiver.url)
    page.get_by_label("只推送选定的事件").check()
    page.get_by_role("group").filter(has_text="添加人员").locator("summary").click()
    page.get_by_label("添加人员").check()
    page.get_by_role("button", name="登记地址").click()
    receiver.secret = page.get_by_test_id("secret").inner_text()
    page.get_by_role("button", name="已妥善保存").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("启用")
    page.get_by_role("button", name="连通测试").click()  # the receiver fails once
    log = page.get_by_role("table", name="推送记录")
    expect(log.get_by_role("row", name="连通测试")).to_contain_text("500")
    presses(page, "更换密钥")
    before, receiver.secret = receiver.secret, page.get_by_test_id("secret").inner_text()
    assert before != receiver.secret
    page.get_by_role("button", name="已妥善保存").click()
    expect(page.get_by_text("旧密钥同时签名至")).to_be_visible()
    colleague = adds_a_colleague(buyer, "西川")
    row = log.get_by_role("row", name="添加人员")
    expect(row).to_contain_text("200")
    [told] = [call for call in receiver.calls if call["type"] == "user.added.v1"]
    assert told["data"]["document"]["id"] == colleague
    presses(page, "停用")
    expect(page.get_by_role("heading", level=1)).to_contain_text("停用")
    expect(page.get_by_role("button", name="重发")).to_have_count(0)
    desk.is_well()


def test_what_was_told_is_told_again_with_the_same_ids(
    scene: Scene, desks: Desks, receiver: Receiver, hook: dict[str, Any]
) -> None:
    buyer = scene.company.buyers[0]
    desk = desks.of(buyer, "buyer.purchaser")
    page = desk.opens(f"/webhooks/{hook['id']}")
    for name in ("欧阳江河", "翟永明"):
        adds_a_colleague(buyer, name)
    log = page.get_by_role("table", name="推送记录")
    answered: Callable[[str], Locator] = lambda status: log.get_by_role("row").filter(  # noqa: E731
        has=page.get_by_text(status, exact=True)
    )
    expect(answered("200")).to_have_count(2)
    page.get_by_role("link", name="失败", exact=True).click()
    expect(answered("500")).to_contain_text("下次重试")
    expect(answered("200")).to_have_count(0)
    page.get_by_role("link", name="成功", exact=True).click()
    expect(answered("500")).to_have_count(0)
    first, second = receiver.told
    again = log.get_by_role("row").filter(has_text=first).get_by_role("button", name="重发")
    again.click()
    dialog = page.get_by_role("dialog", name="重发")
    dialog.get_by_role("button", name="重发").click()
    expect(page.get_by_text("已安排重发")).to_be_visible()
    eventually(lambda: receiver.told == [first, second, first])
    again.first.click()
    dialog.get_by_label("从这一条起").check()
    dialog.get_by_role("button", name="重发").click()
    eventually(lambda: receiver.told == [first, second, first, first, second])
    page.get_by_role("button", name="从某个位置重发").click()
    dialog = page.get_by_role("dialog", name="从某个位置重发")
    dialog.get_by_label("从哪个位置之后重发").fill("999999999999")
    dialog.get_by_role("button", name="重发").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    desk.is_well()


def test_a_receiver_of_another_secret_refuses(receiver: Receiver, hook: dict[str, Any]) -> None:
    """The receiver of these tests does verify what it is told."""
    receiver.secret = "whsec_" + "A" * 32
    with pytest.raises(WebhookVerificationError):
        receiver.take(
            {"webhook-id": "1", "webhook-timestamp": "1", "webhook-signature": "v1,"}, b""
        )


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_everybody_can_use_these_pages(
    scene: Scene, desks: Desks, hook: dict[str, Any], language: str
) -> None:
    buyer = scene.company.buyers[0]
    adds_a_colleague(buyer, "陈东东")
    loading: Callable[[Page], Any] = lambda page: page.locator("[aria-busy=true]")  # noqa: E731
    desk = desks.of(buyer, "buyer.purchaser", PHONE)
    desk.opens("/")
    desk.speaks(language)
    one = f"/webhooks/{hook['id']}"
    for path in ("/notifications", "/notifications?tab=wanted", "/webhooks", "/webhooks/new", one):
        page = desk.opens(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(loading(page)).to_have_count(0)
        assert desk.grave_findings() == [], path
        assert desk.overflow_px() <= 0, path
    expect(page.get_by_role("table")).to_be_visible()
    desk.is_well()
