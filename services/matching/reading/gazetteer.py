"""Places of China by name: provinces, prefectures and counties with their GB/T 2260 codes.

The list is the one that `python-stdnum` keeps to check identity numbers; names out of use are left
out. Provinces and prefectures are also known by their short names (厦门); counties only where the
name goes on as that of a branch (晋江分公司), for too many are everyday words (和平, 平安).
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from services.matching.reading import vocabulary
from services.matching.reading.plain import in_plain_form
from services.matching.regions import NAMES

_PROVINCE = re.compile(r'([0-9]{2}) province="([^"]+)"')
_COUNTY = re.compile(r' +([0-9]{4}) county="([^"]+)"')
# [1983-1994]郊区,[1995-]晋安区: the last name is in use when its years are open. Brackets are
# blanks in plain form.
_IN_USE = re.compile(r"(?:\A|,)(?: [0-9]{4}- )?([^ ,]+)\Z")
# Rows of the list that only group others: counties under a municipality, or under the province.
_GROUPS = ("市辖区", "县", "省直辖", "自治区直辖")
_ENDING = re.compile("(?:市|地区|盟)\\Z")
_NATION = re.compile(
    "蒙古|回族|藏族|苗族|彝族|壮族|布依|朝鲜|侗族|白族|土家|哈尼|哈萨克|傣族|傈僳|羌族|景颇|柯尔克孜|回"
)
SHORTEST = 2
LONGEST = 14  # 黔西南布依族苗族自治州 and longer counties


class Place(NamedTuple):
    """`code` without trailing 00; `name` in full, the places it lies in first."""

    code: str
    name: str


@cache
def by_name() -> Mapping[str, tuple[Place, ...]]:
    """The places that bear a name; several do (鼓楼区)."""
    named: dict[str, list[Place]] = defaultdict(list)
    for code, path in _paths():
        place = Place(code, "".join(path))
        for name in _names(code, path[-1]):
            named[name].append(place)
    return {name: tuple(places) for name, places in named.items()}


@cache
def branches() -> Mapping[str, tuple[Place, ...]]:
    """Counties by their short names, those left out that are also the name of something larger."""
    named: dict[str, list[Place]] = defaultdict(list)
    for name, places in by_name().items():
        short = name[:-1]
        if name[-1] in "市县" and len(short) >= SHORTEST and short not in by_name():
            named[short].extend(place for place in places if len(place.code) == 6)
    return {name: tuple(places) for name, places in named.items() if places}


@cache
def beginnings() -> Mapping[str, tuple[str, ...]]:
    """Names by their first two characters, longest first: what may start at a place of a text."""
    starting: dict[str, list[str]] = defaultdict(list)
    for name in sorted({*by_name(), *branches()}, key=len, reverse=True):
        starting[name[:SHORTEST]].append(name)
    return {start: tuple(names) for start, names in starting.items()}


def _names(code: str, name: str) -> set[str]:
    if len(code) == 2:
        return {name, NAMES[code]}
    if len(code) == 4:
        return {name, _short(name)} - {""}
    if name.endswith("自治县"):
        return {name, f"{_NATION.split(name, maxsplit=1)[0]}县"}
    return {name} if len(name) > SHORTEST or name.endswith("县") else set()


def _short(prefecture: str) -> str:
    """杭州 for 杭州市, 恩施 for 恩施土家族苗族自治州; empty where that is an everyday word."""
    bare = _ENDING.sub("", prefecture)
    if prefecture.endswith("自治州"):
        bare = _NATION.split(prefecture, maxsplit=1)[0]
    return "" if len(bare) < SHORTEST or bare in vocabulary.entry("everyday") else bare


def _paths() -> Iterator[tuple[str, tuple[str, ...]]]:
    """(code, names from the province down) of all places in use."""
    province: tuple[str, ...] = ()
    prefectures: dict[str, str] = {}
    for line in _lines():
        if found := _PROVINCE.match(line):
            province, prefectures = found.groups(), {}
            yield province[0], (province[1],)
        elif (found := _COUNTY.match(line)) and (used := _IN_USE.search(found[2])):
            path = _below(province, prefectures, found[1], used[1])
            yield from [path] if path else []


def _below(
    province: tuple[str, ...], prefectures: dict[str, str], digits: str, name: str
) -> tuple[str, tuple[str, ...]] | None:
    code, of = province[0] + digits, province[0] + digits[:2]
    if name.startswith(_GROUPS) or digits == "0000":
        return None
    if digits.endswith("00"):
        prefectures[of] = name
        return of, (province[1], name)
    return code, tuple(filter(None, (province[1], prefectures.get(of), name)))


def _lines() -> list[str]:
    listed = files("stdnum.cn").joinpath("loc.dat").read_text(encoding="utf-8")
    return in_plain_form(listed).splitlines()
