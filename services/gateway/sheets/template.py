"""An XLSX to fill in: headings in both languages, and a row that shows what goes into the cells."""

from functools import cache
from io import BytesIO

from services.contracts import sheet

WIDTH = 22  # characters of a column: a heading in two languages


@cache
def template(target: str) -> bytes:
    """The file, made once; its example row is not imported."""
    from openpyxl import Workbook  # a fifth of a second, which few processes need

    book = Workbook(write_only=True)
    page = book.create_sheet("供给 supplies")
    page.freeze_panes = "A2"
    columns = sheet.columns(target)
    for place in range(len(columns)):
        page.column_dimensions[chr(ord("A") + place)].width = WIDTH
    page.append([column.heading for column in columns])
    page.append([column.example for column in columns])
    written = BytesIO()
    book.save(written)
    return written.getvalue()
