"""From the signed word to the confirmed claim, by the people of both sides in their browsers."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from deploy.sails.demo import owing, trade
from deploy.sails.demo.cast import Organisation
from deploy.sails.demo.deal import Deal
from deploy.sails.waiting import until
from services.client import fen, money
from services.orders.rules.owing import daily_late_rate, late_interest
from tests.e2e.scene import Scene
from tests.portal.acts import agrees_to_a_key, signs
from tests.portal.people import PASSWORD, PHONE, Desk, Desks

CLAIMED_FEN = 1_000_00
OTHER_PASSWORD = "another wind and the same sails"
LOADING = {"zh-CN": "正在读取", "en": "Loading"}


@pytest.fixture(scope="module")
def asked(scene: Scene) -> Deal:
    """A deal whose debtor was asked to confirm all that it owes."""
    return scene.carried_to(owing.confirm, 1)


def presses(page: Page, name: str) -> None:
    """A button that asks first; what it asks is said yes to."""
    page.get_by_role("button", name=name, exact=True).first.click()
    page.get_by_role("dialog").get_by_role("button", name=name, exact=True).click()


def name_of(organisation: Organisation, duty: str) -> str:
    """Under which a person is known here."""
    person = organisation[duty]
    return str(person.sees(f"/users/{person.user_id}")["name"])


def state(page: Page, word: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(word)


def cleared(deal: Deal) -> str:
    """The contract of the deal, once the rules have no objection; its id."""
    purchaser, path = deal.buyer["buyer.purchaser"], f"/demands/{deal.thread_id}"
    id = str(until("the contract", lambda: purchaser.sees(path).get("contract_id")))
    until("the rules", lambda: purchaser.sees(f"/contracts/{id}")["state"] == "cleared")
    return id


def signed(deal: Deal, desks: Desks) -> tuple[Desk, Desk]:
    """The buyer starts and signs on a phone; the supplier sees it and signs."""
    id = cleared(deal)
    buyer = desks.of(deal.buyer, "buyer.purchaser", PHONE)
    supplier = desks.of(deal.supplier, "supplier.owner")
    theirs, ours = supplier.opens(f"/contracts/{id}"), buyer.opens(f"/contracts/{id}")
    state(theirs, "规则检查通过")
    presses(ours, "发起签署")
    state(theirs, "签署中")
    signs(ours, "签署合同")
    expect(ours.get_by_text("签署于")).to_be_visible()
    expect(theirs.get_by_text("签署于")).to_be_visible()  # nobody has reloaded it
    signs(theirs, "签署合同")
    state(theirs, "履行中")
    state(ours, "履行中")
    deal.contract = deal.buyer["buyer.purchaser"].sees(f"/contracts/{id}")
    assert len(deal.contract["signatures"]) == 2
    for page, side, duty in (
        (ours, deal.supplier, "supplier.owner"),
        (theirs, deal.buyer, "buyer.purchaser"),
    ):
        other = page.get_by_role("listitem").filter(has_text=side.name)
        expect(other.locator("strong")).to_have_text(name_of(side, duty))
    return buyer, supplier


def delivered(buyer: Desk, supplier: Desk) -> None:
    """Shipped and arrived by the supplier, accepted by the buyer with one thumb."""
    page = supplier.page
    presses(page, "登记发货")
    page.get_by_role("table", name="交付").get_by_role("link").click()
    state(page, "在途")
    presses(page, "登记到货")
    state(page, "待验收")
    theirs = buyer.opens(page.url.split("/portal", 1)[1])
    theirs.get_by_role("button", name="验收", exact=True).click()
    dialog = theirs.get_by_role("dialog")
    dialog.get_by_label("只验收一部分").check()
    dialog.get_by_label("验收金额").fill("99,999,999,999")
    expect(dialog.get_by_text("超过本次交付金额")).to_be_visible()
    expect(dialog.get_by_role("button", name="验收", exact=True)).to_be_disabled()
    dialog.get_by_label("全部验收").check()
    dialog.get_by_role("button", name="验收", exact=True).click()
    state(buyer.page, "已验收")
    state(page, "已验收")
    expect(buyer.page.get_by_text("到期日").first).to_be_visible()


def entered(deal: Deal, desk: Desk) -> dict[str, Any]:
    """The accountant enters a claim by its invoice and asks for confirmation."""
    page = desk.opens(f"/receivables/new?contract={deal.contract['id']}")
    page.get_by_label("发票号码").fill("25112000000000000001")
    page.get_by_label("开票日期").fill(deal.clock.today().isoformat())
    page.get_by_label("价税合计").fill("1130.00")
    page.get_by_label("税额").fill("2000.00")
    page.get_by_label("申报金额").fill("1000.00")
    expect(page.get_by_text("不能提交")).to_be_visible()
    expect(page.get_by_role("button", name="提交")).to_be_disabled()
    page.get_by_label("税额").fill("130.00")
    page.get_by_role("button", name="提交").click()
    state(page, "待请求确权")
    presses(page, "请求确权")
    state(page, "待经办确权")
    return deal.supplier["supplier.accountant"].sees(f"/receivables/{page.url.rsplit('/', 1)[1]}")


def claimed(deal: Deal, number: str) -> dict[str, Any]:
    """One more claim of the same contract, by the supplier's own system."""
    accountant = deal.supplier["supplier.accountant"]
    [payable, *_] = accountant.finds("/payables", deal.thread_id)
    today = deal.clock.today().isoformat()
    invoice = {"number": number, "issued_on": today, "total": money(CLAIMED_FEN), "tax": money(100)}
    body = {"payable_ids": [payable["id"]], "invoice": invoice, "claimed": money(CLAIMED_FEN)}
    claim = accountant.does("/receivables", body)
    return accountant.does(f"/receivables/{claim['id']}/request-confirmation")


