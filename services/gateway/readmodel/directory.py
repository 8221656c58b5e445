"""The directory of suppliers: parties with a supply on offer, read as the order hall is."""

import json
from typing import Any

from services.gateway.readmodel import listing
from services.gateway.readmodel.listing import COUNTED, PAGE_ITEMS, PAGED, Found, Wanted
from services.messaging import Prepared, Reader

TITLES = 3  # of a supplier's supplies, in the list
SUPPLIES = 50  # of one supplier, on its page
Document = dict[str, Any]


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
    given = (PAGE_ITEMS, listing.skipped(wanted), list(wanted.terms))
    if not wanted.terms:
        return listing.found(reader.rows(_ALL_SUPPLIERS, given), wanted)
    row = reader.row(_SUPPLIES_FOUND, (list(wanted.terms),))
    is_few = row is None or row[0] <= COUNTED
    return listing.found(reader.rows(_OF_FEW if is_few else _OF_MANY, given), wanted)


def supplier(reader: Reader, number: str) -> Document | None:
    """The public document of a party with a supply on offer; these under `supplies`."""
    party = listing.of_number(reader, "party", number)
    if party is None:
        return None
    found = reader.rows(_SUPPLIES, (party["id"], SUPPLIES))
    return party | {"supplies": [json.loads(row[0]) for row in found]} if found else None


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
    sql = PAGED.format(counted=counted, listed=source, most=COUNTED + 1)
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
