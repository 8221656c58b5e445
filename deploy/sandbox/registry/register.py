"""The register itself: entries in the order of their time, then of their number."""

import sqlite3
from dataclasses import dataclass

from deploy.sandbox.store import Store


@dataclass(frozen=True)
class Filing:
    """An entry. A `position_id` names a share of the claim; without one, it is on all of it."""

    number: str
    receivable_id: str
    secured_party: str
    position_id: str | None
    filed_at: str


class Register(Store):
    """Nothing is erased, but what is cancelled no longer counts. Anyone may search.

    Equal times are ordered by filing number (art. 768).
    """

    tables = (
        "CREATE TABLE IF NOT EXISTS filings (number INTEGER PRIMARY KEY AUTOINCREMENT,"
        " receivable_id TEXT NOT NULL, secured_party TEXT NOT NULL, position_id TEXT UNIQUE,"
        " filed_at TEXT NOT NULL, cancelled_at TEXT)",
        "CREATE INDEX IF NOT EXISTS by_claim ON filings (receivable_id, filed_at, number)",
    )

    def file(
        self, receivable_id: str, secured_party: str, position_id: str | None, filed_at: str
    ) -> Filing:
        """Enter a filing; the same position again answers its first entry."""
        with self.writing() as cursor:
            cursor.execute(
                "INSERT OR IGNORE INTO filings"
                " (receivable_id, secured_party, position_id, filed_at) VALUES (?, ?, ?, ?)",
                (receivable_id, secured_party, position_id, filed_at),
            )
            row = cursor.execute(
                "SELECT * FROM filings WHERE receivable_id = ? AND position_id IS ?"
                " ORDER BY number DESC",
                (receivable_id, position_id),
            ).fetchone()
        return _filing(row)

    def cancel(self, position_id: str, cancelled_at: str) -> None:
        """Strike the filing for a share, if there is one."""
        with self.writing() as cursor:
            cursor.execute(
                "UPDATE filings SET cancelled_at = ?"
                " WHERE position_id = ? AND cancelled_at IS NULL",
                (cancelled_at, position_id),
            )

    def search(self, receivable_id: str) -> list[Filing]:
        """Every live entry on the claim, the one with priority first."""
        with self.writing() as cursor:
            rows = cursor.execute(
                "SELECT * FROM filings WHERE receivable_id = ? AND cancelled_at IS NULL"
                " ORDER BY julianday(filed_at), number",
                (receivable_id,),
            ).fetchall()
        return [_filing(row) for row in rows]

    def ahead_of(self, filing: Filing) -> list[Filing]:
        """Earlier entries on all of the claim: shares of it do not compete.

        What is filed from the platform is a share each, and the platform gives no part of a claim
        out again before what was filed on it is cancelled.
        """
        entries = self.search(filing.receivable_id)
        earlier = entries[: entries.index(filing)]
        return [entry for entry in earlier if entry.position_id is None]


def _filing(row: sqlite3.Row) -> Filing:
    return Filing(
        f"ZD{row['number']:012d}",
        row["receivable_id"],
        row["secured_party"],
        row["position_id"],
        row["filed_at"],
    )
