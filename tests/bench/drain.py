"""Committed facts → applied at the consumer: how fast a filled outbox drains.

Measured from the commit that fills the outbox to the last row at the consumer, between two
processes. The stock path dispatches the same facts, committed before it begins, by ten workers, to
ten workers. The two take turns, so that what else the machine does meets both.
"""

from tests.bench import limits
from tests.bench.bed import bench_bed
from tests.bench.figures import Figure, Tell
from tests.bench.hops import OurHop, StockHop, Turn, our_hop, stock_hop

COUNT, STOCK_COUNT, ALONE_COUNT = 20_000, 6_000, 6_000  # facts per turn
ROUNDS = 2


def measure(tell: Tell) -> list[Figure]:
    with bench_bed() as bed:
        publishes, commits = limits.publishes_per_s(bed), limits.commits_per_s(bed)
        tell(f"limits: {publishes:,.0f} confirmed publishes/s, {commits:,.0f} commits/s")
        with our_hop(bed, "Consumer") as ours, stock_hop(bed) as stock:
            drained, dispatched = _in_turns(ours, stock, tell)
            stalls = ours.stalls()
        with our_hop(bed, "Actor") as actor:
            acted = _told(tell, "acted once", actor.drain(ALONE_COUNT))
        with our_hop(bed, "GatewayWorker") as gateway:
            projected = _told(tell, "projected", gateway.drain(ALONE_COUNT))
    return [
        *_beside("outbox → applied", drained, dispatched, "≥ 2,000, ≥ 3 × stock"),
        Figure("outbox → applied: event loop held up over 0.1 s", stalls, "times", wanted="0"),
        *_beside("outbox → acted on once", acted, dispatched),
        Figure("outbox → the gateway's read model", projected.rate, "facts/s"),
        *_costs("outbox → the gateway's read model", projected),
        Figure("limit: confirmed publishes, windowed", publishes, "messages/s"),
        Figure("limit: commits of a row each, ten sessions", commits, "commits/s"),
    ]


def _in_turns(ours: OurHop, stock: StockHop, tell: Tell) -> tuple[Turn, Turn]:
    drained, dispatched = Turn(), Turn()
    for _ in range(ROUNDS):
        drained += _told(tell, "ours", ours.drain(COUNT))
        dispatched += _told(tell, "stock", stock.drain(STOCK_COUNT))
    return drained, dispatched


def _beside(name: str, ours: Turn, stock: Turn, wanted: str = "") -> list[Figure]:
    return [
        Figure(name, ours.rate, "facts/s", stock.rate, "stock", wanted),
        Figure(f"{name}: CPU", ours.cpu_us(), "µs/fact", stock.cpu_us(), "stock"),
        *_costs(name, ours),
    ]


def _costs(name: str, turn: Turn) -> list[Figure]:
    return [
        Figure(f"{name}: CPU of the {each}", turn.cpu_us(each), "µs/fact") for each in turn.spent
    ]


def _told(tell: Tell, name: str, turn: Turn) -> Turn:
    costs = ", ".join(f"{each} {turn.cpu_us(each):,.0f}" for each in turn.spent)
    tell(f"{name}: {turn.facts:,} facts, {turn.rate:,.0f}/s; µs of CPU per fact: {costs}")
    return turn
