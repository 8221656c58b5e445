"""Who trades while everything breaks: a few organisations of the sample, fully staffed."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from deploy.sails.demo.cast import VALID_UNTIL, Organisation, Registrar
from deploy.sails.demo.company import LIMIT_FEN, MANDATE_FEN, PRODUCT
from deploy.sails.demo.imports import bring_in
from deploy.sails.demo.person import Document
from deploy.sails.demo.shared_clock import SharedClock
from deploy.sails.demo.story import TERMS
from deploy.sails.samples import generate
from deploy.sails.waiting import until
from services.client import Client, money
from tests.chaos.ledger import Ledger

SAMPLE = 7
WISHES = 4  # orders of as many lines of business
BUYERS, SUPPLIERS, BANKS = 2, 5, 1
THREADS = 4
LARGEST_FEN = 2_000_000_00  # a claim within what an application may be for


@dataclass
class Cast:
    """Buyers take turns over the wishes; every supply is of one of the suppliers."""

    buyers: list[Organisation]
    suppliers: dict[str, Organisation]
    bank: Organisation
    wishes: list[Document]

    @property
    def organisations(self) -> list[Organisation]:
        return [*self.buyers, *self.suppliers.values(), self.bank]


def assemble(operator: Client, ledger: Ledger) -> Cast:
    """Register, verify, staff, mandate and stock everybody; then the ledger watches them."""
    sample = generate(SAMPLE, SharedClock(operator).today())
    registrar = Registrar(operator)
    chosen = [
        *sample.named("buyer")[:BUYERS], *sample.named("supplier")[:SUPPLIERS],
        *sample.named("bank")[:BANKS],
    ]  # fmt: skip
    organisations = registrar.register([sample.parties[name] for name in chosen])

    def onboard(organisation: Organisation) -> Organisation:
        registrar.verify(organisation)
        return registrar.staff(organisation)

    with ThreadPoolExecutor(THREADS) as threads:
        staffed = list(threads.map(onboard, organisations))
    buyers, suppliers = staffed[:BUYERS], staffed[BUYERS : BUYERS + SUPPLIERS]
    for buyer in buyers:
        _mandate(buyer)
    bank = staffed[-1]
    _product(bank, buyers)
    wishes = [body for _, body in sample.demands if body["kind"] == "order"][:WISHES]
    _stock(operator, suppliers, wishes)
    for organisation in staffed:
        for person in organisation.people.values():
            ledger.watch(person, organisation.id)
    return Cast(buyers, {one.id: one for one in suppliers}, bank, [_modest(one) for one in wishes])


def _modest(wish: Document) -> Document:
    return wish | {"budget": money(LARGEST_FEN), "terms": TERMS, "requirements": []}


def _mandate(buyer: Organisation) -> None:
    for duty in ("buyer.maker", "buyer.checker"):
        mandate = {
            "user_id": buyer[duty].user_id,
            "limit": money(MANDATE_FEN),
            "valid_until": VALID_UNTIL.isoformat(),
        }
        buyer["buyer.purchaser"].does("/mandates", mandate)


def _product(bank: Organisation, debtors: list[Organisation]) -> None:
    maker, approver = bank["bank.maker"], bank["bank.approver"]
    maker.does("/products", PRODUCT | {"name": "链融通", "advance_rate_bp": 9_000})
    subjects: list[dict[str, Any]] = [{"scope": "total"}]
    subjects += [{"scope": "debtor", "subject_id": debtor.id} for debtor in debtors]
    for subject in subjects:
        limit = maker.does("/limits", subject | {"granted": money(LIMIT_FEN)})
        approver.does(f"/limits/{limit['id']}/approve")


def _stock(operator: Client, suppliers: list[Organisation], wishes: list[Document]) -> None:
    """Each supplier answers every wish, without a limit of capacity."""
    rows = [
        {
            "supplier_id": supplier.id,
            "source_ref": f"chaos-{number}-{supplier.id}",
            "kind": "product",
            "title": wish["title"],
            "text": wish["text"],
            "categories": [wish["category"]],
        }
        for number, wish in enumerate(wishes)
        for supplier in suppliers
    ]
    bring_in(operator, "/supplies/import", rows)
    until("the supplies", lambda: _known(operator) >= len(rows))


def _known(operator: Client) -> int:
    return sum(1 for _ in operator.items("/supplies", view="operator", state="active"))
