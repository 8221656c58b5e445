"""One line of the checker: a statement that must hold, and the rows that break it."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Check:
    """`sql` answers one row per violation, so an empty answer is what is wanted.

    `passing`: it may fail for a moment while facts are on their way; it is asked again until the
    platform is quiet or patience ends.
    """

    name: str
    service: str
    zh: str
    en: str
    sql: str
    passing: bool = False


@dataclass(frozen=True)
class Figure:
    """A number of the report; `sql` answers exactly one, null counts as 0."""

    name: str
    service: str
    sql: str


@dataclass(frozen=True)
class Violation:
    """A broken statement: which one, where, and the first rows that break it."""

    check: str
    service: str
    zh: str
    en: str
    rows: tuple[str, ...]
    more: int
    passing: bool

    def to_json(self) -> dict[str, Any]:
        return {
            "check": self.check,
            "service": self.service,
            "zh": self.zh,
            "en": self.en,
            "rows": list(self.rows),
            "more": self.more,
        }


ROWS_SHOWN = 5  # enough to go and look; the rest is counted


def violation(check: Check, rows: list[tuple[Any, ...]]) -> Violation:
    """What is reported of these rows."""
    shown = tuple(" ".join(str(value) for value in row) for row in rows[:ROWS_SHOWN])
    return Violation(
        check.name,
        check.service,
        check.zh,
        check.en,
        shown,
        more=max(0, len(rows) - ROWS_SHOWN),
        passing=check.passing,
    )
