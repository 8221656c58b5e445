"""Places of China in use: provinces, prefectures and counties, by their GB/T 2260 codes.

The list is the one that `python-stdnum` keeps to check identity numbers.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

_PROVINCE, _PREFECTURE = 10_000, 100  # what a code of six digits counts in
_LINE = re.compile(r' *([0-9]{2,4}) (?:province|county)="([^"]+)"')
_IN_USE = re.compile(r"(?:\A|,)(?:\[[0-9]{4}-\])?([^\[\],]+)\Z")  # the last name, its years open
_GROUPS = ("市辖区", "县", "省直辖", "自治区直辖")  # rows of the list that are no places


def listed() -> Iterator[tuple[int, str]]:
    """(code of six digits, name) of all in use; what lies in another follows it."""
    province = ""
    for line in files("stdnum.cn").joinpath("loc.dat").read_text("utf-8").splitlines():
        if not (found := _LINE.match(line)) or not (used := _IN_USE.search(found[2])):
            continue
        digits, name = found[1], used[1]
        province = digits if len(digits) == len("11") else province
        below = digits if digits != province else "0000"
        if not name.startswith(_GROUPS):
            yield int(province + below), name


def path(code: int) -> tuple[int, ...]:
    """The place and those that it lies in, each once."""
    within = (code - code % _PROVINCE, code - code % _PREFECTURE, code)
    return tuple(dict.fromkeys(within))


@cache
def names() -> Mapping[int, str]:
    """Each in full, from its province on: 北京市海淀区."""
    short = dict(listed())
    return {code: "".join(short.get(place, "") for place in path(code)) for code in short}
