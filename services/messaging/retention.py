"""How long what is only kept against repetition is kept."""

from datetime import timedelta

from sqlalchemy import Column, Connection, Table, delete, func, select, tuple_

from services.messaging.tables import IDEMPOTENCY, INBOX

IDEMPOTENCY_KEPT = timedelta(hours=72)  # the API promises 24
INBOX_KEPT = timedelta(days=90)  # longer than a dead letter waits to be replayed
PRUNED_AT_ONCE = 5_000  # rows per run and table, so that no lock is held for long


def prune(connection: Connection) -> None:
    """Delete the oldest rows that are past their time."""
    _prune(connection, IDEMPOTENCY, IDEMPOTENCY.c.answered_at, IDEMPOTENCY_KEPT)
    _prune(connection, INBOX, INBOX.c.handled_at, INBOX_KEPT)


def _prune(connection: Connection, table: Table, since: Column, kept: timedelta) -> None:
    key = list(table.primary_key)
    old = select(*key).where(since < func.now() - kept).limit(PRUNED_AT_ONCE)
    connection.execute(delete(table).where(tuple_(*key).in_(old)))
