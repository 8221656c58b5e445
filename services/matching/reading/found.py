"""What is found in a text: a value, the words that it came from, and how sure the reading is."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import NamedTuple

from services.matching.sides import Requirement

SURE_PPM = 990_000  # nothing that is read is certain
LEAST_PPM = 50_000
CANDIDATES = 5  # of one field: what a buyer looks through; the best comes first anyway
REQUIREMENTS = 30  # what the contract of a demand takes; they hold together, none replaces another

# A requirement is a tuple of alternatives 或: to hold one of them is enough.
Value = int | str | date | datetime | tuple[Requirement, ...]


class Guess(NamedTuple):
    """What a reader of the caller's own makes of a text: value, [start, end), confidence."""

    value: str
    start: int
    end: int
    confidence_ppm: int


@dataclass(frozen=True)
class Found:
    """One candidate for one field; `source`[`start`:`end`] are the words that it came from.

    `source` is "title" or "text"; the offsets count characters of that string as it was given.
    `confidence_ppm` is in millionths and orders the candidates of one field.
    """

    field: str
    value: Value
    source: str
    start: int
    end: int
    confidence_ppm: int


@dataclass(frozen=True)
class Reading:
    """Candidates by field, best first; none means *unknown*.

    `budget_fen`: fen, with tax where the text tells. `quote_deadline_at`: aware, Asia/Shanghai.
    `delivery_days`: calendar days. `requirements`: all of them hold together; the value of each
    is a tuple of alternatives. `is_whole`: nothing was left unread.
    """

    budget_fen: tuple[Found, ...] = ()
    quantity: tuple[Found, ...] = ()
    region: tuple[Found, ...] = ()
    quote_deadline_at: tuple[Found, ...] = ()
    delivery_due_date: tuple[Found, ...] = ()
    delivery_days: tuple[Found, ...] = ()
    requirements: tuple[Found, ...] = ()
    performance: tuple[Found, ...] = ()
    category: tuple[Found, ...] = ()
    is_whole: bool = True

    @classmethod
    def of(cls, found: Iterable[Found], is_whole: bool) -> "Reading":
        """Each candidate under its field, best first, one of each value."""
        by_field: dict[str, list[Found]] = {name: [] for name in FIELDS}
        for one in found:
            by_field[one.field].append(one)
        kept = {name: _best_first(each, _limit(name)) for name, each in by_field.items()}
        return cls(**kept, is_whole=is_whole)

    def best(self, field: str) -> Found | None:
        """The likeliest candidate of the field; None: unknown."""
        candidates: tuple[Found, ...] = getattr(self, field)
        return candidates[0] if candidates else None


FIELDS = tuple(one.name for one in fields(Reading) if one.name != "is_whole")


def bounded(confidence_ppm: int) -> int:
    """Within what a reading may claim."""
    return max(LEAST_PPM, min(SURE_PPM, confidence_ppm))


def _limit(field: str) -> int:
    return REQUIREMENTS if field == "requirements" else CANDIDATES


def _best_first(candidates: list[Found], limit: int) -> tuple[Found, ...]:
    """Ties keep the order of the texts, title first."""
    candidates.sort(key=lambda one: -one.confidence_ppm)
    first: dict[Value, Found] = {}
    for one in candidates:
        first.setdefault(one.value, one)
    return tuple(first.values())[:limit]
