"""Periods of the Civil Code on the calendar as published."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services import days

YEARS = st.dates(date(2018, 1, 1), date(2026, 11, 1))


def test_the_start_day_is_not_counted() -> None:
    assert days.add_days(date(2026, 3, 2), 1) == date(2026, 3, 3)


def test_a_last_day_in_the_national_holiday_moves_behind_it() -> None:
    assert days.add_days(date(2025, 9, 1), 30) == date(2025, 10, 9)


def test_a_make_up_saturday_is_a_working_day() -> None:
    assert days.is_working_day(date(2025, 10, 11))


@pytest.mark.parametrize(
    ("start", "months", "last"),
    [
        (date(2026, 1, 30), 1, date(2026, 2, 28)),  # a Saturday, but a make-up working day
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2025, 11, 3), 2, date(2026, 1, 4)),  # 3 January is a holiday, the 4th makes up
    ],
)
def test_months_end_on_the_corresponding_day_or_the_last(
    start: date, months: int, last: date
) -> None:
    assert days.add_months(start, months) == last


def test_two_working_days_over_a_weekend() -> None:
    assert days.working_days_after(date(2026, 3, 6), 2) == date(2026, 3, 10)


def test_an_unpublished_year_goes_by_weekday_and_festivals_and_says_so() -> None:
    """The plan of a year comes out in the autumn before; which days are free by law is known."""
    assert not days.is_published(2090)
    assert days.is_working_day(date(2090, 3, 1))  # a Wednesday
    assert not days.is_working_day(date(2090, 3, 4))
    new_year = date(2090, 1, 30)  # a Monday; the eve is free, too, and makes up on Thursday
    free = [new_year + timedelta(days=ahead) for ahead in range(-1, 5)]
    assert [days.is_working_day(day) for day in free] == [False] * 5 + [True]


@given(YEARS, st.integers(0, 60))
def test_a_last_day_is_always_a_working_day_and_never_early(start: date, length: int) -> None:
    last = days.add_days(start, length)
    assert days.is_working_day(last)
    assert (last - start).days >= length


def test_the_business_date_turns_at_midnight_in_shanghai() -> None:
    assert days.shanghai_date(datetime(2026, 3, 1, 15, 59, tzinfo=UTC)) == date(2026, 3, 1)
    assert days.shanghai_date(datetime(2026, 3, 1, 16, 0, tzinfo=UTC)) == date(2026, 3, 2)
    assert days.end_of_day(date(2026, 3, 1)) == datetime(2026, 3, 1, 16, 0, tzinfo=UTC)
