"""Ten minutes under a steady load: whether memory, queues or connections grow.

SOAK_RATE and SOAK_S set another rate (orders/s) and another length. Beside each process's memory
at the end is what it was after the warm-up.
"""

import os
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import fmean

from tests.bench.figures import Figure, Tell
from tests.bench.orders import SELLERS, SUPPLIES, percentile
from tests.bench.orders_load import post_orders
from tests.bench.processes import LOAD, MB, processes
from tests.bench.stand import Stand, on_their_way, stand

RATE = float(os.environ.get("SOAK_RATE", "50"))
LENGTH_S = float(os.environ.get("SOAK_S", "600"))
VISIBLE = "order → visible to another party"
WARM_UP = 0.2  # of the length: caches fill, pools open
AT_THE_END = 0.8  # from here on, the last fifth
EVERY_S = 5.0
SERVERS = ("broker", "database", "epmd", LOAD)  # their memory follows what they are given to keep


@dataclass
class Samples:
    """By process, what was seen every EVERY_S seconds; and the facts on their way."""

    rss_mb: dict[str, list[float]] = field(default_factory=dict)
    sockets: dict[str, list[int]] = field(default_factory=dict)
    on_their_way: list[int] = field(default_factory=list)


def measure(tell: Tell) -> list[Figure]:
    with stand(tell, supplies=SUPPLIES, sellers=SELLERS, fresh=600) as platform:
        taken, ended = Samples(), threading.Event()
        sampler = threading.Thread(target=_sample, args=(platform, taken, ended))
        sampler.start()
        try:
            seen = post_orders(platform, RATE, LENGTH_S)
        finally:
            ended.set()
            sampler.join()
        platform.rest()
    tell(f"answered {seen.rate:.1f}/s, refused {len(seen.refused)} {seen.refused[:1]}")
    return [
        Figure("orders answered", seen.rate, "orders/s", RATE, "offered"),
        Figure("orders refused", len(seen.refused), "orders", wanted="0"),
        Figure(f"{VISIBLE}, p50", percentile(seen.visible_s, 0.5) * 1000, "ms"),
        Figure(f"{VISIBLE}, p99", percentile(seen.visible_s, 0.99) * 1000, "ms"),
        *_growth("resident memory of", "MB", taken.rss_mb, "ratio < 1.03"),
        *_growth("sockets of", "sockets", taken.sockets, "ratio 1"),
        _grown("facts on their way", "facts", taken.on_their_way, "no growth"),
    ]


def _sample(platform: Stand, taken: Samples, ended: threading.Event) -> None:
    found = {
        name: process for name, process in processes(platform.state).items() if name not in SERVERS
    }
    while not ended.wait(EVERY_S):
        for name, process in found.items():
            taken.rss_mb.setdefault(name, []).append(process.memory_info().rss / MB)
            sockets = len(process.net_connections(kind="tcp"))
            taken.sockets.setdefault(name, []).append(sockets)
        taken.on_their_way.append(on_their_way(platform.layout.environment))


def _growth(what: str, unit: str, series: dict[str, list], wanted: str) -> Iterable[Figure]:
    return [_grown(f"{what} {name}", unit, values, wanted) for name, values in series.items()]


def _grown(name: str, unit: str, values: list, wanted: str) -> Figure:
    """The mean of the last fifth beside that of the fifth after the warm-up."""
    first, second, last = (
        round(len(values) * share) for share in (WARM_UP, 2 * WARM_UP, AT_THE_END)
    )
    return Figure(
        f"{name}, last fifth", fmean(values[last:]), unit,
        fmean(values[first:second]), "second fifth", wanted,
    )  # fmt: skip
