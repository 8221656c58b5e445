"""The portal of signed-in people: built files, sent as they are.

The files are held in memory, compressed ones beside: some three megabytes. A page of the portal
has no file of its own, it is `index.html`, which knows the page by its address.
"""

import hashlib
import mimetypes
from dataclasses import dataclass, field
from pathlib import Path

from werkzeug.wrappers import Response

from services.gateway.edge.intake import Call

ROOT = "/portal/"
DIST = Path(__file__).parents[1] / "portal" / "dist"
ENCODINGS = {"br": ".br", "gzip": ".gz"}  # the smaller first
# Built names hold a hash of what is in them.
FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
# Scripts are our own files alone. Charts write `style` attributes.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; frame-ancestors 'none'; "
    "base-uri 'none'; form-action 'self'"
)
HEADERS = {"Content-Security-Policy": POLICY, "Referrer-Policy": "same-origin"}
MISSING = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>千帆</title>
<p>门户尚未构建，请运行 <code>make portal</code>，然后刷新本页。</p>
<p lang="en">The portal has not been built. Run <code>make portal</code>, then reload.</p></html>
"""


@dataclass(frozen=True)
class File:
    """One file as it is sent; `encoded` by the encodings that a caller may accept."""

    media_type: str
    cache: str
    etag: str
    plain: bytes
    encoded: dict[str, bytes] = field(default_factory=dict)


class Portal:
    """The newest build in `dist`; without one it says how to make one."""

    def __init__(self, dist: Path = DIST) -> None:
        self._dist, self._read_at_ns = dist, 0
        self._files: dict[str, File] = {}

    def answer(self, call: Call) -> Response:
        """A file by its path; any other path is a page of the portal."""
        self._refresh()
        path = call.request.path.removeprefix(ROOT)
        found = self._files.get(path) or self._files.get("index.html")
        if path.startswith("assets/") and path not in self._files:
            return Response("", 404, HEADERS, mimetype="text/plain")  # of a build that is gone
        if found is None:
            return Response(MISSING, 503, {"Cache-Control": "no-store"}, mimetype="text/html")
        return _sent(found, call)

    def _refresh(self) -> None:
        try:
            built_at_ns = (self._dist / "index.html").stat().st_mtime_ns
        except OSError:
            built_at_ns = 0
        if built_at_ns != self._read_at_ns:
            self._files = _read(self._dist) if built_at_ns else {}
            self._read_at_ns = built_at_ns


def to_portal(call: Call) -> Response:
    """Whoever left the slash out."""
    return Response("", 308, {"Location": ROOT}, mimetype="text/plain")


def _read(dist: Path) -> dict[str, File]:
    compressed = tuple(ENCODINGS.values())
    paths = [path for path in dist.rglob("*") if path.is_file()]
    return {
        path.relative_to(dist).as_posix(): _file(path, dist)
        for path in paths
        if path.suffix not in compressed
    }


def _file(path: Path, dist: Path) -> File:
    plain = path.read_bytes()
    beside = {name: path.with_name(path.name + suffix) for name, suffix in ENCODINGS.items()}
    return File(
        mimetypes.guess_type(path.name)[0] or "application/octet-stream",
        FOR_EVER if path.parent == dist / "assets" else ASK_AGAIN,
        hashlib.sha256(plain).hexdigest()[:32],
        plain,
        {name: other.read_bytes() for name, other in beside.items() if other.exists()},
    )


def _sent(file: File, call: Call) -> Response:
    accepted = call.request.accept_encodings
    encoding = next((name for name in file.encoded if accepted[name] > 0), None)
    headers = {**HEADERS, "Cache-Control": file.cache, "Vary": "Accept-Encoding"}
    body = file.encoded[encoding] if encoding else file.plain
    response = Response(body, headers=headers, mimetype=file.media_type)
    if encoding:
        response.headers["Content-Encoding"] = encoding
    response.set_etag(f"{file.etag}-{encoding or 'plain'}")
    return response.make_conditional(call.request.environ)
