"""What is owed of organisations, of supplies and of their matches."""

from services.contracts import demand, joining, party, supply
from services.contracts.roles import APPLICANT
from services.gateway.readmodel.steps.declared import (
    Document,
    Filled,
    Lent,
    Step,
    Steps,
    nobody,
)


def _has_credit_code(state: Document, party_id: str | None) -> bool:
    """A mere name from a public source cannot be verified."""
    return state["credit_code"] is not None


PARTY: Steps = {
    "unverified": (
        Step(
            "verify_party", "operator", None, party.VerifyPartyCommand, began="created_at",
            reads=("credit_code",), when=_has_credit_code,
        ),
    ),
    "applying": (
        Step(
            "submit_party", APPLICANT, "id", joining.SubmitJoining, clock="apply_until",
            began="created_at",
        ),
    ),
    "applied": (Step("check_party", "operator", None, party.VerifyPartyCommand),),
    "refused": (
        Step("correct_party", APPLICANT, "id", joining.SubmitJoining, clock="apply_until"),
    ),
    **nobody("verified", "rejected"),
}  # fmt: skip
DOCUMENT: Steps = nobody("kept", "removed")
USER: Steps = nobody("active", "left")
API_KEY: Steps = nobody("active", "revoked")
MANDATE: Steps = nobody("active", "revoked")
WEBHOOK: Steps = nobody("enabled", "disabled")
CLOCK: Steps = nobody("running")

SUPPLY: Steps = {
    "draft": (
        Step(
            "submit_supply", "supplier", "supplier_id", supply.SubmitSupply, began="created_at"
        ),
    ),
    "verifying": (Step("verify_supply", "operator", None, supply.ActivateSupply),),
    "rejected": (Step("correct_supply", "supplier", "supplier_id", supply.AmendSupply),),
    "stale": (Step("refresh_supply", "supplier", "supplier_id", supply.RefreshSupply),),
    **nobody("active", "archived"),
}  # fmt: skip
IMPORT: Steps = nobody("running", "finished", "cancelled")

# A quote answers a match, and that somebody has quoted is known to nobody else before the opening.
_QUOTED = Filled("demand_id")
_DEADLINE = Lent("demand", "demand_id")
MATCH: Steps = {
    "sent": (
        Step(
            "answer_match", "supplier", "supplier_id", supply.ShowInterest,
            filled=_QUOTED, lent=_DEADLINE, is_sealed=True,
        ),
    ),
    "interested": (
        Step(
            "submit_quote", "supplier", "supplier_id", demand.SealQuoteCommand,
            filled=_QUOTED, lent=_DEADLINE, is_sealed=True,
        ),
    ),
    **nobody(
        "proposed", "declined", "quoted", "won", "lost", "expired", "withdrawn", "closed"
    ),
}  # fmt: skip
