"""What is owed: delivered, accepted, due; entered as a receivable and confirmed by two people."""

from deploy.sails.demo.deal import Deal
from deploy.sails.demo.person import Document
from deploy.sails.waiting import until
from services.client import fen, money

VAT_PERCENT = 13  # goods


def deliver(deal: Deal) -> None:
    """Shipped, arrived, accepted; the payment clock starts and the due date is set by rule."""
    purchaser, owner = deal.buyer["buyer.purchaser"], deal.supplier["supplier.owner"]
    contract = deal.contract
    body = {"contract_id": contract["id"], "subject": "goods", "amount": contract["amount"]}
    delivery = owner.does("/deliveries", body)
    deal.tell("shipped", owner, number=delivery["number"], amount=delivery["amount"])
    owner.does(f"/deliveries/{delivery['id']}/arrive")
    purchaser.does(f"/deliveries/{delivery['id']}/accept")
    deal.tell("accepted", purchaser, number=delivery["number"])
    payables = until("the due date", lambda: _running(deal))
    deal.payables = payables
    for payable in payables:
        deal.tell(
            "due_set", None,
            number=payable["number"], amount=payable["amount"], due=payable["due_date"],
        )  # fmt: skip


def enter_receivable(deal: Deal) -> None:
    """The supplier's accountant enters the claim with its invoice; it is checked by itself."""
    accountant = deal.supplier["supplier.accountant"]
    payables = deal.payables
    total_fen = sum(fen(payable["amount"]) for payable in payables)
    body = {
        "payable_ids": [payable["id"] for payable in payables],
        "invoice": {
            "number": _invoice_number(deal),
            "issued_on": deal.clock.today().isoformat(),
            "total": money(total_fen),
            "tax": money(total_fen * VAT_PERCENT // (100 + VAT_PERCENT)),
        },
        "claimed": money(total_fen),
    }
    entered = accountant.does("/receivables", body)
    deal.tell("entered", accountant, number=entered["number"], amount=entered["claimed"])
    path = f"/receivables/{entered['id']}"
    until("the check of the claim", lambda: accountant.sees(path)["state"] == "checked")
    deal.receivable = accountant.does(f"{path}/request-confirmation")


def confirm(deal: Deal) -> None:
    """The buyer's maker prepares, its checker signs: two people, each within a mandate."""
    maker, checker = deal.buyer["buyer.maker"], deal.buyer["buyer.checker"]
    path = f"/receivables/{deal.receivable['id']}"
    prepared = maker.does(f"{path}/prepare")
    deal.tell("prepared", maker, number=prepared["number"])
    digest = checker.sees(path)["confirmation_sha256"]
    body = {"confirmation_sha256": digest, **checker.signs(digest)}
    confirmed = checker.does(f"{path}/confirm", body)
    deal.receivable = confirmed
    deal.tell("confirmed", checker, number=confirmed["number"], amount=confirmed["confirmed"])


def _running(deal: Deal) -> list[Document]:
    owner = deal.supplier["supplier.owner"]
    found = owner.finds("/payables", deal.thread_id)
    return found if found and all(payable["due_date"] for payable in found) else []


def _invoice_number(deal: Deal) -> str:
    """Twenty digits, as an all-electronic invoice has; one per contract."""
    return f"{int(deal.contract['id'].replace('-', ''), 16) % 10**20:020d}"
