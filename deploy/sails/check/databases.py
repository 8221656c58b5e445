"""Read-only, repeatable sessions on the services' databases, through plain psycopg2."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any

import psycopg2
from psycopg2.extensions import ISOLATION_LEVEL_REPEATABLE_READ, cursor

from deploy.sails.database import SERVICES
from services.settings import url_name

STATEMENT_TIMEOUT_MS = 60_000  # a check that takes longer is a defect of the check
CONNECT_TIMEOUT_S = 5
ROWS_AT_MOST = 1_000  # more violations than this are one catastrophe


class Databases:
    """One snapshot of each database; nothing can be written through it."""

    def __init__(self, cursors: Mapping[str, cursor]) -> None:
        self._cursors = cursors

    def rows(self, service: str, sql: str, limit: int = ROWS_AT_MOST) -> list[tuple[Any, ...]]:
        """The first `limit` rows."""
        asked = self._cursors[service]
        asked.execute(sql)
        found: list[tuple[Any, ...]] = asked.fetchmany(limit)
        return found

    def all_rows(self, service: str, sql: str) -> list[tuple[Any, ...]]:
        """Every row, for comparisons between two databases."""
        asked = self._cursors[service]
        asked.execute(sql)
        found: list[tuple[Any, ...]] = asked.fetchall()
        return found


@contextmanager
def reading(environment: Mapping[str, str]) -> Iterator[Databases]:
    """Open all four by their DATABASE_URL_<SERVICE>. Raises psycopg2.OperationalError."""
    with ExitStack() as stack:
        yield Databases({name: _open(stack, environment, name) for name in SERVICES})


def _open(stack: ExitStack, environment: Mapping[str, str], service: str) -> cursor:
    url = environment[url_name(service)]
    connection = psycopg2.connect(
        url.replace("postgresql+psycopg2://", "postgresql://", 1),
        connect_timeout=CONNECT_TIMEOUT_S,
        options=f"-c statement_timeout={STATEMENT_TIMEOUT_MS}",
        application_name="sails check",
    )
    stack.callback(connection.close)
    connection.set_session(isolation_level=ISOLATION_LEVEL_REPEATABLE_READ, readonly=True)
    return connection.cursor()
