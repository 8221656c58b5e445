"""Positions: consecutive numbers that rows get after their commit, from one place at a time.

`id` says who came first, but a row of a slow transaction appears after rows with higher ids. A
reader that goes by `position` never passes it by: it is numbered when it appears.
"""

from sqlalchemy import BigInteger, Connection, TableClause, column, func, select, table, update
from sqlalchemy import cast as sql_cast

NUMBERED_CHANNEL = "numbered"  # NOTIFY, with the table's name


def numbered_table(name: str) -> TableClause:
    """What numbering needs of a table: `id` and `position`."""
    return table(name, column("id", BigInteger), column("position", BigInteger))


def unnumbered(connection: Connection, rows: TableClause, limit: int) -> list[int]:
    """The ids of committed rows without a position, oldest first."""
    oldest = select(rows.c.id).where(rows.c.position.is_(None)).order_by(rows.c.id).limit(limit)
    return list(connection.scalars(oldest))


def number(connection: Connection, rows: TableClause, ids: list[int]) -> None:
    """Give `ids` the next positions in their order, and tell who listens, on commit.

    Only for who holds the database's relay lock: two at once would give out the same numbers.
    """
    last = select(func.coalesce(func.max(rows.c.position), 0)).scalar_subquery()
    place = func.row_number().over(order_by=rows.c.id)
    batch = select(rows.c.id, (last + place).label("position")).where(rows.c.id.in_(ids)).subquery()
    numbered = update(rows).where(rows.c.id == batch.c.id)
    connection.execute(numbered.values(position=sql_cast(batch.c.position, BigInteger)))
    connection.execute(select(func.pg_notify(NUMBERED_CHANNEL, rows.name)))
