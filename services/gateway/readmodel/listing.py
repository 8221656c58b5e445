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
MAX_PAGES = 50  # what a person turns over; an OFFSET costs what it skips
COUNTED = MAX_PAGES * PAGE_ITEMS  # beyond it "more than" is said, and nobody waits for a count
TITLES = 3  # of a supplier's supplies, in a list of suppliers
SUPPLIES = 50  # of one supplier, on its page
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
    given = (limit, _skipped(wanted), list(wanted.terms), wanted.until)
    return _found(reader.rows(statement, given), wanted)


def suppliers(reader: Reader, wanted: Wanted) -> Found:
    """Who has a supply on offer, one that has all of the terms; the newest on the platform first.

    Each with the newest of its supplies under `supplies`.
    """
    found = _suppliers(reader, wanted)
    offered: dict[str, list[Document]] = {}
    for owner, card in reader.rows(_TITLES, ([card["id"] for card in found.cards], TITLES)):
        offered.setdefault(owner, []).append(json.loads(card))
    for card in found.cards:
        card["supplies"] = offered.get(card["id"], [])
    return found


def _suppliers(reader: Reader, wanted: Wanted) -> Found:
    """Of few supplies the suppliers are put in order; of many those in order are looked at."""
    given = (PAGE_ITEMS, _skipped(wanted), list(wanted.terms))
    if not wanted.terms:
        return _found(reader.rows(_ALL_SUPPLIERS, given), wanted)
    row = reader.row(_SUPPLIES_FOUND, (list(wanted.terms),))
    is_few = row is None or row[0] <= COUNTED
    return _found(reader.rows(_OF_FEW if is_few else _OF_MANY, given), wanted)


def demand(reader: Reader, number: str) -> Document | None:
    """The public document of a demand."""
    row = reader.row(_ONE, (number, "demand"))
    return None if row is None else json.loads(row[0])


def supplier(reader: Reader, number: str) -> Document | None:
    """The public document of a party with a supply on offer; these under `supplies`."""
    row = reader.row(_ONE, (number, "party"))
    if row is None:
        return None
    party: Document = json.loads(row[0])
    found = reader.rows(_SUPPLIES, (party["id"], SUPPLIES))
    return party | {"supplies": [json.loads(row[0]) for row in found]} if found else None


def _skipped(wanted: Wanted) -> int:
    return (min(max(wanted.page, 1), MAX_PAGES) - 1) * PAGE_ITEMS


def _found(rows: Sequence[tuple[Any, ...]], wanted: Wanted) -> Found:
    cards = [json.loads(card) | {"id": id} for card, id, _ in rows if card is not None]
    return Found(cards, rows[0][2], wanted.page)


# A page that is empty still has its count: the row of the count stays.
_PAGED = """
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
    sql = _PAGED.format(counted=source, listed=source, most=COUNTED + 1)
    name = f"hall_{states}_{by_terms:d}{by_until:d}"
    return Prepared(name, ("int", "int", "text[]", "timestamptz"), sql)


_DEMANDS = {
    filters: _listing(*filters) for filters in product(STATES, (False, True), (False, True))
}
# Nearly every party in the order of the list has a supply.
_WITH_SUPPLY = """FROM public_entries AS listed WHERE kind = 'party' AND EXISTS (
    SELECT FROM public_entries AS offered
    WHERE offered.kind = 'supply' AND offered.owner_id = listed.id)"""
_WITH_FEW = """FROM public_entries AS listed JOIN (
        SELECT DISTINCT owner_id FROM public_entries WHERE kind = 'supply' AND terms @> $3
    ) AS offering ON listed.id = offering.owner_id WHERE listed.kind = 'party'"""
# One in a few has: the first of them are found on the way, with no look at all the others.
_WITH_ONE_OF_MANY = """FROM public_entries AS listed CROSS JOIN LATERAL (
        SELECT FROM public_entries AS offered
        WHERE offered.kind = 'supply' AND offered.owner_id = listed.id AND offered.terms @> $3
        LIMIT 1
    ) AS offering WHERE listed.kind = 'party'"""


def _of_suppliers(name: str, source: str, counted: str) -> Prepared:
    sql = _PAGED.format(counted=counted, listed=source, most=COUNTED + 1)
    return Prepared(name, ("int", "int", "text[]"), sql)


_ALL_SUPPLIERS = _of_suppliers("suppliers_all", _WITH_SUPPLY, _WITH_SUPPLY)
_OF_FEW = _of_suppliers("suppliers_of_few", _WITH_FEW, _WITH_FEW)
_MANY = f"FROM generate_series(1, {COUNTED + 1})"  # more than are counted
_OF_MANY = _of_suppliers("suppliers_of_many", _WITH_ONE_OF_MANY, _MANY)
_SUPPLIES_FOUND = Prepared(
    "supplies_found",
    ("text[]",),
    f"""
    SELECT count(*) FROM (
        SELECT FROM public_entries WHERE kind = 'supply' AND terms @> $1 LIMIT {COUNTED + 1}
    ) AS found
    """,  # noqa: S608
)
_TITLES = Prepared(
    "supplies_titles",
    ("text[]", "int"),
    """
    SELECT wanted.id, newest.card FROM unnest($1) AS wanted (id)
    CROSS JOIN LATERAL (
        SELECT card FROM public_entries WHERE kind = 'supply' AND owner_id = CAST(wanted.id AS uuid)
        ORDER BY sort_at DESC LIMIT $2
    ) AS newest
    """,
)
_ONE = Prepared(
    "public_by_number",
    ("text", "text"),
    """
    SELECT views.document FROM public_entries AS entry
    JOIN views ON views.kind = entry.kind AND views.id = entry.id AND views.audience = 'public'
    WHERE entry.number = $1 AND entry.kind = $2 LIMIT 1
    """,
)
_SUPPLIES = Prepared(
    "supplies_of_party",
    ("uuid", "int"),
    """
    SELECT views.document FROM (
        SELECT kind, id, sort_at FROM public_entries WHERE kind = 'supply' AND owner_id = $1
        ORDER BY sort_at DESC LIMIT $2
    ) AS newest
    JOIN views ON views.kind = newest.kind AND views.id = newest.id AND views.audience = 'public'
    ORDER BY newest.sort_at DESC
    """,
)
