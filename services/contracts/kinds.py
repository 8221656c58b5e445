"""Kinds of demands 需求类型 as data: who answers them, how they are awarded, and their facets.

`kinds.yaml` holds them. What a facet's value means is the same everywhere: spans of whole numbers,
of which a demand's and a supply's have to overlap.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import yaml

from services.contracts.capabilities import CAPABILITIES, children

NODES = Path(__file__).with_name("kinds.yaml")
LEAST, MOST = 0, 2**62  # of a range that is open to a side

Value = Any  # as `contracts.facets` loads it for a facet of this type
Range = tuple[int, int]
Read = Mapping[str, Callable[["Facet", Value], list[Range]]]  # by type of facet


class Names(NamedTuple):
    """What people read."""

    zh: str
    en: str


class Span(NamedTuple):
    """Values of a facet from `low` to `high`; a code is its place in the facet's list."""

    facet: int
    low: int
    high: int


@dataclass(frozen=True)
class Facet:
    """What demands of one kind state besides the fields of all. `number` counts over all kinds."""

    number: int
    kind: str
    name: str
    names: Names
    type: str
    is_hard: bool
    unit: Names | None
    codes: Mapping[str, Names]

    @property
    def code(self) -> str:
        """Unlike its name it is unique."""
        return f"{self.kind}.{self.name}"


@dataclass(frozen=True)
class Kind:
    """A kind of demands."""

    kind: str
    names: Names
    answered_by: tuple[str, ...]
    methods: tuple[str, ...]
    facets: tuple[Facet, ...]


def asked(kind: str, stated: Mapping[str, Value] | None) -> tuple[Span, ...]:
    """What a demand of this kind says would do; what a later release has added is left out."""
    return tuple(_spans(DEMANDS[kind], stated or {}, _ASKED))


def offered(supply_kind: str, stated: Mapping[str, Value] | None) -> tuple[Span, ...]:
    """What a supply of this kind says that it is."""
    return tuple(_spans(ANSWERS[supply_kind], stated or {}, _OFFERED))


def _spans(kind: Kind, stated: Mapping[str, Value], read: Read) -> Iterator[Span]:
    for facet in kind.facets:
        if facet.name in stated:
            for low, high in read[facet.type](facet, stated[facet.name]):
                yield Span(facet.number, low, high)


def _codes(facet: Facet, codes: Sequence[str]) -> list[Range]:
    places = {code: place for place, code in enumerate(facet.codes)}
    return [(places[code], places[code]) for code in codes if code in places]


def _capabilities(_: Facet, codes: Sequence[str]) -> list[Range]:
    """A group stands before its leaves: all of them are one range."""
    return [_REACH[code] for code in codes if code in _REACH]


def _count(_: Facet, given: Mapping[str, int]) -> list[Range]:
    return [(given.get("min", LEAST), given.get("max", MOST))]


def _money(_: Facet, given: Mapping[str, int]) -> list[Range]:
    return [(given.get("min_fen", LEAST), given.get("max_fen", MOST))]


def _until(_: Facet, day: str) -> list[Range]:
    return [(LEAST, date.fromisoformat(day).toordinal())]


def _from(_: Facet, day: str) -> list[Range]:
    return [(date.fromisoformat(day).toordinal(), MOST)]


def _needed(_: Facet, flag: bool) -> list[Range]:
    """Who does not ask for it takes it, too."""
    return [(1, 1)] if flag else []


def _there(_: Facet, flag: bool) -> list[Range]:
    return [(int(flag), int(flag))]


_ASKED: Read = {
    "codes": _codes, "capabilities": _capabilities, "count": _count, "money": _money,
    "day": _until, "flag": _needed,
}  # fmt: skip
_OFFERED: Read = {**_ASKED, "day": _from, "flag": _there}

_PLACES = {node.code: place for place, node in enumerate(CAPABILITIES)}
_REACH = {code: (place, place + len(children(code))) for code, place in _PLACES.items()}

_DATA: Mapping[str, Any] = yaml.safe_load(NODES.read_text(encoding="utf-8"))
SUPPLIES: Mapping[str, Names] = MappingProxyType(
    {kind: Names(*names) for kind, names in _DATA["supplies"].items()}
)


def _facets() -> Iterator[Facet]:
    entries = [(of["kind"], entry) for of in _DATA["demands"] for entry in of["facets"]]
    for number, (kind, entry) in enumerate(entries):
        codes = {code: Names(*names) for code, names in entry.get("codes", {}).items()}
        unit = Names(*entry["unit"]) if "unit" in entry else None
        yield Facet(
            number, kind, entry["name"], Names(*entry["names"]), entry["type"], entry["hard"],
            unit, MappingProxyType(codes),
        )  # fmt: skip


FACETS: tuple[Facet, ...] = tuple(_facets())
DEMANDS: Mapping[str, Kind] = MappingProxyType(
    {
        of["kind"]: Kind(
            of["kind"],
            Names(*of["names"]),
            tuple(of["answered_by"]),
            tuple(of["methods"]),
            tuple(facet for facet in FACETS if facet.kind == of["kind"]),
        )
        for of in _DATA["demands"]
    }
)
# By kind of supply, the kind of demands that it answers.
ANSWERS: Mapping[str, Kind] = MappingProxyType(
    {supply: kind for kind in DEMANDS.values() for supply in kind.answered_by}
)
BY_CODE: Mapping[str, Facet] = MappingProxyType({facet.code: facet for facet in FACETS})
