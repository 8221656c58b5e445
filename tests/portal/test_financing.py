"""From the confirmed claim to money and back, by the supplier's owner in a browser."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
import requests
from playwright.sync_api import Page, Route, expect

from deploy.sails.demo import financing, settling
from deploy.sails.demo.deal import Deal
from deploy.sails.waiting import until
from services.client import fen, money
from tests.e2e.scene import Scene
from tests.portal.people import PASSWORD, PHONE, Desk, Desks

LATER_FEN, TINY_FEN = 2_000_00, 500_00  # kept back for a second application and for a refused one
LOADING = {"zh-CN": "正在读取", "en": "Loading"}


@pytest.fixture(scope="module")
def confirmed(scene: Scene) -> Deal:
    """A deal whose claim is confirmed and not financed at all."""
    return scene.carried_to(financing.apply, 2)


@pytest.fixture(scope="module")
def offered(scene: Scene) -> Deal:
    """A deal with two offers that are open to be compared."""
    deal = scene.carried_to(financing.choose, 3)
    until("the offers", lambda: len(_visible(deal)) == 2)
    return deal


def _visible(deal: Deal) -> list[dict[str, Any]]:
    return deal.supplier["supplier.owner"].finds("/offers", deal.thread_id, state="visible")


def applications(deal: Deal) -> list[dict[str, Any]]:
    return deal.supplier["supplier.owner"].finds("/applications", deal.thread_id)


def state(page: Page, word: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(word)


def presses(page: Page, name: str) -> None:
    """A button that asks first; what it asks is said yes to."""
    page.get_by_role("button", name=name, exact=True).first.click()
    page.get_by_role("dialog").get_by_role("button", name=name, exact=True).dblclick()


def comes_back(desk: Desk, deal: Deal) -> None:
    """The session is over: signing in again in the dialog, nothing else."""
    dialog = desk.page.get_by_role("dialog", name="登录已过期")
    dialog.get_by_label("登录名").fill(f"u-{deal.supplier['supplier.owner'].user_id}")
    dialog.get_by_label("密码", exact=True).fill(PASSWORD)
    dialog.get_by_role("button", name="登录", exact=True).click()
    expect(dialog).to_be_hidden()


def consents(page: Page, bank: str) -> None:
    """Each consent is ticked by itself; without both nothing can be given."""
    page.get_by_label(bank).check()
    grant = page.get_by_role("button", name="给出授权")
    page.get_by_label("数据授权：").check()
    expect(grant).to_be_disabled()
    page.get_by_label("个人信息单独同意：").check()
    expect(grant).to_be_enabled()


def chooses(page: Page, deal: Deal, amount_fen: int) -> None:
    """A part of the claim, after one that is too much was refused at once."""
    number, whole = deal.receivable["number"], deal.receivable["confirmed"]
    amount = page.get_by_label(f"{number} 的融资金额")
    expect(amount).to_have_value(whole["amount"])
    amount.fill(money(fen(whole) + 1)["amount"])
    expect(page.get_by_text("超过可融资余额")).to_be_visible()
    expect(page.get_by_role("button", name="看成本").last).to_be_disabled()
    amount.fill(money(amount_fen)["amount"])
    page.get_by_role("button", name="看成本").last.click()


def test_the_wizard_stands_where_it_stood_when_the_session_ends_in_its_middle(
    confirmed: Deal, desks: Desks
) -> None:
    deal, [bank, other] = confirmed, confirmed.banks
    wanted_fen = fen(deal.receivable["confirmed"]) - LATER_FEN - TINY_FEN
    desk = desks.of(deal.supplier, "supplier.owner")
    page = desk.opens(f"/receivables/{deal.receivable['id']}")
    page.get_by_role("main").get_by_role("link", name="申请融资").click()
    chooses(page, deal, wanted_fen)
    for name in (bank.organisation.name, other.organisation.name):
        expect(page.get_by_role("row", name=name)).to_contain_text("%")
    page.get_by_role("button", name="下一步：授权").click()
    consents(page, bank.organisation.name)
    desk.context.clear_cookies()
    page.get_by_role("button", name="给出授权").dblclick()
    comes_back(desk, deal)
    expect(page.get_by_role("button", name="撤销授权")).to_be_visible()
    page.reload()
    page.get_by_role("button", name="下一步：提交").click()
    page.get_by_label("资金用途").fill("采购原材料")
    desk.context.clear_cookies()
    page.get_by_role("button", name="提交申请").dblclick()
    comes_back(desk, deal)
    state(page, "收单中")
    expect(page.get_by_text("已收到 QF-A")).to_be_visible()
    [application] = applications(deal)
    assert (fen(application["amount"]), application["purpose"]) == (wanted_fen, "采购原材料")
    assert application["opened_to"] == [bank.organisation.id]
    owner = deal.supplier["supplier.owner"]
    [_] = [
        one
        for one in owner.client.items("/authorisations")
        if one["grantor_id"] == deal.supplier.id
    ]
    desk.opens("/financing/new")
    expect(page.get_by_text("四步")).to_be_visible()  # the draft is gone
    desk.is_well()


def test_an_answer_that_got_lost_makes_no_second_application(confirmed: Deal, desks: Desks) -> None:
    deal = confirmed
    before = {one["id"] for one in applications(deal)}
    desk = desks.of(deal.supplier, "supplier.owner")
    page = desk.opens(f"/financing/new?receivable={deal.receivable['id']}")
    page.get_by_label(f"{deal.receivable['number']} 的融资金额").fill(money(LATER_FEN)["amount"])
    page.get_by_role("button", name="看成本").last.click()
    page.get_by_role("button", name="下一步：授权").click()
    page.get_by_text("份可用的授权").click()
    page.get_by_role("button", name="使用这份").first.click()
    page.get_by_role("button", name="下一步：提交").click()
    page.route("**/api/v1/applications", _carried_out_but_not_answered)
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_role("alert")).to_contain_text("填写的内容不会丢失")
    page.unroute("**/api/v1/applications")
    page.reload()
    page.get_by_role("button", name="提交申请").click()
    state(page, "收单中")
    assert len({one["id"] for one in applications(deal)} - before) == 1
    desk.is_well()


def _carried_out_but_not_answered(route: Route) -> None:
    if route.request.method == "POST":
        route.fetch()
        route.abort()
    else:
        route.continue_()


def test_a_refusal_comes_in_words_a_further_bank_is_let_in_and_all_is_given_up(
    confirmed: Deal, desks: Desks
) -> None:
    deal, [_, other] = confirmed, confirmed.banks
    owner = deal.supplier["supplier.owner"]
    [first, *_] = sorted(applications(deal), key=lambda one: -fen(one["amount"]))
    body = {
        "shares": [{"receivable_id": deal.receivable["id"], "amount": money(TINY_FEN)}],
        "authorisation_id": first["authorisation_ids"][0],
    }
    tiny = owner.does("/applications", body)
    desk = desks.of(deal.supplier, "supplier.owner", PHONE)
    page = desk.opens(f"/applications/{tiny['id']}")
    expect(page.get_by_text("金额低于产品下限")).to_be_visible()
    page = desk.opens(f"/applications/{first['id']}")
    expect(page.get_by_text("报价密封中")).to_be_visible()
    page.get_by_role("button", name="向更多资金方开放").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label(other.organisation.name).check()
    dialog.get_by_label("数据授权：").check()
    dialog.get_by_label("个人信息单独同意：").check()
    dialog.get_by_role("button", name="授权并开放").dblclick()
    expect(page.get_by_role("row", name=other.organisation.name)).to_contain_text("可查看全部资料")
    assert len(owner.sees(f"/applications/{first['id']}")["opened_to"]) == 2
    presses(page, "撤回申请")
    state(page, "已撤回")
    held = owner.sees(f"/receivables/{deal.receivable['id']}")["allocated"]
    assert fen(held) == LATER_FEN + TINY_FEN
    desk.is_well()


def looks(desk: Desk, language: str, places: list[str]) -> None:
    """At each of them, in the language, with a phone's width."""
    desk.opens("/account")
    desk.speaks(language)
    for place in places:
        page = desk.opens(place)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.get_by_label(LOADING[language])).to_have_count(0)
        assert (place, desk.grave_findings()) == (place, [])
        assert (place, max(desk.overflow_px(), 0)) == (place, 0)
    desk.is_well()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_asking_for_money_is_accessible_and_fits_a_phone(
    confirmed: Deal, offered: Deal, desks: Desks, language: str
) -> None:
    wizard = f"/financing/new?receivable={confirmed.receivable['id']}"
    steps = [wizard, *(f"{wizard}&step={step}" for step in ("cost", "consent", "apply"))]
    asked = [f"/applications/{one['id']}" for one in applications(confirmed)]
    desk = desks.of(confirmed.supplier, "supplier.owner", PHONE)
    looks(desk, language, [*steps, "/applications", *asked])
    desk = desks.of(offered.supplier, "supplier.owner", PHONE)
    looks(desk, language, [f"/applications/{offered.application['id']}", "/financing/new"])


