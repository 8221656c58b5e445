"""A trade at an empty database of orders."""

import secrets
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine

from deploy.sails.testbed import Testbed
from services.messaging.database import create_database_engine
from services.orders.tables import Base
from tests.desk import Desk
from tests.integration.orders.trade import Trade

POOL_SIZE = 8  # a test may run this many transactions at once, from threads


@pytest.fixture(scope="session")
def orders_engine(bed: Testbed, template_of: Callable[[str], str]) -> Iterator[Engine]:
    """One database for all tests of this worker: to empty it is faster than to make another."""
    name = f"test_orders_{secrets.token_hex(4)}"
    bed.database.create_database(name, "orders", template_of("orders"))
    engine = create_database_engine(bed.database.url("orders", name), POOL_SIZE)
    yield engine
    engine.dispose()
    bed.database.drop_database(name)


@pytest.fixture
def trade(orders_engine: Engine) -> Trade:
    """Everybody is known and verified; nothing has been published yet."""
    with orders_engine.begin() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(table.delete())
    return Trade(Desk("orders", orders_engine))