def in_batch(page: Page, numbers: list[str], action: str) -> None:
    """Choose these and have them done one after the other."""
    for number in numbers:
        page.get_by_label(f"选择 {number}").check()
    page.get_by_role("button", name=f"{action}所选 2 笔").first.click()
    dialog = page.get_by_role("dialog")
    agrees_to_a_key(page)
    dialog.get_by_role("button", name=f"{action}所选 2 笔").dblclick()
    expect(dialog.get_by_text("完成 2 笔，未完成 0 笔")).to_be_visible()
    dialog.get_by_role("contentinfo").get_by_role("button", name="关闭").click()


def test_from_the_signed_word_to_the_confirmed_claim(scene: Scene, desks: Desks) -> None:
    deal = scene.carried_to(trade.sign_contract)
    delivered(*signed(deal, desks))
    accountant = desks.of(deal.supplier, "supplier.accountant")
    claims = [entered(deal, accountant), claimed(deal, "25112000000000000002")]
    numbers = [claim["number"] for claim in claims]
    maker = desks.of(deal.buyer, "buyer.maker")
    in_batch(maker.opens("/confirmations"), numbers, "办理")
    page = maker.opens("/confirmations?tab=sign")
    expect(page.get_by_text("您的岗位不能复核签署")).to_be_visible()
    checker = desks.of(deal.buyer, "buyer.checker", PHONE)
    in_batch(checker.opens("/confirmations"), numbers, "签署")
    state(accountant.page, "已确权")  # nobody has reloaded it
    signatory = accountant.page.locator("section").filter(has_text="确权签署人").locator("strong")
    expect(signatory.first).to_have_text(name_of(deal.buyer, "buyer.checker"))
    for claim in claims:
        found = deal.buyer["buyer.checker"].sees(f"/receivables/{claim['id']}")
        assert (found["state"], fen(found["confirmed"])) == ("confirmed", CLAIMED_FEN)
    for desk in desks.all:
        desk.is_well()


