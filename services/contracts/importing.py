"""Imports 导入: a file of supplies, worked off row by row: owned by matching."""

from marshmallow import fields, validate

from services.contracts.declare import Aggregate
from services.contracts.fields import (
    Arguments,
    Code,
    Count,
    Id,
    Part,
    State,
    Text,
    Timestamp,
    listed,
)
from services.contracts.roles import READ

FORMATS = ("xlsx", "csv", "jsonl")
OUTCOMES = ("imported", "skipped", "failed")
# Five times what one organisation may keep, and what a programme brings in at once.
MAX_ROWS = 5_000
# Of all rows together as a message carries them, six bytes to a Chinese character: 2,400 for each
# row, where the example of the template takes 1,300. RabbitMQ takes messages of 16 MB.
MAX_MESSAGE_BYTES = 12_000_000
PAGE_ROWS, MAX_PAGE_ROWS = 50, 200
ROW_ERRORS = 10  # told of one row: whoever has mended these sees the rest
COLUMN_LENGTH, MESSAGE_LENGTH = 60, 500  # a message may list all words that would do


class ImportState(State):
    """A file on its way in. `rows_done` is the sum of what was imported, skipped and failed."""

    party_id = Id(required=True)  # whose file it is
    target = Code("own", "public")  # drafts of its own, or public suppliers of the programme
    format = Code(*FORMATS)
    rows_total = Count()
    rows_done = Count()
    imported = Count()
    skipped = Count()
    failed = Count()
    finished_at = Timestamp(allow_none=True)


class FileOfRows(Arguments):
    """A file as the edge has read it: JSON Lines, a row of the file each.

    `{"line", "given"}`, the row's number in the file and what it gives, as the API writes it; or
    `{"line", "fault"}` with the code of what is wrong with it.
    """

    format = Code(*FORMATS, required=True)
    rows = fields.String(required=True, validate=validate.Length(1, MAX_MESSAGE_BYTES))


class AskedRows(Arguments):
    """Rows after one, in the order of the file; all of them, or those with one outcome."""

    after = Count(load_default=0)
    limit = Count(1, MAX_PAGE_ROWS, load_default=PAGE_ROWS)
    outcome = Code(*OUTCOMES, load_default=None)


class RowError(Part):
    """One thing that is wrong with a row; `pointer` (RFC 6901) leads to it within what it gives."""

    pointer = Text(200, blank=True, required=True)
    message_zh = Text(MESSAGE_LENGTH, required=True)
    message_en = Text(MESSAGE_LENGTH, required=True)


class RowResult(Part):
    """What became of a row. `line` is its number in the file; `column` the field that is at fault.

    `outcome` is null while the row waits. `errors`: all that is wrong with its values, the first
    being the one that `column` and the messages tell of.
    """

    line = Count(1)
    outcome = Code(*OUTCOMES, allow_none=True)
    code = Text(60, allow_none=True)
    column = Text(COLUMN_LENGTH, allow_none=True)
    message_zh = Text(MESSAGE_LENGTH, allow_none=True)
    message_en = Text(MESSAGE_LENGTH, allow_none=True)
    errors = listed(fields.Nested(RowError), ROW_ERRORS)
    supply_id = Id(allow_none=True)
    supply_number = Text(40, allow_none=True)


class PageOfRows(Part):
    """`next`: what to ask for `after` with; null at the end. Rows are kept for 30 days."""

    items = listed(fields.Nested(RowResult))
    next = Count(allow_none=True)


importing = Aggregate(
    "import", "matching", "I", ImportState, ("started", "advanced", "finished", "cancelled")
)  # fmt: skip
StartImport = importing.command("create", FileOfRows, scope="supplies:write", from_file=True)
StartPublicImport = importing.command(
    "public", FileOfRows, scope="programme:import", creates=True, from_file=True
)
CancelImport = importing.command("cancel", scope="supplies:write")
CancelPublicImport = importing.command("cancel_public", scope="programme:import")
RowsOfImport = importing.query("rows", PageOfRows, scope=READ, arguments=AskedRows)
