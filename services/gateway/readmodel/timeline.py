"""One deal as its story: the facts of a thread that the caller may know, in order."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, Text, cast, func, select, text, tuple_
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on
from sqlalchemy.orm import Session

from services.contracts.problems import Problem
from services.gateway.readmodel import feed, signatories
from services.gateway.readmodel.steps import thread
from services.gateway.tables import FEED, VIEWS

Key = tuple[str, str]  # kind, id

PAGE_ITEMS = 200
MAX_PAGE_ITEMS = 500  # a settled deal with twenty matches has about 150 facts

# What waits for its position is told as well: who has just acted finds it here at once.
_TOLD = """
    WITH told AS (
        SELECT DISTINCT ON (known.event_id) known.*
        FROM (
            SELECT {told} FROM feed WHERE thread_id = :thread_id
            UNION ALL
            SELECT {told} FROM feed_waiting WHERE thread_id = :thread_id
        ) AS known
        JOIN unnest(CAST(:mine AS text[])) WITH ORDINALITY AS held(audience, rank)
          ON held.audience = known.audience
        ORDER BY known.event_id, held.rank
    )
    SELECT * FROM told {after}
    ORDER BY occurred_at, event_id LIMIT :limit
"""
_NAMES = text("SELECT id::text, name FROM parties WHERE id = ANY(CAST(:ids AS uuid[]))")
_COLUMNS = ", ".join(column.name for column in FEED.columns if column is not FEED.c.position)
_FIRST = text(_TOLD.format(told=_COLUMNS, after=""))
_NEXT = text(
    _TOLD.format(
        told=_COLUMNS,
        after="""WHERE (occurred_at, event_id) > (
            SELECT occurred_at, event_id FROM told WHERE event_id = CAST(:cursor AS uuid))""",
    )
)

# The facts that somebody's signature makes.
SIGNING = frozenset({"contract.signed_by_party.v1", "receivable.confirmed.v1"})
# What the platform records by itself of what a party has said: the field that names that party.
SAYING = {"position.payment_reported.v1": "debtor_id"}
# Which amount of its document tells what a fact is about; the first that is there.
AMOUNTS = (
    "amount", "price", "principal", "confirmed", "claimed", "accepted", "granted", "budget",
)  # fmt: skip


def of_thread(
    session: Session, thread_id: str, mine: Sequence[str], limit: int, cursor: str | None
) -> tuple[list[dict[str, Any]], str | None]:
    """Who, what, when, how much, and the cursor of the next page or None.

    Raises Problem("not_found") where the caller knows of nothing, Problem("query_invalid") for a
    cursor that is none: a page that has one has a successor.
    """
    given = {"mine": list(mine), "thread_id": thread_id, "limit": limit + 1, "cursor": cursor}
    rows = session.execute(_NEXT if cursor else _FIRST, given).all()
    if not rows and cursor is None:
        raise Problem("not_found")
    if not rows:
        unknown = {"pointer": "?cursor", "message": "Not a valid cursor."}
        raise Problem("query_invalid", errors=[unknown])
    shown = rows[:limit]
    found = documents(session, shown, mine)
    signed = _signatories(session, shown, found, mine)
    said = _sayers(session, shown, found)
    entries = [
        _entry(row, found.get(key(row), {}))
        | {
            "signatory": signed.get(str(row.event_id)),
            "actor": feed.actor(row) or said.get(str(row.event_id)),
        }
        for row in shown
    ]
    return entries, str(shown[-1].event_id) if len(rows) > limit else None


def documents(
    session: Session, rows: Sequence[Row[Any]], mine: Sequence[str]
) -> dict[Key, dict[str, Any]]:
    """The fullest that the caller may see of each resource, read once for all facts about it."""
    keys = sorted({key(row) for row in rows})
    rank = func.array_position(cast(list(mine), ARRAY(Text)), VIEWS.c.audience)
    found = (
        select(VIEWS.c.kind, VIEWS.c.id, VIEWS.c.document)
        .where(tuple_(VIEWS.c.kind, VIEWS.c.id).in_(keys), VIEWS.c.audience.in_(mine))
        .ext(distinct_on(VIEWS.c.kind, VIEWS.c.id))
        .order_by(VIEWS.c.kind, VIEWS.c.id, rank)
    )
    return {(kind, str(id)): json.loads(text) for kind, id, text in session.execute(found)}


def key(row: Row[Any]) -> Key:
    """What a fact is about."""
    return row.kind, str(row.resource_id)


def amount_of(document: dict[str, Any]) -> Any:
    """The money that a thing is about, where its reader sees any."""
    return next((document[name] for name in AMOUNTS if document.get(name)), None)


def _signatories(
    session: Session,
    rows: Sequence[Row[Any]],
    found: Mapping[Key, dict[str, Any]],
    mine: Sequence[str],
) -> dict[str, str]:
    """Who signed, by fact; the two parties of a document are told the names."""
    signed: dict[str, signatories.Signature] = {}
    for row in rows:
        kind, document = row.kind, found.get(key(row), {})
        if row.type in SIGNING and signatories.is_between(kind, document, mine):
            for one in signatories.under(kind, document):
                if one.party_id == str(row.actor_party):
                    signed[str(row.event_id)] = one
    people = signatories.people(session, signed.values())
    return {fact: people[one.user_id].name for fact, one in signed.items() if one.user_id in people}


def _sayers(
    session: Session, rows: Sequence[Row[Any]], found: Mapping[Key, dict[str, Any]]
) -> dict[str, dict[str, Any]]:
    """Whose words the platform has recorded, by fact; the reader's own document names them."""
    parties = {
        str(row.event_id): found.get(key(row), {}).get(SAYING[row.type])
        for row in rows
        if row.type in SAYING
    }
    ids = sorted({id for id in parties.values() if id})
    named = session.execute(_NAMES, {"ids": ids}) if ids else ()
    names = {one.id: one.name for one in named}
    return {
        fact: {"party_id": id, "name": names[id]} for fact, id in parties.items() if id in names
    }


def _entry(row: Row[Any], document: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": str(row.event_id),
        "type": row.type,
        "kind": row.kind,
        "resource_id": str(row.resource_id),
        "sequence": row.sequence,
        "number": document.get("number"),
        "occurred_at": row.occurred_at.isoformat(),
        "business_date": row.business_date.isoformat(),
        "amount": amount_of(document),
        "state": document.get("state"),
        "rule": thread.rule_of(row.type, row.business_date),
        "clock": thread.clock_of(row.type, document),
    }
