"""How long what is only kept against repetition is kept."""

import time
from datetime import timedelta

from sqlalchemy import Column, Connection, Table, delete, func, select, tuple_

from services.messaging.tables import IDEMPOTENCY, INBOX

IDEMPOTENCY_KEPT = timedelta(hours=72)  # the API promises 24
INBOX_KEPT = timedelta(days=90)  # longer than a dead letter waits to be replayed
INTERVAL_S = 600.0
PRUNED_AT_ONCE = 1_000  # rows per transaction: tens of milliseconds, for facts wait meanwhile

_KEPT = (
    (IDEMPOTENCY, IDEMPOTENCY.c.answered_at, IDEMPOTENCY_KEPT),
    (INBOX, INBOX.c.handled_at, INBOX_KEPT),
)


class Pruning:
    """Now and then, and then a batch per turn until nothing old is left."""

    def __init__(self) -> None:
        self._due_at = 0.0

    def turn(self, connection: Connection) -> bool:
        """Delete a batch of each table when it is time; whether there is more to delete at once."""
        if time.monotonic() < self._due_at:
            return False
        more = [_prune(connection, *kept) == PRUNED_AT_ONCE for kept in _KEPT]
        if not any(more):
            self._due_at = time.monotonic() + INTERVAL_S
        return any(more)


def _prune(connection: Connection, table: Table, since: Column, kept: timedelta) -> int:
    key = list(table.primary_key)
    old = select(*key).where(since < func.now() - kept).limit(PRUNED_AT_ONCE)
    with connection.begin():
        return connection.execute(delete(table).where(tuple_(*key).in_(old))).rowcount
