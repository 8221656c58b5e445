"""What of the OpenAPI document is not in the contract: problems, pages, the fixed routes."""

from typing import Any

from services.contracts.catalogue import MONEY
from services.contracts.party import InviteUserCommand, IssueApiKeyCommand
from services.contracts.registry import AGGREGATES, EVENTS
from services.contracts.webhook import RegisterWebhookCommand, RotateSecretCommand
from services.gateway.edge import (
    documents,
    gazetteer,
    kinds,
    openapi_session,
    openapi_steps,
    taxonomy,
    words,
)
from services.gateway.edge.openapi_desk import DASHBOARD
from services.gateway.edge.openapi_portfolio import PORTFOLIO
from services.gateway.edge.openapi_steps import RULE, STEP, SUMMARY
from services.gateway.edge.routes import EXPORTS
from services.gateway.readmodel import audiences, notices

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
        "resume_after": {
            "type": "integer",
            "description": "With `feed_forgotten` and `feed_ahead`: the position after which the"
            " feed is whole",
        },
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"pointer": {"type": "string"}, "message": {"type": "string"}},
                "required": ["pointer", "message"],
            },
        },
    },
    "required": ["type", "title", "status", "detail", "instance", "code", "errors"],
}
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
WITH_SECRET = (IssueApiKeyCommand, InviteUserCommand, RegisterWebhookCommand, RotateSecretCommand)
BINARY: Node = {"type": "string", "format": "binary"}
# All that is in every document; what else there is depends on who asks.
ALWAYS = ["id", "number", "state"]
MOMENT = {"type": "string", "format": "date-time"}
UUID = {"type": "string", "format": "uuid"}
# What every bank sees of an application before its sheet is opened.
TEASER: Node = {
    "amount_band": {
        "type": "string",
        "enum": [*(band for _, band in audiences.AMOUNT_BANDS), audiences.HIGHEST_BAND],
    },
    "term_days": {"type": ["integer", "null"]},
    "share_count": {"type": "integer", "minimum": 0},
}
BESIDE_STATE: dict[str, Node] = {"ApplicationState": TEASER}
CLOCK = {
    "type": "object",
    "properties": {
        "offset_s": {"type": "integer", "description": "How far it runs ahead of real time"},
        "now": MOMENT,
        "today": {"type": "string", "format": "date", "description": "In Asia/Shanghai"},
        "sequence": {"type": "integer", "minimum": 0},
    },
    "required": ["offset_s", "now", "today", "sequence"],
}
ACTOR = {
    "type": ["object", "null"],
    "properties": {"party_id": UUID, "name": {"type": ["string", "null"]}},
    "required": ["party_id", "name"],
}
_FACT: Node = {
    "id": UUID,
    "type": {"type": "string", "enum": sorted(EVENTS)},
    "kind": {"type": "string", "enum": sorted(AGGREGATES)},
    "resource_id": UUID,
    "sequence": {"type": ["integer", "null"], "minimum": 1},
    "occurred_at": MOMENT,
    "business_date": {"type": "string", "format": "date"},
    "actor": ACTOR,
}
_TOLD: Node = {
    "position": {"type": "integer", "minimum": 1},
    "thread_id": {**UUID, "type": ["string", "null"]},
    "document": {
        "type": ["object", "null"],
        "description": "The resource as it is now, as far as the caller may see it",
    },
}
_STORY: Node = {
    "signatory": {
        "type": ["string", "null"],
        "description": "Who signed, by name; for the two parties of what was signed",
    },
    "number": {"type": ["string", "null"]},
    "amount": {**MONEY, "type": ["object", "null"]},
    "state": {"type": ["string", "null"]},
    "rule": RULE,
    "clock": {
        **openapi_steps.UNTIL,
        "description": "The deadline that the fact started, as it stands now: a day or a moment",
    },
}
CURSOR_NEXT = {"type": ["string", "null"], "description": "The cursor of the next page"}


def page_of(item: Node, following: Node) -> Node:
    """A page of a list, and where the next begins."""
    return {
        "type": "object",
        "properties": {"items": {"type": "array", "items": item}, "next": following},
        "required": ["items", "next"],
    }


def _all_of(properties: Node) -> Node:
    return {"type": "object", "properties": properties, "required": list(properties)}


FEED = page_of(
    _all_of(_FACT | _TOLD),
    {"type": "integer", "minimum": 0, "description": "The position to go on from"},
)
_STORY_OF_DEAL = page_of(_all_of(_FACT | _STORY), CURSOR_NEXT)
TIMELINE = _all_of(
    _STORY_OF_DEAL["properties"]
    | {"steps": {"type": "array", "items": STEP, "description": "What is owed now, and by whom"}}
)


