"""PostgreSQL transactions without round trips of their own.

The driver sends BEGIN and COMMIT by themselves, two of a command's six waits for the server. Here
BEGIN leaves with the first statement of a transaction, and COMMIT with the one that is executed
with the option `ENDS`, which has to be the last.
"""

from collections.abc import Callable
from typing import Any
from weakref import WeakSet

from psycopg2.extensions import TRANSACTION_STATUS_IDLE
from sqlalchemy import URL, make_url
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg2 import PGDialect_psycopg2

ENDS = {"ends_transaction": True}  # execution options of a last statement
_NAME = "sails"


class Dialect(PGDialect_psycopg2):
    """psycopg2's, with the driver in autocommit: where a transaction begins and ends is said here.

    Whether one is open is known from the server's last answer, without asking.
    """

    supports_statement_cache = True
    # The driver would have to know of the transaction; who reads a whole table, with an engine of
    # the usual kind, may have its rows by and by.
    supports_server_side_cursors = False

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)  # type: ignore[no-untyped-call]
        self._ended = WeakSet[Any]()  # connections after the last statement of a transaction

    def on_connect(self) -> Callable[[Any], None]:
        usual = super().on_connect()  # type: ignore[no-untyped-call]

        def connected(connection: Any) -> None:
            if usual is not None:
                usual(connection)
            connection.autocommit = True

        return connected

    def do_begin(self, dbapi_connection: Any) -> None:
        self._ended.discard(dbapi_connection.dbapi_connection)

    def do_execute(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        begin = self._begin(cursor)
        if context is not None and context.execution_options.get("ends_transaction"):
            self._ended.add(cursor.connection)
            statement += "; COMMIT"
        cursor.execute(begin + statement, parameters)

    def do_execute_no_params(self, cursor: Any, statement: str, context: Any = None) -> None:
        cursor.execute(self._begin(cursor) + statement)

    def do_executemany(
        self, cursor: Any, statement: str, parameters: Any, context: Any = None
    ) -> None:
        if begin := self._begin(cursor):
            cursor.execute(begin)
        super().do_executemany(  # type: ignore[no-untyped-call]
            cursor, statement, parameters, context
        )

    def do_commit(self, dbapi_connection: Any) -> None:
        _end(dbapi_connection, "COMMIT")

    def do_rollback(self, dbapi_connection: Any) -> None:
        _end(dbapi_connection, "ROLLBACK")

    def _begin(self, cursor: Any) -> str:
        """What goes before a statement. Raises RuntimeError after the last one."""
        if cursor.connection in self._ended:
            raise RuntimeError("a statement after the transaction's last one")
        return "BEGIN; " if _is_idle(cursor) else ""


def bracketed(url: str) -> URL:
    """The same database by this dialect."""
    return make_url(url).set(drivername=f"postgresql+{_NAME}")


def _end(dbapi_connection: Any, statement: str) -> None:
    with dbapi_connection.cursor() as cursor:
        if not _is_idle(cursor):
            cursor.execute(statement)


def _is_idle(cursor: Any) -> bool:
    return bool(cursor.connection.info.transaction_status == TRANSACTION_STATUS_IDLE)


registry.register(f"postgresql.{_NAME}", __name__, Dialect.__name__)
