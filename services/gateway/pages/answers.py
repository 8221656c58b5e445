"""A page as HTTP sends it: rendered, cacheable for a moment, and allowed to do nothing."""

import hashlib
from typing import Any

from werkzeug.wrappers import Request, Response

from services.gateway.edge import html
from services.gateway.pages import shown, words
from services.gateway.pages.asked import Asked

STYLE = "style.css"
MAX_AGE_S = 15  # shared caches take the crowd; what changes is seen by strangers this much later
DIGEST_DIGITS = 32
COMMON = {"show": shown, "words": words, "portal": "/portal/"}


def page(
    request: Request, asked: Asked, template: str, status: int = 200, **given: Any
) -> Response:
    """The template in the reader's language, or 304 for whoever holds it."""
    said = words.OF[asked.language]
    text = (
        html.environment()
        .get_template(template, globals=COMMON)
        .render(w=said, say=said.say, asked=asked, style=html.style(STYLE), **given)
    )
    body = text.encode(errors="replace")  # somebody may ask for half a character
    response = Response(body, status, _headers(asked, status), mimetype="text/html")
    if status != 200:
        return response
    response.set_etag(hashlib.sha256(body).hexdigest()[:DIGEST_DIGITS])
    environ = request.environ
    return response.make_conditional(
        {name: value for name, value in environ.items() if name != "HTTP_IF_MATCH"}
    )


def _headers(asked: Asked, status: int) -> dict[str, str]:
    return {
        "Content-Security-Policy": html.policy(html.style(STYLE)),
        "Content-Language": words.LANGUAGES[asked.language],
        "Referrer-Policy": "same-origin",
        "Cache-Control": f"public, max-age={MAX_AGE_S}" if status == 200 else "no-store",
    }
