"""What of the OpenAPI document is about counts and the programme's figures."""

from typing import Any

from services.gateway.readmodel import lists
from services.gateway.readmodel.definitions import DEFINITIONS

Node = dict[str, Any]

_MOMENT: Node = {"type": "string", "format": "date-time"}
_FIGURE: Node = {"type": ["number", "string", "null"], "description": "Money is a string, in yuan"}


def _all_of(**properties: Node) -> Node:
    return {"type": "object", "properties": properties, "required": list(properties)}


COUNT = _all_of(
    total={"type": "integer", "minimum": 0, "maximum": lists.MOST_COUNTED},
    by_state={"type": "object", "additionalProperties": {"type": "integer", "minimum": 1}},
    is_more={"type": "boolean", "description": "No more than so many were counted"},
)
_INDICATOR = _all_of(
    id={"type": "string", "enum": list(DEFINITIONS)},
    of={
        "type": "object",
        "description": "Of which kind, state or step it is",
        "additionalProperties": {"type": ["string", "null"]},
    },
    value=_FIGURE,
    numerator=_FIGURE,
    denominator=_FIGURE,
    unit={"type": "string", "enum": ["count", "CNY", "ppm", "hours", "seconds"]},
    reason={"type": ["string", "null"], "description": "Why there is no value"},
    as_of=_MOMENT,
    definition_zh={"type": "string"},
    definition_en={"type": "string"},
)
_DAY: Node = {"type": ["string", "null"], "format": "date"}
_PERIOD = {
    **_all_of(**{"from": _DAY, "to": _DAY}),
    "description": "What was counted: an authority's period is widened to whole months",
}
DASHBOARD = _all_of(as_of=_MOMENT, period=_PERIOD, items={"type": "array", "items": _INDICATOR})
