"""Rows of a supplier's own file: drafts, each known by its item code when it comes again."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import func, select

from services.contracts.problems import Problem
from services.contracts.supply_texts import DraftSupply
from services.matching import copies
from services.matching.commands import amendments, expiry, file_rows, supplies
from services.matching.import_tables import Import, ImportRow
from services.matching.lifecycle import SUPPLY
from services.matching.tables import PartyCopy, Supply
from services.messaging import Transaction

Arguments = dict[str, Any]
_SCHEMA = DraftSupply()
_NAMES = {field.data_key or name: name for name, field in _SCHEMA.fields.items()}


def take(tx: Transaction, importing: Import, rows: Sequence[ImportRow]) -> None:
    """Each becomes a draft, amends what is known by its code, or fails by itself."""
    shelf = Shelf(tx, importing, [row.given or {} for row in rows])
    for row in rows:
        try:
            shelf.take(row)
        except Problem as problem:  # one bad row must not undo its neighbours
            file_rows.failed(row, problem)


class Shelf:
    """A supplier's supplies, as far as a batch of rows may mean them; locked in one order."""

    def __init__(self, tx: Transaction, importing: Import, given: Sequence[Arguments]) -> None:
        self._tx, self._supplier = tx, copies.party(tx, importing.party_id)
        codes = {code for each in given if isinstance(code := each.get("item_code"), str)}
        stripped = {code.strip() for code in codes}
        self._known = _by_item_code(tx, self._supplier, stripped)
        self._done = _done_before(tx, importing, stripped)
        self._room = supplies.SUPPLIES_PER_PARTY - _kept(tx, self._supplier)
        tx.draw_numbers(Supply, min(len(stripped - self._known.keys()), max(self._room, 0)))

    def take(self, row: ImportRow) -> None:
        """Raises Problem."""
        given = row.given or {}
        args = file_rows.arguments(row, _SCHEMA, **self._usual(given))
        code = args["item_code"]
        if code is None:
            raise Problem("item_code_missing", "/item_code")
        if code in self._done:
            raise Problem("item_code_twice", "/item_code")
        if code in self._known:
            self._amend(
                row, self._known[code], {_NAMES[name]: args[_NAMES[name]] for name in given}
            )
        else:
            self._draft(row, args)
        self._done.add(code)
        row.item_code = code

    def _usual(self, given: Arguments) -> Arguments:
        """Its facets are of the kind that it is, where the row gives none."""
        code = given.get("item_code")
        known = self._known.get(code.strip()) if isinstance(code, str) else None
        return {} if known is None else {"kind": known.kind}

    def _draft(self, row: ImportRow, args: Arguments) -> None:
        if self._room <= 0:
            raise Problem("supplies_full", most=supplies.SUPPLIES_PER_PARTY)
        supply = supplies.new(self._tx, self._supplier, args, origin="own")
        self._tx.record(supply, "created")
        self._room -= 1
        file_rows.done(row, "imported", supply)

    def _amend(self, row: ImportRow, supply: Supply, args: Arguments) -> None:
        """What the file does not give stays as it is."""
        expiry.catch_up(self._tx, supply)
        changed = amendments.changes(supply, args)
        if not changed:
            file_rows.done(row, "skipped", supply, "item_unchanged")
            return
        if not SUPPLY.allows(supply.state, "amend"):
            raise Problem("illegal_move", state=supply.state, verb="amend")
        amendments.revise(self._tx, supply, changed)
        file_rows.done(row, "imported", supply, "item_updated")


def _by_item_code(
    tx: Transaction, supplier: PartyCopy, codes: Collection[str]
) -> dict[str, Supply]:
    """Those that are in use; what was archived has left its code to others."""
    query = select(Supply).where(Supply.supplier_id == supplier.id, Supply.item_code.in_(codes))
    in_use = query.where(Supply.state != "archived").order_by(Supply.id).with_for_update()
    return {supply.item_code: supply for supply in tx.session.scalars(in_use) if supply.item_code}


def _done_before(tx: Transaction, importing: Import, codes: Collection[str]) -> set[str]:
    """The codes that an earlier row of this very file had."""
    query = select(ImportRow.item_code).where(
        ImportRow.import_id == importing.id, ImportRow.item_code.in_(codes)
    )
    return {code for code in tx.session.scalars(query) if code}


def _kept(tx: Transaction, supplier: PartyCopy) -> int:
    kept = select(func.count()).where(Supply.supplier_id == supplier.id)
    return tx.session.scalar(kept.where(Supply.state != "archived")) or 0
