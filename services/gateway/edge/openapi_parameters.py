"""What a request of each route may carry besides its body: path, query, headers."""

from typing import Any

from services.contracts import sheet
from services.contracts.declare import Command, Query
from services.contracts.fields import Code, Count, Text
from services.contracts.joining import NAME_LENGTH, PURPOSES
from services.contracts.personal import NAME_PATTERN
from services.contracts.registry import AGGREGATES, EVENTS
from services.gateway.edge import steps
from services.gateway.edge.openapi_filters import (
    AS_FILE,
    CURSOR,
    FILTERED,
    LANGUAGE,
    QUESTION,
    asked,
    day,
    filtered,
    limit,
)
from services.gateway.edge.openapi_session import CSRF
from services.gateway.edge.routes import Route
from services.gateway.readmodel import audit, feed, notices, releases, timeline
from services.gateway.readmodel.programme import MAX_REGION
from services.gateway.readmodel.steps import reading
from services.gateway.readmodel.steps.table import CODES
from services.gateway.site import READING
from services.messaging.request import MAX_KEY

Node = dict[str, Any]

ID: Node = {
    "name": "id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"},
}  # fmt: skip
OCID: Node = {
    "name": "ocid", "in": "path", "required": True,
    "schema": {"type": "string", "pattern": "^ocds-[0-9a-z]{6}-[0-9A-Za-z-]{1,40}$"},
    "description": "The publisher's prefix and the demand's number.",
}  # fmt: skip
KEY: Node = {
    "name": "Idempotency-Key", "in": "header", "required": True,
    "description": "The same key and body get the first answer again, for at least 24 hours.",
    "schema": {"type": "string", "minLength": 1, "maxLength": MAX_KEY, "pattern": "^[!-~]+$"},
}  # fmt: skip
VERSION_SEEN: Node = {
    "name": "If-Match", "in": "header", "required": True,
    "description": "The ETag of the version that was seen.",
    "schema": {"type": "string", "pattern": '^"[0-9]{1,18}"$'},
}  # fmt: skip
VERSION_HELD: Node = {
    "name": "If-None-Match", "in": "header", "description": "ETags of what the caller holds.",
    "schema": {"type": "string"},
}  # fmt: skip
LAST_EVENT: Node = {
    "name": "Last-Event-ID", "in": "header",
    "description": "The id of the last event that was received; wins over `after`.",
    "schema": {"type": "string", "pattern": "^[0-9]{1,18}$"},
}  # fmt: skip


def parameters(route: Route) -> list[Node]:
    """All that the route takes, as OpenAPI names it."""
    found = [ID] if "{id}" in route.label else []
    found += [OCID] if "{ocid}" in route.label else []
    if isinstance(route.target, Command):
        found += [KEY, VERSION_SEEN] if route.target.versioned else [KEY]
    if route.method not in READING and not route.is_open:
        found.append({**CSRF, "required": True} if route.by_session else CSRF)
    if isinstance(route.target, Query) and not route.has_body:
        found += [_argument(name, field) for name, field in route.target.schema.fields.items()]
    if route.action in FILTERED:
        found += filtered(route)
    if route.is_file:
        found += SAID_OF_FILE
    return found + ASKED.get(route.action, [])


def _argument(name: str, field: Any) -> Node:
    """Of a query that is asked by its address."""
    if isinstance(field, Code):
        return asked(name, enum=list(field.choices))
    if isinstance(field, Text):
        return asked(name, maxLength=field.max_length)
    assert isinstance(field, Count)  # noqa: S101  no query has others
    return asked(name, "integer", minimum=field.low, maximum=field.high, default=field.load_default)


