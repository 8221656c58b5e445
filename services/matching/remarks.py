"""What there is to say of each verdict, as a variant of its notes in `services.contracts.notes`."""

from services.contracts.money import format_amount
from services.matching import facets
from services.matching.meeting import Meeting
from services.matching.verdicts import Holds, Note

SHOWN_REGIONS = 10


def on_kind(both: Meeting) -> Note:
    return Note("", (both.offered.kind, both.wanted.kind))


def on_counterparty(both: Meeting) -> Note:
    return Note("" if both.offered.supplier_id != both.wanted.buyer_id else "same")


def on_active(both: Meeting) -> Note:
    return Note("" if both.offered.is_active else "not")


def on_verified(both: Meeting) -> Note:
    until = both.offered.verified_until
    if until is None:
        return Note("not")
    return Note("expired" if until < both.today else "", (str(until),))


def on_region(both: Meeting) -> Note:
    served, wanted = both.offered.regions, both.wanted.region
    if served is None:
        return Note("unknown")
    listed = "、".join(served[:SHOWN_REGIONS])
    return both.mentioned.of_region(listed) or Note("", (wanted or "", listed))


def on_qualification(both: Meeting) -> Note:
    if both.wanted.requirements is None:
        held = both.offered.qualifications
        return both.mentioned.of_qualification(held, both.today) or Note("unknown")
    if False in both.met:
        return Note("lacks", (_listing(both, False),))
    if None in both.met:
        return Note("check", (_listing(both, None),))
    return Note("" if both.met else "none")


def on_price(both: Meeting) -> Note:
    low, budget = both.offered.price_min_fen, both.wanted.budget_fen
    if budget is None or low is None:
        return both.mentioned.of_price(low) or Note("unknown")
    return Note("", (format_amount(low), format_amount(budget)))


def on_capacity(both: Meeting) -> Note:
    free = both.offered.capacity_free
    return Note("unknown" if free is None else "free" if free > 0 else "none")


def on_lead_time(both: Meeting) -> Note:
    due, ready = both.wanted.delivery_due_date, both.ready_on
    if due is None or ready is None:
        return both.mentioned.of_lead_time(ready) or Note("unknown")
    return Note("", (str(ready), str(due)))


def on_facets(both: Meeting) -> Note:
    return facets.note_on_required(both.facets_met)


def on_preferences(both: Meeting) -> Note:
    return facets.note_on_preferred(both.facets_met)


def _listing(both: Meeting, verdict: Holds) -> str:
    """Names those requirements on which the verdict is this one."""
    each = zip(both.wanted.requirements or (), both.met, strict=True)
    return "、".join(str(item) for item, one in each if one is verdict)
