"""The gateway's two kinds of process as they run: sockets, broker, relay, signals."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from deploy.sails.testbed import Testbed, World
from services.client import Client
from services.gateway.bootstrap import bootstrap
from services.messaging.database import create_database_engine, create_sessionmaker
from tests.processes import ServiceProcess, free_port
from tests.waiting import eventually


@dataclass
class Site:
    """Two HTTP processes on one port, and a worker."""

    address: str
    operator: Client
    operator_key: str
    processes: list[ServiceProcess]

    @property
    def host_port(self) -> tuple[str, int]:
        host, _, port = self.address.partition(":")
        return host, int(port)


@pytest.fixture(scope="module")
def world(bed: Testbed) -> Iterator[World]:
    with bed.world("gateway") as created:
        yield created


@pytest.fixture(scope="module")
def site(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder, address = tmp_path_factory.mktemp("gateway"), f"127.0.0.1:{free_port()}"
    environment = {
        **world.environment,
        "SAILS_HTTP_ADDRESS": address,
        "SAILS_DEMO_CLOCK": "1",
        "SAILS_WEBHOOKS_ALLOW_PRIVATE": "1",
    }
    names = {"worker": "gateway-worker", "http-1": "gateway-http", "http-2": "gateway-http"}
    processes = [
        ServiceProcess(["services", program], environment, folder / f"{name}.log", name).start()
        for name, program in names.items()
    ]
    engine = create_database_engine(world.database_url("gateway"), 1)
    key = bootstrap(create_sessionmaker(engine)).key
    engine.dispose()
    assert key is not None
    try:
        for process in processes:
            process.wait_ready()
        yield Site(address, Client(f"http://{address}", key), key, processes)
    finally:
        for process in processes:
            process.close()


def test_what_is_written_is_read_at_once_and_numbered_soon(site: Site) -> None:
    party = site.operator.post("/parties", {"name": "中关村科学城", "capacities": ["buyer"]})
    assert site.operator.get(f"/parties/{party['id']}") == party

    def told() -> bool:
        items, _ = site.operator.feed(0)
        return party["id"] in [item["resource_id"] for item in items]

    assert eventually(told, 10)
