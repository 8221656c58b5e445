"""Times of day as notices write them: 14时30分, 下午2:30, 2:30 pm, 24:00, 09:30+08:00."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import NamedTuple

from services.days import SHANGHAI
from services.matching.reading.numerals import small

TWO = "(?:[0-9]{1,2}|[一二三四五六七八九十零〇]{1,3})"
_AFTERNOON = {"下午", "晚上", "晚", "傍晚"}
_HALF = "上午|下午|中午|早上|傍晚|晚上|晚|凌晨"
_ZONE = r"z(?![a-z])|\+[0-9]{2}:?[0-9]{2}|(?(t)-[0-9]{2}:?[0-9]{2}|(?!))"
_AMPM = r"[ap]\.?m(?![a-z])"
# What stands between a day and its time: blanks, a weekday or 北京时间 in brackets, `at`.
CLOCK = (
    rf"\s?(?:(?P<t>t(?=[0-9]))|,?\s?(?:at\s)?)(?:\([^()]{{1,6}}\)\s?)?(?P<half>{_HALF})?\s?"
    rf"(?P<hour>{TWO})\s?(?:"
    rf":\s?(?P<minute>[0-9]{{2}})(?::[0-9]{{2}}(?:\.[0-9]{{1,6}})?)?(?![0-9:])(?:\s?(?P<ampm>{_AMPM}))?"
    rf"|(?P<only>{_AMPM})"
    rf"|[时点](?:\s?(?P<han>{TWO})\s?分?|(?P<thirty>半))?(?:\s?{TWO}\s?秒)?整?)"
    rf"(?P<zone>{_ZONE})?"
)
_CLOCK = re.compile(CLOCK)
# Before a day, in English only: 2:30 pm on Friday, 11 August.
_BEFORE = re.compile(
    rf"(?<![0-9:])(?P<hour>[0-9]{{1,2}})(?::(?P<minute>[0-9]{{2}}))?\s?(?P<ampm>{_AMPM}|(?<=:[0-9]{{2}}))"
    r"(?:\shours|\snoon)?,?\s(?:on\s)?(?:[a-z]{3,6}day,?\s)?\Z"
)
BEFORE_LENGTH = 36  # 12:30 p.m. hours, on Wednesday,


class Clock(NamedTuple):
    """A time of day at text[start:end]; 24:00 is 0:00 of the next day. `zone`: as written."""

    start: int
    end: int
    hour: int
    minute: int
    zone: str = ""

    def on(self, day: date) -> datetime | None:
        """The instant in Asia/Shanghai; None when there is no such time."""
        try:
            naive = datetime.combine(day, time(self.hour % 24, self.minute))
            naive += timedelta(days=self.hour == 24 and self.minute == 0)
            is_time = self.hour < 24 or (self.hour, self.minute) == (24, 0)
            return naive.replace(tzinfo=_zone(self.zone)).astimezone(SHANGHAI) if is_time else None
        except (ValueError, OverflowError):
            return None


def after(text: str, end: int) -> Clock | None:
    """The time that follows a day which ends there."""
    found = _CLOCK.match(text, end)
    return of(found) if found else None


def before(text: str, start: int) -> Clock | None:
    """The time that stands in front of a day which starts there."""
    offset = max(0, start - BEFORE_LENGTH)
    found = _BEFORE.search(text[offset:start])
    if found is None:
        return None
    hour = _hour(int(found["hour"]), found["ampm"])
    return Clock(offset + found.start(), start, hour, int(found["minute"] or 0))


def of(found: re.Match[str]) -> Clock:
    """The time that the groups of `CLOCK` hold."""
    hour = small(found["hour"])
    minute = 30 if found["thirty"] else small(found["minute"] or found["han"] or "0")
    half = found["half"] or found["ampm"] or found["only"] or ""
    hour, minute = (99 if hour is None else hour), (99 if minute is None else minute)
    return Clock(*found.span(), _hour(hour, half), minute, found["zone"] or "")


def _hour(hour: int, half: str) -> int:
    if half[:1] in ("a", "p") and not 1 <= hour <= 12:
        return hour if 12 < hour < 24 and half.startswith("p") else 99
    if half in _AFTERNOON or half.startswith("p"):
        return hour + 12 if hour < 12 else hour
    return 0 if hour == 12 and (half.startswith("a") or half == "凌晨") else hour


def _zone(written: str) -> tzinfo:
    if not written:
        return SHANGHAI
    if written == "z":
        return UTC
    digits = written[1:].replace(":", "")
    ahead = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-ahead if written[0] == "-" else ahead)
