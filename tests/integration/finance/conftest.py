"""A deal at a fresh database of finance."""

from collections.abc import Callable

import pytest

from tests.desk import Desk
from tests.integration.finance.deal import Deal


@pytest.fixture
def deal(desk: Callable[[str], Desk]) -> Deal:
    """Everybody is known and verified, the payable runs; nothing has been entered yet."""
    return Deal(desk("finance"))
