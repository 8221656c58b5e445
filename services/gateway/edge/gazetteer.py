"""What the codes of regions are called, for whoever shows them to people: alike for everybody."""

from functools import cache
from typing import Any

from werkzeug.wrappers import Response

from services.contracts import places
from services.gateway.edge import fixed
from services.gateway.edge.intake import Call
from services.gateway.readmodel.rendering import to_text

Node = dict[str, Any]


def answer(call: Call) -> Response:
    """All of them, or 304 for whoever holds them."""
    return fixed.answer(call, _text())


@cache
def _text() -> bytes:
    return to_text(document()).encode()


def document() -> Node:
    """A name for each code of six digits."""
    return {"names": {f"{code:06}": name for code, name in places.names().items()}}


SCHEMA: Node = {
    "type": "object",
    "properties": {
        "names": {
            "type": "object",
            "description": "By GB/T 2260 code, in full from the province on: 北京市海淀区",
            "additionalProperties": {"type": "string"},
        }
    },
    "required": ["names"],
}
