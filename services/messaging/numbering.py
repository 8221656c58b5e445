"""Positions: consecutive numbers that rows get after their commit, from one place at a time.

`id` says who came first, but a row of a slow transaction appears after rows with higher ids. A
reader that goes by `position` never passes it by: it is numbered when it appears.
"""

from functools import cache

from sqlalchemy import BigInteger, Connection, TableClause, TextClause, column, select, table, text

NUMBERED_CHANNEL = "numbered"  # NOTIFY, with the table's name


def numbered_table(name: str) -> TableClause:
    """What numbering needs of a table: `id` and `position`."""
    return table(name, column("id", BigInteger), column("position", BigInteger))


def unnumbered(connection: Connection, rows: TableClause, limit: int) -> list[int]:
    """The ids of committed rows without a position, oldest first."""
    oldest = select(rows.c.id).where(rows.c.position.is_(None)).order_by(rows.c.id).limit(limit)
    return list(connection.scalars(oldest))


def number(connection: Connection, rows: TableClause, ids: list[int]) -> None:
    """Give `ids` the next positions in their order, and tell who listens: one statement.

    Only for who holds the database's relay lock: two at once would give out the same numbers.
    """
    connection.execute(_number(rows.name), {"ids": ids})


@cache
def _number(name: str) -> TextClause:
    return text(
        f"""
        WITH batch AS (
            SELECT id, (SELECT coalesce(max(position), 0) FROM {name})
                + row_number() OVER (ORDER BY id) AS position
            FROM {name} WHERE id = ANY(:ids)
        ), numbered AS (
            UPDATE {name} SET position = batch.position FROM batch WHERE {name}.id = batch.id
        )
        SELECT pg_notify('{NUMBERED_CHANNEL}', '{name}')
        """  # noqa: S608  the name is our own
    )
