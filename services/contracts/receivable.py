"""Claims, the shares of them that secure money, and the consent to show them: owned by finance."""

from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from services.contracts.contract import MAX_REPORTED, ReportedPayment
from services.contracts.declare import Aggregate
from services.contracts.fields import (
    Arguments,
    Code,
    Day,
    Fen,
    Flag,
    Id,
    Money,
    Part,
    Sha256,
    Spelt,
    State,
    Text,
    Timestamp,
    listed,
)
from services.contracts.product import SECURITIES
from services.contracts.reasons import ClaimRejected, ConfirmationRefused

DATA_ITEMS = ("party", "contract", "delivery", "invoice", "receivable", "repayment")


class Invoice(Part):
    """An e-invoice 发票. Its key is (seller, debtor, code or "", number)."""

    code = Text(20, blank=True, load_default="")
    number = Text(30, required=True)
    issued_on = Day(required=True)
    total_fen = Fen(required=True)
    tax_fen = Fen(required=True)
    document_sha256 = Sha256(load_default=None, allow_none=True)


PAPER_NUMBER_DIGITS = 8  # of an invoice with a code; an all-electronic one 数电票 has 20 and none


class InvoiceArguments(Part):
    """As the tax authority numbers them, so that one invoice has one key."""

    code = Spelt(
        12, r"^([0-9]{10}|[0-9]{12})?$", "An invoice code has 10 or 12 digits.",
        blank=True, load_default="",
    )  # fmt: skip
    number = Spelt(
        20, r"^([0-9]{8}|[0-9]{20})$", "An invoice number has 8 digits, or 20 without a code.",
        required=True,
    )  # fmt: skip
    issued_on = Day(required=True)
    total_fen = Money(required=True, data_key="total")
    tax_fen = Money(zero=True, required=True, data_key="tax")
    document_sha256 = Sha256(load_default=None, allow_none=True)

    @validates_schema
    def _belong_together(self, data: dict[str, Any], **_: Any) -> None:
        if (len(data["number"]) == PAPER_NUMBER_DIGITS) != bool(data["code"]):
            raise ValidationError(
                "A number of 8 digits goes with a code, one of 20 digits without.", "code"
            )


# Duties of a debtor's people who may refuse, that which is nearest to confirming first.
REFUSING = ("buyer.checker", "buyer.maker", "buyer.purchaser")


class ReceivableState(State):
    """A claim 应收账款. `allocated_fen` is held by live positions, never over what is confirmed.

    `settled_fen` is what banks have received of it from the debtor, through positions; what the
    debtor paid to the seller directly is not in it. `refused_*` stay until the seller corrects the
    claim, and are null in facts of earlier releases.
    """

    seller_id = Id(required=True)
    seller_name = Text()
    debtor_id = Id(required=True)
    debtor_name = Text()
    contract_id = Id(required=True)
    contract_number = Text(40)
    payable_ids = listed(Id(), 20)
    invoice = fields.Nested(Invoice)
    claimed_fen = Fen(required=True)
    confirmed_fen = Fen(allow_none=True)
    credited_fen = Fen()
    allocated_fen = Fen()
    settled_fen = Fen()
    due_date = Day(required=True)
    instrument = Code("receivable", "certificate")
    confirm_until = Day(allow_none=True)
    confirmation_overdue = Flag()
    prepared_by = Text(60, allow_none=True)
    confirmed_by = Text(60, allow_none=True)
    confirmed_at = Timestamp(allow_none=True)
    confirmation_sha256 = Sha256(allow_none=True)
    confirmation_key_id = Id(allow_none=True)  # by which it was signed
    refused_by = Text(60, allow_none=True)
    refused_as = Text(60, allow_none=True)  # in which duty
    refused_at = Timestamp(allow_none=True)
    reason_note = Text(500, allow_none=True)


class EnterReceivable(Arguments):
    payable_ids = listed(Id(), 20, required=True)
    invoice = fields.Nested(InvoiceArguments, required=True)
    claimed_fen = Money(required=True, data_key="claimed")


class CorrectReceivable(Arguments):
    """Enter a refused claim again, on the same payables."""

    invoice = fields.Nested(InvoiceArguments, required=True)
    claimed_fen = Money(required=True, data_key="claimed")


class PrepareConfirmation(Arguments):
    """No amount: all that is claimed."""

    confirmed_fen = Money(data_key="confirmed", load_default=None, allow_none=True)


class SignConfirmation(Arguments):
    """`signature`: base64 Ed25519 over the bytes of `confirmation_sha256`."""

    key_id = Id(required=True)
    confirmation_sha256 = Sha256(required=True)
    signature = Text(120, required=True)


