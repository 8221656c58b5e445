"""One thread from the pasted text to the settled loan: everybody in a browser of their own.

What one does the others see without reloading; nobody but the two who own a price ever reads it.
"""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from deploy.sails.demo import settling
from deploy.sails.demo.cast import Organisation
from deploy.sails.demo.deal import Deal
from deploy.sails.demo.trade import JUST_AFTER
from deploy.sails.waiting import until
from services.client import fen
from tests.e2e.scene import Scene
from tests.portal.acts import presses, signs, state
from tests.portal.people import PHONE, Desk, Desks

PURCHASER, OWNER = "buyer.purchaser", "supplier.owner"
PRICE, TAX = "1076543.21", "123849.22"  # 13 % are in it
VALID_FOR = timedelta(days=30)


@pytest.mark.timeout(300)
def test_a_thread_from_the_text_to_the_settled_loan(scene: Scene, desks: Desks) -> None:
    deal = scene.deal(5)
    buyer, watching = desks.of(deal.buyer, PURCHASER), desks.operator()
    banker = desks.of(deal.banks[0].organisation, "bank.maker")
    published(deal, buyer)
    story = watching.opens(f"/deals/{deal.thread_id}")
    expect(story.get_by_role("heading", level=1)).to_contain_text(deal.demand["title"])
    deal.supplier = best_matched(deal)
    seller = desks.of(deal.supplier, OWNER)
    quoted(deal, seller)
    awarded(deal, buyer, seller)
    signed(deal, buyer, seller)
    delivered(deal, buyer, seller)
    claimed(deal, seller)
    confirmed(deal, seller, desks)
    applied(deal, seller, banker)
    lent(deal, seller)
    settling.repay(deal)
    state(seller.page, "已结清")
    settling.settle(deal)
    expect(story.get_by_text("需求履行完毕")).to_be_visible()  # nobody has reloaded it
    for desk in desks.all:
        desk.is_well()


def published(deal: Deal, desk: Desk) -> None:
    """From the text that a purchaser has at hand."""
    closes = deal.clock.today() + timedelta(days=3)
    page = desk.opens("/demands/new")
    page.get_by_label("名称").fill(deal.wish["title"])
    text = (
        f"{deal.wish['text']}\n采购预算为120万元。"
        f"投标截止时间：{closes.year}年{closes.month}月{closes.day}日9时30分。"
    )
    page.get_by_label("采购文字").fill(text)
    page.get_by_role("button", name="读取", exact=True).click()
    page.get_by_role("button", name="采用并继续填写").click()
    page.get_by_role("button", name="下一步：确认").click()
    page.get_by_role("button", name="发布", exact=True).click()
    page.get_by_role("button", name="确认发布").dblclick()
    expect(page).to_have_url(re.compile(r"/portal/demands/[0-9a-f-]{36}$"))
    deal.demand = deal.buyer[PURCHASER].sees(f"/demands/{last_of(page)}")


def best_matched(deal: Deal) -> Organisation:
    """Whom the platform ranks first, of the suppliers that have people."""
    purchaser = deal.buyer[PURCHASER]

    def first() -> dict[str, Any] | None:
        sent = purchaser.finds("/matches", deal.thread_id, state="sent")
        known = [one for one in sent if one["supplier_id"] in deal.company.suppliers]
        return min(known, key=lambda one: one["rank"], default=None)

    return deal.company.bidder(until("a match", first)["supplier_id"])


def quoted(deal: Deal, seller: Desk) -> None:
    """The supplier finds the match among its own, and seals a price."""
    page = seller.opens("/matches")
    row = page.get_by_role("row").filter(has_text=deal.demand["title"]).first
    row.get_by_role("link").first.click()
    page.get_by_role("button", name="有意报价").click()
    page.get_by_role("link", name="去报价").click()
    page.get_by_label("报价金额").fill(PRICE)
    page.get_by_label("交付天数").fill("18")
    deadline = datetime.fromisoformat(deal.demand["quote_deadline_at"])
    page.get_by_label("有效期至").fill((deadline + VALID_FOR).date().isoformat())
    page.get_by_role("button", name="密封提交").dblclick()
    expect(page.get_by_text("¥1,076,543.21")).to_be_visible()
    [_] = deal.supplier[OWNER].finds("/quotes", deal.thread_id)


def awarded(deal: Deal, buyer: Desk, seller: Desk) -> None:
    """Sealed to the buyer until the deadline; then one click, and the supplier says yes."""
    page = buyer.page
    page.get_by_role("button", name="报价", exact=True).click()
    expect(page.get_by_text("报价封存中")).to_be_visible()
    assert "1,076,543.21" not in page.content()
    deal.clock.reach(datetime.fromisoformat(deal.demand["quote_deadline_at"]) + JUST_AFTER)
    page.get_by_role("button", name="选定成交").first.click()
    page.get_by_role("button", name="确认成交").dblclick()
    expect(page.get_by_role("region", name="成交情况")).to_contain_text("供应商确认期限")
    page = seller.page  # nobody has reloaded it
    page.get_by_role("button", name="确认成交").click()
    page.get_by_role("dialog").get_by_role("button", name="确认成交").click()
    expect(page.get_by_text("本单位中标")).to_be_visible()


