"""One deal at the handlers of finance: named parties, and the steps that lead to a test's act."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from services.contracts.contract import contract, payable
from services.contracts.envelope import Event
from services.contracts.money import as_money
from services.contracts.problems import Problem
from services.contracts.registry import COMMANDS, QUERIES
from services.days import SHANGHAI
from services.finance import copies
from services.messaging import Ids
from tests.desk import Desk, heard
from tests.integration.finance import handlers
from tests.integration.finance.people import (
    Bank,
    Person,
    introduced,
    mandates,
    register_key,
)

PAYABLE_FEN = 100_000_000  # CNY 1,000,000
DUE = date(2026, 5, 6)
RATES = {"招商示范银行": 420, "工商示范银行": 450}
VOUCHER = "cd" * 32


@contextmanager
def refuses(deal: "Deal", code: str, status: int, pointer: str | None = None) -> Iterator[None]:
    """The act is refused so, at this field if one is given, and states no fact."""
    before = len(deal.desk.events())
    with pytest.raises(Problem) as refused:
        yield
    assert (refused.value.code, refused.value.status) == (code, status)
    fields = [error["pointer"] for error in refused.value.errors] or [refused.value.pointer]
    assert pointer is None or fields == [pointer]
    assert len(deal.desk.events()) == before


class Facts(list[Event]):
    """The facts that one act stated, in order; `facts["offer.visible"]` is the last such state."""

    def __getitem__(self, past: Any) -> Any:
        if not isinstance(past, str):
            return super().__getitem__(past)
        return next(event.data for event in reversed(self) if event.type == f"{past}.v1")

    @property
    def types(self) -> list[str]:
        return [event.type.removesuffix(".v1") for event in self]


class Deal:
    """A debtor with maker and checker, a supplier, two banks, a registry; what they did so far."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.maker = Person("buyer.maker")
        self.checker = self.maker.colleague("buyer.checker")
        self.supplier = Person("supplier.owner")
        self.stranger = Person("supplier.owner", "buyer.maker", "buyer.checker", "bank.approver")
        self.registry = Person("registry.system")
        self.operator = Person("operator.staff")
        self.bank, self.rival = Bank("招商示范银行"), Bank("工商示范银行")
        self.contract_id, self.thread_id = Ids().new(), Ids().new()
        self.products: dict[str, str] = {}
        self._introduce()
        self.payable_id = self.owe()

    def _introduce(self) -> None:
        self.desk.project(
            copies.keep_parties,
            introduced(self.maker.id, "华北重工集团", "buyer"),
            introduced(self.supplier.id, "海淀精密机械", "supplier"),
            introduced(self.stranger.id, "路人公司", "supplier", "buyer", "bank"),
            introduced(self.registry.id, "动产融资统一登记公示系统", "registry"),
            introduced(self.bank.id, self.bank.name, "bank"),
            introduced(self.rival.id, self.rival.name, "bank"),
        )
        register_key(self.desk, self.maker, self.checker)
        mandates(self.desk, self.maker, self.checker, limit_fen=10 * PAYABLE_FEN)
        self.contract()

    def contract(self, **state: Any) -> str:
        """Finance has heard of a signed contract; its id."""
        given = {
            "id": self.contract_id, "kind": "order", "state": "active",
            "buyer_id": self.maker.id, "supplier_id": self.supplier.id, "thread_id": self.thread_id,
            "buyer_name": "华北重工集团", "supplier_name": "海淀精密机械",
            "amount_fen": 10 * PAYABLE_FEN, "signed_at": "2026-02-02T01:30:00+00:00",
        }  # fmt: skip
        fact = heard(contract.event("signed"), **given | state)
        self.desk.project(copies.keep_contracts, fact)
        return fact.subject

    def owe(self, amount_fen: int = PAYABLE_FEN, **state: Any) -> str:
        """Finance has heard of a payable that runs; its id."""
        given = {
            "contract_id": self.contract_id, "state": "running", "amount_fen": amount_fen,
            "paid_fen": 0, "due_date": DUE.isoformat(), "thread_id": self.thread_id,
        }  # fmt: skip
        fact = heard(payable.event("running"), **given | state)
        self.desk.project(copies.keep_payables, fact)
        return fact.subject

    def do(
        self,
        command: str,
        person: Person,
        arguments: dict[str, Any] | None = None,
        id: str | None = None,
        seen: dict[str, dict[str, int]] | None = None,
    ) -> Facts:
        """Carry out a command; refusals are raised."""
        handler, who = handlers.HANDLERS[command], person.actor
        outcome = self.desk.execute(COMMANDS[command], handler, who, arguments, id=id, seen=seen)
        return Facts(outcome.events)

    def ask(
        self,
        query: str,
        person: Person,
        arguments: dict[str, Any] | None = None,
        id: str | None = None,
    ) -> dict[str, Any]:
        handler = handlers.QUERIES[query]
        answer: dict[str, Any] = self.desk.ask(
            QUERIES[query], handler, person.actor, arguments, id=id
        )
        return answer

    def tick(self) -> Facts:
        """Carry out everything that is due by the clock, in the order of its time."""
        stated = Facts()
        while due := self._next_due():
            aggregate, subject_id, verb = due
            timer = handlers.TIMERS[aggregate, verb]
            stated += self.desk.meet(timer, aggregate, subject_id, verb)
        return stated

    def _next_due(self) -> tuple[str, str, str] | None:
        waiting = sorted(self.desk.deadlines().items(), key=lambda item: item[1])
        now = self.desk.clock.moment
        return waiting[0][0] if waiting and waiting[0][1] <= now else None

    def wait_until(self, moment: datetime | date | str) -> Facts:
        """The clock goes on, to 10:00 of a mere day, and the timer does its work."""
        if isinstance(moment, str):
            whole_day = len(moment) == len("2026-03-02")
            moment = (date if whole_day else datetime).fromisoformat(moment)
        if not isinstance(moment, datetime):
            moment = datetime.combine(moment, time(10), SHANGHAI)
        self.desk.clock.moment = moment
        return self.tick()

    def wait(self, **units: float) -> Facts:
        return self.wait_until(self.desk.clock.moment + timedelta(**units))

    def sql(self, query: str) -> list[tuple[Any, ...]]:
        """A look at the tables."""
        with self.desk.session() as session:
            return [tuple(row) for row in session.execute(text(query))]

    def number(self, query: str) -> int:
        """The one number that the query answers."""
        return int(self.sql(query)[0][0])

    # The steps, each with the happy path's arguments.

    def enter(
        self,
        claimed_fen: int = PAYABLE_FEN,
        seen: dict[str, dict[str, int]] | None = None,
        **changes: Any,
    ) -> Facts:
        claim = {
            "payable_ids": [self.payable_id],
            "invoice": self.invoice(),
            "claimed": as_money(claimed_fen),
        }
        return self.do("create_receivable", self.supplier, claim | changes, seen=seen)

    def invoice(self, number: str = "26112000000012345678", **changes: Any) -> dict[str, Any]:
        return {
            "number": number, "issued_on": "2026-02-27", "total": as_money(PAYABLE_FEN),
            "tax": as_money(11_504_425),
        } | changes  # fmt: skip

    def request(self, id: str) -> Facts:
        return self.do("request_confirmation_receivable", self.supplier, id=id)

    def prepare(self, id: str, **changes: Any) -> Facts:
        return self.do("prepare_receivable", self.maker, changes, id=id)

    def confirm(self, id: str, sha256: str, by: Person | None = None, **changes: Any) -> Facts:
        person = by or self.checker
        signed = {
            "key_id": person.key_id, "confirmation_sha256": sha256,
            "signature": person.signature(sha256),
        }  # fmt: skip
        return self.do("confirm_receivable", person, signed | changes, id=id)

    def authorise(self, *banks: Bank, **changes: Any) -> str:
        given = {
            "recipient_ids": [bank.id for bank in banks or (self.bank,)],
            "items": ["receivable", "contract", "invoice"],
            "purpose": "应收账款融资", "valid_until": "2026-12-31",
        }  # fmt: skip
        facts = self.do("create_authorisation", self.supplier, given | changes)
        return str(facts["authorisation.granted"]["id"])

    def submit(self, receivable_id: str, authorisation_id: str, **changes: Any) -> Facts:
        share = {"receivable_id": receivable_id, "amount": as_money(PAYABLE_FEN)}
        given = {"shares": [share], "authorisation_id": authorisation_id}
        return self.do("create_application", self.supplier, given | changes)

    def publish(self, bank: Bank, **changes: Any) -> str:
        given = {
            "name": "确权应收账款融资", "advance_rate_bp": 9_000, "min": as_money(100_000),
            "max": as_money(10 * PAYABLE_FEN), "max_term_days": 365,
        }  # fmt: skip
        facts = self.do("create_product", bank.maker, given | changes)
        self.products[bank.id] = str(facts["product.published"]["id"])
        return self.products[bank.id]

    def limit(self, bank: Bank, scope: str, subject_id: str | None, granted_fen: int) -> str:
        given = {"scope": scope, "subject_id": subject_id, "granted": as_money(granted_fen)}
        id = str(self.do("create_limit", bank.maker, given)["limit.prepared"]["id"])
        self.do("approve_limit", bank.approver, id=id)
        return id

    def equip(self, bank: Bank, granted_fen: int = 10 * PAYABLE_FEN, **product: Any) -> None:
        """The bank has a product and the limits that it must have."""
        self.publish(bank, **product)
        self.limit(bank, "debtor", self.maker.id, granted_fen)
        self.limit(bank, "total", None, granted_fen)

    def offer(self, bank: Bank, application: dict[str, Any], **changes: Any) -> str:
        """Prepared and approved: sealed; the offer's id."""
        id = self.draft_offer(bank, application, **changes)
        self.do("approve_offer", bank.approver, id=id)
        return id

    def draft_offer(self, bank: Bank, application: dict[str, Any], **changes: Any) -> str:
        window_end = datetime.fromisoformat(application["offers_until"])
        given = {
            "application_id": application["id"], "product_id": self.products[bank.id],
            "amount": as_money(PAYABLE_FEN * 9 // 10), "rate_bp": RATES[bank.name],
            "fee": as_money(10_000), "valid_until": (window_end + timedelta(days=3)).isoformat(),
        }  # fmt: skip
        facts = self.do("create_offer", bank.maker, given | changes)
        return str(facts["offer.prepared"]["id"])

    def choose(self, application_id: str, offer_id: str) -> Facts:
        return self.do(
            "choose_application", self.supplier, {"offer_id": offer_id}, id=application_id
        )

    def file(
        self, position_id: str, by: Person | None = None, search: str = "clear", **changes: Any
    ) -> Facts:
        given = {
            "filing_number": f"ZD{position_id[-8:]}", "search": search,
            "filed_at": self.desk.clock.moment.isoformat(),
        }  # fmt: skip
        return self.do("file_position", by or self.registry, given | changes, id=position_id)

    def notify(self, position_id: str, bank: Bank | None = None) -> Facts:
        given = {"voucher_sha256": VOUCHER}
        return self.do("notify_position", (bank or self.bank).system, given, id=position_id)

    def pay_out(self, loan: dict[str, Any], outcome: str = "paid", **changes: Any) -> Facts:
        given = {"instruction_id": loan["instruction_id"], "outcome": outcome,
                 "bank_reference": "TT-0001"}  # fmt: skip
        given = given if outcome == "paid" else given | {"bank_reference": None}
        return self.do("record_payout_loan", self.bank.system, given | changes, id=loan["id"])

    def repay(
        self,
        loan_id: str,
        amount_fen: int,
        reference: str = "HK-0001",
        payer: str = "debtor",
        debtor_id: str | None = None,
    ) -> Facts:
        given = {
            "reference": reference, "amount": as_money(amount_fen), "payer": payer,
            "debtor_id": debtor_id, "received_at": self.desk.clock.moment.isoformat(),
        }  # fmt: skip
        return self.do("record_repayment_loan", self.bank.system, given, id=loan_id)

    # Where a test may begin; each answers the state of the thing that the test is about.

    def until_checked(self) -> dict[str, Any]:
        state: dict[str, Any] = self.enter()["receivable.checked"]
        return state

    def until_prepared(self) -> dict[str, Any]:
        id = self.until_checked()["id"]
        self.request(id)
        state: dict[str, Any] = self.prepare(id)["receivable.prepared"]
        return state

    def until_confirmed(self) -> dict[str, Any]:
        prepared = self.until_prepared()
        facts = self.confirm(prepared["id"], prepared["confirmation_sha256"])
        state: dict[str, Any] = facts["receivable.confirmed"]
        return state

    def until_submitted(self, **product: Any) -> dict[str, Any]:
        """Both banks equipped and authorised; the application for the whole claim."""
        claim = self.until_confirmed()
        for bank in (self.bank, self.rival):
            self.equip(bank, **product)
        authorisation_id = self.authorise(self.bank, self.rival)
        facts = self.submit(claim["id"], authorisation_id)
        state: dict[str, Any] = facts["application.submitted"]
        return state

    def until_selecting(self, **product: Any) -> tuple[dict[str, Any], str, str]:
        """Both banks' offers are visible: application, the bank's offer, the rival's."""
        application = self.until_submitted(**product)
        mine = self.offer(self.bank, application)
        other = self.offer(self.rival, application)
        facts = self.wait_until(application["offers_until"])
        return facts["application.offers_closed"], mine, other

    def until_securing(self, **product: Any) -> tuple[dict[str, Any], str]:
        """The bank's offer is accepted: the committed position, and the application's id."""
        application, mine, _ = self.until_selecting(**product)
        facts = self.choose(application["id"], mine)
        return facts["position.committed"], application["id"]

    def until_instructed(self, **product: Any) -> dict[str, Any]:
        """Filed, noticed, and the loan instructed."""
        position, _ = self.until_securing(**product)
        self.file(position["id"])
        state: dict[str, Any] = self.notify(position["id"])["loan.instructed"]
        return state

    def until_another_confirmed(self) -> dict[str, Any]:
        """A claim of the supplier's on a second debtor, whom the bank knows."""
        maker = Person("buyer.maker")
        checker = maker.colleague("buyer.checker")
        name = "华东电气集团"
        self.desk.project(copies.keep_parties, introduced(maker.id, name, "buyer"))
        register_key(self.desk, maker, checker)
        mandates(self.desk, maker, checker, limit_fen=10 * PAYABLE_FEN)
        self.limit(self.bank, "debtor", maker.id, 10 * PAYABLE_FEN)
        contract_id = self.contract(id=Ids().new(), buyer_id=maker.id, buyer_name=name)
        payable_id = self.owe(contract_id=contract_id)
        id = self.enter(payable_ids=[payable_id])["receivable.checked"]["id"]
        self.request(id)
        prepared = self.do("prepare_receivable", maker, id=id)["receivable.prepared"]
        facts = self.confirm(id, prepared["confirmation_sha256"], checker)
        state: dict[str, Any] = facts["receivable.confirmed"]
        return state

    def lend(self, shares: dict[str, int], amount_fen: int, **product: Any) -> dict[str, Any]:
        """The bank has lent so much on these receivables, each with so much of it: the loan."""
        self.equip(self.bank, **product)
        asked = [{"receivable_id": id, "amount": as_money(fen)} for id, fen in shares.items()]
        application = self.submit("", self.authorise(), shares=asked)[0].data
        terms = {"amount": as_money(amount_fen), "fee": as_money(100)}
        offer_id = self.offer(self.bank, application, **terms)
        self.wait_until(application["offers_until"])
        for fact in self.choose(application["id"], offer_id):
            if fact.type == "position.committed.v1":
                self.file(fact.subject)
                facts = self.notify(fact.subject)
        state: dict[str, Any] = self.pay_out(facts["loan.instructed"])["loan.disbursed"]
        return state

    def until_active(self, **product: Any) -> dict[str, Any]:
        state: dict[str, Any] = self.pay_out(self.until_instructed(**product))["loan.disbursed"]
        return state
