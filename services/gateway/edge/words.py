"""What facts, states, steps, duties and codes are called, for whoever shows them to people."""

from typing import Any

from services.contracts import words

Node = dict[str, Any]


def _each(item: Node) -> Node:
    return {"type": "object", "additionalProperties": item}


_WORDS: Node = {
    "type": "object",
    "properties": {"zh": {"type": "string"}, "en": {"type": "string"}},
    "required": ["zh", "en"],
}
_BY_GROUP = _each(_each(_WORDS))
SCHEMA: Node = {
    "type": "object",
    "properties": {
        name: _BY_GROUP if name in words.GROUPED else _each(_WORDS) for name in words.DOCUMENT
    },
    "required": list(words.DOCUMENT),
}
