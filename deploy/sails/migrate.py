"""Bring each service's database to the newest step of its own Alembic chain."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

from deploy.sails.database import SERVICES
from deploy.sails.state import REPOSITORY

LOCK_ID = 0x5A115  # "SAILS": one advisory lock per database, held while its chain runs
LOCK_TIMEOUT = "120s"  # another starter may be migrating


def chains() -> dict[str, Path]:
    """The folder of each service's chain, for the services that have one."""
    folders = {name: REPOSITORY / "services" / name / "migrations" for name in SERVICES}
    return {name: folder for name, folder in folders.items() if (folder / "env.py").exists()}


def migrate(service: str, url: str) -> None:
    """Run the service's chain up to its head. Two starters at once wait for each other."""
    config = Config()
    config.set_main_option("script_location", str(chains()[service]))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))  # configparser's escape
    with _alone(url):
        command.upgrade(config, "head")


@contextmanager
def _alone(url: str) -> Iterator[None]:
    engine = create_engine(url)
    try:
        with engine.connect() as connection, connection.begin():
            connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:id)"), {"id": LOCK_ID})
            yield
    finally:
        engine.dispose()
