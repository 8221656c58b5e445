"""The platform that is broken: private, under the runner's own supervisor, with its servers."""

import json
import os
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass

import amqp
import psycopg2
from psycopg2.extensions import connection

from deploy.sails import cluster as clusters
from deploy.sails import database as databases
from deploy.sails import runner
from deploy.sails.broker import Broker
from deploy.sails.cluster import Cluster
from deploy.sails.database import SERVICES, Database
from deploy.sails.demo.stage import SETTINGS
from deploy.sails.operator_key import operator_of
from deploy.sails.ports import LOOPBACK
from deploy.sails.processes import Layout, table
from deploy.sails.servers import given
from deploy.sails.state import DEFAULT_ROOT, StateFolder
from deploy.sails.vhost import opened
from services.client import Client
from services.settings import url_name
from tests.chaos.plan import Names

ROOT = DEFAULT_ROOT / "chaos"
HTTP_PORT = 8850
FIRST_NODE = "broker"
LOOK_TIMEOUT_S = 2.0
UNANSWERED = "no answer"
STARTS_SOONER = {"EVENTLET_NO_GREENDNS": "yes"}  # loopback needs no resolver


class GivenServers(Exception):
    """The environment names servers; this kills only its own."""


@dataclass
class Stage:
    """Everything that an injector needs to get at."""

    state: StateFolder
    layout: Layout
    operator: Client
    cluster: Cluster
    database: Database

    @property
    def names(self) -> Names:
        """Every program with its processes."""
        return names(self.layout.replicas)

    def program_of(self, name: str) -> str | None:
        """None for servers."""
        return next((program for program, each in self.names.items() if name in each), None)

    def node(self, name: str) -> Broker:
        """A node of the broker by its process."""
        return next(node for node in self.cluster.nodes if node.name == name)

    def pid(self, name: str) -> int | None:
        """Of a child of the supervisor; None while it is not running."""
        report = runner.status(self.state)
        return None if report is None else report["children"][name]["pid"]

    def signal(self, name: str, number: int) -> int:
        """Send it to a child that runs; answers its process id. Raises ProcessLookupError."""
        pid = self.pid(name)
        if pid is None:
            raise ProcessLookupError(name)
        os.kill(pid, number)
        return pid

    def reasons(self, name: str) -> list[str]:
        """Why a process is not ready; empty when it is."""
        url = f"http://{LOOPBACK}:{self.layout.observe[name]}/readyz"
        try:
            with urllib.request.urlopen(url, timeout=LOOK_TIMEOUT_S):
                return []
        except urllib.error.HTTPError as red:
            return list(json.loads(red.read())["reasons"])
        except OSError:
            return [UNANSWERED]

    def rows(self, service: str, statement: str, *values: object) -> list[tuple]:
        """Asked of a service's database, in a session of its own."""
        with closing(self.session(service)) as session, session.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall()

    def session(self, service: str) -> connection:
        """As the service's own role. The caller closes it."""
        url = self.layout.environment[url_name(service)]
        return psycopg2.connect(url.replace("+psycopg2", "", 1), connect_timeout=5)

    @contextmanager
    def administrator(self) -> Iterator[connection]:
        """The database's superuser, in autocommit."""
        with self.database._session() as session:
            yield session

    @contextmanager
    def channel(self) -> Iterator[amqp.Channel]:
        """On the platform's virtual host."""
        with opened(self.layout.environment["AMQP_URI"]) as line:
            yield line.channel()

    def unpublished(self, upto: Mapping[str, int] | None = None) -> int:
        """How many facts of the four outboxes have not been published, of those up to an id."""
        statement = "SELECT count(*) FROM outbox WHERE position IS NULL AND id <= %s"
        limits = upto or dict.fromkeys(SERVICES, 2**62)
        return sum(self.rows(service, statement, limit)[0][0] for service, limit in limits.items())

    def newest(self) -> dict[str, int]:
        """The id of the last fact of each outbox."""
        statement = "SELECT coalesce(max(id), 0) FROM outbox"
        return {service: self.rows(service, statement)[0][0] for service in SERVICES}


def names(replicas: int) -> Names:
    """Every program with its processes, where each service has so many."""
    found: dict[str, list[str]] = {}
    for process in table(replicas):
        found.setdefault(process.program, []).append(process.name)
    return found


def node_names(nodes: int) -> list[str]:
    """The processes of a broker with so many nodes."""
    return [FIRST_NODE, *(f"{FIRST_NODE}-{number}" for number in range(2, nodes + 1))]


@contextmanager
def raised(step: runner.Step, nodes: int = 1, replicas: int = 1) -> Iterator[Stage]:
    """Ended with the block, whatever happens; data and logs stay when it fails."""
    if given(os.environ):
        raise GivenServers(", ".join(given(os.environ)))
    state = StateFolder(ROOT)
    with runner.borrowed(
        state,
        step,
        nodes=nodes,
        replicas=replicas,
        http_port=HTTP_PORT,
        demo_clock=True,
        settings=SETTINGS | STARTS_SOONER,
    ) as layout:
        report = runner.status(state)
        assert report is not None
        facts = report["facts"]
        cluster = clusters.prepare(state, ports=[tuple(ports) for ports in facts["broker_ports"]])
        database = databases.prepare(state, port=facts["database_port"])
        yield Stage(state, layout, operator_of(state, layout), cluster, database)
