"""The gateway under test."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from deploy.sails.testbed import Testbed
from services.messaging.database import create_database_engine
from tests.integration.gateway.api_client import Gateway
from tests.integration.gateway.hooks import turning
from tests.integration.gateway.receiver import Receiver

POOL_SIZE = 10  # as a process has workers


@pytest.fixture(scope="module")
def gateway(bed: Testbed, template_of: Callable[[str], str]) -> Iterator[Gateway]:
    """The whole application in this process, shared by a module: each test has its own people."""
    with _gateway(bed, template_of("gateway"), demo_clock=True) as opened:
        yield opened


@pytest.fixture
def fresh_gateway(bed: Testbed, template_of: Callable[[str], str]) -> Iterator[Gateway]:
    """One of a test's own, where it matters that nobody else is there."""
    with _gateway(bed, template_of("gateway"), demo_clock=True) as opened:
        yield opened


@pytest.fixture
def sober_gateway(bed: Testbed, template_of: Callable[[str], str]) -> Iterator[Gateway]:
    """Without a demonstration clock."""
    with _gateway(bed, template_of("gateway"), demo_clock=False) as opened:
        yield opened


@pytest.fixture
def receivers() -> Iterator[Callable[..., Receiver]]:
    opened: list[Receiver] = []

    def open_one(*answers: int) -> Receiver:
        opened.append(Receiver(*answers))
        return opened[-1]

    yield open_one
    for receiver in opened:
        receiver.close()


@pytest.fixture
def turn(gateway: Gateway) -> Iterator[Callable[[], None]]:
    """Number the feed and give due endpoints to senders, without waiting for back-off."""
    with turning(gateway) as once:
        yield once


@contextmanager
def _gateway(bed: Testbed, template: str, *, demo_clock: bool) -> Iterator[Gateway]:
    name = f"test_gateway_{secrets.token_hex(4)}"
    bed.database.create_database(name, "gateway", template)
    engine = create_database_engine(bed.database.url("gateway", name), POOL_SIZE)
    opened = Gateway(engine, demo_clock=demo_clock)
    try:
        yield opened
    finally:
        opened.reader.close()
        engine.dispose()
        bed.database.drop_database(name)
