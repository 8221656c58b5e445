"""The company of the story: everybody registered, staffed, mandated, with limits and systems."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

from deploy.sails.demo.banks import SandboxBank
from deploy.sails.demo.cast import VALID_UNTIL, Organisation, Registrar
from deploy.sails.demo.narrator import THREADS
from deploy.sails.demo.stage import Stage
from deploy.sails.samples import Sample
from deploy.sails.texts import language
from services.client import money

MANDATE_FEN = 100_000_000_00  # CNY 100 million: far above any claim of the sample
LIMIT_FEN = 1_000_000_000_00
PRODUCT = {"min": money(1_000_00), "max": money(30_000_000_00), "max_term_days": 365}

# Process → (product, advance rate in bp, yearly rate in bp, fee in bp).
OFFERS = {"bank-a": ("订单快贷", 9_000, 435, 10), "bank-b": ("链融通", 8_500, 395, 5)}


@dataclass
class Company:
    """Organisations by what they do; suppliers by id, because matches name them so."""

    registrar: Registrar
    buyers: list[Organisation]
    suppliers: dict[str, Organisation]
    banks: tuple[SandboxBank, SandboxBank]
    registry: Organisation

    def buyer(self, name: str) -> Organisation:
        """By its unique name."""
        return next(one for one in self.buyers if one.name == name)

    def supplier(self, name: str) -> Organisation:
        """By its unique name; it may have no people yet."""
        return next(one for one in self.suppliers.values() if one.name == name)

    def bidder(self, id: str) -> Organisation:
        """A supplier with its people, who join once it is needed."""
        return self.registrar.staff(self.suppliers[id])


def assemble(stage: Stage, sample: Sample, done: Callable[[int], None]) -> Company:
    """Onboard all parties of the sample; `done(1)` after each. Raises Refused, NoAnswer."""
    registrar = Registrar(stage.operator, english=language() == "en")
    kinds = ("buyer", "supplier", "bank", "registry")
    names = [name for kind in kinds for name in sample.named(kind)]
    organisations = registrar.register([sample.parties[name] for name in names])

    def onboard(organisation: Organisation) -> None:
        registrar.verify(organisation)
        if organisation.capacity != "supplier":
            registrar.staff(organisation)
        done(1)

    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(onboard, organisations))
    having = partial(_having, organisations)
    buyers = having("buyer")
    for buyer in buyers:
        mandate(buyer)
    [registry] = having("registry")
    stage.registry(registry)
    with ThreadPoolExecutor(len(OFFERS)) as threads:
        first, second = threads.map(partial(open_bank, stage, buyers), OFFERS, having("bank"))
    suppliers = {supplier.id: supplier for supplier in having("supplier")}
    return Company(registrar, buyers, suppliers, (first, second), registry)


def _having(organisations: list[Organisation], capacity: str) -> list[Organisation]:
    return [one for one in organisations if one.capacity == capacity]


def mandate(buyer: Organisation) -> None:
    """The buyer lets its maker and its checker confirm claims, within bounds."""
    for duty in ("buyer.maker", "buyer.checker"):
        given = {
            "user_id": buyer[duty].user_id,
            "limit": money(MANDATE_FEN),
            "valid_until": VALID_UNTIL.isoformat(),
        }
        buyer["buyer.purchaser"].does("/mandates", given)


def open_bank(
    stage: Stage, debtors: list[Organisation], process: str, organisation: Organisation
) -> SandboxBank:
    """A product, limits on all debtors and in total, each by two people; then its system runs."""
    maker, approver = organisation["bank.maker"], organisation["bank.approver"]
    name, advance_rate_bp, rate_bp, fee_bp = OFFERS[process]
    offered = PRODUCT | {"name": name, "advance_rate_bp": advance_rate_bp}
    product = maker.does("/products", offered)
    subjects: list[dict[str, Any]] = [{"scope": "total"}]
    subjects += [{"scope": "debtor", "subject_id": debtor.id} for debtor in debtors]
    for subject in subjects:
        limit = maker.does("/limits", subject | {"granted": money(LIMIT_FEN)})
        approver.does(f"/limits/{limit['id']}/approve")
    return stage.bank(process, organisation, product["id"], rate_bp=rate_bp, fee_bp=fee_bp)
