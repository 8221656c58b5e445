"""A list as a file: read a page at a time, written by a process apart, sent piece by piece.

Between two pages nothing is held, neither a connection nor a transaction; of the rows no more is
in memory than a page. What changes meanwhile may be seen or not, as by anybody who turns pages.
"""

import io
import json
import os
import tempfile
from collections.abc import Iterator
from typing import IO, Any
from urllib.parse import quote

from werkzeug.wrappers import Response

from services.days import shanghai_date
from services.gateway.edge.files import XLSX
from services.gateway.edge.intake import Call
from services.gateway.edge.problems import CHINESE
from services.gateway.readmodel import lists
from services.gateway.readmodel.narrowing import Filters
from services.gateway.readmodel.places import Sort
from services.gateway.sheets import apart, writing
from services.gateway.sheets.columns import LANGUAGES, TITLES
from services.messaging import Reader

FORMATS = {"xlsx": XLSX, "csv": "text/csv; charset=utf-8"}
MAX_ROWS = 50_000  # a spreadsheet of it is still pleasant to open
MAX_BYTES = 256 * 1024 * 1024  # of documents on disk meanwhile; those of a few kilobytes are less
PAGE_ROWS = 200
PIECE_BYTES = 64 * 1024
REST = {"zh": "另有 {n} 个债务人未列出", "en": "{n} more debtors are not listed"}


def language(call: Call, given: str | None) -> str:
    """That of the headings: as asked, else the reader's."""
    zh, en = LANGUAGES
    return given or (zh if call.language == CHINESE else en)


def answer(reader: Reader, filters: Filters, sort: Sort, format: str, language: str) -> Response:
    """The file, without its name. Raises Problem unavailable when writing takes too long."""
    written: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  closed with the response
    try:
        with tempfile.TemporaryFile() as documents:
            cut = "cut" if _collect(reader, filters, sort, documents) else ""
            apart.write([format, filters.kind, language, cut], documents, written)
    except BaseException:
        written.close()
        raise
    headers = {"Content-Language": language, "Vary": "Authorization, Cookie, Accept-Language"}
    response = Response(
        _pieces(written), headers=headers, content_type=FORMATS[format], direct_passthrough=True
    )
    response.content_length = written.seek(0, os.SEEK_END)
    written.seek(0)
    response.call_on_close(written.close)
    return response


def portfolio(shown: dict[str, Any], language: str) -> Response:
    """Exposure and ladder as a sheet each, without the file's name: some hundred rows in all."""
    rest = shown["debtors_more"]
    more = [{"name": REST[language].format(n=rest)}] if rest else []
    parts = {"exposure": [*shown["debtors"], *more], "ladder": shown["months"]}
    written = io.BytesIO()
    sheets = [
        (writing.Wanted(kind, language, is_cut=False), map(json.dumps, documents))
        for kind, documents in parts.items()
    ]
    writing.workbook(sheets, written)
    headers = {"Content-Language": language, "Vary": "Authorization, Cookie, Accept-Language"}
    return Response(written.getvalue(), headers=headers, content_type=XLSX)


def _collect(reader: Reader, filters: Filters, sort: Sort, documents: IO[bytes]) -> bool:
    """Documents in the order of the list, a line each; whether there are more."""
    left, after = MAX_ROWS, None
    while left > 0:
        texts, after = lists.page(reader, filters, sort, min(left, PAGE_ROWS), after)
        documents.writelines(f"{text}\n".encode() for text in texts)
        left -= len(texts)
        if after is None:
            return False
        if documents.tell() > MAX_BYTES:
            break
    return True


def _pieces(written: IO[bytes]) -> Iterator[bytes]:
    while piece := written.read(PIECE_BYTES):
        yield piece


def name(call: Call, kind: str, format: str) -> str:
    """Content-Disposition: in ASCII for every client, in Chinese for those who read RFC 6266."""
    day = shanghai_date(call.received_at).isoformat()
    path = call.route.path.split("/")[-2]
    chinese = quote(f"{TITLES[kind]}-{day}.{format}")
    return f"attachment; filename=\"{path}-{day}.{format}\"; filename*=UTF-8''{chinese}"
