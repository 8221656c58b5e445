"""The company of the story: everybody registered, staffed, mandated, with limits and systems."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
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

    buyers: list[Organisation]
    suppliers: dict[str, Organisation]
    banks: tuple[SandboxBank, SandboxBank]
    registry: Organisation

    def named(self, name: str) -> Organisation:
        """A buyer or supplier by its unique name."""
        everyone = [*self.buyers, *self.suppliers.values()]
        return next(one for one in everyone if one.name == name)


def assemble(stage: Stage, sample: Sample, done: Callable[[int], None]) -> Company:
    """Onboard all parties of the sample; `done(1)` after each. Raises Refused, NoAnswer."""
    registrar = Registrar(stage.operator, english=language() == "en")

    def onboard(name: str) -> Organisation:
        party = sample.parties[name]
        organisation = registrar.verified(party)
        registrar.staff(organisation, party["capacities"][0])
        done(1)
        return organisation

    kinds = ("buyer", "supplier", "bank", "registry")
    names = [name for kind in kinds for name in sample.named(kind)]
    with ThreadPoolExecutor(THREADS) as threads:
        found = dict(zip(names, threads.map(onboard, names), strict=True))
    buyers = [found[name] for name in sample.named("buyer")]
    for buyer in buyers:
        _mandate(buyer)
    [registry] = (found[name] for name in sample.named("registry"))
    stage.registry(registry)
    first, second = (
        _bank(stage, process, found[name], buyers)
        for process, name in zip(OFFERS, sample.named("bank"), strict=True)
    )
    suppliers = {found[name].id: found[name] for name in sample.named("supplier")}
    return Company(buyers, suppliers, (first, second), registry)


def _mandate(buyer: Organisation) -> None:
    """The buyer lets its maker and its checker confirm claims, within bounds."""
    for duty in ("buyer.maker", "buyer.checker"):
        mandate = {
            "user_id": buyer[duty].user_id,
            "limit": money(MANDATE_FEN),
            "valid_until": VALID_UNTIL.isoformat(),
        }
        buyer["buyer.purchaser"].does("/mandates", mandate)


def _bank(
    stage: Stage, process: str, organisation: Organisation, debtors: list[Organisation]
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
