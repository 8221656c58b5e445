"""What constraints say of many supplies at once, from their columns.

The rules are those of `constraints`, which has them for one pair and with words; a test holds them
together. Only what can exclude is judged here.
"""

from datetime import date
from functools import cached_property
from typing import Any

import numpy as np

from services.contracts.kinds import FACETS
from services.matching import facets, grades, kinds, regions
from services.matching.codes import UNKNOWN
from services.matching.columns import Columns, unpacked
from services.matching.ragged import Ints
from services.matching.sides import Requirement, Wanted

# A verdict as a number, so that the best of several is the greatest and all of them the least.
FAILS, DOUBTFUL, PASSES = 0, 1, 2
CODE = {False: FAILS, None: DOUBTFUL, True: PASSES}

Flags = np.ndarray[Any, np.dtype[np.bool_]]


class Many:
    """A demand and the supplies in these slots, which ascend, as they are on a day."""

    def __init__(self, wanted: Wanted, columns: Columns, slots: Ints, today: date) -> None:
        self.wanted, self.columns, self.slots, self.today = wanted, columns, slots, today

    def failing(self) -> dict[str, Flags]:
        """By constraint, whom it excludes."""
        return {name: verdict == FAILS for name, verdict in self.verdicts().items()}

    def verdicts(self) -> dict[str, Ints]:
        """By constraint; all but `active`, as they are, and `verified`, which excludes nobody."""
        return {
            "kind": self._kind(),
            "counterparty": self._counterparty(),
            "region": self._region(),
            "qualification": self._qualification(),
            "price": self._price(),
            "capacity": self._capacity(),
            "lead_time": self._lead_time(),
            "facets": self._facets(),
            "preferences": self._preferences(),
        }

    def _kind(self) -> Ints:
        def answers(kind: str) -> int:
            return CODE[kinds.answers(self.wanted.kind, kind)]

        return self.columns.kinds.mapped(self.whole("kind"), answers)

    def _counterparty(self) -> Ints:
        is_buyer = self._column("supplier_id") == self.wanted.buyer_id.encode()
        return np.where(is_buyer, FAILS, PASSES)

    def _region(self) -> Ints:
        wanted = self.wanted.region

        def includes(served: str) -> int:
            return CODE[regions.covers((served,), wanted)]

        codes, owners = self.columns.served.of(self.slots)
        best = self._best(self.columns.regions.mapped(codes, includes), owners)
        best[self._count(owners) == 0] = PASSES  # none in particular is anywhere
        best[~self._column("states_regions")] = DOUBTFUL
        return best

    def _qualification(self) -> Ints:
        if self.wanted.requirements is None:
            return self._all(DOUBTFUL)
        worst: Ints = self.met.min(axis=0, initial=PASSES)
        return worst

    def _price(self) -> Ints:
        low, budget = self.whole("price_min_fen"), self.wanted.budget_fen
        if budget is None:
            return self._all(DOUBTFUL)
        return np.where(low == UNKNOWN, DOUBTFUL, np.where(low <= budget, PASSES, FAILS))

    def _capacity(self) -> Ints:
        free = self.whole("capacity_free")
        return np.where(free == UNKNOWN, DOUBTFUL, np.where(free > 0, PASSES, FAILS))

    def _lead_time(self) -> Ints:
        days, due = self.whole("lead_time_days"), self.wanted.delivery_due_date
        if due is None:
            return self._all(DOUBTFUL)
        begins = max(self.today, self.wanted.quotes_until or self.today)
        in_time = begins.toordinal() + days <= due.toordinal()
        return np.where(days == UNKNOWN, DOUBTFUL, np.where(in_time, PASSES, FAILS))

    def _facets(self) -> Ints:
        """The worst of the hard ones."""
        worst: Ints = np.min([self._all(PASSES), *self._facets_that(is_hard=True)], axis=0)
        return worst

    def _preferences(self) -> Ints:
        """PASSES where all the others agree; else DOUBTFUL, which excludes nobody."""
        asked = len(self._facets_that(is_hard=False))
        return np.where(self.preferred() == asked, PASSES, DOUBTFUL)

    def preferred(self) -> Ints:
        """How many of the facets agree that the demand only prefers."""
        agree = [found == PASSES for found in self._facets_that(is_hard=False)]
        counts: Ints = np.sum(agree, axis=0, dtype=np.int64) if agree else self._all(0)
        return counts

    def _facets_that(self, *, is_hard: bool) -> list[Ints]:
        found = self.facets_met.items()
        return [verdicts for number, verdicts in found if FACETS[number].is_hard == is_hard]

    @cached_property
    def facets_met(self) -> dict[int, Ints]:
        """By facet that the demand states, and supply; spans agree where they overlap."""
        spans, owners = self.columns.facets.of(self.slots)
        found = {}
        for number, wanted in facets.by_facet(self.wanted.facets).items():
            of_it = spans["facet"] == number
            has, owner = spans[of_it], owners[of_it]
            agrees = [(has["low"] <= one.high) & (has["high"] >= one.low) for one in wanted]
            best = self._best(np.where(np.any(agrees, axis=0), PASSES, FAILS), owner)
            found[number] = np.where(self._count(owner) > 0, best, DOUBTFUL)
        return found

    @cached_property
    def met(self) -> Ints:
        """By required qualification and supply, the best of what it holds."""
        codes, until = unpacked(self._holdings[0])
        holds = until >= self.today.toordinal()
        met = [
            self._best(np.where(holds, self._answers(item, codes), FAILS), self._holdings[1])
            for item in self.wanted.requirements or ()
        ]
        found = np.array(met, np.int64).reshape(len(met), len(self.slots))
        return np.where(self._column("states_qualifications"), found, DOUBTFUL)

    @cached_property
    def _holdings(self) -> tuple[Ints, Ints]:
        return self.columns.holdings.of(self.slots)

    def _answers(self, required: Requirement, codes: Ints) -> Ints:
        return self.columns.held.mapped(codes, lambda held: CODE[grades.answers(required, *held)])

    def _column(self, name: str) -> Any:
        return self.columns[name][self.slots]

    def whole(self, name: str) -> Ints:
        """As numbers that no arithmetic here overflows."""
        numbers: Ints = self._column(name).astype(np.int64)
        return numbers

    def _all(self, value: int) -> Ints:
        return np.full(len(self.slots), value, np.int64)

    def _best(self, values: Ints, owners: Ints) -> Ints:
        """The greatest value of each slot; 0 where it has none."""
        best = self._all(0)
        np.maximum.at(best, owners, values)
        return best

    def _count(self, owners: Ints) -> Ints:
        counts: Ints = np.bincount(owners, minlength=len(self.slots))
        return counts
