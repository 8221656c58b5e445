"""What tests of every service share: real servers, fresh databases, a desk for handlers."""

import importlib
import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest
from sqlalchemy import Engine, MetaData, create_engine

from deploy.sails.migrate import chains, migrate
from deploy.sails.testbed import Testbed
from services.messaging.database import create_database_engine
from services.observability import logs
from tests.desk import Desk
from tests.e2e.scene import Scene, raise_scene
from tests.platform import Platform, start_platform

# What takes longest begins first, so that at the end nobody waits for one worker's long file.
LONGEST = (
    "e2e/test_first_hour",
    "e2e/test_demo",
    "e2e/test_threads",
    "e2e",
    "portal",
    "integration",
)
AT_WORK = ("tests/e2e/", "tests/portal/")  # where tests share the company; they come first
COMPANY = pytest.StashKey[ExitStack]()
POOL_SIZE = 8  # a test may run this many transactions at once, from threads


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order files by how long they take, coarsely; within one everything stays where it is."""
    items.sort(key=_pace)


def _pace(item: pytest.Item) -> int:
    place = item.nodeid.removeprefix("tests/")
    paces = (pace for pace, start in enumerate(LONGEST) if place.startswith(start))
    return next(paces, len(LONGEST))


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Whom nobody looks at any more goes home: its processes are busy even when it is idle."""
    if COMPANY in item.config.stash and not (nextitem and nextitem.nodeid.startswith(AT_WORK)):
        item.config.stash[COMPANY].close()


@pytest.fixture(scope="session", autouse=True)
def _logs() -> None:
    """As in a process; the library's default draws every local variable of a refusal."""
    logs.configure("test")


@pytest.fixture(scope="session")
def bed() -> Iterator[Testbed]:
    """The real RabbitMQ and PostgreSQL that all workers of this run share."""
    joined = Testbed.join()
    yield joined
    joined.leave()


@pytest.fixture(scope="session")
def template_of(bed: Testbed) -> Iterator[Callable[[str], str]]:
    """The name of a database with a service's tables, made once per worker."""
    made: dict[str, str] = {}

    def template(service: str) -> str:
        if service not in made:
            made[service] = f"template_{service}_{secrets.token_hex(4)}"
            bed.database.create_database(made[service], service)
            _create_tables(service, bed.database.url(service, made[service]))
        return made[service]

    yield template
    for name in made.values():
        bed.database.drop_database(name)


@pytest.fixture
def service_database(bed: Testbed, template_of: Callable[[str], str]) -> Iterator[Callable]:
    """`service_database("orders") -> Engine`: a fresh database of that service for this test."""
    with ExitStack() as stack:

        def create(service: str) -> Engine:
            copy = _database(bed, service, template_of(service))
            return stack.enter_context(copy)

        yield create


@pytest.fixture
def desk(service_database: Callable[[str], Engine]) -> Callable[[str], Desk]:
    """`desk("orders")`: the service's handlers at a fresh database."""

    def create(service: str) -> Desk:
        return Desk(service, service_database(service))

    return create


@pytest.fixture(scope="module")
def platform(
    bed: Testbed, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Platform]]:
    """`platform(demo_clock=True)`: all services as processes, ready, on a world of their own.

    `replicas`: how many of each. Ended with the module; other keyword arguments are settings of
    every process (`SAILS_...`).
    """
    with ExitStack() as stack:

        def start(demo_clock: bool = True, replicas: int = 1, **settings: str) -> Platform:
            world = stack.enter_context(bed.world("platform"))
            folder = tmp_path_factory.mktemp("platform")
            return start_platform(world, folder, stack, demo_clock, replicas, **settings)

        yield start


@pytest.fixture(scope="session")
def scene(
    bed: Testbed, tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config
) -> Iterator[Scene]:
    """A company at work, shared by all tests of a worker that leave every process running."""
    with ExitStack() as stack:
        pytestconfig.stash[COMPANY] = stack
        world = stack.enter_context(bed.world("scene"))
        yield raise_scene(world, tmp_path_factory.mktemp("scene"), stack, supplies=200)


@contextmanager
def _database(bed: Testbed, service: str, template: str) -> Iterator[Engine]:
    name = f"test_{service}_{secrets.token_hex(4)}"
    bed.database.create_database(name, service, template)
    engine = create_database_engine(bed.database.url(service, name), POOL_SIZE)
    try:
        yield engine
    finally:
        engine.dispose()
        bed.database.drop_database(name)


def _create_tables(service: str, url: str) -> None:
    """By the service's chain, so that tests run on what a migration makes."""
    if service in chains():
        migrate(chains()[service], url)
        return
    engine = create_engine(url)
    _metadata(service).create_all(engine)
    engine.dispose()


def _metadata(service: str) -> MetaData:
    metadata: MetaData = importlib.import_module(f"services.{service}.tables").Base.metadata
    return metadata
