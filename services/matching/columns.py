"""The supplies on offer as columns in memory: what constraints and scores look at, by slot.

Read from the index when a process starts and kept up by the same feed, one for each process; an
`Offered` and its profile go in, and nothing is lost but until when its supplier is verified, which
excludes nobody and counts for nothing.
"""

from collections.abc import Callable, Hashable
from datetime import date
from typing import Any, Generic, TypeVar

import numpy as np

from services.matching.profile import DEAL, Profile
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
        ("sequence", np.int32), ("number", np.int64), ("kind", np.int16), ("supplier", np.int32),
        ("price_min_fen", np.int64), ("capacity_free", np.int32), ("lead_time_days", np.int16),
        ("states_regions", np.bool_), ("states_qualifications", np.bool_),
    )  # fmt: skip

    def __init__(self) -> None:
        self.slots: dict[str, int] = {}
        self.ids: list[str] = []  # by slot; of a free one, whose it was
        self._by_number = np.zeros(0, np.int32)
        self._free: list[int] = []
        self.kinds, self.suppliers = Codes[str](), Codes[str]()
        self.regions, self.served = Codes[str](), Ragged(np.int32)
        self.held, self.holdings = Codes[tuple[str, str | None]](), Ragged(np.int64)
        self.profiles = {name: Ragged(kind) for name, kind in _PROFILE}
        self._plain = {name: np.zeros(0, kind) for name, kind in self._TYPES}

    def __len__(self) -> int:
        return len(self.slots)

    def __getitem__(self, name: str) -> np.ndarray[Any, Any]:
        """A column of one number for each slot."""
        return self._plain[name]

    def put(self, offered: Offered, sequence: int, read: Profile) -> None:
        """As it is by its fact of this number, unless a later one is known; out, if inactive."""
        slot = self.slots.get(offered.id)
        if slot is not None and self["sequence"][slot] > sequence:
            return
        if offered.is_active:
            slot = self._slot(offered) if slot is None else slot
            self._write(slot, offered, sequence)
            for name, column in self.profiles.items():
                column.put(slot, getattr(read, name))
        elif slot is not None:
            self._by_number[offered.number] = UNKNOWN
            self._free.append(self.slots.pop(offered.id))

    def at(self, numbers: Ints) -> Ints:
        """The slots of the supplies with these numbers; UNKNOWN for one that is not on offer."""
        known = numbers < len(self._by_number)
        found: Ints = np.full(len(numbers), UNKNOWN, np.int64)
        found[known] = self._by_number[numbers[known]]
        return found

    def supplier_ids(self, slots: Ints) -> list[str]:
        return [self.suppliers.values[code] for code in self["supplier"][slots].tolist()]

    def offered(self, id: str) -> Offered:
        """What was put for a supply that is on offer, as it was put."""
        slot = self.slots[id]
        held = [self._holding(packed) for packed in self.holdings.at(slot)]
        served = tuple(self.regions.values[code] for code in self.served.at(slot))
        return Offered(
            id=id,
            number=int(self["number"][slot]),
            supplier_id=self.suppliers.values[self["supplier"][slot]],
            kind=self.kinds.values[self["kind"][slot]],
            regions=served if self["states_regions"][slot] else None,
            qualifications=tuple(held) if self["states_qualifications"][slot] else None,
            **{name: self._number(name, slot) for name in _NUMBERS},
        )

    def profile(self, id: str) -> Profile:
        """The same of its profile."""
        slot = self.slots[id]
        return Profile.of(column.at(slot) for column in self.profiles.values())

    def _slot(self, offered: Offered) -> int:
        if not self._free:
            begin = len(self["sequence"])
            self._resize(max(FIRST, 2 * begin))
            self._free = list(range(begin, len(self["sequence"])))[::-1]
        slot = self.slots[offered.id] = self._free.pop()
        self.ids[slot] = offered.id
        self._number_is_at(offered.number, slot)
        return slot

    def _number_is_at(self, number: int, slot: int) -> None:
        """Numbers are drawn one after the other, so the column has few gaps."""
        begin = len(self._by_number)
        if number >= begin:
            self._by_number = grown(self._by_number, max(FIRST, 2 * number))
            self._by_number[begin:] = UNKNOWN
        self._by_number[number] = slot

    def _resize(self, size: int) -> None:
        self._plain = {name: grown(column, size) for name, column in self._plain.items()}
        self.ids += [""] * (size - len(self.ids))
        for column in (self.served, self.holdings, *self.profiles.values()):
            column.resize(size)

    def _write(self, slot: int, offered: Offered, sequence: int) -> None:
        plain = self._plain
        plain["sequence"][slot] = sequence
        plain["number"][slot] = offered.number
        plain["kind"][slot] = self.kinds(offered.kind)
        plain["supplier"][slot] = self.suppliers(offered.supplier_id)
        for name in _NUMBERS:
            value = getattr(offered, name)
            plain[name][slot] = UNKNOWN if value is None else value
        plain["states_regions"][slot] = offered.regions is not None
        plain["states_qualifications"][slot] = offered.qualifications is not None
        self.served.put(slot, [self.regions(region) for region in offered.regions or ()])
        self.holdings.put(slot, [self._packed(one) for one in offered.qualifications or ()])

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


_NUMBERS = ("price_min_fen", "capacity_free", "lead_time_days")
# The fields of a profile, in their order, and how each value is kept.
_PROFILE: tuple[tuple[str, Any], ...] = (
    ("named", np.uint32), ("held", np.uint32), ("capable", np.int16), ("qualified", np.int16),
    ("home", np.int32), ("deals", DEAL),
)  # fmt: skip
