"""Files of supplies for tests, honest and hostile."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl import Workbook

HEADINGS = ("货号", "供给名称", "最低价", "产能")
SHEET = "xl/worksheets/sheet1.xml"


def xlsx(*rows: Sequence[Any], headings: Sequence[str] = HEADINGS) -> bytes:
    """A workbook with one sheet."""
    book = Workbook()
    for row in (headings, *rows):
        book.active.append(list(row))
    return saved(book)


def saved(book: Workbook) -> bytes:
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def with_members(body: bytes, members: Mapping[str, bytes]) -> bytes:
    """The same archive with these members in place of, or beside, its own."""
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(body)) as known,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in known.namelist():
            if name not in members:
                archive.writestr(name, known.read(name))
        for name, content in members.items():
            archive.writestr(name, content)
    return written.getvalue()


def sheet_of(rows: str) -> bytes:
    """A worksheet with these rows, written by hand."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'.encode()


def inline(address: str, text: str) -> str:
    return f'<c r="{address}" t="inlineStr"><is><t>{text}</t></is></c>'


HEAD = f'<row r="1">{inline("A1", "货号")}{inline("B1", "供给名称")}</row>'
