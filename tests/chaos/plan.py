"""What is broken in one run, when and in which order: a pure function of the seed."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

KILLS = 10  # of each program, at least
TOGETHER = 2  # processes killed at once: two cores start two interpreters at a time
BROKER_KILLS = 3
ROLLS = 5
DAYS = 2  # that pass meanwhile
FREEZE_S, ALARM_S, PARTITION_S = 15.0, 20.0, 10.0
COPIES = 300  # facts published once more
# The one whose handler dies with a message in hand. It is given up after as many deaths as make
# up this program's kills, or nearly so.
POISONED = "matching"
POISON_DEATHS = 8
# Queues for which no fact comes while nobody joins and nobody moves the clock.
QUIET_QUEUES = ("matching.follow_party", "finance.follow_clock", "orders.follow_clock")
SHUFFLES = 1_000  # a shuffle without two rolls side by side is found within a few
# Kinds that restart every process: side by side, the supervisor would take them for a crash loop.
RESTARTING = frozenset({"roll", "poison"})

Names = Mapping[str, Sequence[str]]  # program -> its processes


@dataclass(frozen=True)
class Fault:
    """`row` is that of the table of docs/chaos.md, 0 for what is no fault.

    `draw`: the seed of what is drawn on the spot. `meanwhile`: what happens while it lasts.
    """

    row: int
    kind: str
    targets: tuple[str, ...] = ()
    lasts_s: float = 0.0
    draw: int = 0
    meanwhile: tuple["Fault", ...] = ()

    def __str__(self) -> str:
        parts = [self.kind, *self.targets, f"{self.lasts_s:g} s" if self.lasts_s else ""]
        return " ".join(part for part in parts if part)


@dataclass(frozen=True)
class Plan:
    """The same for the same seed and processes."""

    seed: int
    faults: tuple[Fault, ...]

    def each(self) -> Iterator[Fault]:
        """Every fault, also those that happen while another one lasts."""
        return chain.from_iterable((fault, *fault.meanwhile) for fault in self.faults)


def make(seed: int, names: Names, nodes: Sequence[str] = ("broker",)) -> Plan:
    """`nodes`: those of the broker; of several, one at a time is hurt, and one is cut off."""
    rng = random.Random(seed)
    salvos = _salvos(rng, names)
    half = len(salvos) // 2
    rest = _order(rng, [*_others(rng, names, nodes), _poison(rng, salvos[:half])])
    for salvo in [*salvos[half:], *_poisoned_kills(names)]:
        rest.insert(rng.randint(0, len(rest)), salvo)
    return Plan(seed, tuple(rest))


def _salvos(rng: random.Random, names: Names) -> list[Fault]:
    """Every program but the poisoned one is killed often enough, its processes in turn."""
    turns = {program: _turns(rng, names[program]) for program in names if program != POISONED}
    salvos = []
    while left := [program for program, turn in turns.items() if turn]:
        rng.shuffle(left)
        left.sort(key=lambda program: -len(turns[program]))  # else one program is left over
        targets = tuple(turns[program].pop() for program in left[:TOGETHER])
        salvos.append(Fault(1, "kill", targets))
    return salvos


def _turns(rng: random.Random, processes: Sequence[str]) -> list[str]:
    order = rng.sample(list(processes), len(processes))
    return [order[number % len(order)] for number in range(KILLS)]


def _poisoned_kills(names: Names) -> list[Fault]:
    """What its deaths by poison leave to be done."""
    processes = names[POISONED]
    count = max(1, KILLS - POISON_DEATHS)
    return [Fault(1, "kill", (processes[n % len(processes)],)) for n in range(count)]


def _poison(rng: random.Random, meanwhile: Sequence[Fault]) -> Fault:
    return Fault(4, "poison", (POISONED,), draw=_draw(rng), meanwhile=tuple(meanwhile))


def _others(rng: random.Random, names: Names, nodes: Sequence[str]) -> list[Fault]:
    everyone = list(chain.from_iterable(names.values()))
    hurt = rng.sample(nodes, len(nodes))
    faults = [
        *(Fault(2, "broker-kill", (hurt[n % len(hurt)],)) for n in range(BROKER_KILLS)),
        Fault(3, "broker-freeze", (rng.choice(nodes),), FREEZE_S),
        Fault(3, "memory-alarm", lasts_s=ALARM_S),
        *(Fault(5, "roll", tuple(rng.sample(everyone, len(everyone)))) for _ in range(ROLLS)),
        Fault(6, "database-restart"),
        Fault(6, "sessions-ended"),
        Fault(7, "copies", draw=_draw(rng)),
        Fault(8, "other-arguments", (rng.choice(QUIET_QUEUES),)),
        Fault(8, "missing-right", (rng.choice(("orders", "finance")),)),
        *(Fault(0, "day") for _ in range(DAYS)),
    ]  # fmt: skip
    if len(nodes) > 1:
        faults.append(Fault(2, "partition", (rng.choice(nodes),), PARTITION_S))
    return faults


def _order(rng: random.Random, faults: list[Fault]) -> list[Fault]:
    """Any order in which no two side by side restart everything."""
    for _ in range(SHUFFLES):
        rng.shuffle(faults)
        if not any({one.kind, next_.kind} <= RESTARTING for one, next_ in pairwise(faults)):
            break
    return faults


def _draw(rng: random.Random) -> int:
    return rng.getrandbits(32)
