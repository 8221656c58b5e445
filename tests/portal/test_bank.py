"""A bank's people at their desks: from the masked teaser to the loan in the portfolio."""

import random
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import FloatRect, Locator, Page, expect

from deploy.sails.demo import financing
from deploy.sails.demo.cast import VALID_UNTIL, Organisation
from deploy.sails.demo.deal import Deal
from deploy.sails.demo.person import Document
from deploy.sails.samples.credit import credit_code
from deploy.sails.waiting import until
from services.client import fen, money
from tests.e2e.scene import Scene
from tests.portal.people import PHONE, Desk, Desks

pytestmark = pytest.mark.timeout(300)  # whichever is first waits for the company, too
MAKER, APPROVER, SYSTEM = "bank.maker", "bank.approver", "bank.system"
LIMIT_FEN = 1_000_000_000_00
FEE = "120.50"
JUST_AFTER = timedelta(minutes=1)


@dataclass
class Asked:
    """A supplier's applications: to be opened and lent on, opened, to be declined, masked."""

    bank: Organisation
    deal: Deal
    first: Document
    opened: Document
    unwanted: Document
    masked: Document

    def open_first(self) -> None:
        """The applicant lets the bank see the first one, too."""
        owner = self.deal.supplier["supplier.owner"]
        body = {"authorisation_id": authorise(self.deal, self.bank)}
        owner.does(f"/applications/{self.first['id']}/open-to", body)


@pytest.fixture(scope="module")
def bank(scene: Scene) -> Organisation:
    """One without a system that answers by itself: its people do everything here."""
    registrar = scene.company.registrar
    code = credit_code(random.Random(scene.url), "110108")
    body = {"name": "中关村示范银行", "capacities": ["bank"], "credit_code": code}
    [found] = registrar.register([body])
    registrar.verify(found)
    registrar.staff(found)
    limit = found[MAKER].does("/limits", {"scope": "total", "granted": money(LIMIT_FEN)})
    found[APPROVER].does(f"/limits/{limit['id']}/approve")
    return found


