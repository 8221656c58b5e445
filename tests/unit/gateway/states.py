"""States of every aggregate for tests; an id or a text tells which field it came from."""

import uuid
from typing import Any

from marshmallow import Schema, fields

from services.contracts.facets import Facets
from services.contracts.fields import Code, Count, Day, Id, Sha256, Timestamp
from services.contracts.registry import AGGREGATES

State = dict[str, Any]
MOMENT = "2026-03-02T01:30:00+00:00"
PLAIN: dict[type[fields.Field[Any]], Any] = {
    Sha256: "ab" * 32,
    Timestamp: MOMENT,
    Day: "2026-05-06",
    Count: 7,
    fields.Integer: 7,
    fields.Boolean: True,
}


def id_of(name: str) -> str:
    """The id that stands for a field (`buyer_id`) or for a name of a test."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, name))


def a_state(kind: str, /, **changes: Any) -> State:
    """Every field of the state filled in, then changed."""
    return _filled(AGGREGATES[kind].schema) | {"id": id_of(kind), "sequence": 1} | changes


def _filled(schema: Schema) -> State:
    return {name: _value(name, field) for name, field in schema.fields.items()}


def _value(name: str, field: fields.Field[Any]) -> Any:
    if isinstance(field, fields.List):
        return [_value(name.removesuffix("s"), field.inner)]
    if isinstance(field, Facets):
        return {"type": ["factory"], "area_m2": {"min": 800}}
    if isinstance(field, fields.Nested):
        return _filled(field.schema)
    if isinstance(field, Id):
        return id_of(name)
    if name.endswith("_fen"):
        return 123_456_789
    if isinstance(field, Code):
        return field.choices[0]
    text = f"<{name}>"[: getattr(field, "max_length", None)]
    return next((value for kind, value in PLAIN.items() if isinstance(field, kind)), text)
