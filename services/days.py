"""Counting days as the Civil Code (民法典 200-203) does, in Asia/Shanghai.

The day on which a period starts is not counted; a last day that is a statutory holiday moves to
the next day that is not; months end on the corresponding day, or on the month's last.
"""

import calendar
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import chinese_calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
# No statutory holiday is longer than nine days in a row; the bound only ends a broken table.
_LONGEST_BREAK_DAYS = 30


def shanghai_date(moment: datetime) -> date:
    """The business date of an aware instant."""
    return moment.astimezone(SHANGHAI).date()


def start_of_day(day: date) -> datetime:
    """The first instant of `day` in Asia/Shanghai, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI).astimezone(UTC)


def end_of_day(day: date) -> datetime:
    """The first instant after `day`: a period that ends on `day` is over from here on."""
    return start_of_day(day + timedelta(days=1))


def is_published(year: int) -> bool:
    """Whether the State Council's plan of that year is known; else the law's days decide."""
    try:
        chinese_calendar.is_workday(date(year, 6, 1))
    except NotImplementedError:
        return False
    return True


def is_working_day(day: date) -> bool:
    """By the published plan, make-up days included.

    In an unpublished year by weekday and by the festivals that are free by law, with the days that
    make up for those on a weekend (全国年节及纪念日放假办法 2, 6).
    """
    if not is_published(day.year):
        return day.weekday() < 5 and day not in _festivals(day.year)
    return bool(chinese_calendar.is_workday(day))


@lru_cache(maxsize=100)  # years that any due date lies in
def _festivals(year: int) -> frozenset[date]:
    from holidays import country_holidays  # takes a while to import, and is seldom asked for

    return frozenset(country_holidays("CN", years=year))


def next_working_day(day: date) -> date:
    """`day` itself if one works on it, else the first working day after it."""
    for ahead in range(_LONGEST_BREAK_DAYS):
        candidate = day + timedelta(days=ahead)
        if is_working_day(candidate):
            return candidate
    raise ValueError(f"no working day within {_LONGEST_BREAK_DAYS} days of {day}")


def add_days(start: date, days: int) -> date:
    """The last day of a period of `days` that starts on `start` (not counted)."""
    return next_working_day(start + timedelta(days=days))


def add_months(start: date, months: int) -> date:
    """The last day of a period of `months`: the corresponding day, clamped to the month's end."""
    month = start.month - 1 + months
    year, month = start.year + month // 12, month % 12 + 1
    last = calendar.monthrange(year, month)[1]
    return next_working_day(date(year, month, min(start.day, last)))


def working_days_after(start: date, days: int) -> date:
    """The `days`-th working day after `start`."""
    day = start
    for _ in range(days):
        day = next_working_day(day + timedelta(days=1))
    return day
