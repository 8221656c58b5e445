"""What does a part of a step that is owed elsewhere: a quote its match, a delivery its contract."""

from collections.abc import Callable
from typing import Any

from services.gateway.readmodel.audiences import of_party
from services.gateway.readmodel.steps.declared import Document

Row = dict[str, Any]


def rows_of(kind: str, state: Document) -> list[Row]:
    """How much it does of what is owed of the thing it is about; 0 when it came to nothing."""
    return [{"kind": kind, "id": state["id"], **PARTS[kind](state)}] if kind in PARTS else []


def _quote(state: Document) -> Row:
    live = int(state["state"] in ("sealed", "opened", "accepted"))
    return _part(state, "supplier_id", "demand_id", live)


def _delivery(state: Document) -> Row:
    """As orders counts what of a contract is left to deliver."""
    part_fen = state["amount_fen"]
    if state["state"] == "rejected":
        part_fen = 0
    elif state["state"] == "part_accepted":
        part_fen = state.get("accepted_fen") or 0
    return _part(state, "supplier_id", "contract_id", part_fen)


def _offer(state: Document) -> Row:
    live = int(state["state"] not in ("rejected", "withdrawn", "expired", "lapsed"))
    return _part(state, "bank_id", "application_id", live)


def _part(state: Document, by: str, about: str, part: int) -> Row:
    """Done by the organisation in the column `by`, of the thing in the column `about`."""
    return {"owner": of_party(state[by]), "about": state[about], "part": part}


PARTS: dict[str, Callable[[Document], Row]] = {
    "quote": _quote,
    "delivery": _delivery,
    "offer": _offer,
}
