"""A body that is one small file, as the arguments of its command; and what is in it, given back.

What it is its first bytes say: nobody is told that a page is a picture. It is given back as bytes
to be saved, never as something that a browser shows within our origin.
"""

import hashlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from werkzeug.wrappers import Response

from services.contracts.problems import Problem
from services.gateway.edge import intake
from services.gateway.edge.intake import MAX_SHOWN, Call

BYTES = "application/octet-stream"
MAGIC = {
    b"%PDF-": "application/pdf",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
}
EXTENSIONS = {"application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg"}
# Not even whoever opens it in a browser has it run or load anything.
SAFE = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, no-store",
    "Vary": "Authorization, Cookie",
}


def arguments(call: Call) -> dict[str, Any]:
    """Raises Problem document_type_unknown, encoding_unsupported, query_invalid."""
    given = call.parameters("name", "purpose")
    said = {name: given.text(name) for name in ("name", "purpose")}
    encoding = call.request.headers.get("Content-Encoding", "").strip().lower()
    if encoding not in ("", "identity"):
        raise Problem("encoding_unsupported", encoding=encoding[:MAX_SHOWN])
    intake.idempotency_key(call.request)  # without one nothing is looked at
    seen = {
        "media_type": _media_type(call.body),
        "sha256": hashlib.sha256(call.body).hexdigest(),
        "size_bytes": len(call.body),
    }
    return {name: value for name, value in said.items() if value is not None} | seen


def answer(document: Mapping[str, Any], content: bytes) -> Response:
    """What is in it, to be saved under its name."""
    name = file_name(document["name"], document["media_type"])
    saved = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    headers = SAFE | {"Content-Disposition": saved}
    return Response(content, headers=headers, content_type=BYTES)


def file_name(name: str, media_type: str) -> str:
    """As it was given, with the ending of what it is: a name chosen by others decides nothing."""
    plain = "".join("_" if letter in '/\\:*?"<>|' else letter for letter in name)
    ending = EXTENSIONS.get(media_type, "")
    alike = (ending, ".jpeg") if ending == ".jpg" else (ending,)
    return plain if plain.lower().endswith(alike) else plain + ending


def _media_type(content: bytes) -> str:
    for magic, media_type in MAGIC.items():
        if content.startswith(magic):
            return media_type
    raise Problem("document_type_unknown")
