"""By when it has to be delivered 交货期 or done 工期: as a day, or as a duration."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice
from typing import NamedTuple

from services.matching.reading import roles
from services.matching.reading.deadlines import ASSUMED_YEAR_PPM, is_over
from services.matching.reading.found import Found, bounded
from services.matching.reading.moments import Moment
from services.matching.reading.numerals import small
from services.matching.reading.plain import Plain

DURATIONS = 100  # of one text
PERIOD_PPM = -350_000  # the end of 服务期:9月1日至12月31日 is when it ends, not when it is due
MAX_DAYS = 3650  # what the contract takes of a delivery

# Calendar days in each, and how much surer or less sure that makes: months and years have no
# fixed length, and of five working days seven pass.
_UNITS = {
    "日历天": (1.0, 20_000), "日历日": (1.0, 20_000),
    "个日历天": (1.0, 20_000), "个日历日": (1.0, 20_000), "天": (1.0, 0), "日": (1.0, 0),
    "工作日": (1.4, -100_000), "个工作日": (1.4, -100_000), "周": (7.0, 0), "个星期": (7.0, 0),
    "个月": (30.0, -50_000), "年": (365.0, -50_000),
    "calendar days": (1.0, 20_000), "working days": (1.4, -100_000),
    "business days": (1.4, -100_000), "days": (1.0, 0), "weeks": (7.0, 0), "week": (7.0, 0),
    "months": (30.0, -50_000), "month": (30.0, -50_000), "years": (365.0, -50_000),
    "year": (365.0, -50_000),
}  # fmt: skip
_NAMES = "|".join(sorted(_UNITS, key=len, reverse=True))
_DURATION = re.compile(
    rf"(?<![0-9.年月第/])(?:(?P<number>[0-9]{{1,4}})|(?P<han>半|[一二两三四五六七八九十]{{1,3}}))"
    rf"\s?(?:\([0-9]{{1,4}}\)|\))?\s?(?P<unit>{_NAMES})(?![0-9a-z度])"
)
_OF_MONTH = re.compile(r"[0-9一二三四五六七八九十]\s?月\Z")


class Duration(NamedTuple):
    """`days` calendar days at text[start:end]; `adjust_ppm`: how much surer the unit makes it."""

    start: int
    end: int
    days: int
    adjust_ppm: int


def find(plain: Plain, mentioned: Sequence[Moment], published_on: date | None) -> Iterator[Found]:
    """Candidates for `delivery_due_date`, among `mentioned`, and for `delivery_days`."""
    for one in mentioned:
        sure = _confidence(plain, one.start, one.end)
        if sure is not None and not is_over(one, published_on):
            sure += ASSUMED_YEAR_PPM if one.is_year_assumed else 0
            sure += PERIOD_PPM if one.is_end else 0
            span = plain.source, one.start, one.end
            yield Found("delivery_due_date", one.day, *span, bounded(sure))
    for lasting in durations(plain.text):
        sure = _confidence(plain, lasting.start, lasting.end)
        if sure is not None:
            span = plain.source, lasting.start, lasting.end
            yield Found("delivery_days", lasting.days, *span, bounded(sure + lasting.adjust_ppm))


def _confidence(plain: Plain, start: int, end: int) -> int | None:
    cue = roles.role("delivery").cue(roles.context(plain.text, start, end))
    return cue.confidence_ppm if cue else None


def durations(text: str) -> Iterator[Duration]:
    """Durations of a day or more, up to ten years."""
    for found in islice(_DURATION.finditer(text), DURATIONS):
        number = _number(found)
        length, adjust_ppm = _UNITS[found["unit"]]
        days = round(number * length)
        if 0 < days <= MAX_DAYS and not _is_day_of_month(text, found):
            yield Duration(*found.span(), days, adjust_ppm)


def _number(found: re.Match[str]) -> float:
    if found["han"] == "半":
        return 0.5
    return small((found["number"] or found["han"]).replace("两", "二")) or 0


def _is_day_of_month(text: str, found: re.Match[str]) -> bool:
    """8月11日 and 2026年 name days and years; they last nothing."""
    before = text[max(0, found.start() - 4) : found.start()]
    is_year = found["unit"] == "年" and len(found["number"] or "") == 4
    return is_year or _OF_MONTH.search(before) is not None
