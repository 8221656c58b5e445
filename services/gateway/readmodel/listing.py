"""What the public pages read: lists by index, one thing by its number; all of it public.

Pages are numbered, for people and their links, and bounded: who wants to read everything takes the
open data, which goes on by cursor.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import Any

from services.messaging import Prepared, Reader

PAGE_ITEMS = 20
MAX_PAGES = 25  # what a person turns over; an OFFSET costs what it skips
COUNTED = MAX_PAGES * PAGE_ITEMS  # beyond it "more than" is said, and nobody waits for a count
STATES = {
    "open": "AND state = 'published'",
    "closed": "AND state <> 'published'",
    "all": "",
}
Document = dict[str, Any]


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for: all of `terms`; `until`: open at least until then."""

    terms: tuple[str, ...] = ()
    states: str = "all"
    until: datetime | None = None
    page: int = 1


@dataclass(frozen=True)
class Found:
    """One page; `total` is no more than COUNTED + 1."""

    cards: list[Document]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many there are to turn over."""
        return max(1, -(-min(self.total, COUNTED) // PAGE_ITEMS))

    @property
    def is_more(self) -> bool:
        """Whether there is more than can be turned over."""
        return self.total > COUNTED


def demands(reader: Reader, wanted: Wanted, limit: int = PAGE_ITEMS) -> Found:
    """Demands that were published, the newest first."""
    statement = _DEMANDS[wanted.states, bool(wanted.terms), wanted.until is not None]
    given = (limit, skipped(wanted), list(wanted.terms), wanted.until)
    return found(reader.rows(statement, given), wanted)


def demand(reader: Reader, number: str) -> Document | None:
    """The public document of a demand."""
    return of_number(reader, "demand", number)


def of_number(reader: Reader, kind: str, number: str) -> Document | None:
    """The public document of a thing that has an entry."""
    row = reader.row(_ONE, (number, kind))
    return None if row is None else json.loads(row[0])


def skipped(wanted: Wanted) -> int:
    """How many are on the pages before."""
    return (min(max(wanted.page, 1), MAX_PAGES) - 1) * PAGE_ITEMS


def found(rows: Sequence[tuple[Any, ...]], wanted: Wanted) -> Found:
    """What a statement made of PAGED has found."""
    cards = [json.loads(card) | {"id": id} for card, id, _ in rows if card is not None]
    return Found(cards, rows[0][2], wanted.page)


# A page that is empty still has its count: the row of the count stays.
PAGED = """
    SELECT shown.card, shown.id, counted.total
    FROM (SELECT count(*) AS total FROM (SELECT {counted} LIMIT {most}) AS bounded) AS counted
    LEFT JOIN LATERAL (
        SELECT listed.card, CAST(listed.id AS text) AS id {listed}
        ORDER BY listed.sort_at DESC, listed.id DESC LIMIT $1 OFFSET $2
    ) AS shown ON true
"""


def _listing(states: str, by_terms: bool, by_until: bool) -> Prepared:
    narrowed = [STATES[states]]
    narrowed += ["AND terms @> $3"] if by_terms else []
    narrowed += ["AND (open_until IS NULL OR open_until >= $4)"] if by_until else []
    source = f"FROM public_entries AS listed WHERE kind = 'demand' {' '.join(narrowed)}"
    sql = PAGED.format(counted=source, listed=source, most=COUNTED + 1)
    name = f"hall_{states}_{by_terms:d}{by_until:d}"
    return Prepared(name, ("int", "int", "text[]", "timestamptz"), sql)


_DEMANDS = {
    filters: _listing(*filters) for filters in product(STATES, (False, True), (False, True))
}
_ONE = Prepared(
    "public_by_number",
    ("text", "text"),
    """
    SELECT views.document FROM public_entries AS entry
    JOIN views ON views.kind = entry.kind AND views.id = entry.id AND views.audience = 'public'
    WHERE entry.number = $1 AND entry.kind = $2 LIMIT 1
    """,
)
