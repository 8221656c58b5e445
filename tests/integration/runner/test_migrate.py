"""A chain runs to its head, once, however many start at the same time."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from deploy.sails.migrate import MigrationFailed, migrate
from deploy.sails.testbed import Testbed

ENVIRONMENT = """
from alembic import context
from sqlalchemy import create_engine
engine = create_engine(context.config.get_main_option("sqlalchemy.url"))
with engine.connect() as connection:
    context.configure(connection=connection, version_table="chain")
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
"""
FIRST_STEP = """
from alembic import op
revision = "0001"
down_revision = None
def upgrade():
    op.execute("SELECT pg_sleep(0.5)")
    op.execute({statement!r})
"""


def write_chain(folder: Path, statement: str) -> Path:
    (folder / "versions").mkdir(parents=True)
    (folder / "env.py").write_text(ENVIRONMENT)
    (folder / "versions" / "0001_first.py").write_text(FIRST_STEP.format(statement=statement))
    return folder


@pytest.fixture
def url(bed: Testbed) -> Iterator[str]:
    with bed.world("migrate", migrated=False) as world:
        yield world.database_url("orders")


def test_starters_at_the_same_time_wait_for_each_other(url: str, tmp_path: Path) -> None:
    chain = write_chain(tmp_path / "demo" / "migrations", "CREATE TABLE once (id int)")
    with ThreadPoolExecutor(1) as other:
        second = other.submit(migrate, chain, url)
        migrate(chain, url)
        second.result()
    engine = create_engine(url)
    with engine.connect() as session:
        assert session.scalar(text("SELECT version_num FROM chain")) == "0001"
        assert session.scalar(text("SELECT count(*) FROM once")) == 0
    engine.dispose()


def test_a_failed_step_is_told_with_its_service(url: str, tmp_path: Path) -> None:
    chain = write_chain(tmp_path / "demo" / "migrations", "CREATE NONSENSE")
    with pytest.raises(MigrationFailed, match=r"demo: .*NONSENSE"):
        migrate(chain, url)
