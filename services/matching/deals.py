"""What the earlier deals 业绩 of many supplies say of a demand; what is long ago says less."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np

from services.matching import localities
from services.matching.columnwise import Many
from services.matching.index import Hits
from services.matching.profile import UNKNOWN, amount_milli, capability_number
from services.matching.ragged import Ints, Values
from services.matching.scoring import FULL_PPM

Floats = np.ndarray[Any, np.dtype[np.float64]]


class Deals:
    """Of the supplies in `many`; `hits`: those deals that share words with the demand."""

    def __init__(self, many: Many, hits: Hits, shape: Mapping[str, int]) -> None:
        self.many, self.hits, self.shape = many, hits, shape
        self.column = many.columns.profiles["deals"]
        self.deals, self.owners = self.column.of(many.slots)

    def similar(self) -> Floats:
        """Those that the index found: likeness squared, more where place or capability agree."""
        slots = self.many.columns.at(self.hits.numbers)
        here, owners = self.many.places_of(slots)
        here, owners = self._in_one_order(here, owners)
        ordinals = self.hits.ordinals[here] - 1
        # The index may be of a moment when it had more of them.
        there = ordinals < self.column.counts(slots[here])
        deals = self.column.each(slots[here][there], ordinals[there])
        likeness = self.hits.relevance_milli[here][there] / max(self._most, 1)
        agreement = (1 + self._near(deals)) * (1 + self._same(deals))
        worth = likeness**2 * agreement * self._freshness(deals, "deal")
        return self._summed(worth, owners[there])

    def of_capability(self, closeness_ppm: Ints) -> Floats:
        """How many are near to a capability, given how near to it each is."""
        near = closeness_ppm[self.deals["capability"]] / FULL_PPM
        return self._summed(near * self._fresh, self.owners)

    def share_at_place(self) -> Floats:
        """The share that was where it is wanted, shrunk to what nothing at all says of it."""
        return self._share(self._near(self.deals), "place")

    def share_of_size(self) -> Floats:
        """How near in size they are on average, shrunk in the same way."""
        wanted, amounts = amount_milli(self.many.wanted.budget_fen), self.deals["amount"]
        prior = self.shape["size_prior_ppm"] / FULL_PPM
        apart = np.abs(amounts.astype(np.int64) - wanted)
        nearness = np.exp(-apart / self.shape["size_fold_milli"])
        unknown = (amounts == UNKNOWN) | (wanted == UNKNOWN)
        return self._share(np.where(unknown, prior, nearness), "size")

    def recent(self) -> Floats:
        """How many there are of late."""
        return self._summed(self._freshness(self.deals, "activity"), self.owners)

    def _in_one_order(self, here: Ints, owners: Ints) -> tuple[Ints, Ints]:
        """The newest first: sums of the same parts come out the same, however they were found."""
        order = np.argsort(self.hits.ordinals[here], kind="stable")
        return here[order], owners[order]

    @cached_property
    def _most(self) -> int:
        return int(self.hits.relevance_milli.max(initial=0))

    @cached_property
    def _fresh(self) -> Floats:
        return self._freshness(self.deals, "deal")

    def _share(self, values: Floats, name: str) -> Floats:
        prior = self.shape[f"{name}_prior_ppm"] / FULL_PPM
        summed = self._summed(values * self._fresh, self.owners)
        return (summed + prior) / (self._summed(self._fresh, self.owners) + 1)

    def _near(self, deals: Values) -> Any:
        return localities.lie_in(deals["place"], self.many.wanted.localities)

    def _same(self, deals: Values) -> Any:
        asked = self.many.wanted.capabilities
        top = capability_number(max(asked, key=asked.__getitem__)) if asked else None
        return deals["capability"] == top

    def _freshness(self, deals: Values, name: str) -> Floats:
        """One today, half after its half-life; a deal without a date is an old one."""
        age = np.maximum(self.many.today.toordinal() - deals["day"].astype(np.int64), 0)
        age[deals["day"] == UNKNOWN] = self.shape["undated_age_days"]
        fresh: Floats = np.exp2(age / -self.shape[f"{name}_half_life_days"])
        return fresh

    def _summed(self, values: Floats, owners: Ints) -> Floats:
        return np.asarray(np.bincount(owners, values, len(self.many.slots)), np.float64)
