"""What a row of a file gives, and what is noted of it."""

from typing import Any

from services.contracts.cells import in_chinese
from services.contracts.fields import Arguments
from services.contracts.importing import COLUMN_LENGTH, OUTCOMES, ROW_ERRORS
from services.contracts.problems import Problem
from services.matching.import_tables import ImportRow
from services.matching.tables import Supply
from services.messaging import load_arguments

__all__ = ["OUTCOMES", "arguments", "done", "failed"]


def arguments(row: ImportRow, schema: Arguments, **usual: Any) -> dict[str, Any]:
    """What it gives, typed, else what is usual.

    Raises Problem with the code of what is wrong with it.
    """
    if row.code is not None:  # the edge could not even read it
        raise Problem(row.code)
    try:
        return load_arguments(schema, usual | (row.given or {}))
    except Problem as problem:
        found = problem.errors[:ROW_ERRORS]
        message = found[0]["message"]
        said = {"message": message, "message_zh": in_chinese(message)}
        raise Problem("row_invalid", found[0]["pointer"], errors=found, **said) from None


def failed(row: ImportRow, problem: Problem) -> None:
    """Nothing came of it; the field that is at fault is named, and all that is wrong kept."""
    row.outcome, row.code, row.given = "failed", problem.code, None
    row.params = problem.params | ({"errors": problem.errors} if problem.errors else {}) or None
    row.field = problem.pointer.strip("/").partition("/")[0][:COLUMN_LENGTH] or None


def done(row: ImportRow, outcome: str, supply: Supply, code: str | None = None) -> None:
    """It came to this supply."""
    row.outcome, row.code, row.given = outcome, code, None
    row.supply_id, row.supply_number = supply.id, supply.number
