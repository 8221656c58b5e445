"""One sample message per fact: what a subscriber may count on receiving.

`python -m tests.contract.sampling` writes the files of `samples/` for facts that have none yet; a
sample that exists is never rewritten, so a change that breaks it shows.
"""

import json
from pathlib import Path
from typing import Any

from marshmallow import Schema, fields

from services.contracts.envelope import Event
from services.contracts.facets import Facets
from services.contracts.fields import Code, Count, Day, Id, Sha256, Timestamp
from services.contracts.registry import EVENTS

FOLDER = Path(__file__).parent / "samples"
THREAD = "0198c5f0-0000-7000-8000-000000000001"
_WORDS = {
    "number": "QF-X-2026-000001",
    "credit_code": "91110108MA01ABCD2T",
    "name": "海淀精密机械有限公司",
    "title": "五轴数控加工中心采购",
    "region": "110108",
    "industry": "C34",
    "reason_code": "price_too_high",
    "url": "https://bank.example/hooks",
}


def sample(event_type: str) -> dict[str, Any]:
    """A whole envelope with every field of the state filled in."""
    declared = EVENTS[event_type]
    state = _object(declared.aggregate.schema)
    return Event(
        id="0198c5f0-0000-7000-8000-00000000000e",
        type=event_type,
        subject=state["id"],
        sequence=state["sequence"],
        occurred_at="2026-03-02T01:30:00+00:00",
        business_date="2026-03-02",
        actor_party="0198c5f0-0000-7000-8000-0000000000aa",
        actor_user="0198c5f0-0000-7000-8000-0000000000ab",
        thread_id=THREAD,
        traceparent=None,
        data=state,
    ).to_json()


def _object(schema: Schema) -> dict[str, Any]:
    return {field.data_key or name: _value(name, field) for name, field in schema.fields.items()}


def _value(name: str, field: fields.Field[Any]) -> Any:
    if isinstance(field, fields.List):
        return [_value(name.removesuffix("s"), field.inner)]
    if isinstance(field, Facets):
        return {"type": ["factory"], "area_m2": {"min": 800}}
    if isinstance(field, fields.Nested):
        return _object(field.schema)
    if name in _WORDS:
        return _WORDS[name]
    return _plain(name, field)


def _plain(name: str, field: fields.Field[Any]) -> Any:
    plain: dict[type[fields.Field[Any]], Any] = {
        Id: THREAD,
        Sha256: "ab" * 32,
        Timestamp: "2026-03-02T01:30:00+00:00",
        Day: "2026-05-06",
        Count: 1,
        fields.Integer: 123_456_700,
        fields.Boolean: True,
    }
    if isinstance(field, Code):
        return field.choices[0]
    for kind, value in plain.items():
        if isinstance(field, kind):
            return 123_456_700 if name.endswith("_fen") else value
    return "样本"


def write_missing() -> None:
    FOLDER.mkdir(exist_ok=True)
    for event_type in EVENTS:
        path = FOLDER / f"{event_type}.json"
        if not path.exists():
            text = json.dumps(sample(event_type), ensure_ascii=False, indent=1)
            path.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_missing()
