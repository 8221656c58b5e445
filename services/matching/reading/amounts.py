"""Amounts of money in a text: ¥1,234,567.89, 30万, 人民币叁拾万元整, 80-100万元, RMB 1.5 million.

Only yuan: an amount in another currency is no amount here, for there is no rate to read it by.
"""

import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import islice
from typing import NamedTuple

from services.contracts.money import MAX_FEN, half_up
from services.matching.reading.numerals import ARABIC, HAN, HAN_LENGTH, arabic, han

AMOUNTS = 200  # of one text: who lists more prices has a price list, not a budget

SHORTEST_VALUE = 4  # digits: a smaller number without a unit counts something else

_SCALES = {
    "亿": 10**8, "千万": 10**7, "百万": 10**6, "十万": 10**5, "万": 10**4, "千": 10**3,
    "billion": 10**9, "million": 10**6, "mn": 10**6, "m": 10**6, "thousand": 10**3, "k": 10**3,
}  # fmt: skip
_SCALE = "亿|千万|百万|十万|万|千|(?:billion|million|mn|thousand|m|k)(?![a-z])"
_YUAN = r"元|圆|块钱|人民币|(?:rmb|cny|yuan)(?![a-z])"
_SIGN = re.compile(r"(?:人民币[\s:]{0,2}|(?<![a-z])(?:rmb|cny)\s?|)(?:[¥￥]\s?)?\Z")
_SIGN_LENGTH = 6
# 30万 without 元 is money only where no measure follows (30万平方米, 30万美元).
_NO_MEASURE = re.compile(r"\s?(?:[^\w\s²³%‰℃°/]|\n|\Z|以内|左右|之内|含|不含|上下)")


def _counted(place: str) -> str:
    """A number with its scale and 元, as groups whose names start with `place`: 1亿2000万元."""
    wan = rf"(?:(?<=亿)(?P<{place}_wan>[0-9]{{1,4}}(?:\.[0-9]{{1,6}})?\s?万))?"
    scale = rf"(?:(?P<{place}_scale>{_SCALE})\s?)?"
    return rf"(?P<{place}>{ARABIC})\s?{scale}{wan}(?P<{place}_yuan>{_YUAN})?"


_DIGITS = re.compile(
    rf"{_counted('low')}(?:\s?[-~至到]{{1,2}}\s?(?:人民币|rmb|cny)?\s?[¥￥]?{_counted('high')})?"
)
# 几十万元 and 数百万元 are no amounts.
_HAN = re.compile(
    rf"(?:(?P<sign>人民币|rmb)[\s:]{{0,2}})?(?<![{HAN}几数第])(?P<number>[{HAN}]{{1,{HAN_LENGTH}}})"
    rf"\s?(?P<yuan>元|圆)(?:(?P<jiao>[{HAN}])角)?(?:零?(?P<fen>[{HAN}])分)?[整正]?"
)
# Behind a heading that names the unit for its column: 预算金额(万元): 120.
_UNIT_AHEAD = re.compile(
    r"\(\s?(?:单位:?\s?)?(?:人民币)?\s?(?P<scale>万|亿|千)?元\s?\)[\s:为]{0,4}\Z"
)
# What follows one of these is the rest of a number that is written in a way unknown here: 3万5千元.
_HALVES = ("亿", "万", "千", "百")
_HEADING = 16  # characters that such a heading and its colon take


class Amount(NamedTuple):
    """`fen` at text[start:end]; of a range the upper end. `unit`: how it says that it is money."""

    start: int
    end: int
    fen: int
    unit: str  # "yuan" | "bare": 30万 | "plain": only the number
    is_range: bool = False


def amounts(text: str) -> list[Amount]:
    """What is or may be an amount, in the order of the text: above 0, at most the platform's."""
    found = [*islice(_in_digits(text), AMOUNTS), *islice(_in_characters(text), AMOUNTS)]
    return sorted(one for one in found if 0 < one.fen <= MAX_FEN)


def _in_digits(text: str) -> Iterator[Amount]:
    for found in _DIGITS.finditer(text):
        high = _amount(text, found, "high") if found["high"] else None
        one = high if high and high.unit != "plain" else _amount(text, found, "low")
        if one is not None and text[one.start - 1 : one.start] not in _HALVES:
            yield one


def _amount(text: str, found: re.Match[str], place: str) -> Amount | None:
    """The upper end of a range, or what stands alone; None where it is no money."""
    end = found.end(f"{place}_yuan") if found[f"{place}_yuan"] else _scale_end(found, place)
    sign = _SIGN.search(text, max(0, found.start() - _SIGN_LENGTH), found.start())
    start = sign.start() if sign else found.start()
    unit, scale = _unit(text, found, place, end, start), _scale(found[f"{place}_scale"])
    if unit == "plain":
        headed = _headed(text, start)
        if headed is None and not _stands_alone(text, found):
            return None
        unit, scale = ("yuan", headed) if headed else (unit, scale)
    wan = arabic((found[f"{place}_wan"] or "0").rstrip("万 "))
    yuan = arabic(found[place]) * scale + wan * _SCALES["万"]
    return Amount(start, end, half_up(yuan * 100), unit, place == "high")


def _scale_end(found: re.Match[str], place: str) -> int:
    return max(found.end(f"{place}{part}") for part in ("", "_scale", "_wan"))


def _unit(text: str, found: re.Match[str], place: str, end: int, start: int) -> str:
    if found[f"{place}_yuan"] or start < found.start():
        return "yuan"
    is_bare = text[end - 1] in "亿万千" and _NO_MEASURE.match(text, end) is not None
    return "bare" if is_bare else "plain"


def _scale(written: str | None) -> int:
    return _SCALES[written] if written else 1


def _headed(text: str, start: int) -> int | None:
    """Yuan in one of the unit that the heading in front names."""
    heading = _UNIT_AHEAD.search(text[max(0, start - _HEADING) : start])
    return _scale(heading["scale"]) if heading else None


def _stands_alone(text: str, found: re.Match[str]) -> bool:
    """预算金额:1200000.00 and no more: a value, and nothing says that it counts something else."""
    is_bare = found["low_scale"] is None and found["high"] is None
    is_value = is_bare and len(found["low"]) >= SHORTEST_VALUE
    before = text[max(0, found.start() - 2) : found.start()].rstrip()
    after = text[found.end() : found.end() + 1]
    return is_value and before.endswith((":", "为")) and after in ("", *",。;\n(")


def _in_characters(text: str) -> Iterator[Amount]:
    for found in _HAN.finditer(text):
        yuan = han(found["number"])
        if yuan is not None:
            parts = (_digit(found["jiao"]), 10), (_digit(found["fen"]), 100)
            whole = yuan + sum((Fraction(digit, part) for digit, part in parts), Fraction(0))
            yield Amount(*found.span(), half_up(whole * 100), "yuan")


def _digit(written: str | None) -> int:
    value = han(written) if written else None
    return int(value) if value is not None else 0
