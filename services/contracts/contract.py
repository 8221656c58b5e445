"""From the signed word to the money owed: contracts, deliveries, payables. Owned by orders."""

from marshmallow import fields

from services.contracts.conditions import PaymentNode, Terms
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
    Sha256,
    State,
    Text,
    Timestamp,
    listed,
)
from services.contracts.party import NATURES, SIZES
from services.contracts.reasons import ContractDeclined, DeliveryRejected

__all__ = ["PaymentNode", "Terms"]


class Signature(Part):
    """A person's Ed25519 signature (base64) over the contract's `content_sha256` bytes."""

    party_id = Id(required=True)
    user_id = Id(required=True)
    key_id = Id(required=True)
    signature = Text(120, required=True)
    signed_at = Timestamp(required=True)


class Finding(Part):
    """What a rule says of the terms; `blocks` ones must be mended before signing."""

    rule_id = Text(60, required=True)
    citation = Text(200, required=True)
    blocks = Flag(required=True)
    note = Text(500, required=True)
    note_en = Text(500)


class ContractState(State):
    """A contract 合同; `buyer_nature`, `*_size` are fixed at signing (Decree 802 art. 3)."""

    kind = Code("intent", "framework", "order")
    demand_id = Id(required=True)
    quote_id = Id(required=True)
    buyer_id = Id(required=True)
    buyer_name = Text()
    supplier_id = Id(required=True)
    supplier_name = Text()
    title = Text(required=True)
    amount_fen = Fen(required=True)
    delivery_due_date = Day(allow_none=True)
    terms = fields.Nested(Terms)
    buyer_nature = Code(*NATURES, allow_none=True)
    buyer_fiscal_funded = Flag(allow_none=True)
    buyer_size = Code(*SIZES, allow_none=True)
    supplier_size = Code(*SIZES, allow_none=True)
    content_sha256 = Sha256()
    findings = listed(fields.Nested(Finding), 50)
    signatures = listed(fields.Nested(Signature), 10)
    reason_note = Text(500, allow_none=True)  # the free words beside `reason_code`
    sign_until = Timestamp(allow_none=True)
    signed_at = Timestamp(allow_none=True)


class ReviseContract(Arguments):
    terms = fields.Nested(Terms, required=True)
    delivery_due_date = Day(load_default=None, allow_none=True)


class Sign(Arguments):
    """`signature`: base64 Ed25519 over the 32 bytes whose hex is `content_sha256`."""

    key_id = Id(required=True)
    content_sha256 = Sha256(required=True)
    signature = Text(120, required=True)


contract = Aggregate(
    "contract", "orders", "C", ContractState,
    ("drafted", "cleared", "blocked", "revised", "signing_started", "signed_by_party", "signed",
     "declined", "expired", "completed", "terminated"),
)  # fmt: skip
ReviseContractCommand = contract.command("revise", ReviseContract, scope="contracts:write")
StartSigning = contract.command("start_signing", scope="contracts:write")
SignContract = contract.command("sign", Sign, scope="contracts:sign")
DeclineContract = contract.command("decline", ContractDeclined, scope="contracts:sign")


class DeliveryState(State):
    """A delivery 交付. `amount_fen` is what of the contract it fulfils.

    The names and the contract's number are null in facts of earlier releases.
    """

    contract_id = Id(required=True)
    demand_id = Id(required=True)
    buyer_id = Id(required=True)
    buyer_name = Text(allow_none=True)
    supplier_id = Id(required=True)
    supplier_name = Text(allow_none=True)
    contract_number = Text(40, allow_none=True)
    subject = Code("goods", "services", "works")
    amount_fen = Fen(required=True)
    note = Text(500, blank=True, allow_none=True)
    evidence_sha256 = Sha256(allow_none=True)
    shipped_at = Timestamp(allow_none=True)
    delivered_at = Timestamp(allow_none=True)
    inspect_until = Day(allow_none=True)
    accepted_at = Timestamp(allow_none=True)
    accepted_fen = Fen(allow_none=True)
    reason_note = Text(500, allow_none=True)


class Ship(Arguments):
    contract_id = Id(required=True)
    subject = Code("goods", "services", "works", load_default="goods")
    amount_fen = Money(required=True, data_key="amount")
    note = Text(500, blank=True, load_default="")
    evidence_sha256 = Sha256(load_default=None, allow_none=True)


class AcceptDelivery(Arguments):
    """No amount: all of it."""

    accepted_fen = Money(data_key="accepted", load_default=None, allow_none=True)


delivery = Aggregate(
    "delivery", "orders", "L", DeliveryState,
    ("shipped", "delivered", "accepted", "part_accepted", "rejected", "redelivered",
     "deemed_conforming", "inspection_overdue"),
    "deliveries",
)  # fmt: skip
ShipDelivery = delivery.command("create", Ship, scope="deliveries:write")
ArriveDelivery = delivery.command("arrive", scope="deliveries:write")
AcceptDeliveryCommand = delivery.command("accept", AcceptDelivery, scope="deliveries:accept")
RejectDelivery = delivery.command("reject", DeliveryRejected, scope="deliveries:accept")
RedeliverDelivery = delivery.command("redeliver", scope="deliveries:write")


MAX_REPORTED = 50  # payments on one payable that a buyer may say it made


class ReportedPayment(Part):
    """The buyer says that it paid; the books change when who received it records it.

    `received_before_fen` is what had been recorded as received when the buyer said so.
    """

    amount_fen = Fen(required=True)
    paid_on = Day(required=True)
    reference = Text(60, required=True)
    reported_at = Timestamp(required=True)
    received_before_fen = Fen(required=True)


class PayableState(State):
    """What is owed at one payment node 应付款项. `start_date`, `due_date` null: not running yet.

    Where part of a delivery is accepted, the node is `divided`: this keeps what is owed for that
    part, and another payable of the node is `scheduled` with the rest.
    The names and the contract's number are null in facts of earlier releases.
    """

    contract_id = Id(required=True)
    demand_id = Id(required=True)
    buyer_id = Id(required=True)
    buyer_name = Text(allow_none=True)
    supplier_id = Id(required=True)
    supplier_name = Text(allow_none=True)
    contract_number = Text(40, allow_none=True)
    node_no = Count(1, 10)
    node_kind = Code("advance", "progress", "delivery", "acceptance", "retention")
    amount_fen = Fen(required=True)
    paid_fen = Fen()
    term_days = Count(0, 3650)
    start_date = Day(allow_none=True)
    due_date = Day(allow_none=True)
    paid_at = Timestamp(allow_none=True)
    late_interest_fen = Fen()
    reported_payments = listed(fields.Nested(ReportedPayment), MAX_REPORTED)


class RecordPayment(Arguments):
    """The supplier records what the buyer paid it directly; the platform moves no money."""

    amount_fen = Money(required=True, data_key="amount")
    paid_on = Day(required=True)
    reference = Reference(required=True)


class ReportPayment(RecordPayment):
    """The buyer says what it paid, to whomever it had to: a note for the payee to check."""


payable = Aggregate(
    "payable", "orders", "Y", PayableState,
    ("scheduled", "running", "divided", "due", "part_paid", "paid", "overdue", "paid_late",
     "payment_reported"),
)  # fmt: skip
RecordPaymentCommand = payable.command("record_payment", RecordPayment, scope="receivables:write")
ReportPaymentCommand = payable.command("report_payment", ReportPayment, scope="receivables:respond")