receivable = Aggregate(
    "receivable", "finance", "R", ReceivableState,
    ("entered", "checked", "duplicate_held", "rejected", "confirmation_requested", "reminded",
     "confirmation_overdue", "prepared", "confirmed", "refused", "withdrawn", "allocated",
     "settled"),
)  # fmt: skip
EnterReceivableCommand = receivable.command("create", EnterReceivable, scope="receivables:write")
CorrectReceivableCommand = receivable.command(
    "correct", CorrectReceivable, scope="receivables:write"
)
CheckReceivable = receivable.command("check", scope="receivables:check")
RejectReceivable = receivable.command("reject", ClaimRejected, scope="receivables:check")
RequestConfirmation = receivable.command("request_confirmation", scope="receivables:write")
PrepareConfirmationCommand = receivable.command(
    "prepare", PrepareConfirmation, scope="confirmations:prepare"
)
ConfirmReceivable = receivable.command("confirm", SignConfirmation, scope="confirmations:sign")
RefuseReceivable = receivable.command("refuse", ConfirmationRefused, scope="receivables:respond")
WithdrawReceivable = receivable.command("withdraw", scope="receivables:write")


class AuthorisationState(State):
    """A data authorisation 授权书: which data, for what, to which banks, from when to when."""

    grantor_id = Id(required=True)
    recipient_ids = listed(Id(), 20)
    items = listed(Code(*DATA_ITEMS), len(DATA_ITEMS))
    purpose = Text(required=True)
    valid_from = Timestamp()
    valid_until = Day(required=True)
    revoked_at = Timestamp(allow_none=True)


class GrantAuthorisation(Arguments):
    recipient_ids = listed(Id(), 20, required=True)
    items = listed(Code(*DATA_ITEMS), len(DATA_ITEMS), required=True)
    purpose = Text(required=True)
    valid_until = Day(required=True)


authorisation = Aggregate(
    "authorisation", "finance", "Z", AuthorisationState, ("granted", "revoked", "expired")
)
GrantAuthorisationCommand = authorisation.command(
    "create", GrantAuthorisation, scope="authorisations:write"
)
RevokeAuthorisation = authorisation.command("revoke", scope="authorisations:write")


class Filing(Part):
    """An entry in the registry 中登登记, made in the bank's name after search, file, search."""

    filing_number = Text(60, required=True)
    filed_at = Timestamp(required=True)
    search = Code("clear", "prior_claims", required=True)


class Notice(Part):
    """The assignment notice 转让通知; it counts from its arrival at the debtor's system."""

    arrived_at = Timestamp(required=True)
    factor_name = Text(required=True)
    voucher_sha256 = Sha256(required=True)


class PositionState(State):
    """A share of one receivable that secures one application 融资份额.

    `settled_fen` is what its bank has received of it from the debtor. With the loan's end, at
    `settled_at`, it is `settled` when that is all of it, else `short_paid`: the rest is the
    seller's again. Where it was filed or noticed it is `releasing` before, and holds the rest.
    `reported_payments`: the latest that the debtor has said since the notice to have paid of what
    the receivable is on, to whomever; what had been received before is of this share.
    """

    application_id = Id(required=True)
    receivable_id = Id(required=True)
    seller_id = Id(required=True)
    debtor_id = Id(required=True)
    bank_id = Id(allow_none=True)  # null until an offer is chosen
    bank_name = Text(allow_none=True)
    security = Code(*SECURITIES, allow_none=True)  # by the chosen offer: which gates it passes
    amount_fen = Fen(required=True)
    settled_fen = Fen()
    filing = fields.Nested(Filing, allow_none=True)
    notice = fields.Nested(Notice, allow_none=True)
    acknowledged_at = Timestamp(allow_none=True)
    settled_at = Timestamp(allow_none=True)
    reported_payments = listed(fields.Nested(ReportedPayment), MAX_REPORTED)


class FilePosition(Arguments):
    """By the registry or the bank's own system: what the registry answered."""

    filing_number = Text(60, required=True)
    filed_at = Timestamp(required=True)
    search = Code("clear", "prior_claims", required=True)


class NotifyDebtor(Arguments):
    """By the bank: it must show the factor's identity and vouchers (Civil Code art. 764)."""

    voucher_sha256 = Sha256(required=True)


position = Aggregate(
    "position", "finance", "N", PositionState,
    ("held", "committed", "filed", "noticed", "acknowledged", "funded", "part_paid",
     "settled", "short_paid", "releasing", "released", "payment_reported"),
)  # fmt: skip
FilePositionCommand = position.command("file", FilePosition, scope="positions:file")
NotifyDebtorCommand = position.command("notify", NotifyDebtor, scope="positions:secure")
AcknowledgeNotice = position.command("acknowledge", scope="receivables:respond")
# The filing is cancelled and the notice withdrawn, after the bank's offer lapsed or was given up,
# or its loan ended before the debtor had paid all.
ReleasePosition = position.command("release", scope="positions:file")
