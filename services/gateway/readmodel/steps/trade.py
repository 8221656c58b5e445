"""What is owed from a demand to what is to be paid for it."""

from typing import Any

from services.contracts import contract, demand
from services.contracts.declare import Command
from services.gateway.readmodel.steps.declared import Document, Filled, Step, Steps, nobody

DEMAND: Steps = {
    "draft": (
        Step("publish_demand", "buyer", "buyer_id", demand.PublishDemand, began="created_at"),
    ),
    "evaluating": (Step("award_demand", "buyer", "buyer_id", demand.AwardDemandCommand),),
    "awarded": (
        Step(
            "confirm_award", "supplier", "awarded_supplier_id", demand.ConfirmAward,
            clock="award_confirm_until", rule="award_confirmation",
        ),
    ),
    "unsuccessful": (Step("reopen_demand", "buyer", "buyer_id", demand.ReopenDemandCommand),),
    # Suppliers answer by their matches until the deadline; the contract says who signs.
    **nobody("published", "contracting", "contracted", "fulfilled", "cancelled"),
}  # fmt: skip

# A quote waits for its demand's deadline, then for the buyer's choice, which is the demand's step.
QUOTE: Steps = nobody(
    "draft", "sealed", "withdrawn", "invalidated", "opened", "expired", "accepted", "rejected"
)


def _has_not_signed(state: Document, party_id: str | None) -> bool:
    return all(signature["party_id"] != party_id for signature in state["signatures"] or ())


def _is_delivered(state: Document, party_id: str | None) -> bool:
    """What is agreed in principle only is closed elsewhere."""
    return bool(state["kind"] != "intent")


def _of_both(code: str, command: Command, **more: Any) -> tuple[Step, ...]:
    """Of a contract's two parties."""
    return tuple(Step(code, role, f"{role}_id", command, **more) for role in ("buyer", "supplier"))


CONTRACT: Steps = {
    "cleared": _of_both("start_signing", contract.StartSigning),
    "blocked": _of_both("revise_contract", contract.ReviseContractCommand, rule="payment_term"),
    "signing": _of_both(
        "sign_contract", contract.SignContract, clock="sign_until", rule="signing_window",
        reads=("signatures",), when=_has_not_signed,
    ),
    # What was rejected has to be delivered again: it is no part of the whole.
    "active": (
        Step(
            "ship_delivery", "supplier", "supplier_id", contract.ShipDelivery,
            clock="delivery_due_date", began="signed_at", filled=Filled("id", "amount_fen"),
            reads=("kind",), when=_is_delivered,
        ),
    ),
    **nobody("draft", "declined", "expired", "completed"),
}  # fmt: skip

_ACCEPT = Step(
    "accept_delivery", "buyer", "buyer_id", contract.AcceptDeliveryCommand,
    clock="inspect_until", rule="inspection_silence", began="delivered_at",
)  # fmt: skip
DELIVERY: Steps = {
    "shipped": (
        Step(
            "arrive_delivery", "supplier", "supplier_id", contract.ArriveDelivery,
            began="shipped_at",
        ),
    ),
    "delivered": (_ACCEPT,),
    "inspection_overdue": (_ACCEPT,),
    **nobody("accepted", "part_accepted", "rejected", "deemed_conforming"),
}  # fmt: skip

# Paid outside of the platform: no command does it.
_PAY = Step(
    "pay_payable", "buyer", "buyer_id", None, clock="due_date", rule="payment_term",
)  # fmt: skip
PAYABLE: Steps = {
    **dict.fromkeys(("running", "due", "part_paid", "overdue"), (_PAY,)),
    **nobody("scheduled", "paid", "paid_late"),
}
