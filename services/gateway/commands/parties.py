"""Register, verify and import organisations."""

from typing import Any

from sqlalchemy import or_, select

from services.contracts.actor import Actor
from services.contracts.party import JOINING
from services.contracts.problems import Problem
from services.gateway.commands import credit_code, joining
from services.gateway.tables import Party
from services.messaging import Transaction

Arguments = dict[str, Any]


def register(actor: Actor, tx: Transaction, args: Arguments) -> Party:
    """A party is unverified until `verify`. Raises credit_code_invalid, credit_code_taken.

    Also organisation_known where somebody asks to be let in with the same code.
    """
    columns = args | {"credit_code": _code(args["credit_code"])}
    if columns["group_id"] is not None and tx.session.get(Party, columns["group_id"]) is None:
        raise Problem("party_unknown", "/group_id")
    if columns["credit_code"] is not None:
        joining.make_way(tx, columns["credit_code"])
    party = tx.new(Party, **columns)
    tx.record(party, "registered")
    return party


def verify(actor: Actor, tx: Transaction, id: str, args: Arguments) -> None:
    """The evidence was seen and holds until `valid_until`."""
    party = tx.load(Party, id)
    if party.credit_code is None:
        raise Problem("credit_code_missing")
    if args["valid_until"] < tx.today:
        raise Problem("in_the_past", "/valid_until")
    party.verified_until = args["valid_until"]
    party.reason_note = party.apply_until = None
    tx.move(party, "verify", "verified")


def import_rows(actor: Actor, tx: Transaction, args: Arguments) -> dict[str, Any]:
    """One outcome per row: imported, skipped (known by its code or name) or failed."""
    known = _Known(tx, args["rows"])
    results = [
        {"index": index, "reason": None, **_import(actor, tx, known, row)}
        for index, row in enumerate(args["rows"])
    ]
    return {"results": results}


def _import(actor: Actor, tx: Transaction, known: "_Known", row: Arguments) -> dict[str, Any]:
    try:
        code = _code(row["credit_code"])
        party = known.find(code, row["name"])
        outcome = "imported" if party is None else "skipped"
        if party is None:
            party = known.add(register(actor, tx, row))
    except Problem as refused:
        return {"outcome": "failed", "id": None, "number": None, "reason": refused.code}
    return {"outcome": outcome, "id": party.id, "number": party.number}


class _Known:
    """The parties that rows of one batch may mean, read once."""

    def __init__(self, tx: Transaction, rows: list[Arguments]) -> None:
        self._found: dict[tuple[str, str], Party] = {}
        names = {row["name"] for row in rows}
        codes = {str(row["credit_code"]).upper() for row in rows if row["credit_code"]}
        meant = or_(Party.name.in_(names), Party.credit_code.in_(codes))
        let_in = select(Party).where(meant, Party.state.not_in(JOINING))
        for party in tx.session.scalars(let_in.order_by(Party.id)):
            self.add(party)

    def add(self, party: Party) -> Party:
        self._found.setdefault(("name", party.name), party)
        if party.credit_code:
            self._found.setdefault(("code", party.credit_code), party)
        return party

    def find(self, code: str | None, name: str) -> Party | None:
        """By the code where the row has one: two organisations may share a name."""
        return self._found.get(("code", code) if code else ("name", name))


def _code(text: str | None) -> str | None:
    if text is None:
        return None
    try:
        return credit_code.normal(text)
    except ValueError:
        raise Problem("credit_code_invalid", "/credit_code") from None
