"""What narrows, sorts and cuts the lists of resources, as OpenAPI names it."""

from typing import Any

from services.contracts.catalogue import MONEY
from services.gateway.edge import exports, filters
from services.gateway.edge.routes import Route
from services.gateway.readmodel import audiences, extracts, marks, narrowing, reads
from services.gateway.sheets import columns

Node = dict[str, Any]
AMOUNT_PATTERN: str = MONEY["properties"]["amount"]["pattern"]  # type: ignore[index]
FILTERED = frozenset({"list", "count", "export"})


def asked(name: str, type_: str = "string", **more: Any) -> Node:
    """A parameter of the query, of type string unless said otherwise."""
    return {"name": name, "in": "query", "schema": {"type": type_, **more}}


def limit(usual: int, most: int) -> Node:
    """How many items a page has at most."""
    return asked("limit", "integer", minimum=1, maximum=most, default=usual)


CURSOR = {
    **asked("cursor", maxLength=reads.MAX_CURSOR_LENGTH),
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
QUESTION = {
    **asked("q", maxLength=marks.MAX_LENGTH),
    "description": f"Words of at least {marks.LETTERS} characters, all of which stand in its title,"
    " its name or the names of its parties; or how its number begins.",
}
_FORMAT = asked("format", enum=list(exports.FORMATS), default="xlsx")
LANGUAGE = {
    **asked("lang", enum=list(columns.LANGUAGES)),
    "description": "Of the headings; else what Accept-Language says.",
}


AS_FILE = [_FORMAT, LANGUAGE]


def day(name: str, description: str) -> Node:
    """A day in Shanghai."""
    return {**asked(name, format="date"), "description": description}


def _amount(name: str, description: str) -> Node:
    return {**asked(name, pattern=AMOUNT_PATTERN), "description": description}


def _narrowing(kind: str) -> list[Node]:
    """The filters of a kind, alike for its list, its count and its export."""
    every: dict[str, Node] = {
        "view": asked("view", enum=["mine", "public", *audiences.ROLE_AUDIENCES], default="mine"),
        "state": _STATES,
        "thread_id": asked("thread_id", format="uuid"),
        "q": QUESTION,
        "counterpart_id": {
            **asked("counterpart_id", format="uuid"),
            "description": "An organisation that the document names as a party.",
        },
        "from": day("from", "Published, or created, on this day in Shanghai or later."),
        "to": day("to", "The last such day."),
        "kind": asked("kind", enum=list(filters.FACETS.get(kind, ()))),
        "due_from": day("due_from", f"`{extracts.DUE.get(kind)}` on this day or later."),
        "due_to": day("due_to", "The last such day."),
        "amount_from": _amount("amount_from", "At least so many yuan."),
        "amount_to": _amount("amount_to", "At most so many yuan."),
    }
    return [every[name] for name in filters.known(kind)]


def filtered(route: Route) -> list[Node]:
    """What narrows, sorts and cuts a list."""
    target: Any = route.target
    order = asked("sort", enum=filters.sorts(target.name), default="newest")
    more = {
        "list": [order, CURSOR, limit(reads.PAGE_ITEMS, reads.MAX_PAGE_ITEMS)],
        "export": [order, *AS_FILE],
    }
    return _narrowing(target.name) + more.get(route.action, [])
