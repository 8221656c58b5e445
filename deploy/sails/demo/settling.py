"""The end: at maturity the debtor pays, the loan is repaid, and everything is settled."""

from datetime import date, datetime, time, timedelta

from deploy.sails.demo.deal import Deal
from deploy.sails.waiting import until
from services.client import fen
from services.days import SHANGHAI

PAYING_HOUR = time(10, tzinfo=SHANGHAI)


def repay(deal: Deal) -> None:
    """On the claim's due date the debtor transfers it to the bank, which reports the repayment."""
    claim, loan = deal.receivable, deal.loan
    due_date = date.fromisoformat(claim["due_date"])
    deal.clock.reach(datetime.combine(due_date, PAYING_HOUR) + timedelta(minutes=1))
    bank = next(bank for bank in deal.banks if bank.organisation.id == loan["bank_id"])
    booked = bank.takes_payment(claim["id"], fen(claim["confirmed"]), f"TT-{claim['number']}")
    deal.tell(
        "repaid", deal.buyer["buyer.purchaser"],
        amount=booked["amount"], bank=bank.organisation.name, reference=booked["reference"],
    )  # fmt: skip


def settle(deal: Deal) -> None:
    """Loan, share, claim, payable, contract and demand end one after the other, by facts alone."""
    owner, purchaser = deal.supplier["supplier.owner"], deal.buyer["buyer.purchaser"]
    ends = (
        (owner, f"/loans/{deal.loan['id']}", "paid"),
        (owner, f"/receivables/{deal.receivable['id']}", "settled"),
        (owner, f"/applications/{deal.application['id']}", "closed"),
        (owner, f"/contracts/{deal.contract['id']}", "completed"),
        (purchaser, f"/demands/{deal.demand['id']}", "fulfilled"),
    )
    for person, path, state in ends:
        until(f"{path} to be {state}", lambda: person.sees(path)["state"] == state)  # noqa: B023  called at once
    deal.tell("settled", None, number=deal.demand["number"])
