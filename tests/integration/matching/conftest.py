"""A market at a real database."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from services.contracts.actor import Actor
from services.matching.retrieval import Retrieval
from tests.desk import Desk
from tests.integration.matching.market import Market


@pytest.fixture
def market(desk: Callable[[str], Desk], tmp_path: Path) -> Iterator[Market]:
    at_matching, retrieval = desk("matching"), Retrieval()
    with at_matching.session() as session:
        retrieval.open(tmp_path / "index", session)
    yield Market(at_matching, retrieval)
    retrieval.close()


@pytest.fixture
def buyer(market: Market) -> Actor:
    return market.party("岚航重型装备")


@pytest.fixture
def shop(market: Market) -> Actor:
    return market.party("启航精密")
