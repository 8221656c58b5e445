"""Reading title and text of a demand, each field by its own finder."""

from collections.abc import Callable, Iterable, Iterator, Sequence
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

# What a caller makes of a title that knows the categories: it is given the characters that are
# read, as they were written. A long scope speaks of much that is not asked for.
Categories = Callable[[str], Sequence[Guess]]


def _go_on() -> None:
    """Nobody else waits."""


def read(
    title: str,
    text: str,
    published_on: date | None,
    categories: Categories | None = None,
    pause: Callable[[], object] = _go_on,
) -> Reading:
    """What title and text say of the demand; any text is read, and nothing is guessed.

    Days without a year are read as near `published_on` as may be, not at all without it. Of each
    of both texts the first `READ_CHARACTERS` are read; `is_whole` tells whether that was all.
    `pause` is called between the fields: the longest texts take a server's others too long.
    """
    title_read, text_read = plain("title", title), plain("text", text)
    found: list[Found] = []
    for of_one_field in _fields(title_read, text_read, published_on, categories):
        found += of_one_field
        pause()
    return Reading.of(found, title_read.is_whole and text_read.is_whole)


def _fields(
    title: Plain, text: Plain, published_on: date | None, categories: Categories | None
) -> Iterator[Iterable[Found]]:
    for source in (title, text):
        yield budgets.find(source)
        yield quantities.find(source)
        mentioned = moments(source.text, published_on)
        yield deadlines.find(source, mentioned, published_on)
        yield deliveries.find(source, mentioned, published_on)
        yield requirements.find(source)
        yield performances.find(source)
    yield places.find(title, text)
    if categories is not None:
        yield _categories(title, categories)


def _categories(title: Plain, categories: Categories) -> Iterator[Found]:
    for guess in categories(title.written[: len(title.text)]):
        value, start, end, sure = guess
        yield Found("category", value, title.source, start, end, bounded(sure))
