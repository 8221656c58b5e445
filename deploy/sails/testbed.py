"""A real PostgreSQL and a real RabbitMQ for a test run, shared by all of its processes.

    bed = Testbed.join()                  # session fixture: the first one starts both servers
    world = bed.create_world("gw0")       # a virtual host and four migrated databases
    ... subprocess.Popen([...], env={**os.environ, **world.environment})
    bed.drop_world(world)
    bed.leave()                           # last one out: both servers end, their data is deleted

The servers live under one supervisor with its state in `.run/test`. It counts the open lines of
those who joined, so that a test run that is killed, even with -9, leaves nothing running. Data
lives in memory where there is room, and is not flushed to disk (fsync off): fast, and worthless
after a power cut; of a database for one test, making its files on disk takes longer than the test.
Measurements have servers of their own in another folder, on disk, which do flush.
"""

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from deploy.sails import topology
from deploy.sails.broker import Broker
from deploy.sails.control import Control, launch
from deploy.sails.database import SERVICES, Database
from deploy.sails.migrate import chains, migrate
from deploy.sails.servers import launch_broker, start_database
from deploy.sails.state import DEFAULT_ROOT, REPOSITORY, StateFolder, locked
from services.settings import url_name

TEST_ROOT = DEFAULT_ROOT / "test"
EMPTY = "template1"
START_TIMEOUT_S = 180.0  # one process starts the servers and migrates, all others wait for it


@dataclass(frozen=True)
class World:
    """One virtual host and one database per service, nobody else's."""

    name: str
    environment: dict[str, str]

    @property
    def amqp_uri(self) -> str:
        """The AMQP URI of this world's virtual host."""
        return self.environment["AMQP_URI"]

    def database_url(self, service: str) -> str:
        """The SQLAlchemy URL of a service's database in this world."""
        return self.environment[url_name(service)]


class Testbed:
    """One process's share in the test servers."""

    __test__ = False  # not a test class, whatever its name

    def __init__(
        self, state: StateFolder, control: Control, database: Database, broker: Broker
    ) -> None:
        self.state = state
        self.control = control
        self.database = database
        self.broker = broker

    @classmethod
    def join(cls, root: Path = TEST_ROOT, *, fsync: bool = False) -> Self:
        """Start both servers if need be and keep them until `leave` or this process ends.

        `fsync` is decided by the first to join; all that share a `root` ask for the same.
        """
        state = StateFolder(root)
        state.create()
        with locked(state.start_lock, START_TIMEOUT_S):
            control = launch(state, scratch=True)
            try:
                if not fsync:
                    state.prefer_memory()
                broker = launch_broker(state, control)
                database = start_database(state, control, fsync=fsync)
                broker.wait_ready()
            except BaseException:
                control.close()
                raise
        return cls(state, control, database, broker)

    def leave(self) -> None:
        """Give up this share; the last one to leave ends both servers. Worlds go with them."""
        self.control.release()

    def create_world(self, prefix: str = "world", *, migrated: bool = True) -> World:
        """A fresh virtual host and four databases, copies of migrated templates.

        `migrated`: False for empty databases and no queues. Pass `environment` to the processes
        under test. Names are random: two runs never meet.
        """
        name = f"{prefix}_{secrets.token_hex(4)}"
        self.broker.add_vhost(name)
        environment = {"AMQP_URI": self.broker.uri(name)}
        if migrated:
            topology.declare(environment["AMQP_URI"])
        for service in SERVICES:
            database = f"{name}_{service}"
            template = self._template(service) if migrated else EMPTY
            self.database.create_database(database, service, template)
            environment[url_name(service)] = self.database.url(service, database)
        return World(name, environment)

    def drop_world(self, world: World) -> None:
        """Delete the virtual host and the databases, ending whoever still uses them."""
        self.broker.delete_vhost(world.name)
        for service in SERVICES:
            self.database.drop_database(f"{world.name}_{service}")

    @contextmanager
    def world(self, prefix: str = "world", *, migrated: bool = True) -> Iterator[World]:
        """`create_world` and `drop_world` around a block."""
        created = self.create_world(prefix, migrated=migrated)
        try:
            yield created
        finally:
            self.drop_world(created)

    def _template(self, service: str) -> str:
        """A database at the head of the service's chain as the files are now, made once."""
        chain = chains().get(service)
        if chain is None:
            return EMPTY
        name = f"template_{service}_{_fingerprint(chain)}"
        with locked(self.state.start_lock, START_TIMEOUT_S):
            if self.database.create_database(name, service):
                self._migrate_or_drop(chain, service, name)
        return name

    def _migrate_or_drop(self, chain: Path, service: str, name: str) -> None:
        try:
            migrate(chain, self.database.url(service, name))
        except BaseException:  # half a template must not be copied by the next one
            self.database.drop_database(name)
            raise


def _fingerprint(chain: Path) -> str:
    """Changes with the chain and with the tables it may build on."""
    service = chain.parent
    sources = [
        *chain.rglob("*.py"),
        *service.glob("tables.py"),
        *service.glob("tables/*.py"),
        *(REPOSITORY / "services" / "messaging").glob("*.py"),
    ]
    digest = hashlib.sha256()
    for file in sorted(sources):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:8]
