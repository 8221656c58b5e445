"""What all HTML of the gateway has in common: templates, style sheets, and what a page may do."""

import base64
import hashlib
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

TEMPLATES = Path(__file__).parents[1] / "templates"


@cache
def environment() -> Environment:
    """Of all templates; whatever is put into one is escaped."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


@cache
def style(*names: str) -> str:
    """The style sheet within a page: one request shows all of it."""
    return "".join((TEMPLATES / name).read_text(encoding="utf-8") for name in names)


@cache
def policy(css: str) -> str:
    """No script, nothing from elsewhere, no style but this; forms stay here."""
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; form-action 'self';"
        " base-uri 'none'; frame-ancestors 'none'"
    )
