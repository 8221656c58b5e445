"""The steps of the programme's funnel, and the facts by which a deal first comes to each."""

# In their order. What the operator is told of: a sealed quote or offer counts once it is opened.
STEPS: dict[str, tuple[str, ...]] = {
    "demand": ("demand.published.v1",),
    "matched": ("match.sent.v1",),
    "quoted": ("quote.opened.v1",),
    "awarded": ("demand.awarded.v1",),
    "contracted": ("contract.signed.v1",),
    "accepted": (
        "delivery.accepted.v1", "delivery.part_accepted.v1", "delivery.deemed_conforming.v1",
    ),
    "confirmed": ("receivable.confirmed.v1",),
    "applied": ("application.submitted.v1",),
    "offered": ("offer.visible.v1",),
    "disbursed": ("loan.disbursed.v1",),
    "settled": ("loan.paid.v1",),
}  # fmt: skip
COLUMNS = {step: f"at_{step}" for step in STEPS}
STEP_OF = {fact: step for step, facts in STEPS.items() for fact in facts}
