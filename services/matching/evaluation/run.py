"""A measurement from beginning to end: read, index, judge, compare."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from services.matching.evaluation import history, market, report, serving
from services.matching.evaluation.baseline import baseline
from services.matching.evaluation.history import Holdings
from services.matching.evaluation.market import Market, Tender
from services.matching.evaluation.report import Comparison
from services.matching.evaluation.serving import Answer, Served

# Told of a stage (READ, JUDGE, BASELINE, FIT): its name, how much of it is done, and of how much.
Tick = Callable[[str, int, int], None]
READ, JUDGE, BASELINE, FIT = "read", "judge", "baseline", "fit"


class NothingToJudge(Exception):
    """No tender since the split has a bidder that is known; the text is the split."""


class Compared(NamedTuple):
    """What the yardstick has made of the same tenders."""

    weights: dict[str, float]
    comparisons: dict[str, Comparison]

    def to_json(self) -> dict[str, Any]:
        shown = {name: round(weight, report.DIGITS) for name, weight in self.weights.items()}
        compared = {name: one.to_json() for name, one in self.comparisons.items()}
        return {"baseline": {"weights": shown} | compared}


class Report(NamedTuple):
    """`figures`: by name, in the order of FIGURES; `known`: tenders that made the history."""

    figures: dict[str, Any]
    compared: Compared | None
    suppliers: int
    known: int
    judged: int
    skipped: Counter[str]


def evaluate(
    folder: Path, split: date, holdings: Holdings, tick: Tick, *, with_baseline: bool = False
) -> Report:
    """Rank by the code that serves for every tender from `split` on, with the history before it.

    Raises Unreadable, NothingToJudge, NothingToFit.
    """
    tick(READ, 0, 1)
    found = market.read(folder)
    known, judged = found.before(split), _judged(found, split)
    states = history.supply_states(found, known, holdings)
    tick(READ, 1, 1)
    with serving.serving(states) as served:
        answers = _answers(served, judged, partial(tick, JUDGE))
    orders = [[history.place_of(id) for id in answer.order] for answer in answers]
    ours = report.values(orders, judged)
    figures = {
        **report.intervals(ours),
        **report.exposure(orders, len(found.suppliers)),
        "constraint_violations": sum(answer.violations for answer in answers),
        **report.times([answer.took_ms for answer in answers]),
    }
    compared = _compared(found, known, judged, ours, tick) if with_baseline else None
    sizes = len(found.suppliers), len(known), len(judged)
    return Report(figures, compared, *sizes, found.skipped)


def _judged(found: Market, split: date) -> list[Tender]:
    """The tenders that tell right from wrong; others are counted. Raises NothingToJudge."""
    since = found.since(split)
    with_bidders = [tender for tender in since if tender.grades]
    judged = [tender for tender in with_bidders if history.is_fit(tender)]
    found.skipped["tender_without_relevant"] += len(since) - len(with_bidders)
    found.skipped["tender_refused"] += len(with_bidders) - len(judged)
    if not judged:
        raise NothingToJudge(split.isoformat())
    return judged


def _answers(
    served: Served, judged: Sequence[Tender], tick: Callable[[int, int], None]
) -> list[Answer]:
    """In order of their days. What is loaded once, at the first demand of all, is loaded before."""
    first = judged[0]
    Served(served.engine, list(served.states.values())).answer(
        history.demand_state(first), first.day
    )
    answers = []
    for done, tender in enumerate(judged, 1):
        answers.append(served.answer(history.demand_state(tender), tender.day))
        tick(done, len(judged))
    return answers


def _compared(
    found: Market,
    known: Sequence[Tender],
    judged: Sequence[Tender],
    ours: report.Values,
    tick: Tick,
) -> Compared:
    """Raises NothingToFit."""
    made = baseline(found, known, judged, partial(tick, BASELINE))
    return Compared(made.weights, report.compare(ours, report.values(made.orders, judged)))
