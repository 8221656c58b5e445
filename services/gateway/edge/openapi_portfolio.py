"""How the OpenAPI document describes what a bank has lent."""

from typing import Any

from services.contracts.catalogue import MONEY
from services.gateway.readmodel.portfolio import PPM

Node = dict[str, Any]

_TEXT: Node = {"type": "string"}
_COUNT: Node = {"type": "integer", "minimum": 0}
_OPEN: Node = {**MONEY, "description": "Paid out and not repaid"}
_PROMISED: Node = {**MONEY, "description": "To be paid out, or perhaps paid out already"}


def _all_of(**properties: Node) -> Node:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _each(description: str, **properties: Node) -> Node:
    return {"type": "array", "items": _all_of(**properties), "description": description}


_LIMIT: Node = {
    **_all_of(granted=dict(MONEY), reserved=dict(MONEY), used=dict(MONEY)),
    "type": ["object", "null"],
    "description": "The approved limit; null: there is none",
}
PORTFOLIO: Node = _all_of(
    as_of={"type": "string", "format": "date", "description": "The business date"},
    is_whole={"type": "boolean", "description": "False: the oldest loans are not in it"},
    open=_OPEN,
    promised=_PROMISED,
    overdue={**MONEY, "description": "Open principal of loans past their last day"},
    states=_each(
        "Loans by state",
        state=_TEXT, loans=_COUNT, principal=dict(MONEY), open=_OPEN, promised=_PROMISED,
    ),
    months=_each(
        "Open principal by the month in which it falls due; past ones are overdue",
        month={"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$"}, loans=_COUNT, open=_OPEN,
    ),
    debtors=_each(
        "Who owes the claims behind the loans, the most exposed first",
        debtor_id={"type": "string", "format": "uuid"}, name={"type": ["string", "null"]},
        loans=_COUNT, open=_OPEN, promised=_PROMISED,
        share_ppm={**_COUNT, "maximum": PPM, "description": "Of all open principal"},
        limit=_LIMIT,
    ),
    debtors_more={**_COUNT, "description": "How many debtors there are besides"},
    limit=_LIMIT,
    applications=_each(
        "Applications opened to the bank that are under way, by state",
        state=_TEXT, count=_COUNT, amount=dict(MONEY),
    ),
    offers=_each("The bank's own offers by state", state=_TEXT, count=_COUNT),
)  # fmt: skip
