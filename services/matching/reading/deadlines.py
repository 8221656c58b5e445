"""Until when quotes are taken 报价截止, among all the days of a text."""

from collections.abc import Iterator, Sequence
from datetime import date

from services.days import SHANGHAI, end_of_day
from services.matching.reading import roles
from services.matching.reading.found import Found, bounded
from services.matching.reading.moments import Moment
from services.matching.reading.plain import Plain

NO_TIME_PPM = -200_000
ASSUMED_YEAR_PPM = -120_000


def find(plain: Plain, mentioned: Sequence[Moment], published_on: date | None) -> Iterator[Found]:
    """Candidates for `quote_deadline_at` among `mentioned`.

    A day without time is meant to its end. One before the publication is of an earlier round.
    """
    for one in mentioned:
        cue = roles.role("deadline").cue(roles.context(plain.text, one.start, one.end))
        if cue is not None and not is_over(one, published_on):
            sure = bounded(cue.confidence_ppm + _adjusted(one))
            at = one.at or end_of_day(one.day).astimezone(SHANGHAI)
            yield Found("quote_deadline_at", at, plain.source, one.start, one.end, sure)


def is_over(one: Moment, published_on: date | None) -> bool:
    """Whether the day was over when the demand was published, so that it cannot speak of it."""
    return published_on is not None and one.day < published_on


def _adjusted(one: Moment) -> int:
    return (0 if one.at else NO_TIME_PPM) + (ASSUMED_YEAR_PPM if one.is_year_assumed else 0)
