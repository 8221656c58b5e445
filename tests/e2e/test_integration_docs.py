"""The walk-throughs of an ERP and of a bank, command by command, on a whole platform."""

import random
import re
import secrets
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from deploy.sails.demo import financing, owing, trade
from deploy.sails.demo.cast import VALID_UNTIL, Organisation
from deploy.sails.demo.deal import Deal
from deploy.sails.demo.imports import bring_in
from deploy.sails.demo.person import Document
from deploy.sails.samples.parties import others
from deploy.sails.state import REPOSITORY
from deploy.sails.waiting import until
from services.client import fen, money
from services.days import SHANGHAI
from tests.e2e import tools
from tests.e2e.scene import Scene
from tests.e2e.walkthrough import FENCE, Reader, comes
from tests.processes import free_port

DOCS = REPOSITORY / "docs"
ERP, BANK = DOCS / "integrate-an-erp.md", DOCS / "integrate-a-bank.md"
PASSWORD = "thousand sails and one wind"
SMALL_FEN = 50_000_00  # below the product's minimum
SUPPLY = {
    "kind": "product",
    "title": "钛合金叶轮五轴加工",
    "text": "五轴联动数控加工，钛合金 TC4 叶轮，附检测报告。",
    "source_ref": "integration-docs",
}

needs_tools = pytest.mark.skipif(bool(tools.missing()), reason=f"needs {tools.TOOLS}")


def signed_up(scene: Scene, organisation: Organisation, duty: str) -> str:
    """The login of a person, which chooses its password if it has none."""
    person = organisation[duty]
    login = f"erp-{person.user_id}"
    code = person.client.post(f"/users/{person.user_id}/invite")["secret"]
    chosen = {"code": code, "login": login, "password": PASSWORD}
    person.client.send("POST", "/session/activate", json=chosen)
    return login


class Erp:
    """What everybody else does while a buyer's ERP follows the walk-through."""

    def __init__(self, scene: Scene, reader: Callable[[], Reader]) -> None:
        self.scene, self.deal, self._reader = scene, scene.deal(), reader

    def supply(self) -> None:
        supplier = next(iter(self.scene.company.suppliers))
        rows = [SUPPLY | {"supplier_id": supplier}]
        bring_in(self.scene.stage.operator, "/supplies/import", rows)

    def quote(self) -> None:
        purchaser = self.deal.buyer["buyer.purchaser"]
        demand_id = self._reader().variables["DEMAND"]
        self.deal.demand = purchaser.sees(f"/demands/{demand_id}")
        trade.match(self.deal)
        trade.quote(self.deal)

    def deliver(self) -> None:
        deal = self.deal
        purchaser, path = deal.buyer["buyer.purchaser"], f"/demands/{deal.thread_id}"
        demand = until("the capacity", lambda: _reserved(purchaser.sees(path)))
        winner = demand["awarded_supplier_id"]
        deal.supplier = next(one for one in deal.bidders if one.id == winner)
        owner = deal.supplier["supplier.owner"]
        owner.does(f"{path}/confirm-award")
        trade.sign_contract(deal)
        given = {"contract_id": deal.contract["id"], "amount": deal.contract["amount"]}
        delivery = owner.does("/deliveries", given)
        owner.does(f"/deliveries/{delivery['id']}/arrive")

    def claim(self) -> None:
        owner = self.deal.supplier["supplier.owner"]
        self.deal.payables = owner.finds("/payables", self.deal.thread_id)
        owing.enter_receivable(self.deal)


def _reserved(demand: Document) -> Document | None:
    return demand if demand["capacity"] == "reserved" else None


@needs_tools
def test_an_erp_is_integrated_as_it_is_written(scene: Scene, tmp_path: Path) -> None:
    readers: list[Reader] = []
    erp = Erp(scene, lambda: readers[0])
    buyer, port = erp.deal.buyer, free_port()
    given = {
        "SAILS": scene.url,
        "LOGIN": signed_up(scene, buyer, "buyer.purchaser"),
        "PASSWORD": PASSWORD,
        "RECEIVER": f"http://127.0.0.1:{port}/hooks",
        "PORT": str(port),
        "MAKER_KEY": buyer["buyer.maker"].client.api_key,
        "CHECKER_KEY": buyer["buyer.checker"].client.api_key,
    }
    meanwhile = {
        "publish": erp.supply, "quotes": erp.quote, "accept": erp.deliver, "prepare": erp.claim,
    }  # fmt: skip
    with Reader(tmp_path, given) as reader:
        readers.append(reader)
        reader.goes_through(ERP, meanwhile)


