"""What public sources know of suppliers, row by row; the same row twice is skipped."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import select

from services.contracts.actor import Actor
from services.contracts.problems import Problem
from services.matching import records
from services.matching.commands import supplies
from services.matching.tables import PartyCopy, Supply
from services.messaging import Transaction

Row = dict[str, Any]
Results = dict[str, list[Row]]


def import_supplies(actor: Actor, tx: Transaction, args: Row) -> Results:
    """Active at once. A row whose supplier is unknown, or whose values clash, fails by itself."""
    return {
        "results": [
            {"index": index} | result for index, result in enumerate(bring_in(tx, args["rows"]))
        ]
    }


def bring_in(tx: Transaction, rows: Sequence[Row]) -> list[Row]:
    """What became of each row, in their order."""
    known = _by_source_ref(tx, [row["source_ref"] for row in rows])
    parties = _parties(tx, {row["supplier_id"] for row in rows})
    # One by one they would cost a statement and a flush each, half of the import.
    tx.draw_numbers(Supply, sum(_is_new(row, known, parties) for row in rows))
    return [_import(tx, row, known, parties.get(row["supplier_id"])) for row in rows]


def import_records(actor: Actor, tx: Transaction, args: Row) -> Results:
    """Append track record to supplies by their `source_ref`; records already known are skipped."""
    rows = args["rows"]
    known = _by_source_ref(tx, [row["source_ref"] for row in rows])
    return {
        "results": [
            {"index": index} | _append(tx, known.get(row["source_ref"]), row["track_record"])
            for index, row in enumerate(rows)
        ]
    }


def _is_new(row: Row, known: Collection[str], parties: Collection[str]) -> bool:
    return row["source_ref"] not in known and row["supplier_id"] in parties


def _import(tx: Transaction, row: Row, known: dict[str, Supply], supplier: PartyCopy | None) -> Row:
    if existing := known.get(row["source_ref"]):
        return _result("skipped", existing, "source_ref_known")
    if supplier is None:
        return _result("failed", None, "party_unknown")
    try:
        supply = supplies.new(tx, supplier, as_stated(row), origin="imported")
    except Problem as problem:  # one bad row must not undo its neighbours
        return _result("failed", None, problem.code)
    tx.move(supply, "import", "activated")
    known[row["source_ref"]] = supply
    return _result("imported", supply)


def as_stated(row: Row) -> Row:
    """A public source that lists no qualification at all is silent about them."""
    return row | {"qualifications": row["qualifications"] or None}


def _append(tx: Transaction, supply: Supply | None, found: list[Row]) -> Row:
    if supply is None:
        return _result("failed", None, "supply_unknown")
    if not records.add(supply, found):
        return _result("skipped", supply, "records_known")
    tx.record(supply, "recorded")
    return _result("imported", supply)


def _by_source_ref(tx: Transaction, source_refs: Collection[str]) -> dict[str, Supply]:
    """The supplies known by these references, locked in one order for all."""
    query = select(Supply).where(Supply.source_ref.in_(source_refs)).order_by(Supply.id)
    found = tx.session.scalars(query.with_for_update())
    return {supply.source_ref: supply for supply in found if supply.source_ref}


def _parties(tx: Transaction, ids: Collection[str]) -> dict[str, PartyCopy]:
    found = tx.session.scalars(select(PartyCopy).where(PartyCopy.id.in_(ids)))
    return {party.id: party for party in found}


def _result(outcome: str, supply: Supply | None, reason: str | None = None) -> Row:
    return {
        "outcome": outcome,
        "id": supply and supply.id,
        "number": supply and supply.number,
        "reason": reason,
    }
