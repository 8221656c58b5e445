"""One trade at the handlers of orders: named parties, and the steps that lead to a test's act."""

import base64
from datetime import datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.contracts.actor import Actor
from services.contracts.envelope import Event
from services.contracts.money import as_money
from services.contracts.party import party, user
from services.contracts.problems import Problem
from services.contracts.registry import COMMANDS
from services.contracts.supply import match
from services.messaging import Ids
from services.orders import copies
from services.orders.commands import (
    awards,
    contracts,
    deliveries,
    demands,
    evaluations,
    payables,
    quotes,
    signatures,
)
from tests.desk import START, Desk, an_actor, heard

DEADLINE = START + timedelta(days=2)
PRICE_FEN = 12_345_678
TERMS: dict[str, Any] = {
    "nodes": [
        {"kind": "advance", "share_bp": 3_000, "term_days": 5},
        {"kind": "acceptance", "share_bp": 7_000, "term_days": 30},
    ],
    "inspection_days": 10,
    "inspection_is_condition": True,
}
HANDLERS: dict[str, Any] = {
    "create_demand": demands.create,
    "publish_demand": demands.publish,
    "amend_demand": demands.amend,
    "reopen_demand": demands.reopen,
    "cancel_demand": demands.cancel,
    "award_demand": awards.award,
    "confirm_award_demand": awards.confirm,
    "create_quote": quotes.seal,
    "replace_quote": quotes.replace,
    "withdraw_quote": quotes.withdraw,
    "revise_contract": contracts.revise,
    "start_signing_contract": contracts.start_signing,
    "sign_contract": signatures.sign,
    "decline_contract": contracts.decline,
    "create_delivery": deliveries.ship,
    "arrive_delivery": deliveries.arrive,
    "accept_delivery": deliveries.accept,
    "reject_delivery": deliveries.reject,
    "redeliver_delivery": deliveries.redeliver,
    "record_payment_payable": payables.record_payment,
    "report_payment_payable": payables.report_payment,
}
TIMERS: dict[tuple[str, str], Any] = {
    ("demand", "close"): evaluations.close,
    ("demand", "lapse_award"): evaluations.lapse_award,
    ("quote", "expire"): evaluations.expire_quote,
    ("contract", "expire"): contracts.expire,
    ("delivery", "end_inspection"): deliveries.end_inspection,
    ("payable", "fall_due"): payables.fall_due,
    ("payable", "become_overdue"): payables.become_overdue,
}


def refused(code: str) -> Any:
    """The block must be refused with this code, whatever else it says."""
    return pytest.raises(Problem, match=rf"^{code} at ")


class Facts(list[Event]):
    """The facts that one act stated, in order; `facts["quote.opened"]` is the first such state."""

    def __getitem__(self, past: Any) -> Any:
        if not isinstance(past, str):
            return super().__getitem__(past)
        return next(event.data for event in self if event.type == f"{past}.v1")

    @property
    def types(self) -> list[str]:
        return [event.type.removesuffix(".v1") for event in self]


class Person:
    """Somebody of a verified organisation, with a signing key."""

    def __init__(self, name: str, *roles: str) -> None:
        self.name = name
        self.actor: Actor = an_actor(*roles)
        self.key_id = Ids().new()
        self._key = Ed25519PrivateKey.generate()

    @property
    def id(self) -> str:
        """Of the organisation."""
        return self.actor.party_id

    def public_key(self) -> str:
        return base64.b64encode(self._key.public_key().public_bytes_raw()).decode()

    def signature(self, sha256: str) -> str:
        return base64.b64encode(self._key.sign(bytes.fromhex(sha256))).decode()


