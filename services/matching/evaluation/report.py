"""What a measurement says: the figures of what serves, and how they compare with the yardstick."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from services.matching.evaluation import bootstrap, metrics
from services.matching.evaluation.bootstrap import Interval
from services.matching.evaluation.market import Tender

MEANS = ("ndcg10", "recall50", "mrr")  # of a value for each tender: these have intervals
FIGURES = (
    *MEANS, "largest_share", "coverage", "gini", "constraint_violations", "p50_ms", "p99_ms",
)  # fmt: skip
DIGITS, MS_DIGITS = 4, 3
BETTER, WORSE, CHANCE = "better", "worse", "chance"

Values = dict[str, list[float]]


class Comparison(NamedTuple):
    """One figure here and by the yardstick, and their paired difference.

    `verdict`: a difference whose interval has zero in it may be chance.
    """

    ours: Interval
    theirs: Interval
    difference: Interval

    @property
    def verdict(self) -> str:
        if not self.difference.excludes_zero:
            return CHANCE
        return BETTER if self.difference.value > 0 else WORSE

    def to_json(self) -> dict[str, Any]:
        named = {name: to_json(interval) for name, interval in self._asdict().items()}
        return named | {"verdict": self.verdict}


def values(orders: Sequence[Sequence[int]], judged: Sequence[Tender]) -> Values:
    """Of every tender, each of MEANS."""
    pairs = [(order, tender.grades) for order, tender in zip(orders, judged, strict=True)]
    return {
        "ndcg10": [metrics.ndcg(*pair) for pair in pairs],
        "recall50": [metrics.recall(*pair) for pair in pairs],
        "mrr": [metrics.reciprocal_rank(*pair) for pair in pairs],
    }


def exposure(orders: Sequence[Sequence[int]], everybody: int) -> dict[str, float]:
    """Who is seen in the lists that people read: the first of each ranking."""
    counts = metrics.seen(order[: metrics.LISTED] for order in orders)
    return {
        "largest_share": round(metrics.largest_share(counts, len(orders)), DIGITS),
        "coverage": round(metrics.coverage(counts, everybody), DIGITS),
        "gini": round(metrics.gini(counts, everybody), DIGITS),
    }


def times(took_ms: Sequence[float]) -> dict[str, float]:
    """The median and the slowest hundredth of the whole way of a demand."""
    p50_ms, p99_ms = np.percentile(took_ms, (50, 99)).tolist()
    return {"p50_ms": round(p50_ms, MS_DIGITS), "p99_ms": round(p99_ms, MS_DIGITS)}


def intervals(measured: Values) -> dict[str, dict[str, float]]:
    """Of means alone: resampled tenders repeat, so that a coverage or a maximum would be biased."""
    return {name: to_json(bootstrap.mean(each)) for name, each in measured.items()}


def compare(ours: Values, theirs: Values) -> dict[str, Comparison]:
    """Each of MEANS, on the same tenders."""
    return {
        name: Comparison(
            bootstrap.mean(ours[name]),
            bootstrap.mean(theirs[name]),
            bootstrap.mean_difference(ours[name], theirs[name]),
        )
        for name in MEANS
    }


def to_json(interval: Interval) -> dict[str, float]:
    """`value`, `low`, `high`, rounded."""
    return {name: round(value, DIGITS) for name, value in interval._asdict().items()}