def test_a_refusal_shows_its_reason_and_the_claim_can_be_mended(asked: Deal, desks: Desks) -> None:
    path = f"/receivables/{asked.receivable['id']}"
    accountant = desks.of(asked.supplier, "supplier.accountant")
    state(accountant.opens(path), "待经办确权")
    maker = desks.of(asked.buyer, "buyer.maker", PHONE)
    page = maker.opens(path)
    page.get_by_role("button", name="拒绝确权").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("发票信息有误").check()
    dialog.get_by_label("补充说明").fill("税号不对")
    dialog.get_by_role("button", name="确定").click()
    state(page, "被拒绝确权")
    page = accountant.page
    expect(page.get_by_text("发票信息有误")).to_be_visible()
    expect(page.get_by_text("税号不对")).to_be_visible()
    refused = f"拒绝人 {asked.buyer.name} 确权经办"
    expect(page.get_by_text(refused)).to_be_visible()
    expect(maker.page.get_by_text(refused)).to_contain_text(name_of(asked.buyer, "buyer.maker"))
    page.get_by_label("发票号码").fill("25112000000000000009")
    page.get_by_role("button", name="重新提交").click()
    state(page, "待请求确权")
    presses(page, "请求确权")
    page = maker.page
    state(page, "待经办确权")
    page.get_by_role("button", name="办理确权").click()
    page.get_by_label("只确认一部分").check()
    page.get_by_label("确认金额").fill("100.00")
    page.get_by_role("dialog").get_by_role("button", name="办理确权").click()
    expect(page.get_by_text("您是经办人")).to_be_visible()
    expect(page.get_by_role("button", name="复核签署")).to_have_count(0)
    changed_under_the_hand(asked, desks.of(asked.buyer, "buyer.checker"))
    accountant.is_well()
    maker.is_well()


def changed_under_the_hand(deal: Deal, checker: Desk) -> None:
    """What was read stays there to be read, and is not signed any more."""
    path = f"/receivables/{deal.receivable['id']}"
    page = checker.opens(path)
    page.get_by_role("button", name="复核签署").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("¥100.00")
    deal.buyer["buyer.maker"].does(f"{path}/prepare", {"confirmed": money(90_00)})
    expect(dialog.get_by_role("alert")).to_contain_text("已变更")
    expect(dialog).to_contain_text("¥100.00")
    expect(dialog.get_by_role("button", name="签署", exact=True)).to_be_disabled()
    dialog.get_by_role("button", name="取消").click()
    page.get_by_role("button", name="复核签署").click()
    expect(dialog).to_contain_text("¥90.00")
    agrees_to_a_key(page)
    expect(dialog.get_by_role("button", name="签署", exact=True)).to_be_enabled()
    checker.is_well()


def test_the_buyer_says_that_it_paid_and_the_supplier_records_what_came(
    asked: Deal, desks: Desks
) -> None:
    id = asked.payables[0]["id"]
    accountant = asked.supplier["supplier.accountant"]
    before = accountant.sees(f"/payables/{id}")
    payer = desks.of(asked.buyer, "buyer.purchaser", PHONE)
    payee = desks.of(asked.supplier, "supplier.accountant")
    ours, theirs = payer.opens(f"/payables/{id}"), payee.opens(f"/payables/{id}")
    expect(ours.get_by_text(f"没有收到债权转让通知：付给{asked.supplier.name}")).to_be_visible()
    ours.get_by_role("button", name="告知已付款").click()
    dialog = ours.get_by_role("dialog")
    expect(dialog).to_contain_text(f"收款方 {asked.supplier.name}")
    dialog.get_by_label("银行流水号或凭证号").fill("GH-2026-1")
    dialog.get_by_label("付款金额").fill("99,999,999,999")
    expect(dialog.get_by_text("超过未付金额减去待核对付款")).to_be_visible()
    dialog.get_by_label("付款金额").fill("12.00")
    buttons = dialog.get_by_role("contentinfo").get_by_role("button").all()
    assert len({button.bounding_box()["x"] for button in buttons}) == 1  # one below the other
    dialog.get_by_role("button", name="告知已付款").dblclick()
    said = theirs.get_by_role("listitem").filter(has_text="GH-2026-1")  # nobody has reloaded it
    expect(said).to_contain_text("¥12.00")
    expect(said).to_contain_text("待收款方核对")
    now = accountant.sees(f"/payables/{id}")
    assert (now["paid"], now["state"]) == (before["paid"], before["state"])
    theirs.get_by_role("button", name="登记收款").click()
    dialog = theirs.get_by_role("dialog")
    dialog.get_by_label("收款金额").fill("11.00")
    dialog.get_by_label("银行流水号或凭证号").fill("HX-77")
    dialog.get_by_role("button", name="登记收款").click()
    for page in (ours, theirs):
        expect(page.get_by_text("收款方此后已登记收款")).to_be_visible()
    ours.get_by_role("button", name="告知已付款").click()
    dialog = ours.get_by_role("dialog")
    dialog.get_by_label("银行流水号或凭证号").fill("GH-2026-1")
    dialog.get_by_label("付款金额").fill("1.00")
    dialog.get_by_role("button", name="告知已付款").click()
    expect(dialog.get_by_role("alert")).to_have_text("该付款凭证号已告知收款方")  # once
    dialog.get_by_role("button", name="取消").click()
    for desk in (payer, payee):
        assert (desk.grave_findings(), max(desk.overflow_px(), 0)) == ([], 0)
        desk.is_well()


