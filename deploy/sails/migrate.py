"""Bring each service's database to the newest step of its own Alembic chain.

Alembic and SQLAlchemy are imported when a chain runs: they take longer than everything else of
the command line together, and most commands run no chain.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from deploy.sails.database import SERVICES
from deploy.sails.problem import Problem
from deploy.sails.state import REPOSITORY
from services.settings import url_name

LOCK_ID = 0x5A115  # "SAILS": one advisory lock per database, held while its chain runs
LOCK_TIMEOUT = "120s"  # another starter may be migrating


class MigrationFailed(Problem):
    """A chain did not reach its head; the database is at its last complete step."""


def chains() -> dict[str, Path]:
    """The folder of each service's chain, for the services that have one."""
    folders = {name: REPOSITORY / "services" / name / "migrations" for name in SERVICES}
    return {name: folder for name, folder in folders.items() if (folder / "env.py").exists()}


def migrate_all(environment: Mapping[str, str]) -> list[str]:
    """Migrate every service's database named by DATABASE_URL_<SERVICE>; answers the services."""
    for service, chain in chains().items():
        migrate(chain, environment[url_name(service)])
    return list(chains())


def migrate(chain: Path, url: str) -> None:
    """Run the chain up to its head. Two starters at once wait for each other.

    Raises MigrationFailed with what the database or the chain said.
    """
    from alembic import command
    from alembic.config import Config
    from alembic.util.exc import CommandError
    from sqlalchemy.exc import SQLAlchemyError

    config = Config()
    config.set_main_option("script_location", str(chain))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))  # configparser's escape
    try:
        with _alone(url):
            command.upgrade(config, "head")
    except (SQLAlchemyError, CommandError) as problem:
        raise MigrationFailed(f"{chain.parent.name}: {problem}") from problem


@contextmanager
def _alone(url: str) -> Iterator[None]:
    from sqlalchemy import create_engine, text

    engine = create_engine(url)
    try:
        with engine.connect() as connection, connection.begin():
            connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:id)"), {"id": LOCK_ID})
            yield
    finally:
        engine.dispose()
