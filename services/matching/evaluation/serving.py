"""The engine that serves, in a folder of its own, answering the demands of a measurement."""

import tempfile
import time
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from services.matching import allocation, constraints, exposure, facts
from services.matching.asking import Mark
from services.matching.columns import Columns
from services.matching.engine import Engine
from services.matching.explanation import Explained
from services.matching.exposure import Seen
from services.matching.index import SupplyIndex
from services.matching.ranking import Ranked, Ranking

State = Mapping[str, Any]


class Answer(NamedTuple):
    """What one demand gets.

    `order`: ids of supplies, those that are sent before all others of the ranking. `took_ms`: in
    one thread, from the demand's state to the explanations of the first twenty. `violations`: of
    those twenty, how many a constraint excludes when it looks at the supply itself.
    """

    order: tuple[str, ...]
    sent: tuple[str, ...]
    took_ms: float
    violations: int


@dataclass
class Notices:
    """Who was sent how many. Nobody answers in a measurement: a notice only grows old."""

    _sent: deque[tuple[date, str]] = field(default_factory=deque)
    open: Counter[str] = field(default_factory=Counter)

    def forget(self, today: date) -> None:
        """Those that are too old to count; days never go back."""
        while self._sent and self._sent[0][0] <= today - allocation.NOTICE_LIFE:
            self.open[self._sent.popleft()[1]] -= 1

    def send(self, today: date, suppliers: Sequence[str]) -> None:
        self._sent.extend((today, one) for one in suppliers)
        self.open.update(suppliers)


@dataclass
class Lists:
    """The newest lists, and in how many of them each supplier stands."""

    _newest: deque[frozenset[str]] = field(default_factory=deque)
    _counts: Counter[str] = field(default_factory=Counter)

    def add(self, suppliers: Iterable[str]) -> None:
        """One more; the oldest goes when there are more than are looked at."""
        self._newest.append(frozenset(suppliers))
        self._counts.update(self._newest[-1])
        if len(self._newest) > exposure.WINDOW:
            self._counts.subtract(self._newest.popleft())

    def seen(self) -> Seen:
        return Seen(len(self._newest), self._counts)


class Served:
    """Demands come in order of their days, as in life: who was seen and sent much is spared."""

    def __init__(self, engine: Engine, states: Sequence[State]) -> None:
        self.engine = engine
        self.states = {state["id"]: state for state in states}
        self.notices, self.lists = Notices(), Lists()

    def answer(self, demand: State, today: date) -> Answer:
        """Read, retrieve, constrain, score, allot, explain."""
        self.notices.forget(today)
        began_s = time.perf_counter()
        wanted = facts.wanted(demand)
        found, explained = self.engine.rank(wanted, today)
        sent = self._sent(found.ranked)
        others = (one for one in found.ranked if one.supply_id not in sent)
        kept = [*sent.values(), *islice(others, allocation.KEPT - len(sent))]
        self._explain(kept, explained)
        took_ms = (time.perf_counter() - began_s) * 1000
        told = [one.supplier_id for one in sent.values()]
        self.notices.send(today, told)
        self.lists.add(told)
        pairs = [(wanted, facts.stated(self.states[one.supply_id])[0], today) for one in kept]
        violations = sum(bool(constraints.failed(constraints.judge(*pair))) for pair in pairs)
        return Answer(_order(found, sent), tuple(sent), took_ms, violations)

    def _sent(self, ranked: Sequence[Ranked]) -> dict[str, Ranked]:
        """Whom exposure lets have a notice, best first."""
        candidates = allocation.candidates(ranked)
        allotted = allocation.allot(candidates, self.lists.seen(), self.notices.open, {})
        return {one.supply_id: one for one in ranked if one.supply_id in allotted.sent}

    def _explain(self, kept: Sequence[Ranked], explained: Explained) -> list[dict[str, Any]]:
        """All that people would be shown of each."""
        shown = {one.supply_id: facts.shown(self.states[one.supply_id]) for one in kept}
        return [explained.columns(judged) for judged in explained.judged(shown).values()]


@contextmanager
def serving(states: Sequence[State]) -> Iterator[Served]:
    """An engine that knows these supplies, and nothing else."""
    with tempfile.TemporaryDirectory(prefix="sails-evaluate-") as folder:
        index = SupplyIndex(Path(folder))
        try:
            engine = Engine(index, Columns())
            engine.follow(states, Mark(1, None))
            yield Served(engine, states)
        finally:
            index.close()


def _order(found: Ranking, sent: Mapping[str, Ranked]) -> tuple[str, ...]:
    others = (one.supply_id for one in found.ranked if one.supply_id not in sent)
    return (*sent, *others)
