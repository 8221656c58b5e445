"""Documents that change with a release alone: alike for everybody, and kept by whoever has them."""

import hashlib
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from werkzeug.wrappers import Response

from services.gateway.edge.intake import Call
from services.gateway.readmodel.rendering import JSON, to_text

# An hour after a release everybody has the new one.
CACHED = {"Cache-Control": "public, max-age=3600"}


def answering(make: Callable[[], Mapping[str, Any]]) -> Callable[[Call], Response]:
    """An action that answers what `make` makes, once in the life of a process."""
    text = cache(lambda: to_text(make()).encode())
    return lambda call: answer(call, text())


def answer(call: Call, text: bytes) -> Response:
    """The document, or 304 for whoever holds it."""
    response = Response(text, headers=CACHED, mimetype=JSON)
    response.set_etag(hashlib.sha256(text).hexdigest()[:32])
    environ = call.request.environ
    return response.make_conditional(
        {name: value for name, value in environ.items() if name != "HTTP_IF_MATCH"}
    )
