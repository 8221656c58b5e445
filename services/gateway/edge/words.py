"""What facts, states, steps, duties and codes are called, for whoever shows them to people."""

from functools import cache
from typing import Any

from werkzeug.wrappers import Response

from services.contracts import words
from services.gateway.edge import fixed
from services.gateway.edge.intake import Call
from services.gateway.readmodel.rendering import to_text

Node = dict[str, Any]


def answer(call: Call) -> Response:
    """All of them, or 304 for whoever holds them."""
    return fixed.answer(call, _text())


@cache
def _text() -> bytes:
    return to_text(words.DOCUMENT).encode()


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
