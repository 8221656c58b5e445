"""Rows of a list into a file: CSV that a spreadsheet opens as it is, or XLSX, row by row.

No cell is a formula, whatever somebody has called their goods: text that begins like one is
preceded by an apostrophe.
"""

import csv
import io
import json
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any, NamedTuple
from zoneinfo import ZoneInfo

from services.contracts import places
from services.gateway.sheets.columns import SHEETS, TITLES, Column

Cell = str | int | Decimal | date | datetime | None

FORMULAS = ("=", "+", "-", "@", "\t", "\r")
CELL_CHARACTERS = 32_767  # as many as a spreadsheet keeps in one
WIDTHS = {
    "text": 24, "said": 24, "place": 24, "money": 18, "day": 14, "moment": 20, "number": 14,
    "figure": 18, "flag": 10, "code": 14, "codes": 24,
}  # fmt: skip
FORMATS = {"money": "#,##0.00", "day": "yyyy-mm-dd", "moment": "yyyy-mm-dd hh:mm:ss"}
CUT = {
    "zh": "已截断：仅前 {rows} 行。请缩小筛选范围后重新导出。",
    "en": "Cut: the first {rows} rows only. Narrow the filters and export again.",
}
FLAGS = {"zh": ("否", "是"), "en": ("no", "yes")}
JOINED = {"zh": "、", "en": ", "}
BOM = "\ufeff"
_SHANGHAI = ZoneInfo("Asia/Shanghai")


class Wanted(NamedTuple):
    """Of which kind the rows are, in which language, and whether there are more of them."""

    kind: str
    language: str
    is_cut: bool


def write_as(arguments: Sequence[str], documents: IO[bytes], target: IO[bytes]) -> None:
    """`FORMAT KIND LANGUAGE CUT`, the last of them "cut" or empty; a document a line."""
    format, kind, language, cut = arguments
    lines = (line.decode() for line in documents)
    write(format, Wanted(kind, language, cut == "cut"), lines, target)


def write(format: str, wanted: Wanted, documents: Iterable[str], target: IO[bytes]) -> None:
    """A heading, a row for each document (JSON text), and a line that says so when it is cut."""
    {"csv": _csv, "xlsx": _xlsx}[format](wanted, documents, target)


def _csv(wanted: Wanted, documents: Iterable[str], target: IO[bytes]) -> None:
    columns = SHEETS[wanted.kind]
    text = io.TextIOWrapper(target, encoding="utf-8", newline="", errors="replace")
    text.write(BOM)
    lines = csv.writer(text, lineterminator="\r\n")
    lines.writerow([column.heading(wanted.language) for column in columns])
    counted = 0
    for cells in _rows(wanted, documents):
        counted += 1
        lines.writerow(["" if cell is None else _said(cell) for cell in cells])
    if wanted.is_cut:
        lines.writerow([_cut(wanted, counted)])
    text.flush()
    text.detach()


def _said(cell: Cell) -> str:
    return cell.isoformat(" ") if isinstance(cell, datetime) else str(cell)


def _xlsx(wanted: Wanted, documents: Iterable[str], target: IO[bytes]) -> None:
    workbook([(wanted, documents)], target)


def workbook(sheets: Sequence[tuple[Wanted, Iterable[str]]], target: IO[bytes]) -> None:
    """XLSX with a sheet for each."""
    from openpyxl import Workbook  # a fifth of a second, which a CSV need not wait for

    book = Workbook(write_only=True)
    for wanted, documents in sheets:
        _sheet(book, wanted, documents)
    book.save(target)


def _sheet(book: Any, wanted: Wanted, documents: Iterable[str]) -> None:
    from openpyxl.utils import get_column_letter

    columns = SHEETS[wanted.kind]
    page = book.create_sheet(TITLES[wanted.kind] if wanted.language == "zh" else wanted.kind)
    page.freeze_panes = "A2"
    for place, column in enumerate(columns, start=1):
        page.column_dimensions[get_column_letter(place)].width = WIDTHS[column.type]
    put = _put(page)
    page.append([column.heading(wanted.language) for column in columns])
    counted = 0
    for cells in _rows(wanted, documents):
        counted += 1
        page.append([put(column, cell) for column, cell in zip(columns, cells, strict=True)])
    if wanted.is_cut:
        page.append([_cut(wanted, counted)])


def _put(page: Any) -> Callable[[Column, Cell], Any]:
    """Cells with their formats; those without one are written as they are."""
    from openpyxl.cell import WriteOnlyCell

    def put(column: Column, cell: Cell) -> Any:
        if cell is None or column.type not in FORMATS:
            return cell
        found = WriteOnlyCell(page, cell)
        found.number_format = FORMATS[column.type]
        return found

    return put


def _cut(wanted: Wanted, counted: int) -> str:
    return CUT[wanted.language].format(rows=counted)


def _rows(wanted: Wanted, documents: Iterable[str]) -> Iterator[list[Cell]]:
    for text in documents:
        document = json.loads(text)
        yield [
            cell(column, _value(document, column.field), wanted.language)
            for column in SHEETS[wanted.kind]
        ]


def _value(document: dict[str, Any], field: str) -> Any:
    """None where this reader's document does not have it."""
    value: Any = document
    for name in field.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def cell(column: Column, value: Any, language: str) -> Cell:
    """A value as the file has it: exact numbers, dates, moments in Shanghai, harmless text."""
    if value is None:
        return None
    if column.type in _IN_WORDS:
        return harmless(_IN_WORDS[column.type](column, value, language))
    if column.type == "number" and column.per > 1:
        return Decimal(int(value)) / column.per
    return _OF_TYPE[column.type](value)


def _word(column: Column, code: str, language: str) -> str:
    """One of a release that this one does not know stays the code that it is."""
    return column.named.get(code, {}).get(language, str(code))


def _money(value: dict[str, str]) -> Decimal:
    return Decimal(value["amount"]).quantize(Decimal("0.01"))


def _moment(value: str) -> datetime:
    """A spreadsheet knows no time zones."""
    moment = datetime.fromisoformat(value).astimezone(_SHANGHAI)
    return moment.replace(tzinfo=None, microsecond=0)


def harmless(text: str) -> str:
    """The text, which no spreadsheet takes for a formula."""
    shown = "".join(character for character in text if character.isprintable() or character == " ")
    kept = shown.strip()[:CELL_CHARACTERS]
    # Some spreadsheets take signs of full width for what they look like.
    first = unicodedata.normalize("NFKC", kept[:1])
    return f"'{kept}"[:CELL_CHARACTERS] if first.startswith(FORMULAS) else kept


_IN_WORDS: dict[str, Callable[[Column, Any, str], str]] = {
    "flag": lambda column, value, language: FLAGS[language][bool(value)],
    "code": _word,
    "codes": lambda column, value, language: JOINED[language].join(
        _word(column, code, language) for code in value
    ),
    "said": lambda column, value, language: value[language],
    "place": lambda column, value, language: places.said(value)[language],
}
_OF_TYPE: dict[str, Callable[[Any], Cell]] = {
    "money": _money,
    "number": int,
    "figure": Decimal,
    "day": date.fromisoformat,
    "moment": _moment,
    "text": lambda value: harmless(str(value)),
}
