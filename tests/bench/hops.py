"""The hop with real processes at both ends: ours, and the stock one."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from nameko.standalone.rpc import ClusterRpcProxy
from sqlalchemy import Engine

from deploy.sails.testbed import Testbed, World
from services.gateway.service import GatewayWorker
from services.gateway.tables import metadata as gateway_metadata
from services.messaging.broker import connect
from services.messaging.topology import declare_all
from services.orders.tables import Base as OrdersBase
from services.topology import subscriptions_of
from tests.bench import hop, hop_parts
from tests.bench.bed import CpuMeter, Spent, start
from tests.processes import ServiceProcess
from tests.waiting import eventually

WORKERS = 10
TIMEOUT_S = 120.0


@dataclass
class Turn:
    """Facts applied in so many seconds, and the CPU seconds of each process meanwhile."""

    facts: int = 0
    seconds: float = 0.0
    spent: Spent = field(default_factory=dict)

    def __add__(self, other: "Turn") -> "Turn":
        names = self.spent | other.spent
        spent = {name: self.spent.get(name, 0) + other.spent.get(name, 0) for name in names}
        return Turn(self.facts + other.facts, self.seconds + other.seconds, spent)

    @property
    def rate(self) -> float:
        return self.facts / self.seconds

    def cpu_us(self, *names: str) -> float:
        """Per fact, of the named processes or of all."""
        return sum(self.spent[name] for name in names or self.spent) / self.facts * 1e6


@dataclass
class Hop:
    """Two processes, and engines of this one at their databases."""

    bed: Testbed
    world: World
    producer: Engine
    consumer: Engine
    table: str  # where a row per fact appears
    processes: dict[str, ServiceProcess]

    @property
    def environment(self) -> dict[str, str]:
        """Of a process that belongs to this hop's world."""
        return {**os.environ, **self.world.environment}

    def wait_applied(self, count: int) -> None:
        """Until there are as many rows at the consumer."""

        def all_there() -> bool:
            return hop.rows(self.consumer, self.table) >= count

        eventually(all_there, TIMEOUT_S, f"{count} rows in {self.table}")


class OurHop(Hop):
    def stalls(self) -> float:
        """How often the event loop of a process was held up for over 0.1 s."""
        name = "sails_hub_stall_seconds"
        at_once = [process.metrics() for process in self.processes.values()]
        return sum(
            found.get(f"{name}_count", 0) - found.get(f'{name}_bucket{{le="0.1"}}', 0)
            for found in at_once
        )

    def drain(self, count: int) -> Turn:
        """Fill the outbox with so many facts, and wait until the last is applied."""
        events, before = list(hop.facts(count)), hop.rows(self.consumer, self.table)
        meter = CpuMeter(self.bed, self.processes)
        filled_at = hop.fill_outbox(self.producer, events, meter)
        self.wait_applied(before + count)
        return _turn(count, filled_at, meter)


class StockHop(Hop):
    def drain(self, count: int) -> Turn:
        """Commit so many facts, have ten workers dispatch them, wait until the last is applied."""
        events, before = list(hop.facts(count)), hop.rows(self.consumer, self.table)
        meter = CpuMeter(self.bed, self.processes)
        hop.fill_outbox(self.producer, events, meter)
        first = hop.last_id(self.producer) - count
        share = count // WORKERS
        with ClusterRpcProxy({"AMQP_URI": self.world.amqp_uri}) as cluster:
            meter.begin()
            began_at = datetime.now(UTC)
            ranges = [(first + n * share + 1, first + (n + 1) * share) for n in range(WORKERS)]
            dispatch = cluster.stock_orders.dispatch_stored.call_async
            replies = [dispatch(*each) for each in ranges]
            for reply in replies:
                reply.result()
        self.wait_applied(before + count)
        return _turn(count, began_at, meter)


def _turn(count: int, began_at: datetime, meter: CpuMeter) -> Turn:
    # What tells the end polls: later than the end by half its interval, of many seconds.
    return Turn(count, (datetime.now(UTC) - began_at).total_seconds(), meter.spent())


@contextmanager
def our_hop(bed: Testbed, consumer: str) -> Iterator[OurHop]:
    """`consumer`: Consumer, Actor, or the real GatewayWorker. Both processes are ready."""
    is_gateway = consumer == GatewayWorker.__name__
    service: Any = GatewayWorker if is_gateway else getattr(hop_parts, consumer)
    command = (
        ("services", "gateway-worker") if is_gateway else ("tests.bench.hop_service", consumer)
    )
    metadata = gateway_metadata if is_gateway else hop.Base.metadata
    with ExitStack() as stack:
        world = stack.enter_context(bed.world(consumer.lower(), migrated=False))
        _declare(world.amqp_uri, service)
        made = OurHop(
            bed,
            world,
            _engine(stack, world, "orders", OrdersBase.metadata),
            _engine(stack, world, service.name, metadata),
            "resources" if is_gateway else "demand_copies",
            {
                "producer": _start(stack, bed, world, "tests.bench.hop_service", "Producer"),
                "consumer": _start(stack, bed, world, *command),
            },
        )
        for process in made.processes.values():
            process.wait_ready()
        yield made


@contextmanager
def stock_hop(bed: Testbed) -> Iterator[StockHop]:
    """Both stock processes, ready."""
    with ExitStack() as stack:
        world = stack.enter_context(bed.world("stock", migrated=False))
        made = StockHop(
            bed,
            world,
            _engine(stack, world, "orders", OrdersBase.metadata),
            _engine(stack, world, "finance", hop.Base.metadata),
            "demand_copies",
            {
                "consumer": _start(stack, bed, world, "tests.bench.stock", "Consumer"),
                "producer": _start(stack, bed, world, "tests.bench.stock", "Producer"),
            },
        )
        for process in made.processes.values():
            eventually(lambda process=process: "ready" in process.log.read_text(), TIMEOUT_S)
        yield made


def _engine(stack: ExitStack, world: World, service: str, metadata: Any) -> Engine:
    engine = hop.prepare(world.database_url(service), metadata)
    stack.callback(engine.dispose)
    return engine


def _start(stack: ExitStack, bed: Testbed, world: World, *command: str) -> ServiceProcess:
    name = "-".join((world.name, *command))
    process = start(bed, name, world.environment, *command)
    stack.callback(process.close)
    return process


def _declare(uri: str, service: Any) -> None:
    """The consumer's queues alone: no other service waits for the facts."""
    queues = [found.queue for found in subscriptions_of(service)]
    with connect(uri, heartbeat_s=0) as connection:
        declare_all(connection.channel(), queues)