def test_what_lateness_has_cost_is_told_by_whole_days(asked: Deal, desks: Desks) -> None:
    id, purchaser = asked.payables[0]["id"], asked.buyer["buyer.purchaser"]
    owed, clock = purchaser.sees(f"/payables/{id}"), purchaser.sees("/clock")
    contract = purchaser.sees(f"/contracts/{owed['contract_id']}")
    due, late = date.fromisoformat(owed["due_date"]), timedelta(days=4)
    ahead = due + late - asked.clock.today()
    shown = clock | {"offset_s": clock["offset_s"] + int(ahead.total_seconds())}
    rate = daily_late_rate(contract["terms"], True, asked.clock.today())
    left_fen = fen(owed["amount"]) - fen(owed["paid"])
    interest = money(late_interest(left_fen, due, due + late, rate))["amount"]
    desk = desks.of(asked.buyer, "buyer.purchaser", PHONE)
    desk.page.route("**/api/v1/clock", lambda route: route.fulfill(json=shown))
    page = desk.opens(f"/payables/{id}")
    expect(page.get_by_text("已超过 4 天")).to_be_visible()
    expect(page.get_by_text("已逾期 4 天")).to_contain_text(f"¥{Decimal(interest):,}")
    assert (desk.grave_findings(), max(desk.overflow_px(), 0)) == ([], 0)
    desk.opens("/payables")
    expect(page.get_by_text("已超过 4 天").first).to_be_visible()
    desk.is_well()


def test_whose_key_is_elsewhere_makes_one_and_changes_the_password(
    asked: Deal, desks: Desks
) -> None:
    desk = desks.of(asked.buyer, "buyer.checker")
    page = desk.opens("/account")
    expect(page.get_by_text("您的密钥在另一个浏览器中")).to_be_visible()
    page.get_by_role("button", name="在本浏览器生成密钥").click()
    expect(page.get_by_text("本浏览器有您的签名密钥")).to_be_visible()
    for old, new in ((PASSWORD, OTHER_PASSWORD), (OTHER_PASSWORD, PASSWORD)):
        page.get_by_label("现在的密码").fill(old)
        page.get_by_label("新密码", exact=True).fill(new)
        page.get_by_label("再次输入密码").fill(new)
        page.get_by_role("button", name="修改密码").click()
        expect(page.get_by_label("现在的密码")).to_have_value("")
    page.reload()
    expect(page.get_by_text("本浏览器有您的签名密钥")).to_be_visible()
    desk.is_well()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_pages_are_accessible_and_fit_a_phone(asked: Deal, desks: Desks, language: str) -> None:
    [delivery] = asked.supplier["supplier.owner"].finds("/deliveries", asked.thread_id)
    claim = f"/receivables/{asked.receivable['id']}"
    owed = f"/payables/{asked.payables[0]['id']}"
    ours = ["/payables", owed, claim, "/confirmations", "/account"]
    theirs = [
        "/contracts", f"/contracts/{asked.contract['id']}", f"/deliveries/{delivery['id']}",
        owed, "/receivables", claim,
        f"/receivables/new?contract={asked.contract['id']}",
    ]  # fmt: skip
    buyer = desks.of(asked.buyer, "buyer.maker", PHONE)
    supplier = desks.of(asked.supplier, "supplier.owner", PHONE)
    for desk, places in ((buyer, ours), (supplier, theirs)):
        desk.opens("/account")
        desk.speaks(language)
        for place in places:
            page = desk.opens(place)
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            expect(page.get_by_label(LOADING[language])).to_have_count(0)
            assert (place, desk.grave_findings()) == (place, [])
            assert (place, max(desk.overflow_px(), 0)) == (place, 0)
        desk.is_well()