def signed(deal: Deal, buyer: Desk, seller: Desk) -> None:
    """Both with keys of their own, made in their browsers."""
    page = buyer.page
    page.get_by_role("link", name="查看合同").click()
    state(page, "规则检查通过")
    presses(page, "发起签署")
    theirs = seller.opens(f"/contracts/{last_of(page)}")
    signs(page, "签署合同")
    signs(theirs, "签署合同")
    state(page, "履行中")
    deal.contract = deal.buyer[PURCHASER].sees(f"/contracts/{last_of(page)}")


def delivered(deal: Deal, buyer: Desk, seller: Desk) -> None:
    page = seller.page
    presses(page, "登记发货")
    page.get_by_role("table", name="交付").get_by_role("link").click()
    state(page, "在途")
    theirs = buyer.opens(f"/deliveries/{last_of(page)}")
    presses(page, "登记到货")
    presses(theirs, "验收")
    state(page, "已验收")
    owner = deal.supplier[OWNER]
    until("what is due", lambda: owner.finds("/payables", deal.thread_id))


def claimed(deal: Deal, seller: Desk) -> None:
    """By its invoice; checked while it is entered."""
    page = seller.opens(f"/receivables/new?contract={deal.contract['id']}")
    page.get_by_label("发票号码").fill("25112000000000000077")
    page.get_by_label("开票日期").fill(deal.clock.today().isoformat())
    page.get_by_label("价税合计").fill(PRICE)
    page.get_by_label("税额").fill(TAX)
    page.get_by_label("申报金额").fill(PRICE)
    page.get_by_role("button", name="提交").click()
    state(page, "待请求确权")
    presses(page, "请求确权")
    state(page, "待经办确权")
    deal.receivable = deal.supplier[OWNER].sees(f"/receivables/{last_of(page)}")


def confirmed(deal: Deal, seller: Desk, desks: Desks) -> None:
    """Two people of the buyer, the second on a phone."""
    path = f"/receivables/{deal.receivable['id']}"
    page = desks.of(deal.buyer, "buyer.maker").opens(path)
    presses(page, "办理确权")
    phone = desks.of(deal.buyer, "buyer.checker", PHONE)
    signs(phone.opens(path), "复核签署")
    state(seller.page, "已确权")  # nobody has reloaded it
    deal.receivable = deal.supplier[OWNER].sees(path)


def applied(deal: Deal, seller: Desk, banker: Desk) -> None:
    """The bank sees it the moment it is allowed to; its system offers under seal."""
    queue = banker.opens("/queue?view=all")
    page, bank = seller.page, deal.banks[0].organisation.name
    page.get_by_role("main").get_by_role("link", name="申请融资").click()
    page.get_by_role("button", name="看成本").last.click()
    page.get_by_role("button", name="下一步：授权").click()
    page.get_by_label(bank).check()
    page.get_by_label("数据授权：").check()
    page.get_by_label("个人信息单独同意：").check()
    page.get_by_role("button", name="给出授权").dblclick()
    page.get_by_role("button", name="下一步：提交").click()
    page.get_by_role("button", name="提交申请").dblclick()
    state(page, "收单中")
    [deal.application] = deal.supplier[OWNER].finds("/applications", deal.thread_id)
    queue.get_by_role("link", name=deal.application["number"]).click()  # nobody has reloaded it
    expect(queue.get_by_text(deal.supplier.name).first).to_be_visible()
    expect(queue.get_by_text("已密封", exact=True).first).to_be_visible()


def lent(deal: Deal, seller: Desk) -> None:
    """The window closes, the offer is taken, registry and bank do their part."""
    page = seller.page
    deal.clock.reach(datetime.fromisoformat(deal.application["offers_until"]) + JUST_AFTER)
    state(page, "待选择报价")
    page.get_by_role("button", name="选择这家").first.click()
    page.get_by_role("dialog").get_by_role("button", name="选择这家").dblclick()
    owner = deal.supplier[OWNER]
    [deal.loan] = until("the payout", lambda: owner.finds("/loans", deal.thread_id, state="active"))
    seller.opens(f"/loans/{deal.loan['id']}")
    state(page, "存续中")
    assert fen(deal.loan["principal"]) <= fen(deal.receivable["confirmed"])


def last_of(page: Page) -> str:
    """The id at the end of the page's address."""
    return page.url.split("?", 1)[0].rsplit("/", 1)[-1]
