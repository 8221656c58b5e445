"""The depot's databases: a small service, so that messaging is tested without any real one."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import amqp
import pytest
from sqlalchemy import create_engine

from deploy.sails.testbed import Testbed
from services.contracts import registry
from services.messaging import topology
from services.messaging.broker import connect
from services.messaging.database import create_database_engine
from services.messaging.topology import SubscriptionQueue
from services.topology import subscriptions_of
from tests.desk import Desk
from tests.integration.messaging.calling import Caller
from tests.integration.messaging.depot import EVENTS, Base, as_told, crate
from tests.integration.messaging.depot_parts import Depot
from tests.processes import ServiceProcess

ROLE = "orders"  # the depot lives in a database of one of the roles that the test server knows


@pytest.fixture(autouse=True)
def _crates(monkeypatch: pytest.MonkeyPatch, depot_name: str) -> None:
    """Crates are facts only here: other tests of this process look at the whole registry."""
    here = replace(crate, service=depot_name)
    for name, event in EVENTS.items():
        monkeypatch.setitem(registry.EVENTS, name, here.event(event.past))


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


@pytest.fixture(scope="session")
def amqp_uri(bed: Testbed) -> Iterator[str]:
    """A virtual host for all tests of this worker."""
    vhost = f"messaging_{secrets.token_hex(4)}"
    bed.broker.add_vhost(vhost)
    yield bed.broker.uri(vhost)
    bed.broker.delete_vhost(vhost)


@pytest.fixture
def depot_name() -> str:
    """Nobody else's queues."""
    return f"depot_{secrets.token_hex(4)}"


@pytest.fixture
def start_process(
    depot_url: str, amqp_uri: str, depot_name: str, tmp_path: Path
) -> Iterator[Callable[..., ServiceProcess]]:
    """`start_process("a.module", "argument")` in the test's database and virtual host."""
    environment = {
        "AMQP_URI": amqp_uri,
        "DATABASE_URL_ORDERS": depot_url,
        "DEPOT": depot_name,
        "EVENTLET_NO_GREENDNS": "yes",  # loopback needs no resolver, and it starts sooner
    }
    with ExitStack() as stack:

        def start(*command: str, pipes: bool = False, **more: str) -> ServiceProcess:
            log = tmp_path / f"{secrets.token_hex(4)}.log"
            name = " ".join(command)
            process = ServiceProcess([*command], environment | more, log, name, pipes=pipes)
            stack.callback(process.close)
            return process.start()

        yield start


@pytest.fixture
def declare(monkeypatch: pytest.MonkeyPatch, depot_name: str) -> Callable[..., None]:
    """`declare(uri)`: all queues of the test's depot, as one whose environment says so has them."""

    def declare(uri: str, **environment: str) -> None:
        queues = [
            SubscriptionQueue(depot_name, found.name, found.entry.types)
            for found in subscriptions_of(Depot)
        ]
        with monkeypatch.context() as patch, connect(uri, heartbeat_s=0) as connection:
            backoff, limit = as_told(environment)
            patch.setattr(topology, "BACKOFF_S", backoff)
            patch.setattr(topology, "DELIVERY_LIMIT", limit)
            topology.declare_all(connection.channel(), queues)

    return declare


@pytest.fixture
def run_depot(
    start_process: Callable[..., ServiceProcess], declare: Callable[..., None], amqp_uri: str
) -> Callable[..., ServiceProcess]:
    """`run_depot("Office")`: the depot, or a part of it, as a process, ready.

    Its queues are all there before, as in a real platform, unless the test does without.
    """

    def run(
        part: str = "Depot", ready: bool = True, declared: bool = True, **more: str
    ) -> ServiceProcess:
        if declared:
            declare(amqp_uri, **more)
        process = start_process("tests.integration.messaging.depot_service", part, **more)
        return process.wait_ready() if ready else process

    return run


@pytest.fixture
def channel(amqp_uri: str) -> Iterator[amqp.Channel]:
    """For a look at queues, and for messages that no service would send."""
    connection = connect(amqp_uri, heartbeat_s=0)
    yield connection.channel()
    connection.collect()


@pytest.fixture
def depot(depot_url: str) -> Iterator[Desk]:
    """The depot's handlers at that database."""
    engine = create_database_engine(depot_url, pool_size=60)
    yield Desk("depot", engine)
    engine.dispose()


@pytest.fixture(scope="module")
def start_caller(amqp_uri, tmp_path_factory):
    """Callers need no database; one serves the tests of the module."""
    started = []

    def start(uri: str) -> Caller:
        environment = {"AMQP_URI": uri, "DATABASE_URL_ORDERS": "postgresql+psycopg2://none"}
        log = tmp_path_factory.mktemp("caller") / "log"
        command = ["tests.integration.messaging.caller_service"]
        process = ServiceProcess(command, environment, log, pipes=True).start()
        started.append(process)
        return Caller(process.wait_ready())

    yield start
    for process in started:
        process.close()
