"""What the earlier deals 业绩 of many supplies say of a demand; what is long ago says less."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np

from services.matching import localities, overlap
from services.matching.columnwise import Many
from services.matching.overlap import Floats, Shared
from services.matching.profile import (
    AMOUNT,
    CAPABILITY,
    DAY,
    PLACE,
    UNKNOWN,
    WORDS,
    amount_milli,
    capability_number,
)
from services.matching.ragged import Ints, Values
from services.matching.scoring import FULL_PPM

_LEAST = 1e-9  # where no deal shares a word, none is like


class Deals:
    """Of the supplies in `many`; `done`: of the `counts` words of the deals of each, the shared."""

    def __init__(self, many: Many, done: Shared, counts: Ints, shape: Mapping[str, int]) -> None:
        self.many, self.done, self.counts, self.shape = many, done, counts, shape
        self.deals, self.owners = many.columns.profiles["deals"].of(many.slots)

    def similar(self) -> Floats:
        """Likeness to the demand, squared, more where place or capability agree."""
        likeness = self._shared / max(self._shared.max(initial=0.0), _LEAST)
        agreement = (1 + self._near(self.deals)) * (1 + self._same(self.deals))
        return self._summed(likeness**2 * agreement * self._fresh, self.owners)

    def of_capability(self, closeness_ppm: Ints) -> Floats:
        """How many are near to a capability, given how near to it each is."""
        near = closeness_ppm[self.deals[:, CAPABILITY]] / FULL_PPM
        return self._summed(near * self._fresh, self.owners)

    def share_at_place(self) -> Floats:
        """The share that was where it is wanted, shrunk to what nothing at all says of it."""
        return self._share(self._near(self.deals), "place")

    def share_of_size(self) -> Floats:
        """How near in size they are on average, shrunk in the same way."""
        wanted, amounts = amount_milli(self.many.wanted.budget_fen), self.deals[:, AMOUNT]
        prior = self.shape["size_prior_ppm"] / FULL_PPM
        apart = np.abs(amounts.astype(np.int64) - wanted)
        nearness = np.exp(-apart / self.shape["size_fold_milli"])
        unknown = (amounts == UNKNOWN) | (wanted == UNKNOWN)
        return self._share(np.where(unknown, prior, nearness), "size")

    @cached_property
    def _shared(self) -> Floats:
        """Of each deal, how much of the demand's words its title has."""
        counts = self.deals[:, WORDS].astype(np.int64)
        begins = np.cumsum(self.counts) - self.counts
        words = begins[self.done.texts] + self.done.places
        deals = np.searchsorted(np.cumsum(counts), words, side="right")
        return overlap.bm25(deals, self.done.worth, counts, self.shape["deal_words"])

    def _share(self, values: Floats, name: str) -> Floats:
        prior = self.shape[f"{name}_prior_ppm"] / FULL_PPM
        summed = self._summed(values * self._fresh, self.owners)
        return (summed + prior) / (self._summed(self._fresh, self.owners) + 1)

    def _near(self, deals: Values) -> Any:
        return localities.lie_in(deals[:, PLACE], self.many.wanted.localities)

    def _same(self, deals: Values) -> Any:
        code = self.many.wanted.capability
        return deals[:, CAPABILITY] == (capability_number(code) if code else None)

    @cached_property
    def _fresh(self) -> Floats:
        """One today, half after its half-life; a deal without a date is an old one."""
        days = self.deals[:, DAY]
        age = np.maximum(self.many.today.toordinal() - days.astype(np.int64), 0)
        age[days == UNKNOWN] = self.shape["undated_age_days"]
        fresh: Floats = np.exp2(age / -self.shape["deal_half_life_days"])
        return fresh

    def _summed(self, values: Floats, owners: Ints) -> Floats:
        return np.asarray(np.bincount(owners, values, len(self.many.slots)), np.float64)
