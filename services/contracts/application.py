"""Who asks for money and what banks answer: applications and offers, owned by finance."""

from marshmallow import fields

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
    Sha256,
    State,
    Text,
    Timestamp,
    listed,
)
from services.contracts.product import DAY_COUNTS
from services.contracts.reasons import SCREENED_OUT, OfferRejected
from services.contracts.receivable import Invoice
from services.contracts.roles import READ


class Share(Part):
    """How much of one receivable an application asks to be financed."""

    receivable_id = Id(required=True)
    amount_fen = Fen(required=True)
    position_id = Id(load_default=None, allow_none=True)
    due_date = Day(load_default=None, allow_none=True)


class ShareArguments(Part):
    receivable_id = Id(required=True)
    amount_fen = Money(required=True, data_key="amount")


class Screening(Part):
    """A bank's refusal before any offer; for the applicant's eyes, not for other banks'."""

    bank_id = Id(required=True)
    reason_codes = listed(Text(60), 10)
    screened_at = Timestamp()


class ApplicationState(State):
    """A financing application 融资申请. The whole opens to `opened_to` only (authorised banks)."""

    applicant_id = Id(required=True)
    applicant_name = Text()
    debtor_ids = listed(Id(), 20)
    debtor_names = listed(Text(), 20)
    shares = listed(fields.Nested(Share), 20)
    amount_fen = Fen(required=True)
    latest_due_date = Day()
    purpose = Text(500, blank=True, allow_none=True)
    authorisation_ids = listed(Id(), 20)
    opened_to = listed(Id(), 20)
    # Only in the fact `opened`: the banks to whom it opens or closes the view, its only readers.
    view_changed_for = listed(Id(), 40, allow_none=True)
    eligible_bank_ids = listed(Id(), 50)
    submitted_at = Timestamp(allow_none=True)
    offers_until = Timestamp(allow_none=True)
    select_until = Timestamp(allow_none=True)
    screenings = listed(fields.Nested(Screening), 50)
    offer_count = Count()
    accepted_offer_id = Id(allow_none=True)
    loan_id = Id(allow_none=True)
    waiting_for = Text(40, allow_none=True)  # who owes the next step


class SubmitApplication(Arguments):
    """Holds the shares at once. `offer_window_hours` is how long banks may offer."""

    shares = listed(fields.Nested(ShareArguments), 20, required=True)
    authorisation_id = Id(required=True)
    purpose = Text(500, blank=True, load_default="")
    offer_window_hours = Count(1, 240, load_default=24)


class OpenApplication(Arguments):
    """Show the whole sheet to the recipients of a further authorisation."""

    authorisation_id = Id(required=True)


class ScreenApplication(Arguments):
    """A bank declines before any offer, with coded reasons that the applicant sees."""

    reason_codes = listed(Code(*SCREENED_OUT), 10, required=True)


class SheetClaim(Part):
    """A claim behind an application: its invoice, and what its debtor has confirmed."""

    receivable_id = Id(required=True)
    number = Text(40)
    state = Text(40)
    contract_number = Text(40)
    debtor_id = Id()
    debtor_name = Text()
    share_fen = Fen()
    claimed_fen = Fen()
    confirmed_fen = Fen(allow_none=True)
    due_date = Day()
    invoice = fields.Nested(Invoice)
    confirmed_at = Timestamp(allow_none=True)
    confirmation_sha256 = Sha256(allow_none=True)


class Sheet(Part):
    """What the asking bank may judge by; `reason_codes`: why it has declined, if it has."""

    claims = listed(fields.Nested(SheetClaim), 20)
    reason_codes = listed(Text(60), 10)


class ChooseOffer(Arguments):
    offer_id = Id(required=True)


class Precheck(Arguments):
    """What would it cost and what is missing? No consent is needed, nothing is stored."""

    shares = listed(fields.Nested(ShareArguments), 20, required=True)


