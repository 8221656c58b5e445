"""What the bank does about each fact that it pulls."""

import hashlib
import json
import logging
from typing import Any

from werkzeug.exceptions import Conflict, NotFound
from werkzeug.wrappers import Request

from deploy.sandbox import platform_time
from deploy.sandbox.bank.book import Book
from deploy.sandbox.bank.policy import Policy
from deploy.sandbox.behaviour import Behaviours, Fault
from deploy.sandbox.site import Answer, Handler, body_of
from services.client import Client, fen, money

OPERATIONS = ("offer", "notify", "pay", "repay")

log = logging.getLogger(__name__)


class Bank:
    """One bank: its system's key reads and records, its people's keys prepare and approve.

    Every call carries an Idempotency-Key made of what it is about, so a crash repeats nothing.
    """

    def __init__(
        self,
        party_id: str,
        *,
        system: Client,
        maker: Client,
        approver: Client,
        policy: Policy,
        book: Book,
    ) -> None:
        self.party_id, self.policy, self.book = party_id, policy, book
        self.system, self.maker, self.approver = system, maker, approver
        self.behaviours = Behaviours(OPERATIONS)
        self._reactions = {
            ("application", "offering"): self._consider,
            ("position", "committed"): self._note_position,
            ("position", "filed"): self._notify,
            ("loan", "instructed"): self._pay,
        }

    def handle(self, item: dict[str, Any]) -> None:
        """One fact of the feed, with the thing it is about as that is now (null: not ours now)."""
        document = item["document"] or {}
        reaction = self._reactions.get((item["kind"], str(document.get("state"))))
        if reaction is not None:
            reaction(document)

    def routes(self) -> dict[str, Handler]:
        """The bank's own endpoints."""
        return {
            "POST /payments": self._take_payment,
            "GET /sandbox/applications/<application_id>": self._show_application,
        }

    def _consider(self, document: dict[str, Any]) -> None:
        """A masked teaser is only noted; the whole sheet is decided on."""
        whole = self.party_id in document.get("opened_to", ())
        self.book.note_application(document, whole)
        if not whole:
            return None
        reasons = self.policy.refusals(document, platform_time.today(self.system))
        if reasons:
            return self._screen_out(document["id"], reasons)
        try:
            self.behaviours.perform("offer", lambda nth: self._offer(document, nth))
        except Fault:
            self._screen_out(document["id"], ["system_failure"])

    def _offer(self, sheet: dict[str, Any], nth: int) -> None:
        """Two people: the maker prepares, the approver seals."""
        key = f"offer-{sheet['id']}-{nth}"
        prepared = self.maker.post("/offers", self.policy.terms(sheet), key=key)
        self.approver.post(f"/offers/{prepared['id']}/approve", key=f"approve-{prepared['id']}")
        log.info("offered for %s", sheet["number"])

    def _screen_out(self, application_id: str, reasons: list[str]) -> None:
        path = f"/applications/{application_id}/screen-out"
        self.system.post(path, {"reason_codes": reasons}, key=f"screen-{application_id}")

    def _note_position(self, position: dict[str, Any]) -> None:
        self.book.note_position(
            position["id"], position["application_id"], position["receivable_id"]
        )

    def _notify(self, position: dict[str, Any]) -> None:
        """Send the assignment notice with its voucher to the debtor's designated system."""
        self._note_position(position)
        voucher = hashlib.sha256(json.dumps(position, sort_keys=True).encode()).hexdigest()
        path = f"/positions/{position['id']}/notify"
        self.behaviours.perform(
            "notify",
            lambda nth: self.system.post(
                path, {"voucher_sha256": voucher}, key=f"notify-{position['id']}-{nth}"
            ),
        )

    def _pay(self, loan: dict[str, Any]) -> None:
        """Pay what is instructed, once, and report it; told to fail, report that nothing left."""
        self.book.note_loan(loan["id"], loan["application_id"])
        try:
            self.behaviours.perform("pay", lambda nth: self._report_payout(loan, nth))
        except Fault:
            self._record_payout(loan, {"outcome": "failed"}, key=f"failed-{loan['instruction_id']}")

    def _report_payout(self, loan: dict[str, Any], nth: int) -> None:
        at = platform_time.now(self.system).isoformat()
        entry = self.book.pay_out(loan["instruction_id"], fen(loan["principal"]), at)
        report = {"outcome": "paid", "bank_reference": entry.reference, "paid_at": entry.at}
        self._record_payout(loan, report, key=f"payout-{loan['instruction_id']}-{nth}")

    def _record_payout(self, loan: dict[str, Any], report: dict[str, Any], key: str) -> None:
        body = {"instruction_id": loan["instruction_id"], **report}
        self.system.post(f"/loans/{loan['id']}/record-payout", body, key=key)

    def _take_payment(self, request: Request) -> Answer:
        """The debtor's transfer: `{"receivable_id", "amount", "reference"}`."""
        payment = body_of(request)
        secured = self.book.loan_secured_by(str(payment.get("receivable_id")))
        if secured is None:
            raise Conflict("No loan of this bank is secured by that claim.")
        loan_id, position_id = secured
        at = platform_time.now(self.system).isoformat()
        entry = self.book.receive(str(payment["reference"]), loan_id, fen(payment["amount"]), at)
        report = {
            "reference": entry.reference,
            "debtor_id": self.system.get(f"/positions/{position_id}")["debtor_id"],
            "amount": money(entry.amount_fen),
            "received_at": entry.at,
        }
        path = f"/loans/{loan_id}/record-repayment"
        self.behaviours.perform(
            "repay",
            lambda nth: self.system.post(path, report, key=f"repay-{entry.reference}-{nth}"),
        )
        return 201, {"loan_id": loan_id, **report}

    def _show_application(self, request: Request, application_id: str) -> Answer:
        seen = self.book.application(application_id)
        if seen is None:
            raise NotFound("The bank has not seen it.")
        return 200, seen
