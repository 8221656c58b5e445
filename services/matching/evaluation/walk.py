"""Demands of the past, each judged by what was known on its day: history grows from day to day."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from services.matching import evidence, facts, ranking, scoring
from services.matching.asking import Mark
from services.matching.columns import Columns
from services.matching.engine import Engine
from services.matching.evaluation import history
from services.matching.evaluation.history import Holdings
from services.matching.evaluation.market import Market, Tender
from services.matching.index import SupplyIndex

Tick = Callable[[int, int], None]


class Seen(NamedTuple):
    """A tender's candidates that nothing excludes: their places, and a row of values each."""

    tender: Tender
    places: Any
    values_ppm: Any

    @property
    def gains(self) -> Any:
        """2^grade - 1 of each candidate."""
        return np.array([2 ** self.tender.grades.get(one, 0) - 1 for one in self.places.tolist()])


def walk(
    market: Market, tenders: Sequence[Tender], begin: int, holdings: Holdings, tick: Tick
) -> Iterator[Seen]:
    """From number `begin` on those of `tenders`, in order of time, that name a known bidder.

    Those before are history from the start, each day's from the next day on.
    """
    with _engine() as engine:
        engine.follow(history.supply_states(market, tenders[:begin], holdings), Mark(1, None))
        known = list(tenders[:begin])
        for _, of_day in groupby(tenders[begin:], key=lambda one: one.day):
            today = list(of_day)
            for tender in today:
                if tender.grades and history.is_fit(tender):
                    yield _seen(engine, tender)
            known += today
            bidders = {place for tender in today for place in tender.grades}
            states = history.supply_states(market, known, holdings, only=bidders)
            engine.follow(states, Mark(1, None))
            tick(len(known) - begin, len(tenders) - begin)


def _seen(engine: Engine, tender: Tender) -> Seen:
    wanted = facts.wanted(history.demand_state(tender))
    told, weights = evidence.gather(engine.index, engine.columns, wanted), scoring.current_weights()
    found = ranking.judge(wanted, engine.columns, told, tender.day, weights)
    (passing,) = np.nonzero(~np.logical_or.reduce(list(found.failing.values())))
    ids = engine.columns.ids(found.slots[passing])
    places = np.array([history.place_of(id) for id in ids], np.int64)
    return Seen(tender, places, found.values_ppm[passing])


@contextmanager
def _engine() -> Iterator[Engine]:
    with tempfile.TemporaryDirectory(prefix="sails-fit-") as folder:
        index = SupplyIndex(Path(folder))
        try:
            yield Engine(index, Columns())
        finally:
            index.close()