class ProductEstimate(Part):
    product_id = Id()
    bank_id = Id()
    amount_fen = Fen()
    term_days = Count()
    refusals = listed(Text(60), 20)


class PrecheckAnswer(Part):
    amount_fen = Fen()
    missing = listed(Text(60), 20)
    products = listed(fields.Nested(ProductEstimate), 50)


application = Aggregate(
    "application", "finance", "A", ApplicationState,
    ("submitted", "opened", "screened_out", "offers_closed", "offer_chosen", "declined", "ready",
     "disbursed", "closed", "withdrawn", "expired", "reselecting"),
)  # fmt: skip
SubmitApplicationCommand = application.command(
    "create", SubmitApplication, scope="applications:write"
)
OpenApplicationCommand = application.command("open_to", OpenApplication, scope="applications:write")
ScreenOut = application.command("screen_out", ScreenApplication, scope="applications:screen")
ChooseOfferCommand = application.command("choose", ChooseOffer, scope="offers:accept")
WithdrawApplication = application.command("withdraw", scope="applications:write")
PrecheckApplication = application.query(
    "precheck", PrecheckAnswer, scope="applications:write", arguments=Precheck, of_one=False
)
ReadSheet = application.query("sheet", Sheet, scope=READ)


class OfferState(State):
    """A bank's offer 融资报价. Its terms are null in every fact until the window has closed."""

    application_id = Id(required=True)
    applicant_id = Id(required=True)
    bank_id = Id(required=True)
    bank_name = Text()
    product_id = Id(required=True)
    prepared_by = Text(60)
    approved_by = Text(60, allow_none=True)
    amount_fen = Fen(allow_none=True)
    rate_bp = Count(0, 10_000, allow_none=True)  # per year
    fee_fen = Fen(allow_none=True)
    interest_fen = Fen(allow_none=True)
    all_in_cost_bp = Count(0, 100_000, allow_none=True)  # 综合融资成本(年化)
    day_count = Code(*DAY_COUNTS, allow_none=True)
    recourse = Flag(allow_none=True)
    loan_due_date = Day(allow_none=True)
    pay_within_hours = Count(1, 240, allow_none=True)
    valid_until = Timestamp()
    pay_until = Timestamp(allow_none=True)


class PrepareOffer(Arguments):
    application_id = Id(required=True)
    product_id = Id(required=True)
    amount_fen = Money(required=True, data_key="amount")
    rate_bp = Count(0, 10_000, required=True)
    fee_fen = Money(zero=True, data_key="fee", load_default=0)
    valid_until = Timestamp(required=True)
    pay_within_hours = Count(1, 240, load_default=48)


class OfferTerms(Part):
    """What only the people of the offering bank may read before the window closes.

    `reason_note`: what the approver said in free words when sending it back. It may name the terms,
    so it stands in no fact.
    """

    amount_fen = Fen()
    rate_bp = Count()
    fee_fen = Fen()
    interest_fen = Fen()
    all_in_cost_bp = Count()
    day_count = Code(*DAY_COUNTS)
    recourse = Flag()
    loan_due_date = Day()
    pay_within_hours = Count()
    reason_note = Text(500, allow_none=True)


offer = Aggregate(
    "offer", "finance", "O", OfferState,
    ("prepared", "sealed", "rejected", "withdrawn", "visible", "accepted", "fulfilled", "lost",
     "expired", "lapsed"),
    is_counted=False,
)  # fmt: skip
PrepareOfferCommand = offer.command("create", PrepareOffer, scope="offers:prepare")
ApproveOffer = offer.command("approve", scope="offers:approve")
RejectOffer = offer.command("reject", OfferRejected, scope="offers:approve")
WithdrawOffer = offer.command("withdraw", scope="offers:prepare")
# Whoever approves has to see what: everybody of the bank may.
ReadOfferTerms = offer.query("terms", OfferTerms, scope=READ)
