"""What counts for a supply's score, read from its public state once, as numbers to compare.

Words are numbers of 32 bits: of a market's hundred thousand different words two or three share
their number with another, which then counts for them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from math import log
from typing import Any, NamedTuple, Self
from zlib import crc32

import numpy as np

from services.contracts import capabilities
from services.matching import localities
from services.matching.words import words

State = Mapping[str, Any]
UNKNOWN = -1
# The newest deals that are looked at: half of what they count is gone in half a year, and of
# public suppliers one in three hundred has more in ten months.
DEALS = 50
TITLE_CAPABILITIES = 3  # of a title or a name; more of them are chance hits
QUALIFIED_CAPABILITIES = 12  # of all qualifications together
REMEMBERED = 65_536  # titles of deals: their bidders share them


class Deal(NamedTuple):
    """One earlier deal 业绩: day (ordinal), GB/T 2260 place, capability, ln of fen in thousandths.

    UNKNOWN where it does not say.
    """

    day: int
    place: int
    capability: int
    amount: int


DEAL = np.dtype(
    [("day", np.int32), ("place", np.int32), ("capability", np.int16), ("amount", np.int32)]
)


@dataclass(frozen=True)
class Profile:
    """`named`, `held`: the words of what it is called and of its qualifications.

    `capable`, `qualified`: the capabilities that these speak of. `home`: where it is and says that
    it serves. `deals`: the newest first.
    """

    named: tuple[int, ...] = ()
    held: tuple[int, ...] = ()
    capable: tuple[int, ...] = ()
    qualified: tuple[int, ...] = ()
    home: tuple[int, ...] = ()
    deals: tuple[Deal, ...] = ()

    def lists(self) -> list[Any]:
        """Its fields in their order."""
        return list(vars(self).values())

    @classmethod
    def of(cls, lists: Iterable[Iterable[Any]]) -> Self:
        """From such lists."""
        named, held, capable, qualified, home, deals = map(tuple, lists)
        return cls(named, held, capable, qualified, home, tuple(Deal(*deal) for deal in deals))


class Known(NamedTuple):
    """A supply's public state, and what was read from it while it is on offer."""

    state: State
    profile: Profile


def known(state: State) -> Known:
    """Read it once for all who keep it: that takes half a millisecond."""
    return Known(state, profile(state) if state["state"] == "active" else Profile())


def profile(state: State) -> Profile:
    """Of a supply's public state."""
    called = [state["supplier_name"], state["title"], *state["categories"]]
    holds = [f"{item['name']} {item['grade'] or ''}" for item in state["qualifications"] or ()]
    return Profile(
        named=word_numbers(called),
        held=word_numbers(holds),
        capable=_capable(state),
        qualified=tuple(_told("\n".join(holds), QUALIFIED_CAPABILITIES)),
        home=_home(state),
        deals=tuple(_deal(record) for record in newest(state["track_record"])),
    )


def newest(track_record: Sequence[State]) -> list[State]:
    """The newest deals first, those without a date last; the same order whenever it is asked."""
    by_day = sorted(track_record, key=lambda record: record.get("date") or "", reverse=True)
    return by_day[:DEALS]


def word_number(word: str) -> int:
    return crc32(word.encode())


def word_numbers(texts: Iterable[str]) -> tuple[int, ...]:
    """Each different word of the texts, in their order."""
    return tuple(dict.fromkeys(word_number(word) for word in words("\n".join(texts))))


@cache
def capability_number(code: str) -> int:
    """The place of a capability in the taxonomy."""
    return [node.code for node in capabilities.CAPABILITIES].index(code)


def amount_milli(amount_fen: int | None) -> int:
    """ln of an amount in thousandths; UNKNOWN for none and for nothing."""
    return round(log(amount_fen) * 1000) if amount_fen else UNKNOWN


def _capable(state: State) -> tuple[int, ...]:
    given = [capabilities.named(category) for category in state["categories"]]
    codes = [capability_number(code) for code in given if code]
    for text in (state["title"], state["supplier_name"], *state["categories"]):
        codes += _told(text, TITLE_CAPABILITIES)
    return tuple(dict.fromkeys(codes))


def _told(text: str, limit: int) -> Iterator[int]:
    return (capability_number(one.code) for one in capabilities.recognise(text, limit))


def _home(state: State) -> tuple[int, ...]:
    at, serves = state.get("supplier_region") or "", state["regions"]
    named = localities.read(at, state["supplier_name"])
    return tuple(
        dict.fromkeys([*named, *(code for one in serves for code in localities.read(one))])
    )


def _deal(record: State) -> Deal:
    day = record.get("date")
    place, capability = _read(record["title"], record.get("place") or "")
    return Deal(
        date.fromisoformat(day).toordinal() if day else UNKNOWN,
        place,
        capability,
        amount_milli(record.get("amount_fen")),
    )


@lru_cache(REMEMBERED)
def _read(title: str, place: str) -> tuple[int, int]:
    """Place and capability of a deal."""
    places = localities.read(place, title)
    told = list(_told(title, 1))
    return places[0] if places else UNKNOWN, told[0] if told else UNKNOWN