SAID_OF_FILE: list[Node] = [
    {**asked("name", minLength=1, maxLength=NAME_LENGTH), "required": True,
     "description": "What the file is called."},
    asked("purpose", enum=list(PURPOSES), default=PURPOSES[0]),
]  # fmt: skip
_AFTER = asked("after", "integer", minimum=0, maximum=feed.MAX_POSITION)
_TYPES: Node = {
    "name": "types", "in": "query", "style": "form", "explode": False,
    "description": "Only facts of these types, separated by commas.",
    "schema": {
        "type": "array", "items": {"type": "string", "enum": sorted(EVENTS)},
        "minItems": 1, "maxItems": feed.MAX_TYPES,
    },
}  # fmt: skip
_WITHOUT: Node = {
    "name": "without", "in": "query", "style": "form", "explode": False,
    "description": "Nothing about things of these kinds, separated by commas.",
    "schema": {
        "type": "array", "items": {"type": "string", "enum": sorted(AGGREGATES)},
        "minItems": 1, "maxItems": len(AGGREGATES),
    },
}  # fmt: skip
_WHOSE: list[Node] = [
    {**asked("view", enum=list(steps.VIEWS), default=steps.VIEWS[0]),
     "description": "What one's own organisation owes, or all that the operator may know of."},
    {**asked("for", enum=list(steps.FOR), default=steps.FOR[0]),
     "description": "With `me` only what the caller's own key allows to do, and what nobody does"
                    " on the platform, such as paying."},
]  # fmt: skip
_STEPS: list[Node] = [
    *_WHOSE,
    asked("step", enum=list(CODES)),
    asked("kind", enum=list(steps.KINDS)),
    {
        **asked("overdue", enum=list(steps.YES_NO), default="false"),
        "description": "Only those whose clock has run out.",
    },
]
_PERIOD: list[Node] = [
    day("from", "Of demands that were published on this day in Shanghai or later."),
    day("to", "The last such day."),
    {
        **asked("region", minLength=1, maxLength=MAX_REGION),
        "description": "The park: how the regions of demands and suppliers begin.",
    },
]
_AUDIT: list[Node] = [
    {**QUESTION, "description": "What the things are called, or how their number begins."},
    {**asked("party_id", format="uuid"), "description": "Who acted."},
    asked("type", enum=sorted(EVENTS)),
    day("from", "On this day in Shanghai or later."),
    day("to", "The last such day."),
    asked("thread_id", format="uuid"),
]
ASKED: dict[str, list[Node]] = {
    "detail": [VERSION_HELD],
    "ocds_releases": [
        {**asked("from", format="date"), "description": "Published on this day or later."},
        {**asked("to", format="date"), "description": "Published on this day or before."},
        CURSOR,
        limit(releases.PAGE_ITEMS, releases.MAX_PAGE_ITEMS),
        VERSION_HELD,
    ],
    "ocds_release": [VERSION_HELD],
    "template": [asked("target", enum=list(sheet.TARGETS), default=sheet.TARGETS[0])],
    "portfolio_export": [LANGUAGE],
    "feed": [_AFTER, _TYPES, limit(feed.PAGE_ITEMS, feed.MAX_PAGE_ITEMS)],
    "stream": [_AFTER, _TYPES, LAST_EVENT],
    "steps": [
        *_STEPS,
        CURSOR,
        limit(reading.PAGE_ITEMS, reading.MAX_PAGE_ITEMS),
    ],
    "steps_export": [*_STEPS, *AS_FILE],
    "steps_summary": _WHOSE,
    "notifications": [
        asked("unread", "boolean", default=False),
        _WITHOUT,
        CURSOR,
        limit(notices.PAGE_ITEMS, notices.MAX_PAGE_ITEMS),
    ],
    "unread": [_WITHOUT],
    "preferences": [asked("name", pattern=NAME_PATTERN)],
    "dashboard": _PERIOD,
    "dashboard_export": [*_PERIOD, *AS_FILE],
    "audit": [*_AUDIT, CURSOR, limit(audit.PAGE_ITEMS, audit.MAX_PAGE_ITEMS)],
    "audit_export": [*_AUDIT, *AS_FILE],
    "timeline": [CURSOR, limit(timeline.PAGE_ITEMS, timeline.MAX_PAGE_ITEMS)],
}
