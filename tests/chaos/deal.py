"""One deal of the load; its later steps are those of the demonstration's story."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from deploy.sails.demo import owing, trade
from deploy.sails.demo.cast import VALID_UNTIL, Organisation
from deploy.sails.demo.narrator import silent
from deploy.sails.demo.person import Document, Person
from deploy.sails.waiting import until
from services.client import Refused, fen, money
from tests.chaos.cast import Cast

MATCHED_WITHIN_S = 30.0
PRICE_PERCENT = (70, 95)
ITEMS = ["party", "contract", "delivery", "invoice", "receivable", "repayment"]
TAKEN = "not_enough_left"  # of a claim that another application holds


class Deal:
    """Each step raises Refused, NoAnswer or WaitedInVain when it does not go on."""

    def __init__(self, cast: Cast, rng: random.Random, wish: Document) -> None:
        self.cast, self.rng, self.wish = cast, rng, wish
        self.buyer = rng.choice(cast.buyers)
        self.clock, self.tell = cast.clock, silent
        self.price_fen = fen(wish["budget"]) * rng.randint(*PRICE_PERCENT) // 100
        self.bidders: list[Organisation] = []
        self.supplier: Organisation
        self.demand: Document
        self.contract: Document
        self.payables: list[Document]
        self.receivable: Document
        self.application: Document

    @property
    def thread_id(self) -> str:
        return str(self.demand["id"])

    def publish(self) -> None:
        purchaser = self.buyer["buyer.purchaser"]
        draft = purchaser.does("/demands", self.wish)
        self.demand = purchaser.does(f"/demands/{draft['id']}/publish")

    def quote(self) -> None:
        """One or two of the suppliers that were told."""
        sent = until("a match", self._sent, MATCHED_WITHIN_S)
        for match in sent[: self.rng.randint(1, 2)]:
            bidder = self.cast.suppliers[match["supplier_id"]]
            owner = bidder["supplier.owner"]
            owner.does(f"/matches/{match['id']}/show-interest")
            body = {
                "demand_id": self.thread_id,
                "match_id": match["id"],
                "price": money(self.price_fen + len(self.bidders) * 100),
                "delivery_days": 20,
                "valid_until": (self.clock.today() + timedelta(days=30)).isoformat(),
            }
            owner.does("/quotes", body)
            self.bidders.append(bidder)

    def award(self) -> None:
        trade.award(self)  # type: ignore[arg-type]

    def sign(self) -> None:
        trade.sign_contract(self)  # type: ignore[arg-type]

    def deliver(self) -> None:
        owing.deliver(self)  # type: ignore[arg-type]

    def enter(self) -> None:
        owing.enter_receivable(self)  # type: ignore[arg-type]

    def confirm(self) -> None:
        owing.confirm(self)  # type: ignore[arg-type]

    def apply_twice(self) -> None:
        """Two people want the whole claim at the same moment; one of them gets it."""
        owner, claim = self.supplier["supplier.owner"], self.receivable
        authorisation = owner.does("/authorisations", authorisation_for(self.cast.bank))
        body = {
            "shares": [{"receivable_id": claim["id"], "amount": claim["confirmed"]}],
            "authorisation_id": authorisation["id"],
            "offer_window_hours": 24,
        }
        with ThreadPoolExecutor(2) as two:
            took = [one for one in two.map(lambda _: _application(owner, body), range(2)) if one]
        if len(took) != 1:
            raise AssertionError(f"{len(took)} applications took the whole of {claim['number']}")
        (self.application,) = took

    def _sent(self) -> list[Document]:
        return self.buyer["buyer.purchaser"].finds("/matches", self.thread_id, state="sent")


def authorisation_for(bank: Organisation) -> Document:
    """The bank may see everything that it needs to judge a claim."""
    return {
        "recipient_ids": [bank.id],
        "items": ITEMS,
        "purpose": "应收账款融资审查",
        "valid_until": VALID_UNTIL.isoformat(),
    }


def _application(owner: Person, body: Document) -> Document | None:
    """None when another one was first."""
    try:
        return owner.does("/applications", body)
    except Refused as refused:
        if refused.code == TAKEN:
            return None
        raise