class Trade:
    """A buyer, two suppliers, and whatever they have agreed so far."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.buyer = Person("华北重工集团", "buyer.purchaser")
        self.supplier = Person("海淀精密机械", "supplier.owner")
        self.rival = Person("昌平智能装备", "supplier.owner")
        self.stranger = Person("路人公司", "supplier.owner", "buyer.purchaser")
        self.knows(self.buyer, size="large")
        for person in (self.supplier, self.rival, self.stranger):
            self.knows(person, size="small")
        self.demand_id = self.quote_id = self.contract_id = ""

    def knows(self, person: Person, **state: Any) -> None:
        """Orders has heard of the organisation and of the person's key."""
        given = {
            "id": person.id, "name": person.name, "capacities": ["buyer", "supplier"],
            "nature": "private", "fiscal_funded": False, "size": None,
            "verified_until": "2027-12-31", "sequence": 1,
        }  # fmt: skip
        self.desk.project(copies.keep_parties, heard(party.event("verified"), **given | state))
        self._knows_key(person, "signing_key_registered", sequence=1, revoked_at=None)

    def hears_of_revoked_keys(self, *people: Person) -> None:
        """Each has left, or was followed by another."""
        for person in people:
            self._knows_key(
                person, "signing_key_revoked", sequence=2, revoked_at="2026-03-01T00:00:00+00:00"
            )

    def _knows_key(
        self, person: Person, past: str, *, sequence: int, revoked_at: str | None
    ) -> None:
        key = {"key_id": person.key_id, "public_key": person.public_key(), "revoked_at": revoked_at}
        someone = {
            "id": person.actor.user_id, "party_id": person.id, "signing_keys": [key],
            "sequence": sequence,
        }  # fmt: skip
        self.desk.project(copies.keep_users, heard(user.event(past), **someone))

    def do(
        self,
        command: str,
        person: Person,
        arguments: dict[str, Any] | None = None,
        id: str | None = None,
        version: int | None = None,
    ) -> Facts:
        """Carry out a command; refusals are raised."""
        outcome = self.desk.execute(
            COMMANDS[command], HANDLERS[command], person.actor, arguments, id=id,
            expected_version=version,
        )  # fmt: skip
        return Facts(outcome.events)

    def tick(self) -> Facts:
        """Carry out everything that is due by the clock, in the order of its time."""
        stated = Facts()
        while due := self._next_due():
            aggregate, subject_id, verb = due
            stated += self.desk.meet(TIMERS[aggregate, verb], aggregate, subject_id, verb)
        return stated

    def _next_due(self) -> tuple[str, str, str] | None:
        waiting = sorted(self.desk.deadlines().items(), key=lambda item: item[1])
        now = self.desk.clock.moment
        return waiting[0][0] if waiting and waiting[0][1] <= now else None

    def wait_until(self, moment: datetime) -> Facts:
        """The clock goes on and the timer does its work."""
        self.desk.clock.moment = moment
        return self.tick()

    def wait(self, **units: float) -> Facts:
        return self.wait_until(self.desk.clock.moment + timedelta(**units))

    # The steps, each with the happy path's arguments.

    def draft(self, **changes: Any) -> Facts:
        text = {
            "title": "五轴数控加工中心采购",
            "text": "用于航空结构件加工，含安装调试。",
            "quote_deadline_at": DEADLINE.isoformat(),
            "terms": TERMS,
        }
        facts = self.do("create_demand", self.buyer, text | changes)
        self.demand_id = facts[facts.types[0]]["id"]
        return facts

    def publish(self, **changes: Any) -> Facts:
        self.draft(**changes)
        return self.do("publish_demand", self.buyer, id=self.demand_id)

    def seal(self, person: Person | None = None, **changes: Any) -> Facts:
        person = person or self.supplier
        quote = {
            "demand_id": self.demand_id, "price": as_money(PRICE_FEN), "delivery_days": 45,
            "valid_until": "2026-04-30", "note": "含一年质保",
        }  # fmt: skip
        facts = self.do("create_quote", person, quote | changes)
        if person is self.supplier:
            self.quote_id = facts["quote.sealed"]["id"]
        return facts

    def close(self) -> Facts:
        return self.wait_until(DEADLINE)

    def award(self, quote_id: str | None = None) -> Facts:
        chosen = {"quote_id": quote_id or self.quote_id}
        return self.do("award_demand", self.buyer, chosen, id=self.demand_id)

    def confirm(self, person: Person | None = None) -> Facts:
        facts = self.do("confirm_award_demand", person or self.supplier, id=self.demand_id)
        self.contract_id = facts["contract.drafted"]["id"]
        return facts

    def start_signing(self) -> Facts:
        return self.do("start_signing_contract", self.buyer, id=self.contract_id)

    def sign(self, person: Person, **changes: Any) -> Facts:
        sha256 = self.contract()["content_sha256"]
        signed = {
            "key_id": person.key_id, "content_sha256": sha256,
            "signature": person.signature(sha256),
        }  # fmt: skip
        return self.do("sign_contract", person, signed | changes, id=self.contract_id)

    def ship(self, amount_fen: int = PRICE_FEN, **changes: Any) -> Facts:
        given = {"contract_id": self.contract_id, "amount": as_money(amount_fen)}
        return self.do("create_delivery", self.supplier, given | changes)

    def arrive(self, amount_fen: int = PRICE_FEN, **changes: Any) -> tuple[str, Facts]:
        id = self.ship(amount_fen, **changes)["delivery.shipped"]["id"]
        return id, self.do("arrive_delivery", self.supplier, id=id)

    def pay(self, payable_id: str, amount_fen: int, paid_on: str, reference: str) -> Facts:
        given = {"amount": as_money(amount_fen), "paid_on": paid_on, "reference": reference}
        return self.do("record_payment_payable", self.supplier, given, id=payable_id)

    def report(self, payable_id: str, amount_fen: int, paid_on: str, reference: str) -> Facts:
        """The buyer says that it paid."""
        given = {"amount": as_money(amount_fen), "paid_on": paid_on, "reference": reference}
        return self.do("report_payment_payable", self.buyer, given, id=payable_id)

    # Where a test may begin.

    def until_evaluating(self, **changes: Any) -> None:
        """Two quotes opened: the supplier's and the rival's, who asks one fen more."""
        self.publish(**changes)
        self.seal(match_id=self.match())
        self.seal(self.rival, price=as_money(PRICE_FEN + 1))
        self.close()

    def until_contracting(self, **changes: Any) -> None:
        self.until_evaluating(**changes)
        self.award()
        self.confirm()

    def until_active(self, **changes: Any) -> Facts:
        """In force; the facts of the last signature."""
        self.until_contracting(**changes)
        self.start_signing()
        self.sign(self.supplier)
        return self.sign(self.buyer)

    # What is there.

    def match(self) -> str:
        """A match of the supplier with the demand, which orders has heard of."""
        id = Ids().new()
        self.supply_id = Ids().new()
        state = {
            "id": id, "demand_id": self.demand_id, "supplier_id": self.supplier.id,
            "supply_id": self.supply_id, "sequence": 1,
        }  # fmt: skip
        self.desk.project(copies.keep_matches, heard(match.event("sent"), **state))
        return id

    def latest(self, aggregate: str, id: str) -> dict[str, Any]:
        """The newest public state of one thing."""
        found = [e for e in self.desk.events() if e.aggregate == aggregate and e.subject == id]
        return found[-1].data

    def demand(self) -> dict[str, Any]:
        return self.latest("demand", self.demand_id)

    def quote(self) -> dict[str, Any]:
        return self.latest("quote", self.quote_id)

    def contract(self) -> dict[str, Any]:
        return self.latest("contract", self.contract_id)

    def payables(self) -> list[dict[str, Any]]:
        """In the order of their nodes and of their parts."""
        ids = {e.subject for e in self.desk.events() if e.aggregate == "payable"}
        return sorted(
            (self.latest("payable", id) for id in ids), key=lambda p: (p["node_no"], p["id"])
        )
