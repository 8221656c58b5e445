"""What does a part of a step that is owed elsewhere: a quote its match, a delivery its contract."""

from collections.abc import Callable
from typing import Any

from services.gateway.readmodel.audiences import of_party
from services.gateway.readmodel.steps.declared import Document

Row = dict[str, Any]


def rows_of(kind: str, state: Document) -> list[Row]:
    """Which steps it does, and how much of them: nothing when it has come to nothing."""
    return [{"kind": kind} | part for part in PARTS[kind](state)] if kind in PARTS else []


def _quote(state: Document) -> list[Row]:
    live = int(state["state"] in ("sealed", "opened", "accepted"))
    return [
        _part(state, step, "supplier_id", "demand_id", live)
        for step in ("answer_match", "submit_quote")
    ]


def _delivery(state: Document) -> list[Row]:
    """As orders counts what of a contract is left to deliver."""
    part_fen = state["amount_fen"]
    if state["state"] == "rejected":
        part_fen = 0
    elif state["state"] == "part_accepted":
        part_fen = state.get("accepted_fen") or 0
    return [_part(state, "ship_delivery", "supplier_id", "contract_id", part_fen)]


def _offer(state: Document) -> list[Row]:
    live = int(state["state"] not in ("withdrawn", "expired", "lapsed"))
    return [_part(state, "prepare_offer", "bank_id", "application_id", live)]


def _part(state: Document, step: str, by: str, about: str, part: int) -> Row:
    """Done by the organisation in the column `by`, of the thing in the column `about`."""
    owner = of_party(state[by])
    return {"id": state["id"], "owner": owner, "step": step, "about": state[about], "part": part}


PARTS: dict[str, Callable[[Document], list[Row]]] = {
    "quote": _quote,
    "delivery": _delivery,
    "offer": _offer,
}
