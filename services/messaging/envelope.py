"""A fact as an AMQP message: CloudEvents 1.0, binary mode (package `cloudevents`)."""

from typing import Any
from uuid import UUID

import amqp
from cloudevents.core.bindings.rabbitmq import RabbitMQMessage, from_binary_event, to_binary_event
from cloudevents.core.v1.event import CloudEvent

from services.contracts.envelope import SOURCE, Event
from services.contracts.registry import EVENTS
from services.messaging.tracing import valid_traceparent

PERSISTENT = 2
JSON = "application/json"
_REQUIRED = {
    f"ce-{name}"
    for name in ("id", "type", "subject", "sequence", "time", "businessdate", "actorparty",
                 "actoruser")
}  # fmt: skip


class MalformedEvent(Exception):
    """Not a CloudEvent of ours; no repetition will make it one."""


def to_message(event: Event) -> amqp.Message:
    """Attribute names are lower-case alphanumeric, integers become strings."""
    bound = to_binary_event(CloudEvent(_attributes(event), event.data))
    return amqp.Message(
        bound.body,
        application_headers=bound.headers,
        content_type=bound.content_type,
        delivery_mode=PERSISTENT,
        message_id=event.id,
        type=event.type,
    )


def from_message(headers: dict[str, Any], content_type: str | None, body: bytes) -> Event:
    """Raises MalformedEvent."""
    attributes = {name: value for name, value in headers.items() if name.startswith("ce-")}
    try:
        if missing := _REQUIRED - attributes.keys():  # the library would invent an id and a time
            raise KeyError(*missing)
        if valid_traceparent(attributes.get("ce-traceparent")) is None:
            attributes.pop("ce-traceparent", None)
        if not all(isinstance(value, str) for value in attributes.values()):
            raise TypeError("every attribute is a text")
        cloud = from_binary_event(RabbitMQMessage(attributes, content_type, body))
        return _event(cloud.get_attributes(), cloud.get_data())
    except Exception as error:  # the library and JSON raise many kinds for bad input
        raise MalformedEvent(f"{type(error).__name__} while reading a fact") from error


def _attributes(event: Event) -> dict[str, Any]:
    declared = EVENTS[event.type]
    attributes = {
        "id": event.id,
        "source": SOURCE + declared.aggregate.service,
        "specversion": "1.0",
        "type": event.type,
        "subject": event.subject,
        "time": event.moment,
        "datacontenttype": JSON,
        "dataschema": f"{SOURCE}{declared.aggregate.service}/events/{event.type}",
        "sequence": str(event.sequence),
        "businessdate": event.business_date,
        "actorparty": event.actor_party,
        "actoruser": event.actor_user,
        "threadid": event.thread_id,
        "traceparent": event.traceparent,
    }
    return {name: value for name, value in attributes.items() if value is not None}


def _event(attributes: dict[str, Any], data: Any) -> Event:
    if not isinstance(data, dict):
        raise TypeError("the data of a fact is an object")
    return Event(
        id=str(UUID(attributes["id"])),
        type=attributes["type"],
        subject=attributes["subject"],
        sequence=int(attributes["sequence"]),
        occurred_at=attributes["time"].isoformat(),
        business_date=attributes["businessdate"],
        actor_party=attributes["actorparty"],
        actor_user=attributes["actoruser"],
        thread_id=attributes.get("threadid"),
        traceparent=attributes.get("traceparent"),
        data=data,
    )
