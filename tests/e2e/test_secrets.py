"""What is sealed, a rival's or not authorised stands nowhere: searched for, by its very figures."""

from collections.abc import Callable
from datetime import datetime
from operator import itemgetter

import pytest

from deploy.sails.demo import financing, owing, trade
from deploy.sails.demo.banks import SandboxBank
from deploy.sails.demo.cast import Organisation
from deploy.sails.demo.deal import Deal
from deploy.sails.demo.shared_clock import SharedClock
from services.client import Client, fen
from tests.e2e import searching
from tests.e2e.scene import Scene
from tests.e2e.searching import Api, Texts, Value

ODD_FEN = 8_417_39  # makes the deal's amounts like no other's
BEFORE_CONTRACT = (trade.publish, trade.match, trade.quote)
TO_CONFIRMATION = (
    trade.award, trade.sign_contract, owing.deliver, owing.enter_receivable, owing.confirm,
)  # fmt: skip
OF_A_DEAL = (
    "demands", "matches", "quotes", "contracts", "deliveries", "payables", "receivables",
    "authorisations", "positions", "applications", "offers", "loans",
)  # fmt: skip

MOST = 5  # of a kind; a demand has two hundred matches that say all the same


class Watching(SharedClock):
    """Before business time moves on, somebody looks at what is sealed until then."""

    def __init__(self, operator: Client, look: Callable[[], None]) -> None:
        super().__init__(operator)
        self.look, self.looked = look, 0

    def reach(self, at: datetime) -> None:
        self.look()
        self.looked += 1
        super().reach(at)


@pytest.mark.timeout(300)
def test_prices_terms_and_unauthorised_sheets_stand_nowhere(scene: Scene) -> None:
    clock = Watching(scene.stage.operator, lambda: _prices_are_sealed(scene, deal))
    deal = scene.deal(4, clock)
    deal.price_fen += ODD_FEN
    with searching.wire(scene) as facts:
        for step in BEFORE_CONTRACT:
            step(deal)
    assert clock.looked == 1
    sealed = [fact for fact in facts if "quote.sealed" in fact]
    assert len(sealed) >= len(deal.bidders)
    assert not [fact for fact in sealed for price in _prices(deal).values() if price.is_in(fact)]
    for step in TO_CONFIRMATION:
        step(deal)
    _rivals_stay_in_the_dark(scene, deal)
    financing.apply(deal)
    _the_other_bank_sees_no_amount(scene, deal)
    clock.look = lambda: _terms_are_sealed(scene, deal)
    financing.open_to_second_bank(deal)
    assert clock.looked == 2
    financing.choose(deal)
    _banks_stay_in_the_dark_of_each_other(scene, deal)


def _prices_are_sealed(scene: Scene, deal: Deal) -> None:
    """Only the quoting supplier reads its price back, by one way; nobody else does, by none."""
    api, prices = _api(scene, deal), _prices(deal)
    for who, texts in _read_by_all(api, scene, deal).items():
        for supplier_id, price in prices.items():
            own = ["sealed-price"] if who == supplier_id else []
            assert [path.rpartition("/")[2] for path in texts.with_(price)] == own, who
    everything = list(prices.values())
    assert searching.rows(scene, everything).keys() == {("orders", "quotes")}
    assert searching.logs(scene, everything) == []


def _rivals_stay_in_the_dark(scene: Scene, deal: Deal) -> None:
    """Opened prices are the buyer's to compare; a rival, a bank and the public get none of them."""
    api, prices = _api(scene, deal), _prices(deal)
    outsiders = {bidder.id: _owner(bidder) for bidder in deal.bidders}
    outsiders |= {bank.organisation.id: _system(bank.organisation) for bank in deal.banks}
    for who, client in {**outsiders, "public": None}.items():
        texts = api.read(client)
        for supplier_id, price in prices.items():
            if supplier_id not in (who, deal.supplier.id):
                assert texts.with_(price) == [], who