@contextmanager
def not_paying(deal: Deal) -> Iterator[None]:
    """The banks do everything but pay."""
    places = [f"http://{bank.address}/sandbox/behaviour" for bank in deal.banks]
    for place in places:
        requests.post(place, json={"operation": "pay", "mode": "never"}, timeout=30)
    try:
        yield
    finally:
        for place in places:
            requests.delete(place, timeout=30)


def paid_out(deal: Deal) -> dict[str, Any]:
    """The bank's system answers the instruction, later than usual."""
    owner = deal.supplier["supplier.owner"]
    [loan] = until("the loan", lambda: owner.finds("/loans", deal.thread_id, state="instructed"))
    [bank] = [bank for bank in deal.banks if bank.organisation.id == loan["bank_id"]]
    answer = {
        "instruction_id": loan["instruction_id"],
        "outcome": "paid",
        "bank_reference": "PAY-LATE-1",
        "paid_at": datetime.fromisoformat(loan["instructed_at"]).isoformat(),
    }
    paid: dict[str, Any] = bank.organisation["bank.system"].does(
        f"/loans/{loan['id']}/record-payout", answer
    )
    return paid


def test_offers_are_compared_one_is_chosen_and_the_money_is_seen_to_come_and_go_back(
    offered: Deal, desks: Desks
) -> None:
    deal, owner = offered, offered.supplier["supplier.owner"]
    best = min(_visible(deal), key=lambda one: one["all_in_cost_bp"])
    desk = desks.of(deal.supplier, "supplier.owner")
    page = desk.opens(f"/applications/{deal.application['id']}")
    state(page, "待选择报价")
    card = page.get_by_role("article", name=best["bank_name"])
    expect(card).to_contain_text("综合成本最低")
    expect(card).to_contain_text(f"{best['all_in_cost_bp'] / 100:.2f}%")
    with not_paying(deal):
        card.get_by_role("button", name="选择这家").click()
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text("不能再改选")
        dialog.get_by_role("button", name="选择这家").dblclick()
        state(page, "待放款")  # registry and bank have done their part; nobody has reloaded it
        acknowledged(deal, desks)
        page.get_by_role("link", name="查看借款").click()
        state(page, "待放款")
        deal.loan = paid_out(deal)
        state(page, "存续中")
    expect(page.get_by_text("PAY-LATE-1")).to_be_visible()
    settling.repay(deal)
    state(page, "已结清")
    row = page.get_by_role("table", name="还款").get_by_role("row").last
    [repayment] = owner.sees(f"/loans/{deal.loan['id']}")["repayments"]
    for part in ("amount", "interest", "principal", "surplus"):
        expect(row).to_contain_text(f"{fen(repayment[part]) / 100:,.2f}")
    desk.is_well()


def acknowledged(deal: Deal, desks: Desks) -> None:
    """The debtor finds the notice beside the claim and says that it has arrived."""
    desk = desks.of(deal.buyer, "buyer.purchaser", PHONE)
    page = desk.opens(f"/receivables/{deal.receivable['id']}")
    page.get_by_role("table", name="转让通知").get_by_role("link").first.click()
    presses(page, "回执")
    state(page, "已回执")
    desk.is_well()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_loans_are_accessible_and_fit_a_phone(offered: Deal, desks: Desks, language: str) -> None:
    owner = offered.supplier["supplier.owner"]
    [loan, *_] = owner.finds("/loans", offered.thread_id)
    [share, *_] = owner.finds("/positions", offered.thread_id)
    claim = f"/receivables/{offered.receivable['id']}"
    desk = desks.of(offered.supplier, "supplier.owner", PHONE)
    application = f"/applications/{offered.application['id']}"
    looks(desk, language, ["/loans", f"/loans/{loan['id']}", application, claim])
    desk = desks.of(offered.buyer, "buyer.purchaser", PHONE)
    looks(desk, language, [f"/positions/{share['id']}", claim])