class AtTheBank:
    """A new bank, its applicant, and what the others do while the bank follows."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.deal: Deal = scene.carried_to(financing.apply)
        registrar = scene.company.registrar
        body = others(random.Random(secrets.randbits(32)))[0] | {"name": "北京远帆银行"}
        [self.bank] = registrar.register([body])
        registrar.verify(self.bank)
        registrar.staff(self.bank)

    def apply(self) -> None:
        """Twice for the same claim: once for little, once for what is left."""
        self.large_fen = fen(self.deal.receivable["confirmed"]) - SMALL_FEN
        for amount_fen in (SMALL_FEN, self.large_fen):
            self.application = self._applied(amount_fen)

    def _applied(self, amount_fen: int) -> Document:
        owner = self.deal.supplier["supplier.owner"]
        authorisation = {
            "recipient_ids": [self.bank.id],
            "items": financing.ITEMS,
            "purpose": "应收账款融资审查",
            "valid_until": VALID_UNTIL.isoformat(),
        }
        shares = [{"receivable_id": self.deal.receivable["id"], "amount": money(amount_fen)}]
        granted = owner.does("/authorisations", authorisation)
        body = {"shares": shares, "authorisation_id": granted["id"], "offer_window_hours": 24}
        return owner.does("/applications", body)

    def choose(self) -> None:
        """The window closes and the only offer is taken."""
        owner, path = (
            self.deal.supplier["supplier.owner"],
            f"/applications/{self.application['id']}",
        )
        closes = datetime.fromisoformat(self.application["offers_until"])
        self.deal.clock.reach(closes + timedelta(minutes=1))
        [offer] = until(
            "the offer", lambda: owner.finds("/offers", self.deal.thread_id, state="visible")
        )
        owner.does(f"{path}/choose", {"offer_id": offer["id"]})

    def mature(self) -> None:
        due = date.fromisoformat(self.deal.receivable["due_date"])
        self.deal.clock.reach(datetime(due.year, due.month, due.day, 10, tzinfo=SHANGHAI))


@needs_tools
def test_a_bank_is_integrated_as_it_is_written(scene: Scene, tmp_path: Path) -> None:
    others_do = AtTheBank(scene)
    bank = others_do.bank
    given = {
        "SAILS": scene.url,
        "KEY": bank["bank.system"].client.api_key,
        "MAKER_KEY": bank["bank.maker"].client.api_key,
        "APPROVER_KEY": bank["bank.approver"].client.api_key,
        "DEBTOR": others_do.deal.buyer.id,
    }
    meanwhile = {
        "follow": others_do.apply, "notify": others_do.choose, "repaid": others_do.mature,
    }  # fmt: skip
    with Reader(tmp_path, given) as reader:
        reader.goes_through(BANK, meanwhile)


@pytest.mark.parametrize("page", [ERP, BANK], ids=["erp", "bank"])
def test_both_languages_type_the_same(page: Path) -> None:
    english = page.read_text(encoding="utf-8")
    chinese = page.with_suffix(".zh-CN.md").read_text(encoding="utf-8")
    typed = [FENCE.findall(text) for text in (english, chinese)]
    assert typed[0] == typed[1]
    assert len(re.findall(r"^## ", english, re.M)) == len(re.findall(r"^## ", chinese, re.M))
    assert english.count("```") == 2 * len(typed[0])  # every block is named, and so is run


def test_what_comes_back_is_compared_by_what_is_said_of_it() -> None:
    got = '{"number": "QF-D-1", "state": "published", "items": [{"a": 1}, {"a": 2}]}'
    assert comes('{"number": "QF-D-…", "items": [{"a": 1}]}', got)
    for wrong in ('{"number": "QF-C-…"}', '{"items": [{"a": 2}]}', '{"missing": "…"}'):
        assert not comes(wrong, got), wrong
    assert comes("QF-W-… enabled", "QF-W-2026-000001 enabled\n")
    assert not comes("QF-W-… enabled", "QF-W-2026-000001 disabled")
