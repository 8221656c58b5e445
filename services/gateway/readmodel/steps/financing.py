"""What is owed from a claim to the money paid back."""

from services.contracts import application, loan, product, receivable
from services.contracts.declare import Command
from services.gateway.readmodel.steps.declared import (
    Document,
    Filled,
    Lent,
    Step,
    Steps,
    nobody,
)

_CHECK = Step("check_receivable", "operator", None, receivable.CheckReceivable)


def _confirming(code: str, command: Command) -> tuple[Step, ...]:
    """Of the debtor, within the term that the regulation gives it."""
    return (
        Step(code, "buyer", "debtor_id", command, clock="confirm_until", rule="confirmation"),
    )  # fmt: skip


RECEIVABLE: Steps = {
    "entered": (_CHECK,),
    "duplicate_held": (_CHECK,),
    "checked": (
        Step("request_confirmation", "supplier", "seller_id", receivable.RequestConfirmation),
    ),
    "confirmation_requested": _confirming(
        "prepare_confirmation", receivable.PrepareConfirmationCommand
    ),
    "prepared": _confirming("sign_confirmation", receivable.ConfirmReceivable),
    "refused": (
        Step("correct_receivable", "supplier", "seller_id", receivable.CorrectReceivableCommand),
    ),
    **nobody("draft", "confirmed", "settled", "rejected", "withdrawn"),
}
AUTHORISATION: Steps = nobody("granted", "revoked", "expired")
PRODUCT: Steps = nobody("published", "retired")
LIMIT: Steps = {
    **dict.fromkeys(
        ("prepared", "changing", "reopening"),
        (Step("approve_limit", "bank", "bank_id", product.ApproveLimit),),
    ),
    **nobody("approved", "rejected", "withdrawn", "ended"),
}


def _has_not_declined(state: Document, party_id: str | None) -> bool:
    return all(screening["bank_id"] != party_id for screening in state["screenings"] or ())


APPLICATION: Steps = {
    "offering": (
        Step(
            "prepare_offer", "bank", "opened_to", application.PrepareOfferCommand,
            clock="offers_until", began="submitted_at", filled=Filled("id"), is_sealed=True,
            reads=("screenings",), when=_has_not_declined,
        ),
    ),
    "selecting": (
        Step(
            "choose_offer", "supplier", "applicant_id", application.ChooseOfferCommand,
            clock="select_until", rule="offer.validity",
        ),
    ),
    # The positions, then the loan, say who owes what.
    **nobody(
        "draft", "securing", "ready", "releasing", "disbursed", "closed", "declined",
        "withdrawn", "expired",
    ),
}  # fmt: skip
OFFER: Steps = {
    "prepared": (
        Step(
            "approve_offer", "bank", "bank_id", application.ApproveOffer,
            lent=Lent("application", "application_id"), is_sealed=True,
        ),
    ),
    **nobody(
        "sealed", "rejected", "visible", "accepted", "fulfilled", "lost", "lapsed", "expired",
        "withdrawn",
    ),
}  # fmt: skip


def _needs_filing(state: Document, party_id: str | None) -> bool:
    """Unsecured lending needs none; of shares from before their security was told, all do."""
    return bool(state.get("security") != "none")


def _found_prior_claims(state: Document, party_id: str | None) -> bool:
    return (state["filing"] or {}).get("search") != "clear"


def _may_be_noticed(state: Document, party_id: str | None) -> bool:
    """Only where the assignment is disclosed: of another one the debtor must not hear."""
    is_clear = (state["filing"] or {}).get("search") == "clear"
    return is_clear and state["security"] == "assignment_disclosed"


_GATES = "position.gates"
POSITION: Steps = {
    "committed": (
        Step(
            "file_position", "registry", None, receivable.FilePositionCommand, rule=_GATES,
            reads=("bank_id",), when=_needs_filing,
        ),
    ),
    "filed": (
        Step(
            "file_position", "registry", None, receivable.FilePositionCommand, rule=_GATES,
            reads=("filing",), when=_found_prior_claims,
        ),
        Step(
            "notify_debtor", "bank", "bank_id", receivable.NotifyDebtorCommand, rule=_GATES,
            reads=("filing", "security"), when=_may_be_noticed,
        ),
    ),
    "releasing": (Step("release_position", "registry", None, receivable.ReleasePosition),),
    # The debtor's acknowledgement is optional, and the debt itself is the payable's.
    **nobody("held", "noticed", "acknowledged", "funded", "settled", "short_paid", "released"),
}  # fmt: skip


def _has_recourse(state: Document, party_id: str | None) -> bool:
    return bool(state["recourse"])


_PAYOUT = Step("record_payout", "bank", "bank_id", loan.RecordPayoutCommand, clock="pay_until")
_REPAYMENT = Step(
    "record_repayment", "bank", "bank_id", loan.RecordRepaymentCommand, clock="due_date"
)
LOAN: Steps = {
    "instructed": (_PAYOUT,),
    "unknown": (_PAYOUT,),
    "failed": (Step("instruct_loan", "bank", "bank_id", loan.InstructLoan, clock="pay_until"),),
    **dict.fromkeys(("active", "due", "part_paid"), (_REPAYMENT,)),
    "overdue": (
        _REPAYMENT,
        Step(
            "repay_loan", "supplier", "borrower_id", None, clock="due_date",
            reads=("recourse",), when=_has_recourse,
        ),
    ),
    **nobody("created", "paid"),
}  # fmt: skip
