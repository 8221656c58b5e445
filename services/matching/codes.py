"""Numbers for values that are few and come again: kinds, regions, qualifications."""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

import numpy as np

from services.matching.ragged import Ints

MANY = 4_096  # values; a table of fewer costs less than sorting the codes
UNKNOWN = -1  # of numbers that are never negative

Value = TypeVar("Value", bound=Hashable)


class Codes(Generic[Value]):
    """Numbers for values, in the order in which they come; as many as there are different ones."""

    def __init__(self) -> None:
        self._codes: dict[Value, int] = {}
        self.values: list[Value] = []

    def __call__(self, value: Value) -> int:
        """Its number, a new one if need be."""
        code = self._codes.setdefault(value, len(self.values))
        if code == len(self.values):
            self.values.append(value)
        return code

    def known(self, value: Value) -> int:
        """Its number; UNKNOWN for a value that never came."""
        return self._codes.get(value, UNKNOWN)

    def mapped(self, codes: Ints, function: Callable[[Value], int]) -> Ints:
        """`function` of each code's value, called once for each different value."""
        if len(self.values) > MANY:
            distinct, places = np.unique(codes, return_inverse=True)
            found = [function(self.values[code]) for code in distinct.tolist()]
            return np.array(found, np.int64)[places]
        table = np.zeros(len(self.values), np.int64)
        for code in np.flatnonzero(np.bincount(codes)).tolist():
            table[code] = function(self.values[code])
        return table[codes]
