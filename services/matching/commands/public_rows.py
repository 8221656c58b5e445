"""Rows of the programme's file of public suppliers: what `imports` does with JSON."""

from collections.abc import Sequence

from services.contracts.problems import Problem
from services.contracts.supply_texts import ImportedSupply
from services.matching.commands import file_rows, imports
from services.matching.import_tables import Import, ImportRow
from services.messaging import Transaction

_SCHEMA = ImportedSupply()
_AT_FAULT = {"party_unknown": "supplier_id", "price_range": "price_max"}  # by why a row fails


def take(tx: Transaction, importing: Import, rows: Sequence[ImportRow]) -> None:
    """Each becomes an active supply, is known by its source already, or fails by itself."""
    read = []
    for row in rows:
        try:
            read.append((row, file_rows.arguments(row, _SCHEMA)))
        except Problem as problem:
            file_rows.failed(row, problem)
    results = imports.bring_in(tx, [args for _, args in read])
    for (row, _), result in zip(read, results, strict=True):
        row.outcome, row.code, row.given = result["outcome"], result["reason"], None
        row.supply_id, row.supply_number = result["id"], result["number"]
        row.field = _AT_FAULT.get(result["reason"])
