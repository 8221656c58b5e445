"""Who is told of a fact: who sees the state it leaves, but for the facts that say too much."""

from collections.abc import Callable

from services.gateway.readmodel.audiences import (
    OPERATOR,
    Audiences,
    Document,
    documents,
    of_party,
)


def told(event_type: str, kind: str, state: Document) -> Audiences:
    """The audiences that hear of it, with what they see of it; fewer than may see the state.

    Empty for who is told that there is nothing to see any more.
    """
    shown = documents(kind, state)
    if event_type not in TOLD_ONLY:
        return shown
    return {audience: shown.get(audience, {}) for audience in TOLD_ONLY[event_type](state)}


def told_as(event_type: str, state: Document) -> str | None:
    """The type under which a fact may tell anybody that there is nothing to see any more.

    None where another fact names those itself, whenever it comes, or where nobody loses sight.
    `state`: as the fact left the thing, for one that is told to few.
    """
    if event_type not in TOLD_ONLY:
        return event_type
    return CLOSED_BY.get((event_type.partition(".")[0], state["state"]))


def _only_operator_and(*columns: str) -> Callable[[Document], tuple[str, ...]]:
    return lambda state: (OPERATOR, *(of_party(state[column]) for column in columns))


def _whose_view_changed(state: Document) -> tuple[str, ...]:
    """Also who loses it; no bank hears of another's."""
    banks = state.get("view_changed_for") or ()
    return (OPERATOR, of_party(state["applicant_id"]), *map(of_party, banks))


# Facts whose very name would tell too much, and the only ones who hear of them: that a rival
# declined or was let in, that a claim is being financed, that a supplier has won or is busy.
TOLD_ONLY: dict[str, Callable[[Document], tuple[str, ...]]] = {
    "application.screened_out.v1": _only_operator_and("applicant_id"),
    "application.opened.v1": _whose_view_changed,
    "receivable.allocated.v1": _only_operator_and("seller_id"),
    "supply.reserved.v1": _only_operator_and("supplier_id"),
    "supply.short.v1": _only_operator_and("supplier_id"),
    "supply.used.v1": _only_operator_and("supplier_id"),
    "supply.released.v1": _only_operator_and("supplier_id"),
}

# By the state that a thing is left in, the fact that took it from all: facts that are told to few
# may overtake it.
CLOSED_BY = {
    ("supply", "archived"): "supply.archived.v1",
    ("supply", "stale"): "supply.expired.v1",
    ("supply", "verifying"): "supply.amended.v1",
    ("supply", "rejected"): "supply.rejected.v1",
}
