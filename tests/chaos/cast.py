"""Who trades while everything breaks: a few organisations of the sample, fully staffed."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from deploy.sails.demo.banks import SandboxBank
from deploy.sails.demo.cast import Organisation, Registrar
from deploy.sails.demo.company import mandate, open_bank
from deploy.sails.demo.imports import bring_in
from deploy.sails.demo.person import Document
from deploy.sails.demo.shared_clock import SharedClock
from deploy.sails.demo.stage import Stage as Theatre
from deploy.sails.demo.stage import launch
from deploy.sails.demo.story import TERMS
from deploy.sails.samples import generate
from deploy.sails.waiting import until
from services.client import Client, money
from tests.chaos.ledger import Ledger
from tests.chaos.stage import Stage

SAMPLE = 7
WISHES = 4  # orders of as many lines of business
BUYERS, SUPPLIERS = 2, 5
BANK = "bank-a"  # its process among the sandboxes
THREADS = 4
LARGEST_FEN = 2_000_000_00  # a claim within what an application may be for


@dataclass
class Cast:
    """Buyers take turns over the wishes; every supply is of one of the suppliers.

    The bank and the registry of filings have systems of their own, which act by themselves.
    """

    buyers: list[Organisation]
    suppliers: dict[str, Organisation]
    bank: Organisation
    wishes: list[Document]
    clock: SharedClock

    @property
    def organisations(self) -> list[Organisation]:
        return [*self.buyers, *self.suppliers.values(), self.bank]


def assemble(stage: Stage, ledger: Ledger) -> Cast:
    """Register, verify, staff, mandate and stock everybody; then the ledger watches them."""
    operator, clock = stage.operator, SharedClock(stage.operator)
    sample = generate(SAMPLE, clock.today())
    registrar = Registrar(operator)
    chosen = [
        *sample.named("buyer")[:BUYERS], *sample.named("supplier")[:SUPPLIERS],
        *sample.named("bank")[:1], *sample.named("registry"),
    ]  # fmt: skip
    organisations = registrar.register([sample.parties[name] for name in chosen])

    def onboard(organisation: Organisation) -> Organisation:
        registrar.verify(organisation)
        return registrar.staff(organisation)

    with ThreadPoolExecutor(THREADS) as threads:
        staffed = list(threads.map(onboard, organisations))
    buyers, suppliers = staffed[:BUYERS], staffed[BUYERS : BUYERS + SUPPLIERS]
    for buyer in buyers:
        mandate(buyer)
    bank = _systems(stage, buyers, *staffed[BUYERS + SUPPLIERS :]).organisation
    wishes = [body for _, body in sample.demands if body["kind"] == "order"][:WISHES]
    _stock(operator, suppliers, wishes)
    for organisation in staffed:
        for person in organisation.people.values():
            ledger.watch(person, organisation.id)
    known = {one.id: one for one in suppliers}
    return Cast(buyers, known, bank, [_modest(one) for one in wishes], clock)


def _modest(wish: Document) -> Document:
    return wish | {"budget": money(LARGEST_FEN), "terms": TERMS, "requirements": []}


def _systems(
    stage: Stage, debtors: list[Organisation], bank: Organisation, registry: Organisation
) -> SandboxBank:
    """The bank's and the registry's own programs, under the same supervisor."""
    theatre = Theatre(stage.layout.environment, stage.operator, partial(launch, stage.state))
    theatre.registry(registry)
    return open_bank(theatre, debtors, BANK, bank)


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
