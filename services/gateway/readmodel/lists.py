"""Lists as desks ask for them: filtered, sorted, searched, counted; a page is a range of an index.

Every value compared is of the asking audience's own rows, made from its own documents: what is
masked in a document can be neither found nor sorted by.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from services.gateway.readmodel.narrowing import Filters, Where, found_by, narrowed, said_by
from services.gateway.readmodel.places import NEWEST, Place, Sort
from services.gateway.readmodel.rendering import MAX_PAGE_BYTES
from services.messaging import Planned, Reader

MOST_COUNTED = 10_000  # beyond, nobody reads the figure; counting so many takes some 10 ms
# Of a search: the next so many of the list are looked at first, by what they say themselves. What
# many documents say is found there; what few say, the marks find, and then there are few to sort.
WINDOW = 600

_DOCUMENTS = """
    SELECT CASE WHEN before < %s THEN document END, key, id::text
    FROM (
        SELECT document, {column}::text AS key, id, row_number() OVER (ORDER BY {order}) AS place,
               sum(octet_length(document)) OVER (ORDER BY {order})
               - octet_length(document) AS before
        FROM ({listed}) AS listed
    ) AS measured ORDER BY place
"""
_LISTED = "SELECT document, {column}, id FROM views WHERE {where} ORDER BY {order} LIMIT %s"
_IN_WINDOW = """
    SELECT document, {column}, id FROM (
        SELECT * FROM views WHERE {where} ORDER BY {order} LIMIT %s
    ) AS next
    WHERE {found} ORDER BY {order} LIMIT %s
"""
# The marks first, whatever the planner thinks of them.
_BY_MARKS = """
    WITH found AS MATERIALIZED (SELECT id FROM searched WHERE {found})
    SELECT document, {column}, id FROM views
    WHERE {where} AND id IN (SELECT id FROM found) ORDER BY {order} LIMIT %s
"""
# In the order that they have where they are marked, so that no more documents are looked up than
# the page takes. It is said twice: what comes sorted is not sorted again, after a look at all.
_NEWEST_BY_MARKS = """
    WITH found AS MATERIALIZED (SELECT sort_at, id FROM searched WHERE {found})
    SELECT document, {column}, id
    FROM (
        SELECT sort_at AS found_at, id AS found_id FROM found ORDER BY sort_at DESC, id DESC
    ) AS found
    CROSS JOIN LATERAL (SELECT * FROM views WHERE {where} AND id = found_id LIMIT 1) AS shown
    ORDER BY found_at DESC, found_id DESC LIMIT %s
"""
_COUNTED = """
    SELECT state, count(*) FROM (SELECT state FROM views WHERE {where} LIMIT %s) AS counted
    GROUP BY state ORDER BY state
"""
_AMONG = " AND id IN (SELECT id FROM searched WHERE {found})"


def page(
    reader: Reader, filters: Filters, sort: Sort, limit: int, after: Place | None
) -> tuple[list[str], Place | None]:
    """Documents as text, and the place after which the next page begins, or None.

    It ends after `limit` items, or with the one that exceeds MAX_PAGE_BYTES.
    """
    where = narrowed(filters)
    if sort.has_none:  # as its index has it
        where.add(f"{sort.column} IS NOT NULL")
    if after is not None:
        where.add(f"({sort.column}, id) {sort.beyond} (%s, %s)", after.key, after.id)
    rows = _rows(reader, filters, sort, where, limit + 1)
    shown = [row for row in rows[:limit] if row[0] is not None]
    texts = [row[0] for row in shown]
    return texts, Place(sort, *shown[-1][1:]) if len(shown) < len(rows) else None


def count(reader: Reader, filters: Filters) -> dict[str, Any]:
    """How many there are in all and by state; `is_more`: no more than MOST_COUNTED were counted."""
    where = narrowed(filters)
    found = found_by(filters)
    sql_where = where.sql + (_AMONG.format(found=found.sql) if filters.is_searched else "")
    values = [*where.values, *(found.values if filters.is_searched else ()), MOST_COUNTED + 1]
    rows = reader.rows(Planned("counted", _COUNTED.format(where=sql_where)), values)
    by_state: dict[str, int] = dict(rows)
    is_more = sum(by_state.values()) > MOST_COUNTED
    if is_more:  # the one too many is of any state: no order says which is the last
        by_state[max(by_state, key=by_state.__getitem__)] -= 1
    return {"total": sum(by_state.values()), "by_state": by_state, "is_more": is_more}


def _rows(
    reader: Reader, filters: Filters, sort: Sort, where: Where, limit: int
) -> list[tuple[Any, ...]]:
    if not filters.is_searched:
        return _read(reader, _Listing("listed", _LISTED, where), sort, [*where.values, limit])
    said = said_by(filters)
    near = _Listing("searched_near", _IN_WINDOW, where, said)
    rows = _read(reader, near, sort, [*where.values, WINDOW, *said.values, limit])
    if len(rows) == limit:
        return rows
    found = found_by(filters)
    template = _NEWEST_BY_MARKS if sort is NEWEST else _BY_MARKS
    marked = _Listing("searched", template, where, found)
    return _read(reader, marked, sort, [*found.values, *where.values, limit])


@dataclass
class _Listing:
    """A way to come to the rows of a page; `found`: what is searched for."""

    name: str
    template: str
    where: Where
    found: Where = field(default_factory=Where)


def _read(
    reader: Reader, listing: _Listing, sort: Sort, values: Sequence[Any]
) -> list[tuple[Any, ...]]:
    parts = {
        "column": sort.column,
        "order": sort.order,
        "where": listing.where.sql,
        "found": listing.found.sql,
    }
    sql = _DOCUMENTS.format(listed=listing.template.format(**parts), **parts)
    return reader.rows(Planned(listing.name, sql), [MAX_PAGE_BYTES, *values])