# As far as the standard asks for it; all of it is at standard.open-contracting.org/1.1.
_RELEASE: Node = {
    "ocid": {"type": "string"},
    "id": {"type": "string"},
    "date": MOMENT,
    "tag": {"type": "array", "items": {"type": "string"}},
    "initiationType": {"type": "string", "enum": ["tender"]},
    "parties": {"type": "array", "items": {"type": "object"}},
    "tender": {"type": "object"},
}
OCDS: Node = _all_of(
    {
        "uri": {"type": "string"},
        "version": {"type": "string", "enum": ["1.1"]},
        "publishedDate": MOMENT,
        "publisher": _all_of({"name": {"type": "string"}}),
        "releases": {"type": "array", "items": _all_of(_RELEASE)},
    }
)
OCDS["properties"]["links"] = {
    "type": "object",
    "properties": {
        "next": {"type": "string", "description": "The next page; absent with the last"}
    },
}
_STATES: Node = {
    "state": {"type": ["string", "null"], "description": "In which the thing is by now"},
    "state_after": {
        "type": ["string", "null"],
        "description": "In which the fact left the thing; null of facts of earlier releases",
    },
}
NOTIFICATIONS = page_of(
    _all_of(
        {"event_id": UUID, "title": {"type": ["string", "null"]}, "is_read": {"type": "boolean"}}
        | {name: _FACT[name] for name in ("type", "kind", "resource_id", "occurred_at", "actor")}
        | {name: _TOLD[name] for name in ("position", "thread_id")}
        | {name: _STORY[name] for name in ("number", "amount")}
        | _STATES
    ),
    CURSOR_NEXT,
)
_POSITION: Node = {"type": "integer", "minimum": 0}
UNREAD = _all_of(
    {
        "count": {"type": "integer", "minimum": 0, "maximum": notices.MAX_COUNTED},
        "is_more": {"type": "boolean", "description": "There are more than `count`"},
        "newest": {
            "type": ["integer", "null"],
            "description": "The position of the newest of them",
        },
    }
)
PREFERENCE = _all_of(
    {
        "name": {"type": "string"},
        "updated_at": {**MOMENT, "type": ["string", "null"]},
        "value": {"type": ["object", "null"]},
    }
)
_AUDITED = {name: _FACT[name] for name in _FACT if name != "sequence"}
_NOW: Node = {
    "number": _STORY["number"],
    **_STATES,
    "person": {
        "type": ["object", "null"],
        "description": "Who acted for the party; told to the operator, and of people alone",
        "properties": {
            "id": UUID,
            "name": {"type": "string"},
            "roles": {"type": "array", "items": {"type": "string"}},
        },
        "required": ["id", "name", "roles"],
    },
}
AUDIT = page_of(_all_of(_AUDITED | {"thread_id": _TOLD["thread_id"]} | _NOW), CURSOR_NEXT)


def _status(*words: str) -> Node:
    return _all_of({"status": {"type": "string", "enum": list(words)}})


FIXED: dict[str, tuple[str, Node]] = {
    "clock": ("Business time, by which deadlines are judged", CLOCK),
    "feed": ("Facts after a position, in order; go on from `next`", FEED),
    "timeline": ("The story of one deal, as far as the caller may know it", TIMELINE),
    "notifications": ("What others did that concerns the caller, newest first", NOTIFICATIONS),
    "unread": ("How many notifications the caller has not read", UNREAD),
    "mark_read": (
        "Notifications up to a position have been read",
        _all_of({"position": _POSITION}),
    ),
    "preferences": (
        "What the caller's portal remembers",
        _all_of({"items": {"type": "array", "items": PREFERENCE}}),
    ),
    "prefer": ("Remember a value under a name; null forgets it", PREFERENCE),
    "stream": ("Facts as server-sent events", {"type": "string"}),
    "dashboard": ("The programme's indicators", DASHBOARD),
    "audit": ("Who did what when on which thing, newest first", AUDIT),
    "content": ("What is in a document, to be saved", BINARY),
    "template": ("A sheet of supplies to fill in", BINARY),
    "steps": ("Who owes the next step of what; the most urgent first", page_of(STEP, CURSOR_NEXT)),
    "steps_export": ("The same steps as a file", BINARY),
    "audit_export": ("The same records as a file", BINARY),
    "dashboard_export": ("The same indicators as a file", BINARY),
    "steps_summary": ("How many steps are owed, and how many are overdue", SUMMARY),
    "portfolio": ("What a bank has lent and promised; of no one else there is any", PORTFOLIO),
    "portfolio_export": (
        "Its exposure by debtor, maturity ladder, loans by state and applications, a sheet each",
        BINARY,
    ),
    "words": ("What facts, states, steps, duties and codes are called", words.SCHEMA),
    "kinds": ("Kinds of demands: who answers them, and their facets", kinds.SCHEMA),
    "ocds_releases": ("Public demands as OCDS 1.1 releases, the newest first", OCDS),
    "ocds_release": ("One public demand as a package of one release", OCDS),
    "capabilities": ("The capability taxonomy: groups and their leaves", taxonomy.SCHEMA),
    "places": ("What the codes of regions are called", gazetteer.SCHEMA),
    "openapi": ("This document", {"type": "object"}),
    "docs": ("The same for people", {"type": "string"}),
    "health": ("The process is alive", _status("alive")),
    "ready": ("The process can serve", _status("ready", "not ready")),
    "metrics": ("Prometheus metrics", {"type": "string"}),
    **openapi_session.FIXED,
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What a route answers with where that is not JSON.
MEDIA: dict[str, tuple[str, ...]] = {
    "stream": ("text/event-stream",),
    "docs": ("text/html",),
    "metrics": ("text/plain",),
    "template": (XLSX,),
    "portfolio_export": (XLSX,),
    **dict.fromkeys(EXPORTS, (XLSX, "text/csv")),
    "content": (documents.BYTES,),
}
