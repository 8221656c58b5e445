"""The financing: authorised, pulled by two banks, offered under seal, chosen, secured, paid."""

from datetime import datetime, timedelta
from functools import partial

from deploy.sails.demo.banks import SandboxBank
from deploy.sails.demo.cast import VALID_UNTIL
from deploy.sails.demo.deal import Deal
from deploy.sails.demo.person import Document, Person
from deploy.sails.demo.words import named, word
from deploy.sails.waiting import until
from services.days import SHANGHAI

JUST_AFTER = timedelta(minutes=1)
OFFER_WINDOW_HOURS = 24
ITEMS = ["party", "contract", "delivery", "invoice", "receivable", "repayment"]


def apply(deal: Deal) -> None:
    """The supplier lets the first bank see its data and applies; the share is held at once."""
    owner, (first, second) = deal.supplier["supplier.owner"], deal.banks
    claim = deal.receivable
    body = {
        "shares": [{"receivable_id": claim["id"], "amount": claim["confirmed"]}],
        "authorisation_id": _authorise(deal, first)["id"],
        "offer_window_hours": OFFER_WINDOW_HOURS,
    }
    application = owner.does("/applications", body)
    deal.application = application
    deal.tell("applied", owner, number=application["number"], amount=application["amount"])
    masked = until("the second bank to pull the teaser", lambda: _seen(deal, second, "teaser"))
    whole = until("the first bank to pull the sheet", lambda: _seen(deal, first, "sheet"))
    deal.tell("pulled", first.organisation["bank.system"], names=_names(whole))
    deal.tell(
        "masked", second.organisation["bank.system"],
        band=named("band", masked["amount_band"]), days=masked["term_days"],
    )  # fmt: skip


def open_to_second_bank(deal: Deal) -> None:
    """A further authorisation opens the sheet to the other bank; both offer under seal."""
    owner, (_, second) = deal.supplier["supplier.owner"], deal.banks
    path = f"/applications/{deal.application['id']}"
    owner.does(f"{path}/open-to", {"authorisation_id": _authorise(deal, second)["id"]})
    sheet = until("the second bank to pull the sheet", lambda: _seen(deal, second, "sheet"))
    deal.tell("opened_to", second.organisation["bank.system"], names=_names(sheet))
    for bank in deal.banks:
        approver = bank.organisation["bank.approver"]
        sealed = until("a sealed offer", partial(_sealed_offer, deal, approver))
        deal.tell("offer_sealed", approver, number=sealed["number"])
    window_ends_at = datetime.fromisoformat(deal.application["offers_until"])
    deal.clock.reach(window_ends_at + JUST_AFTER)


def choose(deal: Deal) -> None:
    """The window closes, the offers become visible, the cheapest all-in is taken."""
    owner = deal.supplier["supplier.owner"]
    application_id = deal.application["id"]
    offers = until(
        "the offers to become visible",
        lambda: _all(owner.finds("/offers", deal.thread_id, state="visible")),
    )
    for offer in offers:
        deal.tell(
            "offer", None,
            bank=offer["bank_name"], amount=offer["amount"],
            rate=f"{offer['rate_bp'] / 100:.2f}%", cost=f"{offer['all_in_cost_bp'] / 100:.2f}%",
        )  # fmt: skip
    best = min(offers, key=lambda offer: (offer["all_in_cost_bp"], offer["id"]))
    owner.does(f"/applications/{application_id}/choose", {"offer_id": best["id"]})
    deal.offer = best
    deal.tell("chosen", owner, bank=best["bank_name"])


def disburse(deal: Deal) -> None:
    """The registry files, the bank notifies the debtor and pays: nobody here lifts a finger."""
    owner = deal.supplier["supplier.owner"]
    loan = until("the payout", lambda: _active(owner.finds("/loans", deal.thread_id)))
    [position] = owner.finds("/positions", deal.thread_id, bank_id=loan["bank_id"])
    system = _bank_of(deal, loan).organisation["bank.system"]
    registry = deal.company.registry["registry.system"]
    deal.tell(
        "filed", registry,
        bank=loan["bank_name"], number=position["filing"]["filing_number"],
    )  # fmt: skip
    deal.tell("noticed", system, at=_minute(position["notice"]["arrived_at"]))
    deal.tell("disbursed", system, number=loan["number"], amount=loan["principal"])
    deal.loan = loan


def _minute(instant: str) -> str:
    """As a clock in Shanghai shows it."""
    return f"{datetime.fromisoformat(instant).astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def _authorise(deal: Deal, bank: SandboxBank) -> Document:
    owner = deal.supplier["supplier.owner"]
    body = {
        "recipient_ids": [bank.organisation.id],
        "items": ITEMS,
        "purpose": "应收账款融资审查",
        "valid_until": VALID_UNTIL.isoformat(),
    }
    granted = owner.does("/authorisations", body)
    deal.tell("authorised", owner, bank=bank.organisation.name)
    return granted


def _seen(deal: Deal, bank: SandboxBank, view: str) -> Document:
    seen: Document = bank.has_seen(deal.application["id"])[view]
    return seen


def _names(sheet: Document) -> str:
    return f"{sheet['applicant_name']} → {word('and').join(sheet['debtor_names'])}"


def _sealed_offer(deal: Deal, approver: Person) -> Document | None:
    """Only the bank itself knows of it before the window closes."""
    return next(iter(approver.finds("/offers", deal.thread_id, state="sealed")), None)


def _all(offers: list[Document]) -> list[Document]:
    return offers if len(offers) == 2 else []


def _active(loans: list[Document]) -> Document | None:
    return next((loan for loan in loans if loan["state"] == "active"), None)


def _bank_of(deal: Deal, loan: Document) -> SandboxBank:
    return next(bank for bank in deal.banks if bank.organisation.id == loan["bank_id"])
