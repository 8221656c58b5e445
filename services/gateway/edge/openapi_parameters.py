"""What a request of each route may carry besides its body: path, query, headers."""

from typing import Any

from services.contracts import sheet
from services.contracts.catalogue import MONEY
from services.contracts.declare import Aggregate, Command, Query
from services.contracts.fields import Code, Count
from services.contracts.registry import EVENTS
from services.gateway.edge import exports, filters
from services.gateway.edge.openapi_session import CSRF
from services.gateway.edge.routes import Route
from services.gateway.readmodel import (
    audiences,
    audit,
    extracts,
    feed,
    marks,
    narrowing,
    reads,
    timeline,
)
from services.gateway.readmodel.programme import MAX_REGION
from services.gateway.sheets import columns
from services.gateway.site import READING
from services.messaging.request import MAX_KEY

Node = dict[str, Any]
AMOUNT_PATTERN: str = MONEY["properties"]["amount"]["pattern"]  # type: ignore[index]

ID: Node = {
    "name": "id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"},
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
    if isinstance(route.target, Command):
        found += [KEY, VERSION_SEEN] if route.target.versioned else [KEY]
    if route.method not in READING and not route.is_open:
        found.append({**CSRF, "required": True} if route.by_session else CSRF)
    if isinstance(route.target, Query) and not route.has_body:
        found += [_argument(name, field) for name, field in route.target.schema.fields.items()]
    if isinstance(route.target, Aggregate):
        found += filtered(route)
    return found + ASKED.get(route.action, [])


def _asked(name: str, type_: str = "string", **more: Any) -> Node:
    return {"name": name, "in": "query", "schema": {"type": type_, **more}}


def _argument(name: str, field: Any) -> Node:
    """Of a query that is asked by its address."""
    if isinstance(field, Code):
        return _asked(name, enum=list(field.choices))
    assert isinstance(field, Count)  # noqa: S101  no query has others
    return _asked(
        name, "integer", minimum=field.low, maximum=field.high, default=field.load_default
    )


def _limit(usual: int, most: int) -> Node:
    return _asked("limit", "integer", minimum=1, maximum=most, default=usual)


_AFTER = _asked("after", "integer", minimum=0, maximum=feed.MAX_POSITION)
_TYPES: Node = {
    "name": "types", "in": "query", "style": "form", "explode": False,
    "description": "Only facts of these types, separated by commas.",
    "schema": {
        "type": "array", "items": {"type": "string", "enum": sorted(EVENTS)},
        "minItems": 1, "maxItems": feed.MAX_TYPES,
    },
}  # fmt: skip
_CURSOR = {
    **_asked("cursor", maxLength=reads.MAX_CURSOR_LENGTH),
    "description": "`next` of the page before.",
}
_STATES: Node = {
    "name": "state", "in": "query", "style": "form", "explode": False,
    "description": "In one of these states, separated by commas.",
    "schema": {
        "type": "array", "items": {"type": "string", "pattern": "^[ -+\\--~]+$"},
        "minItems": 1, "maxItems": narrowing.MAX_STATES,
    },
}  # fmt: skip
_QUESTION = {
    **_asked("q", maxLength=marks.MAX_LENGTH),
    "description": f"Words of at least {marks.LETTERS} characters, all of which stand in its title,"
    " its name or the names of its parties; or how its number begins.",
}
_FORMAT = _asked("format", enum=list(exports.FORMATS), default="xlsx")
_LANGUAGE = {
    **_asked("lang", enum=list(columns.LANGUAGES)),
    "description": "Of the headings; else what Accept-Language says.",
}


def _day(name: str, description: str) -> Node:
    return {**_asked(name, format="date"), "description": description}


def _amount(name: str, description: str) -> Node:
    return {**_asked(name, pattern=AMOUNT_PATTERN), "description": description}


def _narrowing(kind: str) -> list[Node]:
    """The filters of a kind, alike for its list, its count and its export."""
    every: dict[str, Node] = {
        "view": _asked("view", enum=["mine", "public", *audiences.ROLE_AUDIENCES], default="mine"),
        "state": _STATES,
        "thread_id": _asked("thread_id", format="uuid"),
        "q": _QUESTION,
        "counterpart_id": {
            **_asked("counterpart_id", format="uuid"),
            "description": "An organisation that the document names as a party.",
        },
        "from": _day("from", "Published, or created, on this day in Shanghai or later."),
        "to": _day("to", "The last such day."),
        "kind": _asked("kind", enum=list(filters.FACETS.get(kind, ()))),
        "due_from": _day("due_from", f"`{extracts.DUE.get(kind)}` on this day or later."),
        "due_to": _day("due_to", "The last such day."),
        "amount_from": _amount("amount_from", "At least so many yuan."),
        "amount_to": _amount("amount_to", "At most so many yuan."),
    }
    return [every[name] for name in filters.known(kind)]


def filtered(route: Route) -> list[Node]:
    """What narrows, sorts and cuts a list."""
    target: Any = route.target
    if route.action not in FILTERED:
        return []
    order = _asked("sort", enum=filters.sorts(target.name), default="newest")
    more = {
        "list": [order, _CURSOR, _limit(reads.PAGE_ITEMS, reads.MAX_PAGE_ITEMS)],
        "export": [order, _FORMAT, _LANGUAGE],
    }
    return _narrowing(target.name) + more.get(route.action, [])


FILTERED = frozenset({"list", "count", "export"})
ASKED: dict[str, list[Node]] = {
    "detail": [VERSION_HELD],
    "template": [_asked("target", enum=list(sheet.TARGETS), default=sheet.TARGETS[0])],
    "feed": [_AFTER, _TYPES, _limit(feed.PAGE_ITEMS, feed.MAX_PAGE_ITEMS)],
    "stream": [_AFTER, _TYPES, LAST_EVENT],
    "dashboard": [
        _day("from", "Of demands that were published on this day in Shanghai or later."),
        _day("to", "The last such day."),
        {
            **_asked("region", minLength=1, maxLength=MAX_REGION),
            "description": "The park: how the regions of demands and suppliers begin.",
        },
    ],
    "audit": [
        {**_QUESTION, "description": "What the things are called, or how their number begins."},
        {**_asked("party_id", format="uuid"), "description": "Who acted."},
        _asked("type", enum=sorted(EVENTS)),
        _day("from", "On this day in Shanghai or later."),
        _day("to", "The last such day."),
        _asked("thread_id", format="uuid"),
        _CURSOR,
        _limit(audit.PAGE_ITEMS, audit.MAX_PAGE_ITEMS),
    ],
    "timeline": [_CURSOR, _limit(timeline.PAGE_ITEMS, timeline.MAX_PAGE_ITEMS)],
}
