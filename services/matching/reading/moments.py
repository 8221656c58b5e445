"""Days in a text, with their time of day: 2026年8月11日14时30分, 九月十一日, 11 Aug 2026."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice
from typing import NamedTuple

from services.matching.reading import clocks
from services.matching.reading.clocks import TWO, Clock
from services.matching.reading.numerals import small, year

MOMENTS = 200  # of one text; more is a timetable
YEARS = range(2000, 2101)  # what the contract takes

_YEAR = "(?:[0-9]{4}|二[零〇一二三四五六七八九]{3})"
_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9,
    "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_NAME = f"(?P<name>{'|'.join(_MONTHS)})[a-z]{{0,6}}\\.?"
_DAY = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_OF_YEAR = r"(?:(?:,\s?|\s)(?P<year>[0-9]{4})(?![0-9]))?"
_NAMED = re.compile("|".join(_MONTHS))
# Each way to write a day, with what a text without any such day usually lacks: it saves a search.
_DATES = tuple(
    (re.compile(pattern), sign)
    for pattern, sign in (
        (
            rf"(?<![0-9年.])(?:(?P<year>{_YEAR})\s?年\s?)?"
            rf"(?<![一二三四五六七八九十])(?P<month>{TWO})\s?月\s?(?P<day>{TWO})\s?[日号]",
            re.compile("月"),
        ),
        (
            r"(?<![0-9])(?P<year>[0-9]{4})(?P<by>[-/.])(?P<month>[0-9]{1,2})(?P=by)"
            r"(?P<day>[0-9]{1,2})(?![0-9])",
            re.compile("[0-9]{4}[-/.][0-9]"),
        ),
        (rf"(?<![a-z0-9.]){_DAY}\s(?:of\s)?{_NAME}{_OF_YEAR}(?![a-z])", _NAMED),
        (rf"(?<![a-z]){_NAME}\s{_DAY}(?![0-9a-z]){_OF_YEAR}", _NAMED),
    )
)
_TO = r"\s?(?:至|到|-|~|to\s|until\s){1,2}\s?"
_IS_TO = re.compile(rf"{_TO}\Z")
_TO_LENGTH = 8
# The end of a period leaves out what its start has said: 8月11日9时至20日17时, 9:00-11:00.
_TAIL = re.compile(rf"{_TO}(?:(?P<day>{TWO})\s?[日号])?")


class Moment(NamedTuple):
    """A day at text[start:end], with the instant in Asia/Shanghai where a time is given.

    `is_year_assumed`: the text gives none. `is_end`: the end of a period; its start is not listed.
    """

    start: int
    end: int
    day: date
    at: datetime | None = None
    is_year_assumed: bool = False
    is_end: bool = False


def moments(text: str, published_on: date | None) -> list[Moment]:
    """In the order of the text; what is no day (2月30日) or no time (25时) is left out.

    A day without a year is read as the nearest one to the publication, or not at all without it.
    """
    listed: list[Moment] = []
    reached, previous = 0, None
    for found in sorted(_stand(text), key=lambda one: (one.start(), -one.end()))[:MOMENTS]:
        if found.start() < reached:
            continue
        since = previous if previous and _joined(text, reached, found.start()) else None
        if since:
            listed.pop()  # it is that one: the last that could be read
        reached, previous = _read(text, found, since, published_on)
        listed += [previous] if previous else []
    return listed


def _stand(text: str) -> Iterator[re.Match[str]]:
    for pattern, sign in _DATES:
        if sign.search(text):
            yield from islice(pattern.finditer(text), MOMENTS)


def _joined(text: str, end: int, start: int) -> bool:
    return start - end <= _TO_LENGTH and _IS_TO.match(text[end:start]) is not None


def _read(
    text: str, found: re.Match[str], since: Moment | None, published_on: date | None
) -> tuple[int, Moment | None]:
    """How far the day with its time reaches, and the moment, None where it is none."""
    day = _day(found, since.day if since else published_on)
    clock = clocks.after(text, found.end()) or clocks.before(text, found.start())
    start = min(found.start(), clock.start if clock else found.start())
    end = max(found.end(), clock.end if clock else 0)
    one = _moment(start, end, day, clock) if day else None
    if one is None:
        return end, None
    assumed = found["year"] is None and (since is None or since.is_year_assumed)
    one = one._replace(is_year_assumed=assumed, is_end=since is not None)
    one = _with_tail(text, one)
    return one.end, one


def _moment(start: int, end: int, day: date, clock: Clock | None) -> Moment | None:
    at = clock.on(day) if clock else None
    return None if clock and at is None else Moment(start, end, day, at)


def _with_tail(text: str, one: Moment) -> Moment:
    """The end of the period that starts at this moment, where only its day or time is named."""
    tail = _TAIL.match(text, one.end)
    clock = clocks.after(text, tail.end()) if tail else None
    if tail is None or not (tail["day"] or clock):
        return one
    day = _valid(one.day.year, one.day.month, small(tail["day"])) if tail["day"] else one.day
    end = clock.end if clock else tail.end()
    ended = _moment(one.start, end, day, clock) if day and day >= one.day else None
    return ended._replace(is_year_assumed=one.is_year_assumed, is_end=True) if ended else one


def _day(found: re.Match[str], near: date | None) -> date | None:
    groups = found.groupdict()
    month = _MONTHS[groups["name"]] if groups.get("name") else small(found["month"])
    day = small(found["day"])
    if found["year"]:
        return _valid(year(found["year"]), month, day)
    return _nearest(near, month, day) if near else None


def _nearest(near: date, month: int | None, day: int | None) -> date | None:
    """That day of the year in which it lies nearest: a notice of December speaks of January."""
    years = (near.year, near.year + 1, near.year - 1)
    valid = [one for of in years if (one := _valid(of, month, day))]
    return min(valid, key=lambda one: abs(one - near), default=None)


def _valid(of_year: int | None, month: int | None, day: int | None) -> date | None:
    if of_year is None or of_year not in YEARS or not month or not day:
        return None
    try:
        return date(of_year, month, day)
    except ValueError:
        return None
