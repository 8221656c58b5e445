"""The facets of a supply in one cell: `类型=厂房；面积=800-1500；月租金=20-45`. Pure.

Names and codes are those of the API, or what people read in either language. What cannot be read
stays as it is: the schema of the kind says what is wrong with it.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from services.contracts.cell_values import amount, count, day, half_width, items
from services.contracts.kinds import FACETS
from services.contracts.phrases import fold

_IS = re.compile("[=＝:：]")
_OR = re.compile("[、,，/]")
_TO = re.compile("[-~–—至]")
_YES, _NO = frozenset({"是", "有", "true", "yes"}), frozenset({"否", "无", "false", "no"})

# Whatever kind has it, a facet of one name is of one type.
_NAMES: Mapping[str, str] = {
    fold(word): facet.name for facet in FACETS for word in (facet.name, *facet.names)
}
_TYPES: Mapping[str, str] = {facet.name: facet.type for facet in FACETS}
_CODES: Mapping[tuple[str, str], str] = {
    (facet.name, fold(word)): code
    for facet in FACETS
    for code, names in facet.codes.items()
    for word in (code, *names)
}


def facets(text: str) -> dict[str, Any]:
    """By name; of a name that is there twice the last counts."""
    return dict(map(_facet, items(text)))


def _facet(item: str) -> tuple[str, Any]:
    name, *given = (part.strip() for part in _IS.split(item, 1))
    name = _NAMES.get(fold(name), name)
    value = given[0] if given else ""
    return name, _READERS[_TYPES[name]](name, value) if name in _TYPES else value


def _codes(name: str, text: str) -> list[str]:
    words = [word for part in _OR.split(text) if (word := part.strip())]
    return [_CODES.get((name, fold(word)), word) for word in words]


def _capabilities(_: str, text: str) -> list[str]:
    """Their names may have a slash or a comma of their own."""
    return [word for part in text.split("、") if (word := part.strip())]


def _between(read: Callable[[str], Any], text: str) -> dict[str, Any]:
    """`800-1500`, `800-`, `-1500`; one alone is both ends."""
    low, *rest = (part.strip() for part in _TO.split(half_width(text), 1))
    high = rest[0] if rest else low
    return {name: read(end) for name, end in (("min", low), ("max", high)) if end}


def _flag(text: str) -> bool | str:
    word = fold(text)
    return True if word in _YES else False if word in _NO else text


_READERS: Mapping[str, Callable[[str, str], Any]] = {
    "codes": _codes,
    "capabilities": _capabilities,
    "count": lambda _, text: _between(count, text),
    "money": lambda _, text: _between(amount, text),
    "day": lambda _, text: day(text),
    "flag": lambda _, text: _flag(text),
}
