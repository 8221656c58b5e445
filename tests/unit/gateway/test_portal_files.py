"""The portal's built files: as they are, compressed, kept for ever where their names say what."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request, Response

from services.gateway.edge import portal
from services.gateway.edge.intake import Call
from services.gateway.edge.portal import Portal
from services.gateway.edge.routes import Route

ROUTE = Route("GET", "/portal/", "portal", None, is_documented=False)


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<html>portal</html>")
    (tmp_path / "assets" / "index-1a2b.js").write_text("export {}")
    (tmp_path / "assets" / "index-1a2b.js.br").write_bytes(b"brotli")
    (tmp_path / "assets" / "index-1a2b.js.gz").write_bytes(b"gzip")
    return tmp_path


def _get(files: Portal, path: str, **headers: str) -> Response:
    request = Request(EnvironBuilder(path, headers=headers).get_environ())
    call = Call(request, ROUTE, None, b"", "", datetime.now(UTC))
    return files.answer(call)


def test_a_page_of_the_portal_is_its_index_and_is_asked_for_again(dist: Path) -> None:
    answer = _get(Portal(dist), "/portal/demands/0199-not-a-file")
    assert answer.get_data() == b"<html>portal</html>"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("accepted", "sent"),
    [
        ("br, gzip", b"brotli"),
        ("gzip", b"gzip"),
        ("identity", b"export {}"),
        ("", b"export {}"),
        ("br;q=0, gzip", b"gzip"),
    ],
)
def test_an_asset_is_sent_as_small_as_its_reader_takes_it(
    dist: Path, accepted: str, sent: bytes
) -> None:
    answer = _get(Portal(dist), "/portal/assets/index-1a2b.js", **{"Accept-Encoding": accepted})
    assert answer.get_data() == sent
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Vary"] == "Accept-Encoding"


def test_who_holds_it_is_not_sent_it_again(dist: Path) -> None:
    files = Portal(dist)
    first = _get(files, "/portal/")
    again = _get(files, "/portal/", **{"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_a_new_build_is_served_at_once_and_an_old_asset_is_missing(dist: Path) -> None:
    files = Portal(dist)
    _get(files, "/portal/")
    (dist / "assets" / "index-1a2b.js").rename(dist / "assets" / "index-3c4d.js")
    (dist / "index.html").write_text("<html>newer</html>")
    assert _get(files, "/portal/").get_data() == b"<html>newer</html>"
    assert _get(files, "/portal/assets/index-1a2b.js").status_code == 404


@pytest.mark.parametrize("path", ["../tables.py", "%2e%2e/tables.py", "assets/../../tables.py"])
def test_nothing_outside_of_the_build_is_sent(dist: Path, path: str) -> None:
    (dist.parent / "tables.py").write_text("secret")
    assert b"secret" not in _get(Portal(dist), f"/portal/{path}").get_data()


def test_without_a_build_it_says_how_to_make_one(tmp_path: Path) -> None:
    answer = _get(Portal(tmp_path / "none"), "/portal/")
    assert answer.status_code == 503
    assert b"make portal" in answer.get_data()


def test_the_slash_is_added() -> None:
    request = Request(EnvironBuilder("/portal").get_environ())
    answer = portal.to_portal(Call(request, ROUTE, None, b"", "", datetime.now(UTC)))
    assert (answer.status_code, answer.headers["Location"]) == (308, "/portal/")
