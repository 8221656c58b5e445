"""The capability taxonomy, for whoever picks from it or shows a code: alike for everybody."""

from typing import Any

from services.contracts.capabilities import CAPABILITIES, Capability

Node = dict[str, Any]


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
