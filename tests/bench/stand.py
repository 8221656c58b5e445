"""A platform of a measurement's own, with fsync on, real processes and as much data as wanted."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial

import psycopg2

from deploy.sails import runner
from deploy.sails.check import broker
from deploy.sails.check.databases import reading
from deploy.sails.database import SERVICES
from deploy.sails.demo.cast import Organisation, Registrar
from deploy.sails.demo.imports import bring_in
from deploy.sails.demo.shared_clock import SharedClock
from deploy.sails.operator_key import operator_of
from deploy.sails.ports import PORTS_TRIED
from deploy.sails.processes import DEFAULT_HTTP_PORT, Layout
from deploy.sails.samples import Sample, generate
from deploy.sails.samples.real import batches
from deploy.sails.state import DEFAULT_ROOT, StateFolder
from deploy.sails.waiting import until
from services.client import Client
from services.settings import url_name
from tests.bench.figures import Tell

ROOT = DEFAULT_ROOT / "bench"
SEED = 7
IMPORTERS = 2  # as many as there are cores; more would only wait for the owner
REST_S = 600.0  # for every fact of what was loaded to arrive everywhere, on a busy machine
QUIET_LOOKS = 3  # a fact that its handler holds is in no queue: the next one is soon
# Few keys ask all that the platform can answer.
UNBOUND = {
    "SAILS_RATE_READS": "0",
    "SAILS_RATE_COMMANDS": "0",
    "SAILS_RATE_STRANGERS": "0",
    "SAILS_STREAMS_PER_PERSON": "500",
}
HTTP_PORT = DEFAULT_HTTP_PORT + PORTS_TRIED  # where no platform of daily use begins to look


@dataclass
class Stand:
    """`buyers` have their people; of `suppliers` (by id) `staffed` gives people to one.

    `others`: banks and registries, without people. `sample` has the bodies of demands that nobody
    has asked for yet, beside those loaded.
    """

    state: StateFolder
    layout: Layout
    operator: Client
    registrar: Registrar
    buyers: list[Organisation]
    suppliers: dict[str, Organisation]
    others: list[Organisation]
    sample: Sample

    @property
    def url(self) -> str:
        """The root of the API that both HTTP processes serve."""
        return self.layout.http_url

    def buyer(self, name: str) -> Organisation:
        """By its unique name."""
        return next(one for one in self.buyers if one.name == name)

    def staffed(self, supplier_id: str) -> Organisation:
        """A supplier with its people."""
        return self.registrar.staff(self.suppliers[supplier_id])

    def rest(self) -> None:
        """Return once no fact is on its way any more. Raises WaitedInVain."""
        environment = self.layout.environment
        for _ in range(QUIET_LOOKS):
            until("rest", lambda: not on_their_way(environment), REST_S)


@contextmanager
def stand(
    tell: Tell,
    *,
    supplies: int = 0,
    sellers: int | None = None,
    demands: int = 0,
    fresh: int = 200,
    replicas: int = 1,
    demo_clock: bool = False,
    settings: dict[str, str] | None = None,
) -> Iterator[Stand]:
    """A private platform with that many supplies and published demands, at rest.

    `sellers`: how many organisations the supplies are of. `fresh`: how many more bodies of demands
    `sample` has, for the measurement to publish. `replicas`: of every service.
    `demo_clock`: time can be moved. `settings`: beside those that let few keys ask for everything.
    """
    state = StateFolder(ROOT)
    with runner.borrowed(
        state,
        lambda step: None,
        http_port=HTTP_PORT,
        settings=UNBOUND | (settings or {}),
        replicas=replicas,
        demo_clock=demo_clock,
    ) as layout:
        operator = operator_of(state, layout)
        today = SharedClock(operator).today()
        whole = generate(SEED, today, demands=demands + fresh, supplies=supplies, sellers=sellers)
        registrar = Registrar(operator)
        everyone = _registered(registrar, whole)
        found = Stand(
            state,
            layout,
            operator,
            registrar,
            [one for one in everyone if one.capacity == "buyer"],
            {one.id: one for one in everyone if one.capacity == "supplier"},
            [one for one in everyone if one.capacity in ("bank", "registry")],
            Sample(whole.parties, whole.demands[demands:], []),
        )
        load(tell, found, Sample(whole.parties, whole.demands[:demands], whole.supplies))
        yield found


def _analyze(environment: dict[str, str]) -> None:
    """What the server does by itself within a minute or so of a bulk load."""
    for service in SERVICES:
        url = environment[url_name(service)].replace("+psycopg2", "")
        with closing(psycopg2.connect(url)) as connection:
            connection.autocommit = True
            connection.cursor().execute("ANALYZE")


def on_their_way(environment: dict[str, str]) -> int:
    """How many facts are in outboxes or queues."""
    waiting = broker.counts(environment["AMQP_URI"])["messages_waiting"]
    with reading(environment) as databases:
        unsent = "SELECT count(*) FROM outbox WHERE position IS NULL"
        outboxes = [int(databases.rows(service, unsent)[0][0]) for service in SERVICES]
    return sum(waiting.values()) + sum(outboxes)


def _registered(registrar: Registrar, whole: Sample) -> list[Organisation]:
    """Buyers with their people and everything; suppliers by their names alone."""
    bodies = [party for party in whole.parties.values() if party["capacities"] != ["operator"]]
    everyone = [one for batch in batches(bodies) for one in registrar.register(batch)]
    with ThreadPoolExecutor(IMPORTERS) as threads:
        list(threads.map(partial(_admit, registrar), everyone))
    return everyone


def _admit(registrar: Registrar, organisation: Organisation) -> None:
    if organisation.capacity == "buyer":
        registrar.verify(organisation)
        registrar.staff(organisation)


def load(tell: Tell, found: Stand, given: Sample) -> None:
    """By the programme's imports, which publish at once; return at rest."""
    began_s = time.monotonic()
    ids = {one.name: one.id for one in (*found.buyers, *found.suppliers.values())}
    day = SharedClock(found.operator).today().isoformat()
    supplies = [body | {"supplier_id": ids[name]} for name, body in given.supplies]
    demands = [body | {"buyer_id": ids[name], "published_on": day} for name, body in given.demands]
    for path, rows in (("/supplies/import", supplies), ("/demands/import", demands)):
        numbered = [row | {"source_ref": f"{began_s}-{at}"} for at, row in enumerate(rows)]
        with ThreadPoolExecutor(IMPORTERS) as threads:
            list(threads.map(partial(bring_in, found.operator, path), batches(numbered)))
        if rows:
            tell(f"{path}: {len(rows)} in {time.monotonic() - began_s:.1f} s")
    found.rest()
    _analyze(found.layout.environment)
    tell(f"loaded and at rest after {time.monotonic() - began_s:.1f} s")
