"""The engine that serves, in a folder of its own, answering the demands of a measurement."""

import tempfile
import time
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from services.matching import allocation, constraints, facts
from services.matching.asking import Mark
from services.matching.columns import Columns
from services.matching.engine import Engine
from services.matching.explanation import Explained
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


class Served:
    """Demands come in order of their days, as in life: who was sent much is spared."""

    def __init__(self, engine: Engine, states: Sequence[State]) -> None:
        self.engine = engine
        self.states = {state["id"]: state for state in states}
        self.notices = Notices()

    def answer(self, demand: State, today: date) -> Answer:
        """Read, retrieve, constrain, score, allot, explain."""
        self.notices.forget(today)
        began_s = time.perf_counter()
        wanted = facts.wanted(demand)
        found, explained = self.engine.rank(wanted, today)
        kept = found.ranked[: allocation.KEPT]
        sent = self._sent(kept)
        self._explain(kept, explained)
        took_ms = (time.perf_counter() - began_s) * 1000
        self.notices.send(today, [one.supplier_id for one in kept if one.supply_id in sent])
        pairs = [(wanted, facts.stated(self.states[one.supply_id])[0], today) for one in kept]
        violations = sum(bool(constraints.failed(constraints.judge(*pair))) for pair in pairs)
        return Answer(_order(found, sent), tuple(sent), took_ms, violations)

    def _sent(self, kept: Sequence[Ranked]) -> dict[str, None]:
        """Whom exposure lets have a notice, best first."""
        candidates = [allocation.Candidate(one.supply_id, one.supplier_id) for one in kept]
        withheld = allocation.withheld(candidates, self.notices.open, {})
        return {one.supply_id: None for one in kept if one.supply_id not in withheld}

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


def _order(found: Ranking, sent: Mapping[str, None]) -> tuple[str, ...]:
    others = (one.supply_id for one in found.ranked if one.supply_id not in sent)
    return (*sent, *others)
