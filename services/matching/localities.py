"""Where something is, as the GB/T 2260 codes of the finest places that its words name."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from typing import Any, NamedTuple

import numpy as np

from services.contracts.phrases import Phrases
from services.contracts.places import listed
from services.matching import regions
from services.matching.ragged import Values
from services.matching.script import simplified

MOST = 3  # places of one deal or demand; more are a list of everywhere
REMEMBERED = 65_536  # texts read: titles of deals, which their bidders share
LONGEST = 400  # characters; a title, a region or a name, never a long text

_PROVINCE, _PREFECTURE = 10_000, 100  # what a code of six digits counts in
_ENDING = re.compile("(?:特别行政区|自治[区州县旗]|地区|[省市盟区县旗])\\Z")
_NATION = re.compile(
    "蒙古|维吾尔|回族|藏族|苗族|彝族|壮族|布依|朝鲜|侗族|白族|土家|哈尼|哈萨克|傣族|傈僳|羌族|"
    "景颇|柯尔克孜|满族|瑶族|黎族|畲族|各族"
)
SHORTEST = 2


class Name(NamedTuple):
    """The places that bear a name; certain where it is one, and nothing else is called so."""

    codes: tuple[int, ...]
    is_certain: bool


@lru_cache(REMEMBERED)
def read(*texts: str) -> tuple[int, ...]:
    """Codes of six digits, ending in zeros where no finer place is named; at most MOST of them.

    A name that several places bear, and the short name of a county, which may be an everyday word,
    count for the one that lies in a place named besides; where none is, only if there is but one.
    A place that another one of them lies in says nothing more.
    """
    given = [text.strip()[:LONGEST] for text in texts]
    certain = {int(code.ljust(6, "0")) for code in map(_code, given) if code}
    possible = [one for text in given for one in _possible(text)]
    certain |= {one.codes[0] for one in possible if one.is_certain}
    within = [[code for code in one.codes if _is_in(code, certain)] for one in possible]
    found = certain.union(*(codes for codes in within if len(codes) == 1))
    if not found:
        found = {one.codes[0] for one in possible if len(one.codes) == 1}
    finest = [code for code in found if not any(_holds(code, other) for other in found)]
    return tuple(sorted(finest)[:MOST])


def lie_in(codes: Values, places: Iterable[int]) -> Any:
    """Which of the codes are of places in one of these."""
    inside = np.zeros(len(codes), np.bool_)
    for place in places:
        begin, end = scope(place)
        inside |= (codes >= begin) & (codes < end)
    return inside


def scope(code: int) -> tuple[int, int]:
    """All codes of places in this one: from the first up to, not with, the second."""
    for step in (_PROVINCE, _PREFECTURE):
        if code % step == 0:
            return code, code + step
    return code, code + 1


def _holds(code: int, other: int) -> bool:
    begin, end = scope(code)
    return code != other and begin <= other < end


def _is_in(code: int, places: set[int]) -> bool:
    return any(_holds(place, code) for place in places)


def _code(text: str) -> str:
    return regions.read(text).code if text[:2].isdigit() else ""


def _possible(text: str) -> Iterator[Name]:
    names, phrases = _named()
    return (names[found.phrase] for found in phrases.find(simplified(text)))


@cache
def _named() -> tuple[Mapping[str, Name], Phrases]:
    named: dict[str, set[int]] = defaultdict(set)
    full = set()
    for code, name in listed():
        names = _names(name)
        full.update(
            names if code % _PREFECTURE == 0 else {one for one in names if _ENDING.search(one)}
        )
        for called in names:
            named[called].add(code)
    known = {
        name: Name(tuple(sorted(codes)), len(codes) == 1 and name in full)
        for name, codes in named.items()
    }
    return known, Phrases(known)


def _names(name: str) -> set[str]:
    """In full and as people shorten it: 枝江 for 枝江市, 长阳 and 长阳县 for 长阳土家族自治县."""
    bare = _ENDING.sub("", name)
    short = _NATION.split(bare, maxsplit=1)[0] if len(bare) > 3 else bare
    names = {name, short, f"{short}县" if name.endswith("自治县") else name}
    return {one for one in names if len(one) >= SHORTEST}
