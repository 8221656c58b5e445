"""Positions: consecutive numbers that rows get after their commit, from one place at a time.

`id` says who came first, but a row of a slow transaction appears after rows with higher ids. A
reader that goes by `position` never passes it by: it is numbered when it appears.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, text

NUMBERED_CHANNEL = "numbered"  # NOTIFY, with the table's name and its newest position

_NUMBER = text(
    f"""
    WITH batch AS (
        SELECT id, (SELECT coalesce(max(position), 0) FROM outbox)
            + row_number() OVER (ORDER BY id) AS position
        FROM outbox WHERE id = ANY(:ids)
    ), numbered AS (
        UPDATE outbox SET position = batch.position FROM batch WHERE outbox.id = batch.id
    )
    SELECT pg_notify('{NUMBERED_CHANNEL}', 'outbox ' || max(position)) FROM batch
    """  # noqa: S608  the name is our own
)


def number(connection: Connection, ids: Sequence[int]) -> None:
    """Give these facts the next positions in their order, and tell who listens: one statement.

    Only for who holds the database's relay lock: two at once would give out the same numbers.
    """
    connection.execute(_NUMBER, {"ids": list(ids)})
