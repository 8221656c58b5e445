"""A command → applied at the consumer: ten callers, each with one command at a time.

Ours: RPC with an idempotency key, one transaction, outbox, relay, broker, the consumer's
transaction. Stock: RPC, commit, dispatch, one transaction an event. The two take turns. Lost is
what was answered and is not at the consumer once nothing moves any more.
"""

import json
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from statistics import quantiles
from typing import Any

from tests.bench import hop
from tests.bench.bed import QUIET, CpuMeter, Spent, bench_bed
from tests.bench.figures import Figure, Tell
from tests.bench.hops import Hop, our_hop, stock_hop

COUNT = 1_500  # commands per turn
ROUNDS = 2
CALLERS_TIMEOUT_S = 120.0


@dataclass
class Called:
    """What became of commands: seconds from each one's sending to its answer and application."""

    count: int = 0
    seconds: float = 0.0
    answered_s: list[float] = field(default_factory=list)
    applied_s: list[float] = field(default_factory=list)
    lost: int = 0
    spent: Spent = field(default_factory=dict)

    def __add__(self, other: "Called") -> "Called":
        names = self.spent | other.spent
        return Called(
            self.count + other.count,
            self.seconds + other.seconds,
            self.answered_s + other.answered_s,
            self.applied_s + other.applied_s,
            self.lost + other.lost,
            {name: self.spent.get(name, 0) + other.spent.get(name, 0) for name in names},
        )

    @property
    def rate(self) -> float:
        return len(self.applied_s) / self.seconds

    @property
    def cpu_us(self) -> float:
        return sum(self.spent.values()) / self.count * 1e6


def measure(tell: Tell) -> list[Figure]:
    ours, stock = Called(), Called()
    with bench_bed() as bed, our_hop(bed, "Consumer") as our, stock_hop(bed) as their:
        for _ in range(ROUNDS):
            ours += _told(tell, "ours", _call(our, "ours"))
            stock += _told(tell, "stock", _call(their, "stock"))
        stalls = our.stalls()
    return [
        Figure("command → applied", ours.rate, "commands/s", stock.rate, "stock", "≥ 1.2 × stock"),
        Figure("lost", ours.lost, "commands", stock.lost, "stock", "0"),
        Figure("command → applied: CPU", ours.cpu_us, "µs/command", stock.cpu_us, "stock"),
        *(
            Figure(f"command → applied: CPU of the {name}", spent / ours.count * 1e6, "µs/command")
            for name, spent in ours.spent.items()
        ),
        Figure("command → applied: event loop held up over 0.1 s", stalls, "times", wanted="0"),
        *_latencies("command → answered", ours.answered_s, stock.answered_s),
        *_latencies("command → applied", ours.applied_s, stock.applied_s),
    ]


def _call(hop_: Hop, kind: str) -> Called:
    """Let ten callers send their commands, and wait until nothing comes any more."""
    before, meter = hop.rows(hop_.consumer, hop_.table), CpuMeter(hop_.bed, hop_.processes)
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.callers", kind, str(COUNT)],
        env=hop_.environment | QUIET,
        stdout=subprocess.PIPE,
        timeout=CALLERS_TIMEOUT_S,
        check=True,
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    with suppress(AssertionError):  # they are counted as lost
        hop_.wait_applied(before + sum(answer["id"] is not None for answer in answers))
    return _judged(answers, hop.applied_at(hop_.consumer), meter.spent())


def _judged(answers: list[dict[str, Any]], applied_at: dict[str, float], spent: Spent) -> Called:
    made = [answer for answer in answers if answer["id"] is not None]
    there = [answer for answer in made if answer["id"] in applied_at]
    began = min(answer["sent_at"] for answer in answers)
    ended = max(applied_at[answer["id"]] for answer in there)
    return Called(
        len(answers),
        ended - began,
        [answer["answered_at"] - answer["sent_at"] for answer in made],
        [applied_at[answer["id"]] - answer["sent_at"] for answer in there],
        len(made) - len(there),
        spent,
    )


def _latencies(name: str, ours: list[float], stock: list[float]) -> list[Figure]:
    our, their = (quantiles(each, n=100, method="inclusive") for each in (ours, stock))
    return [
        Figure(f"{name}: p{p}", our[p - 1] * 1000, "ms", their[p - 1] * 1000, "stock")
        for p in (50, 99)
    ]


def _told(tell: Tell, name: str, called: Called) -> Called:
    costs = ", ".join(f"{each} {s / called.count * 1e6:,.0f}" for each, s in called.spent.items())
    tell(f"{name}: {called.rate:,.0f} commands/s; µs of CPU per command: {costs}")
    return called
