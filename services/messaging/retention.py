"""How long what is only kept against repetition is kept."""

import time
from datetime import timedelta

import structlog
from sqlalchemy import Column, Connection, Table, delete, func, select, tuple_
from sqlalchemy.exc import DBAPIError

from services.messaging.failures import is_away
from services.messaging.tables import IDEMPOTENCY, INBOX

IDEMPOTENCY_KEPT = timedelta(hours=72)  # the API promises 24
INBOX_KEPT = timedelta(days=90)  # longer than a dead letter waits to be replayed
INTERVAL_S = 600.0
PRUNED_AT_ONCE = 1_000  # rows per transaction: tens of milliseconds, for facts wait meanwhile

_KEPT = (
    (IDEMPOTENCY, IDEMPOTENCY.c.answered_at, IDEMPOTENCY_KEPT),
    (INBOX, INBOX.c.handled_at, INBOX_KEPT),
)
_log = structlog.get_logger()


class Pruning:
    """Now and then, and then a batch per turn until nothing old is left.

    What cannot be pruned is tried again the next time: whoever has this done has more urgent work.
    """

    def __init__(self) -> None:
        self._due_at = 0.0

    def turn(self, connection: Connection) -> bool:
        """Delete a batch of each table when it is time; whether there is more to delete at once."""
        if time.monotonic() < self._due_at:
            return False
        self._due_at = time.monotonic() + INTERVAL_S
        more = [_has_more(connection, *kept) for kept in _KEPT]
        if any(more):
            self._due_at = 0.0
        return any(more)


def _has_more(connection: Connection, table: Table, since: Column, kept: timedelta) -> bool:
    """Prune a batch. Raises only what the lost session would."""
    try:
        return _prune(connection, table, since, kept) == PRUNED_AT_ONCE
    except DBAPIError as error:
        if is_away(error):
            raise
        _log.error("not pruned", table=table.name, exc_info=error)
        return False


def _prune(connection: Connection, table: Table, since: Column, kept: timedelta) -> int:
    key = list(table.primary_key)
    old = select(*key).where(since < func.now() - kept).limit(PRUNED_AT_ONCE)
    with connection.begin():
        return connection.execute(delete(table).where(tuple_(*key).in_(old))).rowcount
