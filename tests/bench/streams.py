"""From the publication of a demand to every open stream, and what others feel of it."""

import itertools
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from deploy.sails.demo.person import Person
from deploy.sails.ports import LOOPBACK
from tests.bench.figures import Figure, Tell
from tests.bench.listeners import Listeners
from tests.bench.processes import Used, using
from tests.bench.stand import Stand, stand
from tests.waiting import eventually

STREAMS = 500
SUPPLIERS = 25  # with two people each; with the buyers' people 68 keys share the streams
PUBLISHED = 40
PAUSE_S = 0.25  # between two publications: each is to be seen by itself
READ_PAUSE_S = 0.05
ALL_SEEN_S = 30.0


@dataclass(frozen=True)
class Heard:
    """Of one run: milliseconds in order, and what was used."""

    seen_ms: list[float]
    read_ms: list[float]
    used: Used
    deliveries: int

    @property
    def http_cpu_ms(self) -> float:
        """Of the gateway's HTTP processes, per delivery."""
        spent = self.used.cpu_ms(self.deliveries)
        return sum(ms for name, ms in spent.items() if name.startswith("gateway-http"))

    @property
    def http_rss_mb(self) -> float:
        return sum(mb for name, mb in self.used.rss_mb.items() if name.startswith("gateway-http"))


def measure(tell: Tell) -> list[Figure]:
    """`STREAMS` streams beside a single one, the same publications."""
    with stand(tell, supplies=SUPPLIERS * 20, fresh=2 * PUBLISHED) as platform:
        people = [person for one in platform.buyers for person in one.people.values()]
        for id in list(platform.suppliers)[:SUPPLIERS]:
            people += platform.staffed(id).people.values()
        keys = [person.client.api_key for person in people]
        wanted = iter(platform.sample.demands)
        single = _heard(tell, platform, keys[:1], wanted)
        many = _heard(
            tell, platform, list(itertools.islice(itertools.cycle(keys), STREAMS)), wanted
        )
    per_stream_mb = (many.http_rss_mb - single.http_rss_mb) / (STREAMS - 1)
    return [
        _beside(f"published → seen by {STREAMS} streams, p50", many.seen_ms, single.seen_ms, 50),
        _beside(f"published → seen by {STREAMS} streams, p99", many.seen_ms, single.seen_ms, 99),
        _beside(f"published → seen by {STREAMS} streams, max", many.seen_ms, single.seen_ms, 100),
        _beside("GET meanwhile, p50", many.read_ms, single.read_ms, 50),
        _beside("GET meanwhile, p99", many.read_ms, single.read_ms, 99),
        Figure("CPU of gateway-http per delivery", many.http_cpu_ms, "ms"),
        Figure("memory of gateway-http per stream", per_stream_mb * 1_000, "kB"),
    ]


def _beside(name: str, many: list[float], single: list[float], percent: int) -> Figure:
    return Figure(name, _at(many, percent), "ms", _at(single, percent), "1 stream")


def _at(sorted_ms: list[float], percent: int) -> float:
    return sorted_ms[min(len(sorted_ms) - 1, len(sorted_ms) * percent // 100)]


def _heard(
    tell: Tell, platform: Stand, keys: list[str], wanted: Iterator[tuple[str, dict]]
) -> Heard:
    drafts = [_draft(platform, *next(wanted)) for _ in range(PUBLISHED)]
    platform.rest()
    with (
        Listeners(LOOPBACK, platform.layout.http_port, keys) as listeners,
        _reading(drafts[0]) as read_ms,
        using(platform.state) as used,
    ):
        published_s = {}
        for person, id in drafts:
            published_s[id] = time.monotonic()
            person.does(f"/demands/{id}/publish")
            time.sleep(PAUSE_S)
        for id in published_s:
            eventually(lambda id=id: listeners.have_seen(id) == len(keys), ALL_SEEN_S, "seen")
    heard = Heard(listeners.delays_ms(published_s), sorted(read_ms), used, len(keys) * len(drafts))
    tell(
        f"{len(keys)} streams: seen p50 {_at(heard.seen_ms, 50):.0f} ms, p99"
        f" {_at(heard.seen_ms, 99):.0f}, GET p50 {statistics.median(read_ms):.0f}"
    )
    tell(f"CPU ms per publication: {used.line(len(drafts))}")
    return heard


def _draft(platform: Stand, buyer: str, body: dict) -> tuple[Person, str]:
    purchaser = platform.buyer(buyer)["buyer.purchaser"]
    return purchaser, purchaser.does("/demands", body)["id"]


@contextmanager
def _reading(draft: tuple[Person, str]) -> Iterator[list[float]]:
    """Somebody else's ordinary requests during the block, and how long each took, in ms."""
    person, id = draft
    took_ms: list[float] = []
    is_over = threading.Event()

    def read() -> None:
        while not is_over.wait(READ_PAUSE_S):
            began_s = time.monotonic()
            person.sees(f"/demands/{id}")
            took_ms.append((time.monotonic() - began_s) * 1_000)

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    try:
        yield took_ms
    finally:
        is_over.set()
        thread.join()
