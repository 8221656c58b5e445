"""Places of China in use: provinces, prefectures and counties, by their GB/T 2260 codes.

The list is the one that `python-stdnum` keeps to check identity numbers.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

_PROVINCE, _PREFECTURE = 10_000, 100  # what a code of six digits counts in
_LINE = re.compile(r' *([0-9]{2,4}) (?:province|county)="([^"]+)"')
_CODE = re.compile(r"[0-9]{6}")
_IN_USE = re.compile(r"(?:\A|,)(?:\[[0-9]{4}-\])?([^\[\],]+)\Z")  # the last name, its years open
# Provinces in English, by the first two digits: romanised as GB/T 2260 does, without the word for
# what they are, and the four that English has a name of its own for. What lies within them keeps
# its Chinese name: the list has no other, and a transcription by machine gets names wrong.
ENGLISH: Mapping[int, str] = {
    11: "Beijing", 12: "Tianjin", 13: "Hebei", 14: "Shanxi", 15: "Inner Mongolia",
    21: "Liaoning", 22: "Jilin", 23: "Heilongjiang",
    31: "Shanghai", 32: "Jiangsu", 33: "Zhejiang", 34: "Anhui", 35: "Fujian", 36: "Jiangxi",
    37: "Shandong",
    41: "Henan", 42: "Hubei", 43: "Hunan", 44: "Guangdong", 45: "Guangxi", 46: "Hainan",
    50: "Chongqing", 51: "Sichuan", 52: "Guizhou", 53: "Yunnan", 54: "Xizang",
    61: "Shaanxi", 62: "Gansu", 63: "Qinghai", 64: "Ningxia", 65: "Xinjiang",
    71: "Taiwan", 81: "Hong Kong", 82: "Macao",
}  # fmt: skip
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
    short = _short()
    return {code: "".join(short.get(place, "") for place in path(code)) for code in short}


def said(region: str) -> Mapping[str, str]:
    """A region in both languages, `zh` and `en`: a code by its name, what is none as it is."""
    code = int(region) if _CODE.fullmatch(region) else 0
    if code not in names():
        return {"zh": region, "en": region}
    within = "".join(_short().get(place, "") for place in path(code)[1:])
    return {"zh": names()[code], "en": f"{ENGLISH[code // _PROVINCE]} {within}".strip()}


@cache
def _short() -> Mapping[int, str]:
    return dict(listed())
