"""The supplies on offer as columns in memory: what constraints and scores look at, by slot.

Derived from the database and kept up by the same feed as the index, one for each process; an
`Offered` goes in and nothing of it is lost but until when its supplier is verified, which excludes
nobody and counts for nothing. A supply of some qualifications and places takes 450 bytes.
"""

from collections.abc import Callable, Hashable, Iterable
from datetime import date
from typing import Any, Generic, TypeVar

import numpy as np

from services.matching.ragged import Ints, Ragged, grown
from services.matching.sides import Holding, Offered

UNKNOWN = -1  # of numbers that are never negative
NEVER = date.max.toordinal()  # expires a holding of which no expiry is known
_DAY_BITS = 32  # a holding is one number: the code of name and grade, then the day it expires on
_DAYS = (1 << _DAY_BITS) - 1
FIRST = 1024  # slots; doubled when full

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
        distinct, places = np.unique(codes, return_inverse=True)
        found = [function(self.values[code]) for code in distinct]
        return np.array(found, np.int64)[places]


class Columns:
    """Put, drop, and look at many at once. `slots` says where each supply is."""

    _TYPES: tuple[tuple[str, Any], ...] = (
        ("sequence", np.int32), ("kind", np.int16), ("supplier", np.int32),
        ("price_min_fen", np.int64), ("capacity_free", np.int32), ("lead_time_days", np.int16),
        ("record_count", np.int16), ("won_count", np.int16),
        ("states_regions", np.bool_), ("states_qualifications", np.bool_),
    )  # fmt: skip

    def __init__(self) -> None:
        self.slots: dict[str, int] = {}
        self._free: list[int] = []
        self.kinds, self.suppliers = Codes[str](), Codes[str]()
        self.regions, self.served = Codes[str](), Ragged()
        self.held, self.holdings = Codes[tuple[str, str | None]](), Ragged()
        self.categories, self.listed = Codes[str](), Ragged()
        self.places, self.located = Codes[str](), Ragged()
        self._plain = {name: np.zeros(0, kind) for name, kind in self._TYPES}

    def __len__(self) -> int:
        return len(self.slots)

    def __getitem__(self, name: str) -> np.ndarray[Any, Any]:
        """A column of one number for each slot."""
        return self._plain[name]

    def put(self, offered: Offered, sequence: int) -> None:
        """As it is by its fact of this number, unless a later one is known; out, if inactive."""
        slot = self.slots.get(offered.id)
        if slot is not None and self["sequence"][slot] > sequence:
            return
        if offered.is_active:
            self._write(self._slot(offered.id) if slot is None else slot, offered, sequence)
        elif slot is not None:
            self._free.append(self.slots.pop(offered.id))

    def found(self, ids: Iterable[str]) -> tuple[list[str], Ints]:
        """Those of the supplies that are on offer, in their order, and their slots."""
        here = [id for id in ids if id in self.slots]
        return here, np.array([self.slots[id] for id in here], np.int64)

    def supplier_ids(self, slots: Ints) -> list[str]:
        return [self.suppliers.values[code] for code in self["supplier"][slots].tolist()]

    def offered(self, id: str) -> Offered:
        """What was put for a supply that is on offer, as it was put."""
        slot = self.slots[id]
        held = [self._holding(packed) for packed in self.holdings.at(slot)]
        served = tuple(self.regions.values[code] for code in self.served.at(slot))
        return Offered(
            id=id,
            supplier_id=self.suppliers.values[self["supplier"][slot]],
            kind=self.kinds.values[self["kind"][slot]],
            regions=served if self["states_regions"][slot] else None,
            qualifications=tuple(held) if self["states_qualifications"][slot] else None,
            categories=tuple(self.categories.values[code] for code in self.listed.at(slot)),
            places=frozenset(self.places.values[code] for code in self.located.at(slot)),
            **{name: self._number(name, slot) for name in _NUMBERS},
        )

    def _slot(self, id: str) -> int:
        if not self._free:
            begin = len(self["sequence"])
            self._resize(max(FIRST, 2 * begin))
            self._free = list(range(begin, len(self["sequence"])))[::-1]
        self.slots[id] = self._free.pop()
        return self.slots[id]

    def _resize(self, size: int) -> None:
        self._plain = {name: grown(column, size) for name, column in self._plain.items()}
        for column in (self.served, self.holdings, self.listed, self.located):
            column.resize(size)

    def _write(self, slot: int, offered: Offered, sequence: int) -> None:
        plain = self._plain
        plain["sequence"][slot] = sequence
        plain["kind"][slot] = self.kinds(offered.kind)
        plain["supplier"][slot] = self.suppliers(offered.supplier_id)
        for name in _NUMBERS:
            value = getattr(offered, name)
            plain[name][slot] = UNKNOWN if value is None else value
        plain["states_regions"][slot] = offered.regions is not None
        plain["states_qualifications"][slot] = offered.qualifications is not None
        self.served.put(slot, [self.regions(region) for region in offered.regions or ()])
        self.holdings.put(slot, [self._packed(one) for one in offered.qualifications or ()])
        self.listed.put(slot, [self.categories(category) for category in offered.categories])
        self.located.put(slot, [self.places(place) for place in offered.places])

    def _number(self, name: str, slot: int) -> Any:
        value = int(self[name][slot])
        return None if value == UNKNOWN else value

    def _packed(self, holding: Holding) -> int:
        until = NEVER if holding.expires_on is None else holding.expires_on.toordinal()
        return self.held((holding.name, holding.grade)) << _DAY_BITS | until

    def _holding(self, packed: int) -> Holding:
        until = packed & _DAYS
        return Holding(
            *self.held.values[packed >> _DAY_BITS],
            None if until == NEVER else date.fromordinal(until),
        )


def unpacked(holdings: Ints) -> tuple[Ints, Ints]:
    """The codes of name and grade, and the last days on which they hold."""
    return holdings >> _DAY_BITS, holdings & _DAYS


_NUMBERS = ("price_min_fen", "capacity_free", "lead_time_days", "record_count", "won_count")
