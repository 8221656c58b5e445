"""A page as HTTP sends it: rendered, cacheable for a moment, and allowed to do nothing."""

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from werkzeug.wrappers import Request, Response

from services.gateway.pages import shown, words
from services.gateway.pages.asked import Asked

TEMPLATES = Path(__file__).parents[1] / "templates"
MAX_AGE_S = 15  # shared caches take the crowd; what changes is seen by strangers this much later
DIGEST_DIGITS = 32


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals |= {"show": shown, "words": words, "style": style(), "portal": "/portal/"}
    return made


@cache
def style() -> str:
    """The one style sheet, within each page: one request shows all of it."""
    return (TEMPLATES / "style.css").read_text(encoding="utf-8")


@cache
def policy() -> str:
    """No script, nothing from elsewhere, no style but ours; forms stay here."""
    digest = base64.b64encode(hashlib.sha256(style().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; form-action 'self';"
        " base-uri 'none'; frame-ancestors 'none'"
    )


def page(
    request: Request, asked: Asked, template: str, status: int = 200, **given: Any
) -> Response:
    """The template in the reader's language, or 304 for whoever holds it."""
    said = words.OF[asked.language]
    rendered = _environment().get_template(template)
    text = rendered.render(w=said, say=said.say, asked=asked, **given)
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
        "Content-Security-Policy": policy(),
        "Content-Language": words.LANGUAGES[asked.language],
        "Referrer-Policy": "same-origin",
        "Cache-Control": f"public, max-age={MAX_AGE_S}" if status == 200 else "no-store",
    }
