"""The supplies on offer as columns in memory: what constraints and scores look at, by slot.

Read from the index when a process starts and kept up by the same feed, one for each process; an
`Offered` and its profile go in, and nothing is lost but until when its supplier is verified, which
excludes nobody and counts for nothing.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any
from zlib import crc32

import numpy as np

from services.contracts.kinds import Span
from services.matching.codes import UNKNOWN, Codes
from services.matching.frequencies import Frequencies
from services.matching.profile import DEAL, Profile
from services.matching.ragged import Ints, Ragged, Values, grown
from services.matching.sides import Holding, Offered

NEVER = date.max.toordinal()  # expires a holding of which no expiry is known
_DAY_BITS = 32  # a holding is one number: the code of name and grade, then the day it expires on
_DAYS = (1 << _DAY_BITS) - 1
_ID = "S36"  # a UUID as text
NO_KEY = 0  # of a slot that is free
FIRST = 1024  # slots; doubled when full
SPAN = np.dtype([("facet", np.int16), ("low", np.int64), ("high", np.int64)])


class Columns:
    """Put, drop, and look at many at once, each in a slot of its own."""

    _TYPES: tuple[tuple[str, Any], ...] = (
        ("sequence", np.int32), ("number", np.int64), ("key", np.uint64), ("id", _ID),
        ("supplier_id", _ID), ("kind", np.int16), ("price_min_fen", np.int64),
        ("capacity_free", np.int32), ("lead_time_days", np.int16), ("states_regions", np.bool_),
        ("states_qualifications", np.bool_), ("named", np.uint16), ("held", np.uint16),
        ("said", np.uint16),
    )  # fmt: skip

    def __init__(self) -> None:
        self._by_number = np.zeros(0, np.int32)
        self._free: list[int] = []
        self.kinds = Codes[str]()
        self.regions, self.served = Codes[str](), Ragged(np.int32)
        self.held, self.holdings = Codes[tuple[str, str | None]](), Ragged(np.int64)
        self.facets = Ragged(SPAN)
        self.profiles = {name: Ragged(kind) for name, kind in _PROFILE}
        self.frequencies = Frequencies()
        self._plain = {name: np.zeros(0, kind) for name, kind in self._TYPES}

    def __len__(self) -> int:
        return len(self["sequence"]) - len(self._free)

    def __getitem__(self, name: str) -> np.ndarray[Any, Any]:
        """A column of one value for each slot."""
        return self._plain[name]

    def put(self, offered: Offered, sequence: int, read: Profile) -> None:
        """As it is by its fact of this number, unless a later one is known; out, if inactive."""
        slot = self.slot_of(offered.number)
        if slot != UNKNOWN and self["sequence"][slot] > sequence:
            return
        if slot != UNKNOWN:
            self.frequencies.take(self.words(slot))
        if offered.is_active:
            slot = self._slot(offered) if slot == UNKNOWN else slot
            self._write(slot, offered, sequence)
            self._write_profile(slot, read)
            self.frequencies.add(self.words(slot))
        elif slot != UNKNOWN:
            self._by_number[offered.number], self["key"][slot] = UNKNOWN, NO_KEY
            self._free.append(slot)

    def at(self, numbers: Ints) -> Ints:
        """The slots of the supplies with these numbers; UNKNOWN for one that is not on offer."""
        known = numbers < len(self._by_number)
        found: Ints = np.full(len(numbers), UNKNOWN, np.int64)
        found[known] = self._by_number[numbers[known]]
        return found

    def slot_of(self, number: int) -> int:
        """The slot of the supply with this number; UNKNOWN for one that is not on offer."""
        return int(self._by_number[number]) if number < len(self._by_number) else UNKNOWN

    def slots(self, ids: Iterable[str]) -> list[int]:
        """Of those that are on offer; each takes a look at all."""
        found = [self.find(id) for id in ids]
        return [slot for slot in found if slot != UNKNOWN]

    def find(self, id: str) -> int:
        """Its slot; UNKNOWN for one that is not on offer."""
        (places,) = np.nonzero(self["key"] == _key(id))
        return next((slot for slot in places.tolist() if self["id"][slot] == id.encode()), UNKNOWN)

    def ids(self, slots: Ints, name: str = "id") -> list[str]:
        """Of the supplies there; `supplier_id`: of their suppliers."""
        return [id.decode() for id in self[name][slots].tolist()]

    def offered(self, id: str) -> Offered:
        """What was put for a supply that is on offer, as it was put."""
        slot = self._held_at(id)
        held = [self._holding(packed) for packed in self.holdings.at(slot)]
        served = tuple(self.regions.values[code] for code in self.served.at(slot))
        return Offered(
            id=id,
            number=int(self["number"][slot]),
            supplier_id=self["supplier_id"][slot].decode(),
            kind=self.kinds.values[self["kind"][slot]],
            regions=served if self["states_regions"][slot] else None,
            qualifications=tuple(held) if self["states_qualifications"][slot] else None,
            facets=tuple(Span(*span) for span in self.facets.at(slot)),
            **{name: self._number(name, slot) for name in _NUMBERS},
        )

    def profile(self, id: str) -> Profile:
        """The same of its profile."""
        slot = self._held_at(id)
        words, *others = [column.at(slot) for column in self.profiles.values()]
        named, held, said = (int(self[name][slot]) for name in _PARTS)
        parts = words[:named], words[named:][:held], words[named + held : said]
        return Profile.of([*parts, *others, words[said:]])

    def words(self, slot: int) -> Values:
        """Of all that the supply says and has done."""
        return self.profiles["all_words"].values(slot)

    def words_of(self, slots: Ints) -> tuple[Values, Ints]:
        """The same of many, and for each word the place of its slot in `slots`."""
        return self.profiles["all_words"].of(slots)

    def _held_at(self, id: str) -> int:
        """Raises KeyError."""
        if (slot := self.find(id)) == UNKNOWN:
            raise KeyError(id)
        return slot

    def _slot(self, offered: Offered) -> int:
        if not self._free:
            begin = len(self["sequence"])
            self._resize(max(FIRST, 2 * begin))
            self._free = list(range(begin, len(self["sequence"])))[::-1]
        slot = self._free.pop()
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
        for column in (self.served, self.holdings, self.facets, *self.profiles.values()):
            column.resize(size)

    def _write(self, slot: int, offered: Offered, sequence: int) -> None:
        plain = self._plain
        plain["sequence"][slot] = sequence
        plain["number"][slot] = offered.number
        plain["key"][slot], plain["id"][slot] = _key(offered.id), offered.id
        plain["supplier_id"][slot] = offered.supplier_id
        plain["kind"][slot] = self.kinds(offered.kind)
        for name in _NUMBERS:
            value = getattr(offered, name)
            plain[name][slot] = UNKNOWN if value is None else value
        plain["states_regions"][slot] = offered.regions is not None
        plain["states_qualifications"][slot] = offered.qualifications is not None
        self.served.put(slot, [self.regions(region) for region in offered.regions or ()])
        self.holdings.put(slot, [self._packed(one) for one in offered.qualifications or ()])
        self.facets.put(slot, offered.facets)

    def _write_profile(self, slot: int, read: Profile) -> None:
        """Of all words those that it is called by come first, then of what it has, then told."""
        for name in _PARTS:
            self[name][slot] = len(getattr(read, name))
        for name, column in self.profiles.items():
            column.put(slot, getattr(read, name))

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


def _key(id: str) -> int:
    """By which an id is looked for: eight bytes are compared faster than thirty-six."""
    return 1 << 32 | crc32(id.encode())


def unpacked(holdings: Ints) -> tuple[Ints, Ints]:
    """The codes of name and grade, and the last days on which they hold."""
    return holdings >> _DAY_BITS, holdings & _DAYS


_PARTS = ("named", "held", "said")  # of all words, which begin with those that are said
_NUMBERS = ("price_min_fen", "capacity_free", "lead_time_days")
# The fields of a profile, in their order, and how each value is kept; all words as one.
_PROFILE: tuple[tuple[str, Any], ...] = (
    ("all_words", np.uint32), ("capable", np.int16), ("qualified", np.int16), ("home", np.int32),
    ("deals", DEAL),
)  # fmt: skip
