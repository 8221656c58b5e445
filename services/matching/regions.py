"""Regions as people and registers write them: GB/T 2260 codes, names, or something unreadable."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

NATIONWIDE = frozenset({"全国", "中国", "000000", "china"})

# GB/T 2260, first two places; the code of a name is known down to the province only.
PROVINCES = {
    "北京": "11", "天津": "12", "河北": "13", "山西": "14", "内蒙古": "15", "辽宁": "21",
    "吉林": "22", "黑龙江": "23", "上海": "31", "江苏": "32", "浙江": "33", "安徽": "34",
    "福建": "35", "江西": "36", "山东": "37", "河南": "41", "湖北": "42", "湖南": "43",
    "广东": "44", "广西": "45", "海南": "46", "重庆": "50", "四川": "51", "贵州": "52",
    "云南": "53", "西藏": "54", "陕西": "61", "甘肃": "62", "青海": "63", "宁夏": "64",
    "新疆": "65", "台湾": "71", "香港": "81", "澳门": "82",
}  # fmt: skip
NAMES = {code: name for name, code in PROVINCES.items()}

REMEMBERED = 4096  # readings kept: counties of China are some 2,800

_CODE = re.compile(r"\d{2}(\d{2}){0,2}\Z")
_PROVINCE = re.compile("|".join(PROVINCES))
_PLACE = re.compile(r"([\u4e00-\u9fff]{2,7}?)(?:特别行政区|自治[区州县旗]|省|市|地区|盟|区|县|旗)")


@dataclass(frozen=True)
class Region:
    """What can be read of a region: code digits without trailing `00`, names below the province."""

    code: str
    names: frozenset[str]

    @property
    def is_known(self) -> bool:
        return bool(self.code or self.names)


@lru_cache(REMEMBERED)
def read(region: str) -> Region:
    """Code and place names of one region; both empty when nothing can be read."""
    region = region.strip()
    if _CODE.match(region):
        code = re.sub("(00)+$", "", region)
        return Region(code if code[:2] in NAMES else "", frozenset())  # 99 is no province
    province = _PROVINCE.match(region)
    below = region[province.end() :] if province else region
    names = frozenset(_PLACE.findall(re.sub(r"^(特别行政区|[^市县]{0,5}自治区|省|市)", "", below)))
    return Region(PROVINCES[province[0]] if province else "", names)


def provinces(regions: Sequence[str]) -> frozenset[str] | None:
    """The province codes in which these regions lie; None when that may be anywhere."""
    codes = frozenset(read(region).code[:2] for region in regions)
    return None if not codes or "" in codes else codes


def is_nationwide(region: str) -> bool:
    return region.strip().lower() in NATIONWIDE


@lru_cache(REMEMBERED)
def covers(served: tuple[str, ...], wanted: str | None) -> bool | None:
    """Whether the regions served include the one wanted; None when that cannot be told.

    Serving none in particular is serving anywhere. Serving only a part of it is not told either.
    """
    if not served or any(is_nationwide(region) for region in served):
        return True
    if wanted is None or is_nationwide(wanted) or not read(wanted).is_known:
        return None
    verdicts = [_includes(read(region), read(wanted)) for region in served]
    if True in verdicts:
        return True
    return None if None in verdicts else False


def _includes(served: Region, wanted: Region) -> bool | None:
    if not served.is_known:
        return None
    apart = not (served.code.startswith(wanted.code) or wanted.code.startswith(served.code))
    if apart:
        return False
    if wanted.code.startswith(served.code) and served.names <= wanted.names:
        return True
    return None
