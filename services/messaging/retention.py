"""How long what is only kept against repetition is kept."""

import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial

import structlog
from sqlalchemy import Column, Connection, Table, text
from sqlalchemy.exc import DBAPIError

from services.messaging.failures import is_away
from services.messaging.tables import IDEMPOTENCY, INBOX

IDEMPOTENCY_KEPT = timedelta(hours=72)  # the API promises 24
INBOX_KEPT = timedelta(days=90)  # longer than a dead letter waits to be replayed
INTERVAL_S = 600.0
PRUNED_AT_ONCE = 1_000  # rows per transaction: tens of milliseconds, for facts wait meanwhile

_OLDER = """
    DELETE FROM {table} WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM {table} WHERE {since} < now() - :kept ORDER BY {since} LIMIT :limit))
"""
Prune = Callable[[Connection], bool]  # a batch, in a transaction; whether there may be more
_log = structlog.get_logger()


class Pruning:
    """Now and then, and then a batch per turn until nothing old is left.

    What cannot be pruned is tried again the next time: whoever has this done has more urgent work.
    """

    def __init__(self, further: Mapping[str, Prune]) -> None:
        """`further`: what else the database forgets, by the name of the table."""
        self._prunes, self._due_at = PRUNES | dict(further), 0.0

    def turn(self, connection: Connection) -> bool:
        """Delete a batch of each table when it is time; whether there is more to delete at once."""
        if time.monotonic() < self._due_at:
            return False
        self._due_at = time.monotonic() + INTERVAL_S
        more = [_has_more(connection, *each) for each in self._prunes.items()]
        if any(more):
            self._due_at = 0.0
        return any(more)


def _has_more(connection: Connection, table: str, prune: Prune) -> bool:
    """Prune a batch. Raises only what the lost session would."""
    try:
        return prune(connection)
    except DBAPIError as error:
        if is_away(error):
            raise
        _log.error("not pruned", table=table, exc_info=error)
        return False


def prune_older(
    connection: Connection,
    table: Table,
    since: Column,
    kept: timedelta,
    at_once: int = PRUNED_AT_ONCE,
) -> bool:
    """Delete the oldest batch of what is older than `kept`; whether there may be more.

    By the index of `since` and then by the rows' places: never a look through the whole table.
    """
    statement = text(_OLDER.format(table=table.name, since=since.name))
    with connection.begin():
        deleted = connection.execute(statement, {"kept": kept, "limit": at_once})
    return deleted.rowcount == at_once


PRUNES: dict[str, Prune] = {
    table.name: partial(prune_older, table=table, since=since, kept=kept)
    for table, since, kept in (
        (IDEMPOTENCY, IDEMPOTENCY.c.answered_at, IDEMPOTENCY_KEPT),
        (INBOX, INBOX.c.handled_at, INBOX_KEPT),
    )
}
