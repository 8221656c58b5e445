"""The depot's databases: a small service, so that messaging is tested without any real one."""

import secrets
from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine

from deploy.sails.testbed import Testbed
from services.messaging.database import create_database_engine
from tests.desk import Desk
from tests.integration.messaging.depot import Base

ROLE = "orders"  # the depot lives in a database of one of the roles that the test server knows


@pytest.fixture(scope="session")
def depot_template(bed: Testbed) -> Iterator[str]:
    name = f"template_depot_{secrets.token_hex(4)}"
    bed.database.create_database(name, ROLE)
    engine = create_engine(bed.database.url(ROLE, name))
    Base.metadata.create_all(engine)
    engine.dispose()
    yield name
    bed.database.drop_database(name)


@pytest.fixture
def depot_url(bed: Testbed, depot_template: str) -> Iterator[str]:
    """A fresh database of the depot."""
    name = f"depot_{secrets.token_hex(4)}"
    bed.database.create_database(name, ROLE, depot_template)
    yield bed.database.url(ROLE, name)
    bed.database.drop_database(name)


@pytest.fixture
def depot(depot_url: str) -> Iterator[Desk]:
    """The depot's handlers at that database."""
    engine = create_database_engine(depot_url, pool_size=60)
    yield Desk("depot", engine)
    engine.dispose()
