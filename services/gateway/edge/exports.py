"""Rows as a file: read a page at a time, written by a process apart, sent piece by piece.

Between two pages nothing is held, neither a connection nor a transaction; of the rows no more is
in memory than a page. What changes meanwhile may be seen or not, as by anybody who turns pages.
"""

import io
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import IO, Any
from urllib.parse import quote

from werkzeug.wrappers import Response

from services.gateway.edge.files import XLSX
from services.gateway.edge.intake import Call, Parameters
from services.gateway.edge.problems import CHINESE
from services.gateway.sheets import apart, writing
from services.gateway.sheets.columns import LANGUAGES, TITLES

FORMATS = {"xlsx": XLSX, "csv": "text/csv; charset=utf-8"}
MAX_ROWS = 50_000  # a spreadsheet of it is still pleasant to open
MAX_BYTES = 256 * 1024 * 1024  # of documents on disk meanwhile; those of a few kilobytes are less
PAGE_ROWS = 200
PIECE_BYTES = 64 * 1024
ASKED = ("format", "lang")  # of each file, beside what narrows its rows
# The last rows of a bank's exposure: the debtors beyond those that are listed, and all of it.
TOTAL = {"zh": "合计", "en": "Total"}
REST = {"zh": "另有 {n} 个债务人未列出", "en": "{n} more debtors are not listed"}

Pages = Iterable[Sequence[str]]


def turned(page: Callable[[int, Any], tuple[Sequence[str], Any]]) -> Iterator[Sequence[str]]:
    """All pages of what is given a page at a time: so many rows, after a place; None ends it."""
    after = None
    while True:
        texts, after = page(PAGE_ROWS, after)
        yield texts
        if after is None:
            return


def answer(call: Call, given: Parameters, kind: str, pages: Pages, today: date) -> Response:
    """The file of these rows (JSON text each), with the columns of the kind. `today`: of business.

    Raises Problem unavailable when writing takes too long, query_invalid.
    """
    format = given.text("format", FORMATS) or next(iter(FORMATS))
    language = _language(call, given.text("lang", LANGUAGES))
    written: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  closed with the response
    try:
        with tempfile.TemporaryFile() as documents:
            cut = "cut" if _collect(pages, documents) else ""
            apart.write([format, kind, language, cut], documents, written)
    except BaseException:
        written.close()
        raise
    headers = _headers(call, kind, format, language, today)
    response = Response(
        _pieces(written), headers=headers, content_type=FORMATS[format], direct_passthrough=True
    )
    response.content_length = written.seek(0, os.SEEK_END)
    written.seek(0)
    response.call_on_close(written.close)
    return response


def portfolio(call: Call, given: Parameters, shown: dict[str, Any], today: date) -> Response:
    """What the page of the portfolio shows, a sheet each: some hundred rows in all."""
    language = _language(call, given.text("lang", LANGUAGES))
    rest = shown["debtors_more"]
    more = [{"name": REST[language].format(n=rest)}] if rest else []
    total = {"name": TOTAL[language]} | {
        name: shown[name] for name in ("open", "promised", "limit")
    }
    parts = {
        "exposure": [*shown["debtors"], *more, total],
        "ladder": shown["months"],
        "by_state": shown["states"],
        "under_way": shown["applications"],
    }
    written = io.BytesIO()
    sheets = [
        (writing.Wanted(kind, language, is_cut=False), map(json.dumps, documents))
        for kind, documents in parts.items()
    ]
    writing.workbook(sheets, written)
    headers = _headers(call, "portfolio", "xlsx", language, today)
    return Response(written.getvalue(), headers=headers, content_type=XLSX)


def _language(call: Call, given: str | None) -> str:
    """That of the headings: as asked, else the reader's."""
    zh, en = LANGUAGES
    return given or (zh if call.language == CHINESE else en)


def _collect(pages: Pages, documents: IO[bytes]) -> bool:
    """Documents in the order of the pages, a line each; whether there are more."""
    left = MAX_ROWS
    for texts in pages:
        if documents.tell() > MAX_BYTES:
            return True
        documents.writelines(f"{text}\n".encode() for text in texts[:left])
        if len(texts) > left:
            return True
        left -= len(texts)
    return False


def _pieces(written: IO[bytes]) -> Iterator[bytes]:
    while piece := written.read(PIECE_BYTES):
        yield piece


def _headers(call: Call, kind: str, format: str, language: str, today: date) -> dict[str, str]:
    return {
        "Cache-Control": "private, no-cache",
        "Content-Disposition": _name(call, kind, format, today),
        "Content-Language": language,
        "Vary": "Authorization, Cookie, Accept-Language",
    }


def _name(call: Call, kind: str, format: str, today: date) -> str:
    """Content-Disposition: in ASCII for every client, in Chinese for those who read RFC 6266."""
    day = today.isoformat()
    path = call.route.path.split("/")[-2]
    chinese = quote(f"{TITLES[kind]}-{day}.{format}")
    return f"attachment; filename=\"{path}-{day}.{format}\"; filename*=UTF-8''{chinese}"
