"""What counts for a supply's score, read from its public state once, as numbers to compare."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from itertools import chain, islice
from math import log
from typing import Any, NamedTuple, Self

import numpy as np

from services.contracts import capabilities
from services.matching import localities
from services.matching.words import number, words

State = Mapping[str, Any]
UNKNOWN = -1
# The newest deals that are looked at: half of what they count is gone in half a year, and of
# public suppliers one in three hundred has more in ten months.
DEALS = 50
# Different words: an A4 page has some four hundred, and what comes later is seldom about it; the
# title of a deal with the beginning of its scope has a tenth of that.
SAID_WORDS = 400
DEAL_WORDS = 60
TITLE_CAPABILITIES = 3  # of a title or a name; more of them are chance hits
QUALIFIED_CAPABILITIES = 12  # of all qualifications together
REMEMBERED = 65_536  # titles of deals: their bidders share them


class Deal(NamedTuple):
    """One earlier deal 业绩: day (ordinal), GB/T 2260 place, capability, ln of fen in thousandths.

    UNKNOWN where it does not say. `words`: how many different ones its title has.
    """

    day: int
    place: int
    capability: int
    amount: int
    words: int


DEAL = np.dtype((np.int32, (len(Deal._fields),)))
DAY, PLACE, CAPABILITY, AMOUNT, WORDS = range(len(Deal._fields))


@dataclass(frozen=True)
class Profile:
    """`named`, `held`, `told`: the words that it is called by, of its qualifications, all others.

    `capable`, `qualified`: the capabilities that the former speak of. `home`: where it is and says
    that it serves. `deals`: the newest first; `done`: their words, deal after deal.
    """

    named: tuple[int, ...] = ()
    held: tuple[int, ...] = ()
    told: tuple[int, ...] = ()
    capable: tuple[int, ...] = ()
    qualified: tuple[int, ...] = ()
    home: tuple[int, ...] = ()
    deals: tuple[Deal, ...] = ()
    done: tuple[int, ...] = ()

    @property
    def said(self) -> tuple[int, ...]:
        """The words of all that it says."""
        return self.named + self.held + self.told

    @property
    def all_words(self) -> tuple[int, ...]:
        """Behind them those of its deals."""
        return self.said + self.done

    def lists(self) -> list[Any]:
        """Its fields in their order."""
        return list(vars(self).values())

    @classmethod
    def of(cls, lists: Iterable[Iterable[Any]]) -> Self:
        """From such lists."""
        *words, capable, qualified, home, deals, done = map(tuple, lists)
        named, held, told = words
        read = tuple(Deal(*deal) for deal in deals)
        return cls(named, held, told, capable, qualified, home, read, done)


class Texts(NamedTuple):
    """The words of all that a supply says, and of each of its newest deals, in order."""

    said: Sequence[str] = ()
    deals: Sequence[Sequence[str]] = ()


class Known(NamedTuple):
    """A supply's public state, and what was read from it while it is on offer."""

    state: State
    profile: Profile = Profile()
    texts: Texts = Texts()


def known(state: State) -> Known:
    """Read it once for all who keep it: that takes half a millisecond."""
    if state["state"] != "active":
        return Known(state)
    called = words("\n".join([state["supplier_name"], state["title"], *state["categories"]]))
    held = words("\n".join(_holds(state)))
    records = newest(state["track_record"])
    texts = Texts(
        [*called, *held, *words(state["text"])], [words(record["title"]) for record in records]
    )
    done = [numbers(each, DEAL_WORDS) for each in texts.deals]
    named, has = numbers(called, SAID_WORDS), numbers(held, SAID_WORDS)
    read = Profile(
        named=named,
        held=has,
        told=numbers(texts.said, SAID_WORDS, but={*named, *has}),
        capable=_capable(state),
        qualified=tuple(_told("\n".join(_holds(state)), QUALIFIED_CAPABILITIES)),
        home=_home(state),
        deals=tuple(map(_deal, records, map(len, done))),
        done=tuple(chain.from_iterable(done)),
    )
    return Known(state, read, texts)


def newest(track_record: Sequence[State]) -> list[State]:
    """The newest deals first, those without a date last; the same order whenever it is asked."""
    by_day = sorted(track_record, key=lambda record: record.get("date") or "", reverse=True)
    return by_day[:DEALS]


def read(*texts: str) -> frozenset[int]:
    """The words of texts."""
    return frozenset(numbers(words("\n".join(texts)), SAID_WORDS))


def numbers(said: Iterable[str], most: int, but: Container[int] = ()) -> tuple[int, ...]:
    """Of the first different ones of these words, in their order, `but` for those."""
    different = dict.fromkeys(map(number, said))
    return tuple(islice((one for one in different if one not in but), most))


@cache
def capability_number(code: str) -> int:
    """The place of a capability in the taxonomy."""
    return [node.code for node in capabilities.CAPABILITIES].index(code)


def amount_milli(amount_fen: int | None) -> int:
    """ln of an amount in thousandths; UNKNOWN for none and for nothing."""
    return round(log(amount_fen) * 1000) if amount_fen else UNKNOWN


def _holds(state: State) -> list[str]:
    return [f"{item['name']} {item['grade'] or ''}" for item in state["qualifications"] or ()]


def _capable(state: State) -> tuple[int, ...]:
    said = state["capability_codes"] if state.get("capabilities_from") == "given" else []
    given = [*said, *map(capabilities.named, state["categories"])]
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


def _deal(record: State, word_count: int) -> Deal:
    day = record.get("date")
    place, capability = _read(record["title"], record.get("place") or "")
    return Deal(
        date.fromisoformat(day).toordinal() if day else UNKNOWN,
        place,
        capability,
        amount_milli(record.get("amount_fen")),
        word_count,
    )


@lru_cache(REMEMBERED)
def _read(title: str, place: str) -> tuple[int, int]:
    """Place and capability of a deal."""
    places = localities.read(place, title)
    told = list(_told(title, 1))
    return places[0] if places else UNKNOWN, told[0] if told else UNKNOWN
