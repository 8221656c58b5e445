"""Money lent and paid back, as the banks answered: owned by finance."""

from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from services.contracts.declare import Aggregate
from services.contracts.fields import (
    Arguments,
    Code,
    Count,
    Day,
    Fen,
    Flag,
    Id,
    Money,
    Part,
    Reference,
    State,
    Text,
    Timestamp,
    listed,
)
from services.contracts.product import DAY_COUNTS

PAYERS = ("debtor", "borrower")
MAX_REPAYMENTS = 1_000  # of one loan: a transfer a day for longer than any is lent


class Repayment(Part):
    """Money the bank received, applied costs, then interest, then principal (Civil Code 561).

    From a debtor it also pays the claims on it that were assigned, up to the shares that secure
    the loan. From the borrower it pays the loan alone: what debtors owe, they owe as before.
    """

    reference = Text(80, required=True)
    payer = Code(*PAYERS)
    debtor_id = Id(allow_none=True)  # which one paid; null of the borrower's money
    received_at = Timestamp(required=True)
    amount_fen = Fen(required=True)
    interest_fen = Fen(required=True)
    principal_fen = Fen(required=True)
    surplus_fen = Fen(required=True)


class LoanState(State):
    """A loan 放款/借款. Amounts are the bank's answers; the platform moves no money."""

    application_id = Id(required=True)
    offer_id = Id(required=True)
    bank_id = Id(required=True)
    bank_name = Text()
    borrower_id = Id(required=True)
    principal_fen = Fen(required=True)
    fee_fen = Fen()
    rate_bp = Count(0, 10_000)
    day_count = Code(*DAY_COUNTS)
    recourse = Flag()
    instruction_id = Id(required=True)
    instructed_at = Timestamp()
    pay_until = Timestamp(allow_none=True)  # until when the bank has promised to pay out
    disbursed_at = Timestamp(allow_none=True)
    bank_reference = Text(80, allow_none=True)
    due_date = Day(required=True)
    interest_paid_fen = Fen()
    principal_paid_fen = Fen()
    surplus_fen = Fen()
    repayments = listed(fields.Nested(Repayment), MAX_REPAYMENTS)


class RecordPayout(Arguments):
    """The bank's answer to one payout instruction. `unknown` is reconciled, never resent."""

    instruction_id = Id(required=True)
    outcome = Code("paid", "failed", "unknown", required=True)
    bank_reference = Reference(load_default=None, allow_none=True)
    paid_at = Timestamp(load_default=None, allow_none=True)


class RecordRepayment(Arguments):
    """One bank reference counts once. `payer`: who paid; the debtor, unless it is said.

    `debtor_id`: which one paid. It must be said where the loan is secured by claims on several.
    """

    reference = Reference(required=True)
    payer = Code(*PAYERS, load_default="debtor")
    debtor_id = Id(load_default=None, allow_none=True)
    amount_fen = Money(required=True, data_key="amount")
    received_at = Timestamp(required=True)

    @validates_schema
    def _belong_together(self, data: dict[str, Any], **_: Any) -> None:
        if data["debtor_id"] and data["payer"] != "debtor":
            raise ValidationError(
                "Only of a debtor's payment it is said which one paid.", "debtor_id"
            )


loan = Aggregate(
    "loan", "finance", "B", LoanState,
    ("instructed", "disbursed", "failed", "unknown", "due", "part_paid", "paid", "overdue"),
)  # fmt: skip
InstructLoan = loan.command("instruct", scope="loans:record")  # anew, after a certain failure
RecordPayoutCommand = loan.command("record_payout", RecordPayout, scope="loans:record")
RecordRepaymentCommand = loan.command("record_repayment", RecordRepayment, scope="loans:record")
