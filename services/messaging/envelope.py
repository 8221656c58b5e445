"""A fact as an AMQP message: CloudEvents 1.0, binary mode.

Written here and not by the package `cloudevents`, which took as long as the rest of a fact's way
through the relay; a test holds both to each other (docs/adr/0014).
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import amqp

from services.contracts.envelope import SOURCE, Event
from services.contracts.registry import EVENTS
from services.messaging.tracing import valid_traceparent

PERSISTENT = 2
JSON = "application/json"
VERSION = "1.0"
# Of an outbox envelope: header -> field. Names are lower-case alphanumeric, as the standard asks.
_CARRIED = {
    "ce-id": "id",
    "ce-type": "type",
    "ce-subject": "subject",
    "ce-sequence": "sequence",
    "ce-time": "occurred_at",
    "ce-businessdate": "business_date",
    "ce-actorparty": "actor_party",
    "ce-actoruser": "actor_user",
}
_OPTIONAL = {"ce-threadid": "thread_id", "ce-traceparent": "traceparent"}


class MalformedEvent(Exception):
    """Not a CloudEvent of ours; no repetition will make it one."""


def to_message(event: Event) -> amqp.Message:
    """The message of a fact in hand."""
    return carried(event.to_json(), json.dumps(event.data, ensure_ascii=False))


def carried(head: Mapping[str, Any], body: str) -> amqp.Message:
    """`head`: the envelope but for its data, `body`: the data as JSON. All attributes are texts."""
    declared = EVENTS[head["type"]]
    source = SOURCE + declared.aggregate.service
    headers = {name: str(head[field]) for name, field in _CARRIED.items()}
    headers |= {
        name: head[field] for name, field in _OPTIONAL.items() if head.get(field) is not None
    }
    headers["ce-specversion"] = VERSION
    headers["ce-source"] = source
    headers["ce-dataschema"] = f"{source}/events/{declared.name}"
    return amqp.Message(
        body.encode(),
        application_headers=headers,
        content_type=JSON,
        delivery_mode=PERSISTENT,
        message_id=head["id"],
        type=declared.name,
    )


def from_message(headers: Mapping[str, Any], content_type: str | None, body: bytes) -> Event:
    """Raises MalformedEvent."""
    try:
        return _event(headers, content_type, body)
    except Exception as error:  # strangers' messages are wrong in many ways
        raise MalformedEvent(f"{type(error).__name__} while reading a fact") from error


def _event(headers: Mapping[str, Any], content_type: str | None, body: bytes) -> Event:
    found: dict[str, Any] = {field: _text(headers[name]) for name, field in _CARRIED.items()}
    if _text(headers["ce-specversion"]) != VERSION or not _text(headers["ce-source"]):
        raise ValueError("another version of the standard, or from nowhere")
    if content_type is not None and content_type.partition(";")[0] != JSON:
        raise ValueError("not JSON")
    data = json.loads(body)
    if not isinstance(data, dict):
        raise TypeError("the data of a fact is an object")
    thread_id = headers.get("ce-threadid")
    found["id"] = str(UUID(found["id"]))
    found["sequence"] = int(found["sequence"])
    found["occurred_at"] = _moment(found["occurred_at"])
    found["thread_id"] = None if thread_id is None else _text(thread_id)
    found["traceparent"] = valid_traceparent(headers.get("ce-traceparent"))
    return Event(data=data, **found)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("every attribute is a text")
    return value


def _moment(text: str) -> str:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a moment without its zone")
    return moment.isoformat()
