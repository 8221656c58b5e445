"""Offers side by side, one chosen, the money seen to come and to go back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
import requests
from playwright.sync_api import expect

from deploy.sails.demo import financing, settling
from deploy.sails.demo.deal import Deal
from deploy.sails.waiting import until
from services.client import fen, money
from tests.e2e.scene import Scene
from tests.portal.people import PHONE, Desks
from tests.portal.steps import looks, presses, state


@pytest.fixture(scope="module")
def offered(scene: Scene) -> Deal:
    """A deal with two offers that are open to be compared."""
    deal = scene.carried_to(financing.choose, 3)
    until("the offers", lambda: len(_visible(deal)) == 2)
    return deal


def _visible(deal: Deal) -> list[dict[str, Any]]:
    return deal.supplier["supplier.owner"].finds("/offers", deal.thread_id, state="visible")


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
    assert desk.grave_findings() == []
    card = page.get_by_role("article", name=best["bank_name"])
    expect(card).to_contain_text("综合成本最低")
    expect(card).to_contain_text(f"{best['all_in_cost_bp'] / 100:.2f}%")
    with not_paying(deal):
        card.get_by_role("button", name="选择这家").click()
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text("其他报价随即落选")
        expect(dialog).to_contain_text("债务人付清后，余款约 ¥")
        dialog.get_by_role("button", name="选择这家").dblclick()
        state(page, "待放款")  # registry and bank have done their part; nobody has reloaded it
        told_of_payment(deal, desks, best, acknowledged(deal, desks, best["bank_name"]))
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
    # Whom it has paid stays told to the debtor.
    [owed] = deal.receivable["payable_ids"]
    page = desks.of(deal.buyer, "buyer.purchaser").opens(f"/payables/{owed}")
    expect(page.get_by_text(f"已付给{best['bank_name']}")).to_be_visible()


def acknowledged(deal: Deal, desks: Desks, bank: str) -> str:
    """The debtor reads whom to pay, and says that the notice has arrived: the share's id."""
    desk = desks.of(deal.buyer, "buyer.purchaser", PHONE)
    page = desk.opens(f"/receivables/{deal.receivable['id']}")
    expect(page.get_by_text(f"已转让给{bank}")).to_be_visible()
    expect(page.get_by_text("不消灭已转让的部分")).to_be_visible()
    page.get_by_role("table", name="转让通知").get_by_role("link").first.click()
    presses(page, "回执")
    state(page, "已回执")
    share = page.url.rsplit("/", 1)[1]
    desk.opens("/payables")
    expect(page.get_by_text("债权已转让").first).to_be_visible()
    expect(page.get_by_text(bank).first).to_be_visible()
    desk.is_well()
    return share


def told_of_payment(deal: Deal, desks: Desks, best: dict[str, Any], share: str) -> None:
    """The bank whose notice has arrived reads what the debtor says it paid, before it has come."""
    purchaser = deal.buyer["buyer.purchaser"]
    owed = next(one for one in deal.payables if one["id"] in deal.receivable["payable_ids"])
    said = {"amount": money(77_00), "paid_on": deal.clock.today().isoformat(), "reference": "GH-77"}
    purchaser.does(f"/payables/{owed['id']}/report-payment", said)
    [bank] = [bank for bank in deal.banks if bank.organisation.id == best["bank_id"]]
    desk = desks.of(bank.organisation, "bank.maker")
    page = desk.opens(f"/bank/positions/{share}")
    told = page.get_by_role("listitem").filter(has_text="GH-77")
    expect(told).to_contain_text("¥77.00")
    expect(told).to_contain_text("待收款方核对")
    assert desk.grave_findings() == []
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
