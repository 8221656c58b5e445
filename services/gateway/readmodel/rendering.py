"""From an event's state to what HTTP shows: money as objects, JSON text, ETags."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from services.contracts.money import as_money

API = "/api/v1"
FEN = "_fen"
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
JSON = "application/json"
DIGEST_DIGITS = 32  # 128 bits: no two texts of a resource share them
MAX_PAGE_BYTES = 2_000_000  # of documents in one page; the item that exceeds it is the last


def render(document: dict[str, Any]) -> dict[str, Any]:
    """The document with every `*_fen` integer as money under the name without `_fen`.

    The order of nested keys is made the same whichever way a fact has come: a database keeps its
    own, and an answer given again should be the same text.
    """
    return dict(_entry(name, value) for name, value in document.items())


def _entry(name: str, value: Any) -> tuple[str, Any]:
    if not name.endswith(FEN):
        return name, _rendered(value)
    return name.removesuffix(FEN), None if value is None else as_money(value)


def _rendered(value: Any) -> Any:
    kind = type(value)  # as JSON has them, and most are neither
    if kind is dict:
        return render(dict(sorted(value.items())))
    if kind is list:
        return [_rendered(item) for item in value]
    return value


def to_text(document: Any) -> str:
    """JSON as it is stored and sent: UTF-8, no spaces."""
    return _ENCODER.encode(document)


def page_of(items: Iterable[str], following: str | None) -> str:
    """A page of a list as JSON, of items that are it already, and the cursor of the next one."""
    return f'{{"items":[{",".join(items)}],"next":{to_text(following)}}}'


def etag(document: dict[str, Any], text: str) -> str:
    """The strong entity tag of a document with this text.

    Its version where it has one, which If-Match takes back; else a digest, which stays the same
    whatever happens that the reader may not know of.
    """
    if "sequence" in document:
        return f'"{document["sequence"]}"'
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:DIGEST_DIGITS]}"'
