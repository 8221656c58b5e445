"""What good callers feel of hostile ones: 400 half-open connections and bodies of 100 MB.

Beside: the same good callers alone.
"""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psutil

from deploy.sails.ports import LOOPBACK
from deploy.sails.state import REPOSITORY
from services.client import Client, NoAnswer, Patience, Refused
from tests.bench.figures import Figure, Tell
from tests.bench.orders import percentile
from tests.bench.processes import Used, using
from tests.bench.stand import Stand, stand

CALLERS, RATE = 8, 10.0  # each so many calls a second, every fifth of them a POST
LASTING_S, WARM_S = 15.0, 3.0
ONCE = Patience(total_s=0.0)  # a refusal is an answer, and counted
WANTED_MS = "≤ 1,000"


@dataclass
class Served:
    """How long the answers took, and what was no good answer."""

    reads_s: list[float] = field(default_factory=list)
    posts_s: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


def measure(tell: Tell) -> list[Figure]:
    with stand(tell, demands=50, fresh=50) as platform:
        _serve(platform, WARM_S)
        alone, _ = _measured(tell, "alone", platform)
        with hostile(platform) as load:
            _serve(platform, WARM_S)
            beset, used = _measured(tell, "beset", platform)
            spent_s = sum(load.cpu_times()[:2])
    tell(f"the hostile processes took {spent_s:.1f} s of CPU")
    return [
        *_figures("GET", alone.reads_s, beset.reads_s),
        *_figures("POST", alone.posts_s, beset.posts_s),
        Figure(
            "not answered well", len(beset.failures), "calls", len(alone.failures), "alone", "0"
        ),
        *_grown(used),
    ]


@contextmanager
def hostile(platform: Stand) -> Iterator[psutil.Process]:
    """While the block runs they do what they do."""
    port = str(platform.layout.http_port)
    command = [sys.executable, "-m", "tests.bench.hostile_load", LOOPBACK, port]
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE) as load:
        assert load.stdout is not None
        load.stdout.readline()
        try:
            yield psutil.Process(load.pid)
        finally:
            load.kill()


def _measured(tell: Tell, name: str, platform: Stand) -> tuple[Served, Used]:
    with using(platform.state) as used:
        served = _serve(platform, LASTING_S)
    calls = len(served.reads_s) + len(served.posts_s)
    shares = [_shares("GET", served.reads_s), _shares("POST", served.posts_s)]
    tell(f"{name}: {', '.join(shares)}, failed {len(served.failures)} {served.failures[:2]}")
    tell(f"CPU ms per call: {used.line(calls)}")
    return served, used


def _shares(what: str, values: list[float]) -> str:
    p50, p99 = (percentile(values, share) * 1e3 for share in (0.5, 0.99))
    return f"{what} p50 {p50:.0f} p99 {p99:.0f} ms"


def _serve(platform: Stand, lasting_s: float) -> Served:
    served, until_s = Served(), time.monotonic() + lasting_s
    callers = [
        threading.Thread(target=_call, args=(platform, nth, served, until_s))
        for nth in range(CALLERS)
    ]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    return served


def _call(platform: Stand, nth: int, served: Served, until_s: float) -> None:
    """At its pace: a late answer makes the next call late, and both are counted."""
    key = platform.buyers[nth % len(platform.buyers)]["buyer.purchaser"].client.api_key
    client = Client(platform.url, key, patience=ONCE)
    body = next(body for _, body in platform.sample.demands)
    own = client.post("/demands", body)
    due_s, count = time.monotonic() + nth / CALLERS / RATE, 0
    while due_s < until_s:
        time.sleep(max(0.0, due_s - time.monotonic()))
        is_post = count % 5 == 0
        try:
            client.post("/demands", body) if is_post else client.get(f"/demands/{own['id']}")
        except (NoAnswer, Refused) as failure:
            served.failures.append(str(failure))
        (served.posts_s if is_post else served.reads_s).append(time.monotonic() - due_s)
        due_s, count = due_s + 1 / RATE, count + 1


def _figures(name: str, alone: list[float], beset: list[float]) -> list[Figure]:
    return [
        Figure(f"{name}, p{share * 100:.0f}", percentile(beset, share) * 1e3, "ms",
               percentile(alone, share) * 1e3, "alone", WANTED_MS)
        for share in (0.5, 0.99)
    ]  # fmt: skip


def _grown(used: Used) -> list[Figure]:
    return [
        Figure(f"memory of {name} meanwhile", used.rss_mb[name], "MB",
               used.rss_mb_before[name], "before", "bounded")
        for name in used.rss_mb
        if name.startswith("gateway-http")
    ]  # fmt: skip
