"""The capability taxonomy, for whoever picks from it or shows a code: alike for everybody."""

from functools import cache
from typing import Any

from werkzeug.wrappers import Response

from services.contracts.capabilities import CAPABILITIES, Capability
from services.gateway.edge import fixed
from services.gateway.edge.intake import Call
from services.gateway.readmodel.rendering import to_text

Node = dict[str, Any]


def answer(call: Call) -> Response:
    """All of it, or 304 for whoever holds it."""
    return fixed.answer(call, _text())


@cache
def _text() -> bytes:
    return to_text(document()).encode()


def document() -> Node:
    """As `capabilities.yaml` has it: a group, then its leaves."""
    return {"items": [_node(node) for node in CAPABILITIES]}


def _node(node: Capability) -> Node:
    return {
        "code": node.code,
        "group": node.group,
        "zh": node.zh,
        "en": node.en,
        "synonyms": list(node.synonyms),
    }


_PROPERTIES: Node = {
    "code": {"type": "string"},
    "group": {"type": "string", "description": "The code of its group; a group is its own"},
    "zh": {"type": "string"},
    "en": {"type": "string"},
    "synonyms": {
        "type": "array", "items": {"type": "string"},
        "description": "What else people write for it, in either language",
    },
}  # fmt: skip
SCHEMA: Node = {
    "type": "object",
    "properties": {
        "items": {
            "type": "array",
            "items": {
                "type": "object", "properties": _PROPERTIES, "required": list(_PROPERTIES),
            },
        }
    },
    "required": ["items"],
}  # fmt: skip
