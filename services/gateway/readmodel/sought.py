"""What is found by a search: the relay marks it as soon as its facts are told.

One row serves all audiences that see the same words of a thing. Hardly a fact changes a title or a
party, so most are compared and left alone; and no command waits for it.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, text

from services.gateway.readmodel import marks
from services.gateway.readmodel.rendering import to_text

# What is seen now and was not marked like that; and things of which too much is marked.
_UNMARKED = text(
    """
    WITH touched AS (
        SELECT DISTINCT kind, id
        FROM unnest(CAST(:kinds AS text[]), CAST(:ids AS uuid[])) AS touched (kind, id)
    ), seen AS (
        SELECT views.kind, views.id, views.words, views.parties, views.facet, views.sort_at,
               array_agg(views.audience ORDER BY views.audience) AS audiences
        FROM touched JOIN views ON views.kind = touched.kind AND views.id = touched.id
        GROUP BY 1, 2, 3, 4, 5, 6
    ), marked AS (
        SELECT searched.kind, searched.id, searched.words, searched.parties, searched.facet,
               searched.sort_at, searched.audiences
        FROM touched JOIN searched ON searched.id = touched.id AND searched.kind = touched.kind
    ), changed AS (
        (TABLE seen EXCEPT TABLE marked) UNION ALL (TABLE marked EXCEPT TABLE seen)
    )
    SELECT changed.kind, CAST(changed.id AS text), seen.words,
           CAST(seen.parties AS text[]) AS parties, seen.facet, seen.audiences,
           CAST(seen.sort_at AS text) AS sort_at
    FROM (SELECT DISTINCT kind, id FROM changed) AS changed
    LEFT JOIN seen ON seen.kind = changed.kind AND seen.id = changed.id
    """
)
_FORGET = text(
    """
    DELETE FROM searched
    USING unnest(CAST(:kinds AS text[]), CAST(:ids AS uuid[])) AS changed (kind, id)
    WHERE searched.kind = changed.kind AND searched.id = changed.id
    """
)
_MARK = text(
    """
    INSERT INTO searched (id, kind, sort_at, audiences, words, parties, facet, marks)
    SELECT id, kind, sort_at, CAST(audiences AS text[]), words, CAST(parties AS uuid[]), facet,
           CAST(marks AS bigint[])
    FROM json_to_recordset(CAST(:rows AS json)) AS row
        (id uuid, kind text, sort_at timestamptz, audiences text, words text, parties text,
         facet text, marks text)
    """
)


def mark(connection: Connection, kinds: Iterable[str], ids: Iterable[str]) -> None:
    """Mark what changed of these things. Only for who holds the database's relay lock."""
    changed = connection.execute(_UNMARKED, {"kinds": list(kinds), "ids": list(ids)}).all()
    if not changed:
        return
    things = sorted({(row.kind, row.id) for row in changed})
    of_kinds, of_ids = zip(*things, strict=True)
    connection.execute(_FORGET, {"kinds": list(of_kinds), "ids": list(of_ids)})
    seen = [row_of(row._mapping) for row in changed if row.words is not None]
    connection.execute(_MARK, {"rows": to_text(seen)})


def row_of(seen: Mapping[Any, Any]) -> dict[str, Any]:
    """A row of `searched`, its arrays written as PostgreSQL reads them."""
    found = [
        marks.named("kind", seen["kind"]),
        *(marks.named("audience", audience) for audience in seen["audiences"]),
        *map(marks.of_party, seen["parties"]),
        *([marks.named("facet", seen["facet"])] if seen["facet"] else ()),
        *marks.of_words(seen["words"]),
    ]
    return {
        "id": seen["id"],
        "kind": seen["kind"],
        "sort_at": seen["sort_at"],
        "audiences": _array(seen["audiences"]),
        "words": seen["words"],
        "parties": _array(seen["parties"]),
        "facet": seen["facet"],
        "marks": _array(found),
    }


def _array(items: Iterable[Any]) -> str:
    """Of ids, numbers and audiences, in which nothing needs to be quoted."""
    return f"{{{','.join(map(str, items))}}}"
