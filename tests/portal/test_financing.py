"""From the confirmed claim to the application, by the supplier's owner in a browser."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from deploy.sails.demo import financing
from deploy.sails.demo.deal import Deal
from services.client import fen, money
from tests.e2e.scene import Scene
from tests.portal.people import PASSWORD, PHONE, Desk, Desks
from tests.portal.steps import looks, presses, state

LATER_FEN, TINY_FEN = 2_000_00, 500_00  # kept back for a second application and for a refused one


@pytest.fixture(scope="module")
def confirmed(scene: Scene) -> Deal:
    """A deal whose claim is confirmed and not financed at all."""
    return scene.carried_to(financing.apply, 2)


def applications(deal: Deal) -> list[dict[str, Any]]:
    return deal.supplier["supplier.owner"].finds("/applications", deal.thread_id)


def comes_back(desk: Desk, deal: Deal) -> None:
    """The session is over: signing in again in the dialog, nothing else."""
    dialog = desk.page.get_by_role("dialog", name="登录已过期")
    dialog.get_by_label("登录名").fill(f"u-{deal.supplier['supplier.owner'].user_id}")
    dialog.get_by_label("密码", exact=True).fill(PASSWORD)
    dialog.get_by_role("button", name="登录", exact=True).click()
    expect(dialog).to_be_hidden()


def twice(button: Locator) -> None:
    """Two clicks before the page can answer the first, whatever covers the button by now.

    The page asks by itself as well, and may have told that the session is over.
    """
    expect(button).to_be_enabled()
    button.evaluate("button => { button.click(); button.click() }")


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
    twice(page.get_by_role("button", name="给出授权"))
    comes_back(desk, deal)
    expect(page.get_by_role("button", name="撤销授权")).to_be_visible()
    page.reload()
    page.get_by_role("button", name="下一步：提交").click()
    page.get_by_label("资金用途").fill("采购原材料")
    desk.context.clear_cookies()
    twice(page.get_by_role("button", name="提交申请"))
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
    desk.opens("/financing/new")  # whichever step is asked for: what was sent is shown, and fixed
    expect(page.get_by_text("上次提交没有收到答复")).to_be_visible()
    main = page.get_by_role("main")
    expect(main).to_contain_text(deal.receivable["number"])
    expect(main).to_contain_text(f"{LATER_FEN / 100:,.2f}")
    expect(main.get_by_role("listitem").first.get_by_role("button")).to_be_disabled()
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
    expect(page.get_by_role("row", name=other.organisation.name)).to_contain_text("可以报价")
    assert len(owner.sees(f"/applications/{first['id']}")["opened_to"]) == 2
    presses(page, "撤回申请")
    state(page, "已撤回")
    held = owner.sees(f"/receivables/{deal.receivable['id']}")["allocated"]
    assert fen(held) == LATER_FEN + TINY_FEN
    desk.is_well()


def rests_on_an_earlier_one(desk: Desk, wizard: str, number: str) -> None:
    """The draft is whole up to the last step."""
    page = desk.opens(wizard)
    expect(page.get_by_label(number, exact=True)).to_be_checked()
    page.get_by_role("button", name="看成本").last.click()
    page.get_by_role("button", name="下一步：授权").click()
    page.get_by_text("份可用的授权").click()
    page.get_by_role("button", name="使用这份").first.click()
    expect(page.get_by_role("button", name="下一步：提交")).to_be_enabled()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_pages_are_accessible_and_fit_a_phone(
    confirmed: Deal, desks: Desks, language: str
) -> None:
    wizard = f"/financing/new?receivable={confirmed.receivable['id']}"
    asked = [f"/applications/{one['id']}" for one in applications(confirmed)]
    first, second = (desks.of(confirmed.supplier, "supplier.owner", PHONE) for _ in range(2))
    rests_on_an_earlier_one(first, wizard, confirmed.receivable["number"])
    looks(first, language, [f"{wizard}&step=consent", f"{wizard}&step=apply"])
    steps = [wizard, f"{wizard}&step=cost", f"{wizard}&step=consent", "/financing/new"]
    looks(second, language, [*steps, "/applications", *asked])
