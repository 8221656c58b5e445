"""What the codes of regions are called, for whoever shows them to people: alike for everybody."""

from typing import Any

from services.contracts import places

Node = dict[str, Any]


def document() -> Node:
    """A name for each code of six digits, and what provinces are called in English."""
    return {
        "names": {f"{code:06}": name for code, name in places.names().items()},
        "provinces_en": {f"{code}0000": name for code, name in places.ENGLISH.items()},
    }


SCHEMA: Node = {
    "type": "object",
    "properties": {
        "names": {
            "type": "object",
            "description": "By GB/T 2260 code, in full from the province on: 北京市海淀区",
            "additionalProperties": {"type": "string"},
        },
        "provinces_en": {
            "type": "object",
            "description": "By the code of the province: Beijing. What lies within has no other"
            " name than its Chinese one",
            "additionalProperties": {"type": "string"},
        },
    },
    "required": ["names", "provinces_en"],
}
