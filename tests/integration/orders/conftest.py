"""A trade at a fresh database of orders."""

from collections.abc import Callable

import pytest

from tests.desk import Desk
from tests.integration.orders.trade import Trade


@pytest.fixture
def trade(desk: Callable[[str], Desk]) -> Trade:
    """Everybody is known and verified; nothing has been published yet."""
    return Trade(desk("orders"))
