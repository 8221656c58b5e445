"""What chance alone would do to a mean: percentile intervals of the bootstrap (Efron 1979)."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

RESAMPLES = 2_000  # the ends of a 95 % interval rest on some fifty of them
LOW, HIGH = 2.5, 97.5  # percentiles
SEED = 20_251_001  # any; the same data always give the same interval


class Interval(NamedTuple):
    """A mean, and within what 95 of 100 such samples would have it."""

    value: float
    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        return self.low > 0 or self.high < 0


def mean(values: Sequence[float]) -> Interval:
    """Of at least one value; each is drawn as a whole, as tenders are."""
    sample = np.asarray(values, float)
    draw = np.random.default_rng(SEED)
    means = [sample[draw.integers(len(sample), size=len(sample))].mean() for _ in range(RESAMPLES)]
    low, high = np.percentile(means, (LOW, HIGH))
    return Interval(float(sample.mean()), float(low), float(high))


def mean_difference(ours: Sequence[float], theirs: Sequence[float]) -> Interval:
    """Paired: both are measured on the same tenders, in the same order."""
    return mean([one - other for one, other in zip(ours, theirs, strict=True)])
