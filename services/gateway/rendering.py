"""From an event's state to what HTTP shows: money as objects, JSON text, ETags."""

import json
from typing import Any

from services.contracts.money import as_money

FEN = "_fen"


def render(value: Any) -> Any:
    """The same value with every `*_fen` integer as money under the name without `_fen`."""
    if isinstance(value, dict):
        return dict(_entry(name, item) for name, item in value.items())
    if isinstance(value, list):
        return [render(item) for item in value]
    return value


def _entry(name: str, value: Any) -> tuple[str, Any]:
    if not name.endswith(FEN):
        return name, render(value)
    return name.removesuffix(FEN), None if value is None else as_money(value)


def to_text(document: Any) -> str:
    """JSON as it is stored and sent: UTF-8, no spaces."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def etag(sequence: int) -> str:
    """The strong entity tag of a resource's version; If-Match takes it back."""
    return f'"{sequence}"'
