"""What became of the rows of a file, in words: for whoever sent it."""

from typing import Any

from sqlalchemy import select

from services.contracts.actor import Actor
from services.contracts.cells import in_chinese
from services.contracts.problems import Problem
from services.matching.import_tables import Import, ImportRow
from services.messaging import Transaction

Result = dict[str, Any]


def rows(actor: Actor, tx: Transaction, id: str, args: dict[str, Any]) -> Result:
    """A page of them, in the order of the file. Raises Problem("not_found")."""
    importing = tx.load(Import, id, of=("party_id",))
    query = select(ImportRow).where(
        ImportRow.import_id == importing.id, ImportRow.line > args["after"]
    )
    if args["outcome"] is not None:
        query = query.where(ImportRow.outcome == args["outcome"])
    found = list(tx.session.scalars(query.order_by(ImportRow.line).limit(args["limit"] + 1)))
    shown = found[: args["limit"]]
    return {
        "items": [_result(row) for row in shown],
        "next": shown[-1].line if len(found) > len(shown) else None,
    }


def _result(row: ImportRow) -> Result:
    code = row.code if row.outcome else None
    said = Problem(code, **(row.params or {})) if code else None
    return {
        "line": row.line,
        "outcome": row.outcome,
        "code": code,
        "column": row.field,
        "message_zh": said and said.text("zh-CN"),
        "message_en": said and said.text("en"),
        "errors": [_in_words(error) for error in said.errors] if said else [],
        "supply_id": row.supply_id,
        "supply_number": row.supply_number,
    }


def _in_words(error: dict[str, str]) -> Result:
    message = error["message"]
    return {
        "pointer": error["pointer"],
        "message_zh": in_chinese(message),
        "message_en": message,
    }