@pytest.fixture(scope="module")
def asked(scene: Scene, bank: Organisation) -> Asked:
    deal = scene.carried_to(financing.apply, 2)
    other = scene.company.banks[0].organisation
    whole = fen(deal.receivable["confirmed"])
    return Asked(
        bank,
        deal,
        apply(deal, other, whole // 2, hours=24),
        apply(deal, bank, whole // 4),
        apply(deal, bank, whole // 8),
        apply(deal, other, whole // 16),
    )


def authorise(deal: Deal, recipient: Organisation) -> str:
    body = {"recipient_ids": [recipient.id], "items": financing.ITEMS, "purpose": "融资审查",
            "valid_until": VALID_UNTIL.isoformat()}  # fmt: skip
    return str(deal.supplier["supplier.owner"].does("/authorisations", body)["id"])


def apply(deal: Deal, recipient: Organisation, amount_fen: int, hours: int = 240) -> Document:
    body = {
        "shares": [{"receivable_id": deal.receivable["id"], "amount": money(amount_fen)}],
        "authorisation_id": authorise(deal, recipient),
        "offer_window_hours": hours,
    }
    return deal.supplier["supplier.owner"].does("/applications", body)


def presses(page: Page, name: str) -> None:
    """A button that asks first; what it asks is said yes to."""
    page.get_by_role("button", name=name, exact=True).first.click()
    answers(page, name)


def answers(page: Page, name: str) -> None:
    page.get_by_role("dialog").get_by_role("button", name=name, exact=True).click()


def state(page: Page, word: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(word)


def figure(page: Page, name: str) -> str:
    """As it is shown, without its sign or its commas."""
    return re.sub(r"[¥,%]", "", page.locator(f"[data-figure={name}]").first.inner_text())


def publishes(page: Page) -> None:
    page.get_by_role("button", name="发布产品", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("产品名称").fill("集成电路快贷")
    dialog.get_by_label("单笔下限").fill("100")
    dialog.get_by_label("单笔上限").fill("30,000,000")
    dialog.get_by_label("融资比例").fill("85")
    answers(page, "发布产品")
    expect(page.get_by_text("按确权金额的 85.00% 放款，单笔 ¥100.00 至")).to_be_visible()


def grants(asked: Asked, maker: Desk, approver: Desk) -> None:
    """From the sheet that says what is lacking; prepared by one, approved by another."""
    page = maker.opens(f"/queue/{asked.first['id']}")
    page.get_by_role("link", name="提出额度").click()
    page.get_by_role("button", name="提出额度", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("对象")).to_have_value(re.compile(re.escape(asked.deal.buyer.name)))
    dialog.get_by_label("授信额度").fill("50,000,000")
    answers(page, "提出额度")
    card = page.get_by_role("article").filter(has_text=asked.deal.buyer.name)
    expect(card.get_by_text("由您经办，须由另一人审批")).to_be_visible()
    expect(card.get_by_role("button", name="审批通过")).to_have_count(0)
    theirs = approver.opens("/")
    theirs.get_by_role("link", name="审批授信额度").click()  # the step leads here
    presses(theirs, "审批通过")
    expect(theirs.get_by_text("可用")).to_be_visible()
    expect(card.get_by_text("可用")).to_be_visible()  # nobody has reloaded it
    changes(card, page, theirs)


def changes(card: Locator, page: Page, theirs: Page) -> None:
    """A change is refused with a reason; the limit ends, and two people reopen it at last."""
    card.get_by_role("button", name="调整额度", exact=True).click()
    page.get_by_label("新的授信额度").fill("60,000,000")
    answers(page, "调整额度")
    refuses(theirs, "不予批准", "金额有误")
    expect(card.get_by_text("金额有误")).to_be_visible()
    refuses(theirs, "终止额度", "授信到期")
    expect(page.get_by_text("已终止，不可再占用")).to_be_visible()
    presses(page, "恢复额度")  # with the sum that it had
    presses(page, "撤回提案")
    presses(page, "恢复额度")
    refuses(theirs, "不予批准", "资料不全")
    for why in ("终止原因： 授信到期", "上次提案未获批准： 资料不全"):
        expect(card.get_by_text(why)).to_be_visible()
    presses(page, "恢复额度")
    presses(theirs, "审批通过")
    expect(theirs.get_by_text("可用额度")).to_be_visible()
    expect(theirs.get_by_text("终止原因")).to_have_count(0)
    history = theirs.locator("section").filter(has_text="变更记录").get_by_role("listitem")
    expect(history.filter(has_text="额度终止")).to_contain_text("原因： 授信到期")
    expect(history.filter(has_text="经办撤回额度")).to_have_count(1)
    expect(history.last).to_contain_text("¥50,000,000.00")


def refuses(page: Page, name: str, reason: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    page.get_by_label(reason).check()
    answers(page, "确定")


def offers(asked: Asked, maker: Desk, approver: Desk) -> str:
    """What the form shows is what the platform computes, to the fen."""
    page = maker.opens(f"/queue/{asked.first['id']}")
    page.get_by_role("button", name="填入最高").click()
    page.get_by_label("年利率").fill("4.35")
    page.get_by_label("费用（放款时扣收）").fill(FEE)
    names = ("interest", "received", "all-in", "yield", "surplus")
    shown = {name: figure(page, name) for name in names}
    assert all(shown.values())
    page.get_by_label("年利率").fill("99")
    expect(page.get_by_text("法发〔2017〕22号")).to_be_visible()  # a warning, no refusal
    expect(page.get_by_role("button", name="提交报价")).to_be_enabled()
    page.get_by_label("年利率").fill("4.35")
    checks = page.get_by_role("table", name="准入条件与额度").get_by_role("row")
    expect(checks.filter(has_text="符合")).to_have_count(5)  # three criteria, two limits
    page.get_by_role("button", name="提交报价").dblclick()
    expect(page.get_by_text("由您经办，须由另一人审批")).to_be_visible()
    expect(page.get_by_role("button", name="审批并密封")).to_have_count(0)
    theirs = approver.opens("/")
    theirs.get_by_role("link", name="审批融资报价").click()
    expect(theirs.get_by_text("客户实收")).to_be_visible()
    refuses(theirs, "退回报价", "利率或费用不妥")
    state(theirs, "已退回")
    expect(
        page.get_by_text("审批人退回： 利率或费用不妥")
    ).to_be_visible()  # nobody has reloaded it
    page.get_by_role("button", name="填入最高").click()
    page.get_by_label("年利率").fill("4.35")
    page.get_by_label("费用（放款时扣收）").fill(FEE)
    page.get_by_role("button", name="提交报价").click()
    theirs = approver.opens("/")
    theirs.get_by_role("link", name="审批融资报价").click()
    expect(theirs.get_by_text("客户实收")).to_be_visible()
    assert figure(theirs, "surplus") == shown["surplus"]
    assert figure(theirs, "interest") == shown["interest"]
    assert figure(theirs, "yield") == shown["yield"]
    expect(theirs.get_by_text("审批所依据的内容没有变化")).to_be_visible()
    raises_the_total(asked.bank)
    expect(theirs.get_by_text("有调整或占用，现可用额度")).to_be_visible()
    expect(theirs.get_by_role("cell", name="符合", exact=True)).to_have_count(5)
    theirs.get_by_role("button", name="审批并密封", exact=True).click()
    expect(theirs.get_by_role("dialog")).to_contain_text("年利率 4.35%")
    answers(theirs, "审批并密封")
    state(theirs, "已密封")
    expect(theirs.get_by_text("下一步：收单截止时自动开启")).to_be_visible()
    expect(page.get_by_text("已密封").first).to_be_visible()  # nobody has reloaded it
    [offer] = asked.bank[MAKER].client.items("/offers", state="sealed")
    assert offer["amount"] is None  # sealed
    terms = asked.bank[APPROVER].sees(f"/offers/{offer['id']}/terms")
    received = money(fen(terms["amount"]) - fen(terms["fee"]))
    assert (terms["interest"]["amount"], received["amount"]) == (
        shown["interest"], shown["received"]
    )  # fmt: skip
    assert f"{terms['all_in_cost_bp'] / 100:.2f}" == shown["all-in"]
    return str(offer["id"])


def raises_the_total(bank: Organisation) -> None:
    [total] = (one for one in bank[MAKER].client.items("/limits") if one["scope"] == "total")
    bank[MAKER].does(f"/limits/{total['id']}/propose", {"granted": money(2 * LIMIT_FEN)})
    bank[APPROVER].does(f"/limits/{total['id']}/approve")


def chosen(asked: Asked, offer_id: str) -> None:
    """The window closes, the applicant takes it, the registry files."""
    owner, bank = asked.deal.supplier["supplier.owner"], asked.bank
    asked.deal.clock.reach(datetime.fromisoformat(asked.first["offers_until"]) + JUST_AFTER)
    path = f"/applications/{asked.first['id']}"
    until("the offers to be opened", lambda: owner.sees(path)["state"] == "selecting")
    owner.does(f"{path}/choose", {"offer_id": offer_id})
    until("the filing", lambda: position(bank)["state"] == "filed")


def position(bank: Organisation) -> dict[str, Any]:
    return next(iter(bank[SYSTEM].client.items("/positions")), {"state": None})


def pays(system: Desk) -> Page:
    """Its system's duties, done by hand: the debtor is told, the money goes out."""
    page = system.opens("/")
    page.get_by_role("link", name="送达转让通知").click()
    page.get_by_role("button", name="送达转让通知", exact=True).click()
    notice = {"name": "notice.pdf", "mimeType": "application/pdf", "buffer": b"%PDF"}
    page.get_by_label("转让通知书文件").set_input_files([notice])
    expect(page.get_by_role("dialog")).to_contain_text("中登登记编号")
    answers(page, "送达转让通知")
    expect(page.get_by_text("转让通知书摘要")).to_be_visible()
    expect(page.get_by_text("通知已到达").or_(page.get_by_text("已融资")).first).to_be_visible()
    page = system.opens("/")
    page.get_by_role("link", name="放款并回报结果").click()
    page.get_by_role("button", name="回报放款结果", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("款项已付出。开始计息")).to_be_visible()
    dialog.get_by_label("银行流水号").fill("FK-0001")
    answers(page, "回报放款结果")
    state(page, "存续中")
    return page


def repaid_in_part(page: Page) -> None:
    page.get_by_role("button", name="登记回款", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("[data-figure=owed]")).to_contain_text("应收本息合计")
    dialog.get_by_label("银行流水号").fill("HK-0001")
    expect(dialog.get_by_label("收到金额")).not_to_have_value("")  # what the debtors owe
    dialog.get_by_label("收到金额").fill("100")
    expect(dialog.locator("[data-figure=split]")).to_contain_text("¥100.00")
    expect(dialog.get_by_text("不足以还清")).to_be_visible()
    answers(page, "登记回款")
    state(page, "部分已还")
    expect(page.get_by_role("table", name="回款").get_by_text("HK-0001")).to_be_visible()


def nobody_is_there(page: Page) -> None:
    """Whoever waits for a seat that nobody has is told so, and whom to ask."""
    people = re.compile(r"/api/v1/users\?")
    page.route(people, lambda route: route.fulfill(json={"items": [], "next": None}))
    page.reload()
    expect(page.get_by_text("本行还没有资金方运营岗")).to_contain_text("请联系本单位最先加入的人员")
    page.unroute(people)


def settled(asked: Asked, maker: Desk) -> None:
    """The debtor pays all of the claims: for the bank, too, the deal has come to its end."""
    bank = asked.bank
    [loan] = bank[MAKER].client.items("/loans")
    left = money(fen(asked.first["amount"]) - fen(position(bank)["settled"]))
    at = asked.deal.clock.now().isoformat()
    rest = {"reference": "HK-0002", "amount": left, "received_at": at}
    bank[SYSTEM].does(f"/loans/{loan['id']}/record-repayment", rest)
    page = maker.opens(f"/deals/{loan['thread_id']}")
    end = page.get_by_role("list", name="进度").get_by_role("listitem").filter(has_text="结清")
    expect(end).not_to_contain_text("未")
    came = page.get_by_role("listitem").filter(has_text="借款结清")
    expect(came).to_contain_text(f"收到 {yuan(left)}")


def seats(page: Page) -> None:
    """What the platform would refuse is not offered, and it says who may."""
    people = page.get_by_role("table", name="人员").get_by_role("row")
    expect(people.filter(has_text="资金方运营岗")).to_contain_text("由本单位最先加入的人员")
    expect(people.filter(has_text="审批人")).to_contain_text("与您的岗位须由两人分任")
    for name in ("发邀请码", "重设密码"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)


def draws(page: Page, bank: Organisation) -> None:
    """Each debtor and each month has a bar that says its amounts and is as long as they are."""
    portfolio = bank[MAKER].sees("/portfolio")
    [debtor], [month] = portfolio["debtors"], portfolio["months"]
    assert fen(debtor["open"]) == fen(month["open"]) > 0
    lying, standing = (
        page.get_by_role("img", name=re.compile(name)).locator("[title*=未还本金]")
        for name in ("敞口最大的债务人", "到期的本金")
    )
    expect(lying).to_have_attribute("title", re.compile(rf"^{re.escape(debtor['name'])}\n"))
    for bar in (lying, standing):
        expect(bar).to_have_attribute("title", re.compile(re.escape(yuan(debtor["open"]))))
    share = fen(debtor["open"]) / scale(fen(debtor["open"]))
    width, of_width = (box(one)["width"] for one in (lying.locator("i").first, lying))
    height, of_height = (box(one)["height"] for one in (standing.locator("i").first, standing))
    assert (width / of_width, height / of_height) == pytest.approx((share, share), abs=0.02)


def box(place: Locator) -> FloatRect:
    """Where it is drawn; of one thing alone."""
    found = place.bounding_box()
    assert found
    return found


def yuan(amount: dict[str, str]) -> str:
    return f"¥{Decimal(amount['amount']):,.2f}"


def scale(most_fen: int) -> int:
    """Where it ends: at 1, 2 or 5 and noughts, above every bar."""
    step = int("1" + "0" * (len(str(most_fen)) - 1))
    return next(times * step for times in (1, 2, 5, 10) if times * step >= most_fen)


def shows_what_is_open(asked: Asked, maker: Desk) -> None:
    """Among all applications, too; and of the deal it says what it is not shown."""
    rows = maker.opens("/queue?view=all").get_by_role("row")
    expect(rows.filter(has_text=asked.first["number"])).to_contain_text(asked.deal.supplier.name)
    expect(rows.filter(has_text=asked.masked["number"])).to_contain_text("申请人未开放")
    thread = asked.bank[MAKER].sees(f"/applications/{asked.first['id']}")["thread_id"]
    stages = (
        maker.opens(f"/deals/{thread}").get_by_role("list", name="进度").get_by_role("listitem")
    )
    for stage in ("合同", "交付", "确权"):
        expect(stages.filter(has_text=stage)).to_contain_text("未授权查看")
    for stage in ("放款", "结清"):
        expect(stages.filter(has_text=stage)).to_contain_text("未到")


def test_from_the_masked_teaser_to_the_portfolio(asked: Asked, desks: Desks) -> None:
    maker, approver = desks.of(asked.bank, MAKER), desks.of(asked.bank, APPROVER)
    publishes(maker.opens("/products"))
    page = maker.opens("/queue?view=all")
    page.get_by_role("link", name=asked.first["number"]).click()
    expect(page.get_by_text("尚未向贵行开放")).to_be_visible()
    expect(page.get_by_text(asked.deal.supplier.name)).to_have_count(0)
    asked.open_first()
    state_of_sheet = page.get_by_role("table", name="应收账款与确权")
    expect(state_of_sheet.get_by_text(asked.deal.receivable["number"])).to_be_visible()
    expect(page.get_by_text(asked.deal.supplier.name).first).to_be_visible()
    shows_what_is_open(asked, maker)
    grants(asked, maker, approver)
    offer_id = offers(asked, maker, approver)
    chosen(asked, offer_id)
    [share] = asked.bank[MAKER].client.items("/positions")
    page = maker.opens(f"/bank/positions/{share['id']}")
    expect(page.get_by_text("由本行“资金方运营岗”（人员或直联系统）送达通知")).to_be_visible()
    expect(page.get_by_text("此步无人能办")).to_have_count(0)  # it has a key that is alive
    nobody_is_there(page)
    repaid_in_part(pays(desks.of(asked.bank, SYSTEM)))
    seats(maker.opens("/organisation"))
    page = maker.opens("/portfolio")
    table = page.get_by_role("table", name="按债务人的敞口")
    expect(table.get_by_role("row").filter(has_text=asked.deal.buyer.name)).to_contain_text(
        "100.0%"
    )
    draws(page, asked.bank)
    page.get_by_role("button", name="导出").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="CSV").click()
    assert "中关村示范银行" in download.value.path().read_text(encoding="utf-8-sig")
    page.get_by_role("button", name="导出").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="资产组合全表").click()
    assert re.fullmatch(r"资产组合-[0-9-]+\.xlsx", download.value.suggested_filename)
    settled(asked, maker)
    for desk in desks.all:
        desk.is_well()


def test_a_filter_is_saved_and_used_again(asked: Asked, desks: Desks) -> None:
    desk = desks.of(asked.bank, MAKER)
    page = desk.opens("/queue")
    row = page.get_by_role("row").filter(has_text=asked.opened["number"])
    expect(row).to_contain_text("待报价")
    page.get_by_label("申请人、债务人或编号").fill("没有这家")
    page.get_by_label("申请人、债务人或编号").press("Enter")
    expect(page.get_by_text("没有符合条件的申请")).to_be_visible()
    page.get_by_label("申请人、债务人或编号").fill(asked.deal.supplier.name)
    page.get_by_label("待本行答复").check()
    expect(row).to_be_visible()
    page.get_by_role("button", name="保存筛选").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("名称").fill("今天要答的")
    dialog.get_by_role("button", name="保存").click()
    page = desks.of(asked.bank, MAKER, PHONE).opens("/queue")  # another device
    page.get_by_role("button", name="今天要答的").click()
    expect(page).to_have_url(re.compile("mine=yes"))
    expect(page.get_by_label("待本行答复")).to_be_checked()
    expect(page.get_by_role("row").filter(has_text=asked.opened["number"])).to_be_visible()
    page.get_by_role("button", name="移除 今天要答的").or_(
        page.get_by_label("今天要答的")
    ).last.click()
    for each in desks.all:
        each.is_well()


def test_its_system_declines_with_reasons_that_the_applicant_sees(
    asked: Asked, desks: Desks
) -> None:
    people = desks.of(asked.bank, APPROVER)
    path = f"/queue/{asked.unwanted['id']}"
    expect(people.opens(path).get_by_text("由客户经理（经办）报价")).to_be_visible()
    expect(people.page.get_by_role("button", name="婉拒")).to_have_count(0)
    desk = desks.of(asked.bank, SYSTEM)
    page = desk.opens(path)
    expect(page.get_by_text("持有的数据授权")).to_be_visible()
    expect(page.locator("[aria-busy=true]")).to_have_count(0)  # nothing moves the button any more
    page.get_by_role("button", name="婉拒", exact=True).click()
    page.get_by_label("期限超过产品上限").check()
    page.get_by_label("担保措施不足").check()
    answers(page, "婉拒")
    expect(page.get_by_text("本行已婉拒，理由：")).to_contain_text("期限超过产品上限、担保措施不足")
    owner = asked.deal.supplier["supplier.owner"]
    [screening] = owner.sees(f"/applications/{asked.unwanted['id']}")["screenings"]
    assert screening["reason_codes"] == ["term_too_long", "security_insufficient"]
    desk.is_well()
    people.is_well()


# Half faded in, its letters are as pale as it is.
FADED_IN = "Promise.all(document.getAnimations().map(each => each.finished.catch(() => null)))"
DIALOGS = {
    "/products": ("发布产品", "Publish a product"),
    "/limits": ("提出额度", "Propose a limit"),
}


def pages(asked: Asked) -> list[str]:
    """Every page of the area, with one thing of each kind that there is."""
    found = ["/", "/queue", "/queue?view=all", "/products", "/limits", "/bank/loans", "/portfolio"]
    found += [
        f"/queue/{one['id']}" for one in (asked.first, asked.opened, asked.unwanted, asked.masked)
    ]
    places = {"offers": "/bank/offers", "positions": "/bank/positions", "loans": "/bank/loans",
              "limits": "/limits"}  # fmt: skip
    for kind, place in places.items():
        found += [
            f"{place}/{one['id']}" for one in list(asked.bank[MAKER].client.items(f"/{kind}"))[:1]
        ]
    return found


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_pages_are_accessible_and_fit_a_phone(
    asked: Asked, desks: Desks, language: str
) -> None:
    desk = desks.of(asked.bank, MAKER, PHONE)
    desk.opens("/queue")
    desk.speaks(language)
    found: list[tuple[str, str | int]] = []
    for path in pages(asked):
        page = desk.opens(path)
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.locator("[aria-busy=true]")).to_have_count(0)
        found += [(path, one) for one in desk.grave_findings()]
        if path in DIALOGS:
            page.get_by_role("button", name=DIALOGS[path][language == "en"], exact=True).click()
            expect(page.get_by_role("dialog")).to_be_visible()
            page.evaluate(FADED_IN)
            found += [(f"{path} dialog", one) for one in desk.grave_findings()]
        found += [(path, desk.overflow_px())] if desk.overflow_px() > 0 else []
    assert found == []
    desk.is_well()


def test_who_is_no_bank_finds_nothing_here(asked: Asked, desks: Desks) -> None:
    desk = desks.of(asked.deal.buyer, "buyer.maker")
    for path in ("/queue", "/products", "/limits", "/bank/loans", "/portfolio"):
        expect(desk.opens(path).get_by_text("仅资金方可用。")).to_be_visible()
    desk.is_well()
