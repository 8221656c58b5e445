"""Reading title and text of a demand, each field by its own finder."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from services.matching.reading import (
    budgets,
    deadlines,
    deliveries,
    performances,
    places,
    quantities,
    requirements,
)
from services.matching.reading.found import Found, Guess, Reading, bounded
from services.matching.reading.moments import moments
from services.matching.reading.plain import Plain, plain

# What a caller makes of a text that knows the categories: it is given the characters that are
# read, as they were written.
Categories = Callable[[str], Sequence[Guess]]


def read(
    title: str, text: str, published_on: date | None, categories: Categories | None = None
) -> Reading:
    """What title and text say of the demand; any text is read, and nothing is guessed.

    Days without a year are read as near `published_on` as may be, not at all without it. Of each
    of both texts the first `READ_CHARACTERS` are read; `is_whole` tells whether that was all.
    """
    sources = plain("title", title), plain("text", text)
    found = [one for source in sources for one in _fields(source, published_on)]
    found += places.find(*sources)
    if categories is not None:
        found += (one for source in sources for one in _categories(source, categories))
    return Reading.of(found, all(source.is_whole for source in sources))


def _fields(source: Plain, published_on: date | None) -> Iterator[Found]:
    yield from budgets.find(source)
    yield from quantities.find(source)
    mentioned = moments(source.text, published_on)
    yield from deadlines.find(source, mentioned, published_on)
    yield from deliveries.find(source, mentioned, published_on)
    yield from requirements.find(source)
    yield from performances.find(source)


def _categories(source: Plain, categories: Categories) -> Iterator[Found]:
    for guess in categories(source.written[: len(source.text)]):
        value, start, end, sure = guess
        yield Found("category", value, source.source, start, end, bounded(sure))
