"""A platform with two of every service, and the few people that its tests need."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import psutil
import psycopg2

from deploy.sails.check.report import Report, examine
from deploy.sails.demo.cast import Organisation, Registrar
from deploy.sails.demo.shared_clock import SharedClock
from deploy.sails.operator_key import first_key
from deploy.sails.samples import Sample, generate
from services.client import Client, Refused
from services.messaging import relay, timer
from services.settings import url_name
from tests.platform import Platform

SEED = 11
SHORT, LONG = timedelta(days=2), timedelta(days=20)  # that quotes are open for
QUIET_S = 60.0  # for queues to drain on a busy machine
SETTINGS = {
    "SAILS_WEBHOOKS_ALLOW_PRIVATE": "1",
    "SAILS_RATE_READS": "0",
    "SAILS_RATE_COMMANDS": "0",
}
RELAY, TIMER = relay.LOCK, timer.LOCK
HOLDERS = """
    SELECT client_port FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE locktype = 'advisory' AND granted AND datname = current_database()
      AND (classid::bigint << 32) | objid::bigint = %s
"""


@dataclass
class Twins:
    """`buyer` has its people, `supplier` as well; `sample` has bodies to publish."""

    platform: Platform
    operator: Client
    clock: SharedClock
    buyer: Organisation
    supplier: Organisation
    sample: Sample

    def pair(self, program: str) -> list[str]:
        """The names of a program's two processes."""
        return [program, f"{program}-2"]

    def holders(self, program: str, service: str, lock: int) -> list[str]:
        """Which of a program's two processes hold this lock in the service's database."""
        ports = {row[0] for row in self.rows(service, HOLDERS, lock)}
        server = urlsplit(self.platform.world.environment[url_name(service)]).port
        return [name for name in self.pair(program)
                if ports & _ports_of(self.platform.processes[name].popen, server)]  # fmt: skip

    def rows(self, service: str, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Asked of the service's database directly."""
        url = self.platform.world.environment[url_name(service)].replace("+psycopg2", "", 1)
        connection = psycopg2.connect(url)
        try:
            with connection.cursor() as cursor:
                cursor.execute(sql, values)
                return cursor.fetchall()
        finally:
            connection.close()

    def draft(self, number: int = 0, open_for: timedelta = LONG) -> dict[str, Any]:
        """A demand of the buyer's that nobody else sees yet."""
        return self.buyer["buyer.purchaser"].does("/demands", self.wish(number, open_for))

    def wish(self, number: int, open_for: timedelta = LONG) -> dict[str, Any]:
        """The body of a demand, quotes for which are open for some days."""
        _, body = self.sample.demands[number % len(self.sample.demands)]
        return body | {"quote_deadline_at": (self.clock.now() + open_for).isoformat()}

    def amend(self, client: Client, id: str, title: str) -> None:
        """As whatever has become of it meanwhile, until it is done."""
        path, wish = f"/demands/{id}", self.wish(0) | {"title": title}
        while True:
            seen = client.get(path)["sequence"]
            try:
                client.post(f"{path}/amend", wish, version=seen)
            except Refused as refused:
                if refused.code != "stale_version":
                    raise
            else:
                return

    def newest(self) -> int:
        """The feed's last position."""
        return int(self.rows("gateway", "SELECT coalesce(max(position), 0) FROM feed")[0][0])

    def told(self, client: Client, resource_id: str, after: int = 0) -> list[dict[str, Any]]:
        """All that the feed tells this caller of one resource past a position, in its order."""
        found = []
        while True:
            items, after_that = client.feed(after)
            found += [item for item in items if item["resource_id"] == resource_id]
            if after_that == after:
                return found
            after = after_that

    def report(self) -> Report:
        """What the checker says once everything has come to rest."""
        return examine(self.platform.world.environment, None, QUIET_S)


def people_the(platform: Platform) -> Twins:
    """Bring in a buyer and a supplier."""
    environment = platform.world.environment | {"SAILS_DEMO_CLOCK": "1"}
    operator = Client(platform.url, first_key(environment))
    clock = SharedClock(operator)
    sample = generate(SEED, clock.today())
    registrar = Registrar(operator)
    names = [sample.named("buyer")[0], sample.named("supplier")[0]]
    buyer, supplier = registrar.register([sample.parties[name] for name in names])
    for one in (buyer, supplier):
        registrar.verify(one)
        registrar.staff(one)
    return Twins(platform, operator, clock, buyer, supplier, sample)


def _ports_of(popen: Any, server: int | None) -> set[int]:
    """Of this process's own ends of its connections to the server's port."""
    if popen is None or popen.poll() is not None:
        return set()
    found = psutil.Process(popen.pid).net_connections("tcp")
    return {one.laddr.port for one in found if one.raddr and one.raddr.port == server}
