"""How the OpenAPI document describes a step that somebody owes."""

from typing import Any

from services.contracts.catalogue import MONEY
from services.contracts.roles import ROLES, SCOPES
from services.gateway.edge.steps import KINDS
from services.gateway.readmodel.steps.table import BY_CODE, CODES

Node = dict[str, Any]

_TEXT: Node = {"type": "string"}
_MAYBE: Node = {"type": ["string", "null"]}
_UUID: Node = {"type": "string", "format": "uuid"}
_COUNT: Node = {"type": "integer", "minimum": 0}
UNTIL: Node = {
    "anyOf": [
        {"type": "string", "format": "date"},
        {"type": "string", "format": "date-time"},
        {"type": "null"},
    ]
}


def _all_of(**properties: Node) -> Node:
    return {"type": "object", "properties": properties, "required": list(properties)}


RULE: Node = {
    **_all_of(id=_TEXT, citation_zh=_TEXT, citation_en=_TEXT),
    "type": ["object", "null"],
    "description": "The rule that decided it or sets its clock",
}
_OWNER = _all_of(
    party_id={**_MAYBE, "format": "uuid", "description": "Null: whoever has the role"},
    name=_MAYBE,
    role={"type": "string", "enum": sorted({step.role for step in BY_CODE.values()})},
)
STEP = _all_of(
    id=_TEXT,
    kind={"type": "string", "enum": list(KINDS)},
    resource_id=_UUID,
    number=_TEXT,
    thread_id={**_UUID, "type": ["string", "null"]},
    step={"type": "string", "enum": list(CODES)},
    title=_MAYBE,
    counterparts={"type": "array", "items": _TEXT, "description": "The other organisations"},
    amount={**MONEY, "type": ["object", "null"]},
    since={"type": "string", "format": "date-time", "description": "In business time"},
    days={**_COUNT, "description": "For how many days it has been owed"},
    due={**UNTIL, "description": "The last day, or the moment until when"},
    is_overdue={"type": "boolean"},
    rule=RULE,
    owner=_OWNER,
    scope={"type": ["string", "null"], "enum": [*sorted(SCOPES), None]},
    duties={
        "type": "array",
        "items": {"type": "string", "enum": sorted(ROLES)},
        "description": "Those of the owner's people who may do it",
    },
    command={**_MAYBE, "description": "Where to POST what does it; null: outside of the platform"},
    may={"type": "boolean", "description": "Whether the caller's own key allows it"},
)
SUMMARY = _all_of(
    total=_COUNT,
    overdue=_COUNT,
    steps={
        "type": "array",
        "items": _all_of(
            step={"type": "string", "enum": list(CODES)}, count=_COUNT, overdue=_COUNT
        ),
    },
)
