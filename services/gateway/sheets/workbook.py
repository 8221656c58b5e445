"""XLSX: the first visible sheet, row by row. Nothing in it is calculated or followed.

Of a formula the value counts that the spreadsheet kept with it; of merged cells the first.
"""

import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from services.gateway.sheets import bounds
from services.gateway.sheets.refusal import Unreadable

Row = tuple[int, list[str]]
_MIDNIGHT = time()
_DIGITS = 15  # that a spreadsheet keeps of a number


def rows(body: bytes) -> Iterator[Row]:
    """Rows that say something, with their numbers. Raises Unreadable."""
    _check_archive(body)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of extensions that it does not know
        try:
            book = load_workbook(BytesIO(body), read_only=True, data_only=True, keep_links=False)
            yield from _of_sheet(_first_visible(book))
        except (Unreadable, MemoryError):
            raise
        except Exception as error:  # whatever the parser says of a file that no spreadsheet wrote
            raise Unreadable("file_unreadable") from error


def _check_archive(body: bytes) -> None:
    try:
        members = zipfile.ZipFile(BytesIO(body)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise Unreadable("file_unreadable") from error
    if len(members) > bounds.MEMBERS:
        raise Unreadable("file_too_much")
    if sum(member.file_size for member in members) > bounds.UNPACKED_BYTES:
        raise Unreadable("file_too_much")


def _first_visible(book: Any) -> Any:
    for sheet in book.worksheets:
        if sheet.sheet_state == Worksheet.SHEETSTATE_VISIBLE:
            return sheet
    raise Unreadable("file_empty")


def _of_sheet(sheet: Any) -> Iterator[Row]:
    sheet.reset_dimensions()  # what the file says of its size may be less than there is
    cells = sheet.iter_rows(max_col=bounds.SHEET_COLUMNS, values_only=True)
    for line, values in enumerate(cells, start=1):
        if line > bounds.SHEET_LINES:
            raise Unreadable("file_too_many_rows", most=bounds.MAX_ROWS)
        if values.count(None) < len(values):  # a million times, in a sheet of gaps
            texts = [_text(value) for value in values]
            if any(texts):
                yield line, texts


def _text(value: Any) -> str:
    """As a person would have typed it."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float():
            return f"{value:.{_DIGITS}g}"
        case datetime() if value.time() == _MIDNIGHT:
            return value.date().isoformat()
        case date() | time():  # a moment is a date, too
            return value.isoformat()
    return str(value).strip()
