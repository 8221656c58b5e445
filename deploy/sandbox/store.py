"""The little database of one sandbox: SQLite in its state folder, one writer at a time."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CURSOR = "CREATE TABLE IF NOT EXISTS feed_cursor (position INTEGER NOT NULL)"


class Store:
    """Opened with the tables it needs; subclasses are the books of a bank or a registry."""

    tables: tuple[str, ...] = ()

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, check_same_thread=False)
        self._connection.row_factory = sqlite3.Row
        self._lock = threading.RLock()
        with self.writing() as cursor:
            for table in (CURSOR, *self.tables):
                cursor.execute(table)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Cursor]:
        """One transaction, alone: committed at the end, rolled back when the block raises."""
        with self._lock, self._connection:
            yield self._connection.cursor()

    def position(self) -> int:
        """Up to where the feed has been worked through; 0 at the very beginning."""
        with self.writing() as cursor:
            row = cursor.execute("SELECT position FROM feed_cursor").fetchone()
        return int(row["position"]) if row else 0

    def keep_position(self, position: int) -> None:
        """Remember it, so that a restarted sandbox goes on from there."""
        with self.writing() as cursor:
            cursor.execute("DELETE FROM feed_cursor")
            cursor.execute("INSERT INTO feed_cursor VALUES (?)", (position,))
