"""Grades 等级 of qualifications: who holds what is asked for, or a higher grade."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from services.matching.sides import Holding, Requirement

# Best first; spelled variants mean the same. 特级 is above 壹级 (建筑业企业资质标准).
_SCALES = (
    (("特",), ("壹", "一", "1", "ⅰ", "i"), ("贰", "二", "2", "ⅱ", "ii"),
     ("叁", "三", "3", "ⅲ", "iii"), ("肆", "四", "4", "ⅳ", "iv"), ("伍", "五", "5", "v")),
    (("甲",), ("乙",), ("丙",), ("丁",)),
    (("aaa",), ("aa",), ("a",)),
)  # fmt: skip
# Maturity models and 等级保护 count upwards: level 3 is above level 2.
_ASCENDING = re.compile("cmmi|成熟度|等级保护|等保|dcmm")
_FILLER = re.compile(r"[\s\W_]+|资质证书|认证证书|资质|证书|认证|许可证")
# Fewer characters than this, contained in the required name, say too little ("施工", "检测").
MIN_PART = 4
REMEMBERED = 4096  # names kept in their plain form; the qualifications of China are some hundreds
COMPARED = 65_536  # pairs of a qualification asked for and one held; some 20 MB at most


@lru_cache(REMEMBERED)
def plain(name: str) -> str:
    """A qualification's name without what does not tell it apart."""
    return _FILLER.sub("", unicodedata.normalize("NFKC", name).lower())


def rank(grade: str) -> tuple[int, int] | None:
    """(scale, place from the best) of a grade; None when it is on no known scale."""
    bare = re.sub(r"[级等\s]|level", "", unicodedata.normalize("NFKC", grade).lower())
    for scale, steps in enumerate(_SCALES):
        for place, spellings in enumerate(steps):
            if bare in spellings:
                return scale, place
    return None


def suffices(required: str | None, held: str | None, name: str) -> bool | None:
    """Whether the grade held is at least the one required; None when they do not compare."""
    if required is None:
        return True
    if held is None:
        return None
    wanted, has = rank(required), rank(held)
    if wanted is None or has is None or wanted[0] != has[0]:
        return True if required.strip() == held.strip() else None
    ascending = wanted[0] == 0 and _ASCENDING.search(plain(name))
    return has[1] >= wanted[1] if ascending else has[1] <= wanted[1]


def meets(required: Requirement, holdings: Sequence[Holding], today: date) -> bool | None:
    """Whether one of the holdings is valid today and meets the requirement; None: cannot tell."""
    verdicts = [_holds(required, holding, today) for holding in holdings]
    if True in verdicts:
        return True
    return None if None in verdicts else False


def _holds(required: Requirement, holding: Holding, today: date) -> bool | None:
    if holding.expires_on is not None and holding.expires_on < today:
        return False
    return answers(required, holding.name, holding.grade)


@lru_cache(COMPARED)
def answers(required: Requirement, name: str, grade: str | None) -> bool | None:
    """Whether a qualification of that name and grade, while it holds, is one that is asked for."""
    verdicts = [_is(one, name, grade) for one in required.each]
    if True in verdicts:
        return True
    return None if None in verdicts else False


def _is(required: Requirement, name: str, grade: str | None) -> bool | None:
    """Whether it is the one required; its alternatives are not looked at."""
    wanted, has = plain(required.name), plain(name)
    if not wanted:
        return None  # "资质证书" alone names none
    if wanted in has:
        return suffices(required.grade, grade, required.name)
    if len(has) >= MIN_PART and has in wanted:
        return None  # a general name for a special one: a person has to look
    return False
