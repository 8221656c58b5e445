"""The bank's own core-banking book: what it has seen, paid out and received."""

import json
from dataclasses import dataclass
from typing import Any

from deploy.sandbox.store import Store


@dataclass(frozen=True)
class Entry:
    """A payout or a receipt as booked; `at` is an RFC 3339 instant."""

    reference: str
    amount_fen: int
    at: str


class Book(Store):
    """Every write is idempotent by the key that the outside world repeats."""

    tables = (
        "CREATE TABLE IF NOT EXISTS applications (id TEXT PRIMARY KEY, teaser TEXT, sheet TEXT)",
        "CREATE TABLE IF NOT EXISTS positions (id TEXT PRIMARY KEY, application_id TEXT NOT NULL,"
        " receivable_id TEXT NOT NULL)",
        "CREATE TABLE IF NOT EXISTS loans (id TEXT PRIMARY KEY, application_id TEXT NOT NULL)",
        "CREATE TABLE IF NOT EXISTS payouts (instruction_id TEXT PRIMARY KEY,"
        " reference TEXT NOT NULL, amount_fen INTEGER NOT NULL, at TEXT NOT NULL)",
        "CREATE TABLE IF NOT EXISTS receipts (reference TEXT PRIMARY KEY, loan_id TEXT NOT NULL,"
        " amount_fen INTEGER NOT NULL, at TEXT NOT NULL)",
    )

    def note_application(self, document: dict[str, Any], whole: bool) -> None:
        """Keep the first masked view and the latest whole one, apart."""
        text = json.dumps(document, ensure_ascii=False)
        with self.writing() as cursor:
            cursor.execute("INSERT OR IGNORE INTO applications (id) VALUES (?)", (document["id"],))
            statement = (
                "UPDATE applications SET sheet = ? WHERE id = ?"
                if whole
                else "UPDATE applications SET teaser = coalesce(teaser, ?) WHERE id = ?"
            )
            cursor.execute(statement, (text, document["id"]))

    def application(self, application_id: str) -> dict[str, Any] | None:
        """`{"teaser": document or null, "sheet": document or null}`; None if never seen."""
        with self.writing() as cursor:
            row = cursor.execute(
                "SELECT teaser, sheet FROM applications WHERE id = ?", (application_id,)
            ).fetchone()
        return row and {"teaser": _read(row["teaser"]), "sheet": _read(row["sheet"])}

    def note_position(self, position_id: str, application_id: str, receivable_id: str) -> None:
        """Which claim secures which application."""
        with self.writing() as cursor:
            cursor.execute(
                "INSERT OR IGNORE INTO positions VALUES (?, ?, ?)",
                (position_id, application_id, receivable_id),
            )

    def note_loan(self, loan_id: str, application_id: str) -> None:
        """Which loan came of which application."""
        with self.writing() as cursor:
            cursor.execute("INSERT OR IGNORE INTO loans VALUES (?, ?)", (loan_id, application_id))

    def loan_secured_by(self, receivable_id: str) -> tuple[str, str] | None:
        """The latest loan that this claim secures, and by which share; None if there is none."""
        with self.writing() as cursor:
            row = cursor.execute(
                "SELECT loans.id, positions.id AS position_id"
                " FROM loans JOIN positions USING (application_id)"
                " WHERE receivable_id = ? ORDER BY loans.rowid DESC",
                (receivable_id,),
            ).fetchone()
        return (row["id"], row["position_id"]) if row else None

    def pay_out(self, instruction_id: str, amount_fen: int, at: str) -> Entry:
        """Pay once; the same instruction again answers what was booked the first time."""
        with self.writing() as cursor:
            count = cursor.execute("SELECT count(*) AS n FROM payouts").fetchone()["n"]
            cursor.execute(
                "INSERT OR IGNORE INTO payouts VALUES (?, ?, ?, ?)",
                (instruction_id, f"PAY{count + 1:08d}", amount_fen, at),
            )
            row = cursor.execute(
                "SELECT * FROM payouts WHERE instruction_id = ?", (instruction_id,)
            ).fetchone()
        return Entry(row["reference"], row["amount_fen"], row["at"])

    def receive(self, reference: str, loan_id: str, amount_fen: int, at: str) -> Entry:
        """Book incoming money once per reference."""
        with self.writing() as cursor:
            cursor.execute(
                "INSERT OR IGNORE INTO receipts VALUES (?, ?, ?, ?)",
                (reference, loan_id, amount_fen, at),
            )
            row = cursor.execute(
                "SELECT * FROM receipts WHERE reference = ?", (reference,)
            ).fetchone()
        return Entry(row["reference"], row["amount_fen"], row["at"])


def _read(text: str | None) -> dict[str, Any] | None:
    document: dict[str, Any] | None = json.loads(text) if text else None
    return document
