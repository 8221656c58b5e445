"""What a demand's text says where its buyer left a field open: shown, held against nobody.

A buyer has not confirmed what is read. It changes no verdict; a person who looks at one sees it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import cast

from services.contracts.money import format_amount
from services.matching import grades
from services.matching.reading import Found, read
from services.matching.reading.sureness import is_sure, proposed
from services.matching.sides import Holding, Requirement, Wanted
from services.matching.verdicts import Note

REMEMBERED = 64  # demands whose matches are explained at one time; some 4 MB of the longest texts


@dataclass(frozen=True)
class Mentioned:
    """As on a demand; None and () where the text does not say, or the buyer does.

    Each of its methods gives the note on a verdict, None where it has nothing to say.
    """

    region: str | None = None
    budget_fen: int | None = None
    delivery_due_date: date | None = None
    requirements: tuple[Requirement, ...] = ()

    def of_region(self, served: str) -> Note | None:
        return Note("read", (self.region, served)) if self.region else None

    def of_price(self, low_fen: int | None) -> Note | None:
        if self.budget_fen is None or low_fen is None:
            return None
        return Note("read", (format_amount(low_fen), format_amount(self.budget_fen)))

    def of_lead_time(self, ready_on: date | None) -> Note | None:
        if self.delivery_due_date is None or ready_on is None:
            return None
        return Note("read", (str(ready_on), str(self.delivery_due_date)))

    def of_qualification(self, held: Sequence[Holding] | None, today: date) -> Note | None:
        if not self.requirements:
            return None
        has_all = all(grades.meets(one, held or (), today) for one in self.requirements)
        return Note("read_held" if has_all else "read", ("、".join(map(str, self.requirements)),))


_NOTHING = Mentioned()


def mentioned(wanted: Wanted) -> Mentioned:
    """Of the fields that a constraint looks at and the demand leaves open. Each text is read once.

    In front of a person's eyes only: a ranking of hundreds looks at nothing of it.
    """
    is_open = (
        wanted.region is None,
        wanted.budget_fen is None,
        wanted.delivery_due_date is None,
        wanted.requirements is None,
    )
    if not any(is_open):
        return _NOTHING
    said = _said(wanted.title, wanted.text, wanted.published_on)
    return Mentioned(
        said.region if is_open[0] else None,
        said.budget_fen if is_open[1] else None,
        said.delivery_due_date if is_open[2] else None,
        said.requirements if is_open[3] else (),
    )


@lru_cache(REMEMBERED)
def _said(title: str, text: str, published_on: date | None) -> Mentioned:
    found = read(title, text, published_on)
    return Mentioned(
        proposed(found, "region"),
        proposed(found, "budget_fen"),
        proposed(found, "delivery_due_date"),
        tuple(_requirement(one) for one in found.requirements if is_sure(one)),
    )


def _requirement(found: Found) -> Requirement:
    """The first of them, with the others as its alternatives."""
    either = cast("tuple[Requirement, ...]", found.value)
    return Requirement(either[0].name, either[0].grade, either[1:])
