"""CSV as spreadsheets write it: UTF-8 with a mark or without, GBK, UTF-16; commas or tabs."""

import codecs
import csv
from collections.abc import Iterator
from io import StringIO

from services.gateway.sheets import bounds
from services.gateway.sheets.refusal import Unreadable

Row = tuple[int, list[str]]
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"),
          (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
# GB 18030 has all that GBK and GB 2312 have. What is UTF-8 by chance is UTF-8.
_UNMARKED = ("utf-8", "gb18030")
_DELIMITERS = "\t,"


def rows(body: bytes) -> Iterator[Row]:
    """Rows that say something, numbered as a spreadsheet shows them. Raises Unreadable."""
    text = decoded(body)
    csv.field_size_limit(bounds.CELL_CHARACTERS)
    lines = csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        for line, cells in enumerate(lines, start=1):
            texts = [cell.strip() for cell in cells[: bounds.SHEET_COLUMNS]]
            if any(texts):
                yield line, texts
    except csv.Error as error:  # a quote without its end, or a cell without end
        raise Unreadable("file_unreadable") from error


def decoded(body: bytes) -> str:
    """Raises Unreadable."""
    marked = [encoding for mark, encoding in _MARKS if body.startswith(mark)]
    for encoding in marked or _UNMARKED:
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("file_encoding")


def _delimiter(text: str) -> str:
    """Whichever the first line has more of."""
    first = text.lstrip("\r\n")[: bounds.CELL_CHARACTERS].partition("\n")[0]
    return max(_DELIMITERS, key=lambda one: (first.count(one), one == ","))
