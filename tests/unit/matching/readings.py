"""What a reading makes of one text, and the words that it came from."""

from datetime import date

from services.matching.reading import Found, read

PUBLISHED_ON = date(2026, 8, 1)

read("", "", None)  # loads words and places once, which no single test should be charged for


def found(field: str, text: str, title: str = "", published_on: date | None = PUBLISHED_ON):
    """All candidates for the field, best first."""
    return getattr(read(title, text, published_on), field)


def values(field: str, text: str, title: str = "", published_on: date | None = PUBLISHED_ON):
    return [one.value for one in found(field, text, title, published_on)]


def best(field: str, text: str, title: str = "", published_on: date | None = PUBLISHED_ON):
    """The value of the best candidate; None: unknown."""
    return next(iter(values(field, text, title, published_on)), None)


def words(one: Found, text: str, title: str = "") -> str:
    """The words that a candidate came from, as they were written."""
    return {"title": title, "text": text}[one.source][one.start : one.end]
