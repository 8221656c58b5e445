"""What is answered without a key and without a worker: health, documents, the portal's files."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from werkzeug.wrappers import Response

from services.contracts import words
from services.gateway.edge import docs, fixed, gazetteer, kinds, openapi, portal, taxonomy
from services.gateway.edge.application import Serve
from services.gateway.edge.intake import Call
from services.gateway.readmodel.rendering import JSON, to_text

Reasons = Callable[[], list[str]]


def actions(reasons: Reasons) -> Mapping[str, Serve]:
    """`reasons`: why this process should get no requests; empty when it is ready."""
    return {
        "health": _health,
        "ready": lambda call: _ready(reasons()),
        "openapi": _openapi,
        "docs": _docs,
        "kinds": fixed.answering(kinds.document),
        "capabilities": fixed.answering(taxonomy.document),
        "places": fixed.answering(gazetteer.document),
        "portal": portal.Portal().answer,
        "to_portal": portal.to_portal,
        "words": fixed.answering(lambda: words.DOCUMENT),
    }


def _health(call: Call) -> Response:
    return _fresh({"status": "alive"}, 200)


def _ready(reasons: list[str]) -> Response:
    """Without the reasons: they name what is inside, and the observable port gives them."""
    return _fresh({"status": "not ready" if reasons else "ready"}, 503 if reasons else 200)


def _openapi(call: Call) -> Response:
    return Response(_document(), mimetype=JSON)


@cache
def _document() -> bytes:
    """Once for all who ask: slow readers of it must not hold half a megabyte each."""
    return to_text(openapi.document()).encode()


def _docs(call: Call) -> Response:
    """In Chinese unless its address asks for English."""
    language = "en" if b"lang=en" in call.request.query_string.split(b"&") else "zh"
    headers = {"Content-Security-Policy": docs.policy(), "Cache-Control": "public, max-age=3600"}
    return Response(docs.encoded(language), headers=headers, mimetype="text/html")


def _fresh(body: dict[str, Any], status: int) -> Response:
    return Response(to_text(body), status, {"Cache-Control": "no-store"}, mimetype=JSON)
