"""Reading by single statements, most of them prepared, with as little around them as can be.

A statement that is its own transaction needs no BEGIN, no ROLLBACK and no ping before: one round
trip instead of four. It is planned once per connection. What comes back are the driver's tuples.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import psycopg2
from sqlalchemy import URL, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import PoolProxiedConnection

from services.messaging.database import CONNECT_ARGUMENTS, POOL_TIMEOUT_S

CONNECTIONS = 5  # a read takes half a millisecond of a process that does one thing at a time
STALE_S = 1.0  # for finding out, after a restart of the server, that all of them are broken

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Prepared:
    """A statement that changes nothing, with $1, $2... of these PostgreSQL types.

    Each has a name of its own. It is said without a percent sign, which the driver would take.
    """

    name: str
    types: tuple[str, ...]
    sql: str

    @cached_property
    def prepare(self) -> str:
        return f"PREPARE {self.name}{_listed(self.types)} AS {self.sql}"

    @cached_property
    def execute(self) -> str:
        return f"EXECUTE {self.name}{_listed(['%s'] * len(self.types))}"


@dataclass(frozen=True)
class Planned:
    """A statement that changes nothing, with %s for its values, planned anew each time.

    For what is asked in many ways: the values decide which index is the right one.
    """

    name: str
    sql: str


Statement = Prepared | Planned


class Reader:
    """One per process, with a few connections of its own. Raises what SQLAlchemy would."""

    def __init__(self, url: str | URL, connections: int = CONNECTIONS) -> None:
        self._engine = create_engine(
            url,
            isolation_level="AUTOCOMMIT",
            pool_size=connections,
            max_overflow=0,
            pool_timeout=POOL_TIMEOUT_S,
            pool_reset_on_return=None,  # nothing is open that could be taken back
            connect_args=CONNECT_ARGUMENTS,
        )

    def close(self) -> None:
        """Close the connections that are not in use."""
        self._engine.dispose()

    def rows(self, statement: Statement, given: Sequence[Any]) -> list[Row]:
        """What the statement finds, as the driver gives it.

        Connections that broke while nobody used them are replaced: reading again does no harm.
        """
        until_s = time.monotonic() + STALE_S
        while True:
            try:
                return self._read(statement, given)
            except DBAPIError as error:
                if not error.connection_invalidated or time.monotonic() > until_s:
                    raise

    def row(self, statement: Statement, given: Sequence[Any]) -> Row | None:
        """The first of it."""
        found = self.rows(statement, given)
        return found[0] if found else None

    def _read(self, statement: Statement, given: Sequence[Any]) -> list[Row]:
        try:
            connection = self._engine.raw_connection()
        except psycopg2.Error as error:  # not even connected: there is nobody to ask again
            raise _known(statement, error) from error
        try:
            return _executed(connection, statement, given)
        except psycopg2.Error as error:
            is_lost = connection.dbapi_connection is None or bool(
                connection.dbapi_connection.closed
            )
            if is_lost:
                connection.invalidate()
            raise _known(statement, error, is_lost) from error
        except (
            BaseException
        ):  # cut short by whoever waited: what comes next is not for the next one
            connection.invalidate()
            raise
        finally:
            connection.close()


def _listed(items: Sequence[str]) -> str:
    return f" ({', '.join(items)})" if items else ""


def _executed(
    connection: PoolProxiedConnection, statement: Statement, given: Sequence[Any]
) -> list[Row]:
    cursor = connection.cursor()
    try:
        if isinstance(statement, Prepared) and statement.name not in connection.info:
            cursor.execute(statement.prepare)
            connection.info[statement.name] = True
        sql = statement.execute if isinstance(statement, Prepared) else statement.sql
        cursor.execute(sql, tuple(given))
        return list(cursor.fetchall())
    finally:
        cursor.close()


def _known(statement: Statement, error: psycopg2.Error, is_lost: bool = False) -> DBAPIError:
    """As everybody else's failures look; without the values."""
    known: DBAPIError = DBAPIError.instance(
        statement.sql, None, error, psycopg2.Error, hide_parameters=True,
        connection_invalidated=is_lost,
    )  # fmt: skip
    return known
