"""What of the OpenAPI document is not in the contract: problems, headers, the fixed routes."""

from typing import Any

from services.contracts.party import IssueApiKeyCommand, RegisterWebhookCommand
from services.messaging.request import MAX_KEY

Node = dict[str, Any]

PROBLEM = {
    "type": "object",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "code": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"pointer": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
    "required": ["type", "title", "status", "detail", "instance", "code", "errors"],
}
ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
KEY = {
    "name": "Idempotency-Key", "in": "header", "required": True,
    "description": "The same key and body get the first answer again, for at least 24 hours.",
    "schema": {"type": "string", "minLength": 1, "maxLength": MAX_KEY},
}  # fmt: skip
VERSION_SEEN = {
    "name": "If-Match", "in": "header", "required": True,
    "description": "The ETag of the version that was seen: its `sequence` in quotes.",
    "schema": {"type": "string"},
}  # fmt: skip
RESULTS = {
    "type": "object",
    "properties": {
        "results": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "index": {"type": "integer"},
                    "outcome": {"type": "string", "enum": ["imported", "skipped", "failed"]},
                    "id": {"type": ["string", "null"], "format": "uuid"},
                    "number": {"type": ["string", "null"]},
                    "reason": {"type": ["string", "null"]},
                },
            },
        },
    },
}
# Shown by the first answer alone; null when the request is repeated.
SECRET = {"type": "object", "properties": {"secret": {"type": ["string", "null"]}}}
WITH_SECRET = (IssueApiKeyCommand, RegisterWebhookCommand)
# All that is in every document; what else there is depends on who asks.
ALWAYS = ["id", "number", "state"]
ITEMS = {"type": "object", "properties": {"items": {"type": "array", "items": {"type": "object"}}}}
FEED_ITEM = {
    "type": "object",
    "properties": {
        "position": {"type": "integer"},
        "id": {"type": "string", "format": "uuid"},
        "type": {"type": "string", "examples": ["demand.published.v1"]},
        "kind": {"type": "string"},
        "resource_id": {"type": "string", "format": "uuid"},
        "sequence": {
            "type": ["integer", "null"],
            "description": "The version that the fact left; null where the caller sees a part only",
        },
        "thread_id": {"type": ["string", "null"], "format": "uuid"},
        "occurred_at": {"type": "string", "format": "date-time"},
        "business_date": {"type": "string", "format": "date"},
        "actor": {"type": ["object", "null"], "description": "Null where it is not the caller's"},
        "document": {
            "type": ["object", "null"],
            "description": "The thing as the caller sees it now. Null: it is not to be seen any"
            " more, and a mirror removes it",
        },
    },
}
FEED = {
    "type": "object",
    "properties": {
        "items": {"type": "array", "items": FEED_ITEM},
        "next": {"type": "integer", "description": "Where to go on: the next request's `after`"},
    },
}
FIXED: dict[str, tuple[str, Node]] = {
    "clock": ("Business time, by which deadlines are judged", {"type": "object"}),
    "feed": (
        "Facts after a position, in order; go on from `next`. Who loses sight of a thing hears of"
        " the fact that took it away, with the document null",
        FEED,
    ),
    "timeline": ("The story of one deal, as far as the caller may know it", ITEMS),
    "stream": ("Facts as server-sent events", {"type": "string"}),
    "openapi": ("This document", {"type": "object"}),
    "docs": ("The same for people", {"type": "string"}),
    "health": ("The process is alive", {"type": "object"}),
    "ready": ("The process can serve", {"type": "object"}),
    "metrics": ("Prometheus metrics", {"type": "string"}),
}
MEDIA = {"stream": "text/event-stream", "docs": "text/html", "metrics": "text/plain"}
