"""A column in which each slot has any number of values, end to end in one array."""

from collections.abc import Sequence
from typing import Any

import numpy as np

Ints = np.ndarray[Any, np.dtype[np.int64]]
Values = np.ndarray[Any, np.dtype[Any]]
# What was replaced stays in the array until it is half of it: moving all values together costs
# less than was written since the last time.
WASTE = 2
FIRST = 1024  # values; doubled when full


class Ragged:
    """Values of one type by slot: whole numbers, or rows of several."""

    def __init__(self, kind: Any = np.int64) -> None:
        self._values: Values = np.zeros(FIRST, kind)
        self._begins = np.zeros(0, np.int64)
        self._counts = np.zeros(0, np.int32)
        self._end = self._kept = 0

    def resize(self, slots: int) -> None:
        """Room for so many slots; those that are new are empty."""
        self._begins, self._counts = grown(self._begins, slots), grown(self._counts, slots)

    def put(self, slot: int, values: Sequence[Any]) -> None:
        """Instead of what the slot had."""
        if self._end + len(values) > len(self._values):
            self._make_room(len(values))
        begin, self._end = self._end, self._end + len(values)
        if len(values):
            self._values[begin : self._end] = list(values)
        self._kept += len(values) - int(self._counts[slot])
        self._begins[slot], self._counts[slot] = begin, len(values)

    def values(self, slot: int) -> Values:
        """Those of one slot, in their order."""
        begin = int(self._begins[slot])
        return self._values[begin : begin + int(self._counts[slot])]

    def at(self, slot: int) -> list[Any]:
        """The same as a list."""
        found: list[Any] = self.values(slot).tolist()
        return found

    def counts(self, slots: Ints) -> Ints:
        """How many values each of these slots has."""
        found: Ints = self._counts[slots].astype(np.int64)
        return found

    def joined(self, slots: Ints) -> tuple[Values, Ints]:
        """All values of these slots, end to end, and how many each slot has."""
        counts = self.counts(slots)
        places = np.repeat(self._begins[slots] - np.cumsum(counts) + counts, counts)
        places += np.arange(len(places))
        return self._values[places], counts

    def of(self, slots: Ints) -> tuple[Values, Ints]:
        """All values of these slots and, for each, the place of its slot in `slots`."""
        values, counts = self.joined(slots)
        return values, np.repeat(np.arange(len(slots)), counts)

    def _make_room(self, count: int) -> None:
        """By what was replaced, if that is much; else by more memory."""
        if self._end >= WASTE * self._kept:
            self._compact()
        self._values = grown(self._values, 2 * max(self._end, self._kept + count))

    def _compact(self) -> None:
        values, _ = self.of(np.arange(len(self._counts)))
        self._begins = np.cumsum(self._counts, dtype=np.int64) - self._counts
        self._values, self._end = values, len(values)


def grown(column: Values, size: int) -> Values:
    """The same with zeros behind it; never shorter.

    Zeros that nobody has written to take no memory yet: what is doubled is not twice as large.
    """
    longer = np.zeros((max(size, len(column)), *column.shape[1:]), column.dtype)
    longer[: len(column)] = column
    return longer