def _the_other_bank_sees_no_amount(scene: Scene, deal: Deal) -> None:
    """A masked teaser has a band, not the amount, nor anything that leads to the claim."""
    amount = Value(fen(deal.receivable["confirmed"]))
    api, (first, second) = _api(scene, deal), deal.banks
    assert api.read(_system(first.organisation)).with_(amount) != []
    assert api.read(_system(second.organisation)).with_(amount) == []


def _terms_are_sealed(scene: Scene, deal: Deal) -> None:
    """A bank's offer before the window closes: its own people read it, by one way only."""
    interests = {bank.organisation.id: _own_interest(deal, bank) for bank in deal.banks}
    for who, texts in _read_by_all(_api(scene, deal), scene, deal).items():
        for bank_id, interest in interests.items():
            own = ["terms"] if who == bank_id else []
            assert [path.rpartition("/")[2] for path in texts.with_(interest)] == own, who
    everything = list(interests.values())
    found = searching.rows(scene, everything)
    assert {service for service, _ in found} == {"finance"}, found
    assert searching.logs(scene, everything) == []


def _banks_stay_in_the_dark_of_each_other(scene: Scene, deal: Deal) -> None:
    """Visible offers are the applicant's to compare, never another bank's."""
    api, owner = _api(scene, deal), _owner(deal.supplier)
    offers = {
        one["bank_id"]: Value(fen(one["interest"]))
        for one in owner.items("/offers", thread_id=deal.thread_id)
    }
    for bank in deal.banks:
        texts = api.read(_maker(bank.organisation))
        for bank_id, interest in offers.items():
            assert bool(texts.with_(interest)) == (bank_id == bank.organisation.id)


def _prices(deal: Deal) -> dict[str, Value]:
    """What each bidder asks for, by its own word."""
    found = {}
    for bidder in deal.bidders:
        owner = bidder["supplier.owner"]
        quotes = sorted(owner.finds("/quotes", deal.thread_id), key=itemgetter("number"))
        price = owner.sees(f"/quotes/{quotes[-1]['id']}/sealed-price")["price"]
        found[bidder.id] = Value(fen(price))
    return found


def _api(scene: Scene, deal: Deal) -> Api:
    """Every place where the API or a page could say something of this deal."""
    operator = scene.stage.operator
    ids = {plural: _ids(operator, plural, deal, view="operator") for plural in OF_A_DEAL}
    for bidder in deal.bidders:  # what is sealed is in no list but its owner's
        ids["quotes"] |= _ids(_owner(bidder), "quotes", deal)
    for bank in deal.banks:
        ids["offers"] |= _ids(_system(bank.organisation), "offers", deal)
    found = {plural: sorted(each)[:MOST] for plural, each in ids.items()}
    return Api(scene.url, found | {"threads": [deal.thread_id]})


def _ids(client: Client, plural: str, deal: Deal, **query: str) -> set[str]:
    return {one["id"] for one in client.items(f"/{plural}", thread_id=deal.thread_id, **query)}


def _read_by_all(api: Api, scene: Scene, deal: Deal) -> dict[str, Texts]:
    """What everybody reads who has to do with the deal, and the public; by organisation."""
    clients: dict[str, Client | None] = {bidder.id: _owner(bidder) for bidder in deal.bidders}
    clients |= {deal.buyer.id: deal.buyer["buyer.purchaser"].client}
    clients |= {bank.organisation.id: _maker(bank.organisation) for bank in deal.banks}
    clients |= {"operator": scene.stage.operator, "public": None}
    return {who: api.read(client) for who, client in clients.items()}


def _own_interest(deal: Deal, bank: SandboxBank) -> Value:
    maker = _maker(bank.organisation)
    [offer] = list(maker.items("/offers", thread_id=deal.thread_id))
    return Value(fen(maker.get(f"/offers/{offer['id']}/terms")["interest"]))


def _owner(supplier: Organisation) -> Client:
    return supplier["supplier.owner"].client


def _maker(bank: Organisation) -> Client:
    return bank["bank.maker"].client


def _system(bank: Organisation) -> Client:
    return bank["bank.system"].client
