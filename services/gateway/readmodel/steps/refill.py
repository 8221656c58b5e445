"""All steps anew, from the documents that there are: after a migration, or when the table changed.

Whatever is projected meanwhile is right already: each batch holds the guards of its things, as a
fact does. Since when a step is owed is kept; of those that are new it is what the document says.
"""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session, sessionmaker

from services.contracts.money import parse_amount
from services.contracts.registry import AGGREGATES
from services.gateway.readmodel.rendering import FEN, to_text
from services.gateway.readmodel.steps import keeping, parts
from services.gateway.readmodel.steps.settling import Settling
from services.gateway.readmodel.steps.table import OWING

VERSION = 2  # to be raised with a change of what is owed
BATCH = 500  # things whose guards are held at once: tens of milliseconds
_LOCK = 803_250_032  # of this work alone, within the database

Document = dict[str, Any]
Key = tuple[str, str]

_KINDS = sorted(OWING | parts.PARTS.keys())
_NEXT = text(
    """
    SELECT kind, CAST(id AS text) FROM resources
    WHERE kind = ANY(:kinds) AND (kind, id) > (:kind, CAST(:id AS uuid))
    ORDER BY kind, id LIMIT :limit FOR UPDATE
    """
)
_SEEN = text(
    """
    SELECT views.kind, CAST(views.id AS text), audience, document
    FROM unnest(CAST(:kinds AS text[]), CAST(:ids AS uuid[])) AS moved (kind, id)
    JOIN views ON views.kind = moved.kind AND views.id = moved.id
    """
)
_KEEP = text(
    f"""
    WITH moved AS (
        SELECT * FROM unnest(CAST(:kinds AS text[]), CAST(:ids AS uuid[])) AS moved (kind, id)
    ), {keeping.WITH}, {keeping.DONE}
    SELECT count(*) FROM moved
    """  # noqa: S608  the text is our own
)
_MADE = text("SELECT version FROM steps_made WHERE version >= :version")
_SET = text(
    """
    INSERT INTO steps_made (id, version) VALUES (1, :version)
    ON CONFLICT (id) DO UPDATE SET version = excluded.version
    """
)
_START: Key = ("", "00000000-0000-0000-0000-000000000000")


def if_needed(sessions: sessionmaker[Session]) -> bool:
    """Make all of them unless they were made by this version; whether it was done.

    One process at a time: who comes second waits and finds it done.
    """
    with sessions.begin() as session:
        connection = session.connection()
        if _is_made(connection):
            return False
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        if _is_made(connection):
            return False
        every(sessions)
        connection.execute(_SET, {"version": VERSION})
    return True


def _is_made(connection: Connection) -> bool:
    return connection.execute(_MADE, {"version": VERSION}).first() is not None


def every(sessions: sessionmaker[Session]) -> int:
    """In transactions of BATCH things; the number of things that were looked at."""
    last, count = _START, 0
    while True:
        with sessions.begin() as session:
            keys = _batch(session.connection(), last)
        if not keys:
            return count
        last, count = keys[-1], count + len(keys)


def _batch(connection: Connection, after: Key) -> list[Key]:
    given = {"kinds": _KINDS, "kind": after[0], "id": after[1], "limit": BATCH}
    keys = [(kind, id) for kind, id in connection.execute(_NEXT, given)]
    if keys:
        kinds, ids = map(list, zip(*keys, strict=True))
        named = {"kinds": kinds, "ids": ids}
        whole = _whole(seen := _seen(connection, named))
        settling = Settling((kind, state) for (kind, _), state in whole.items())
        settling.hold(connection)
        connection.execute(_KEEP, named | _rows(seen, whole))
        settling.settle(connection)
    return keys


def _seen(connection: Connection, named: Mapping[str, Any]) -> dict[Key, dict[str, Document]]:
    found: dict[Key, dict[str, Document]] = {}
    for kind, id, audience, document in connection.execute(_SEEN, named):
        found.setdefault((kind, id), {})[audience] = stated(kind, json.loads(document))
    return found


def _whole(seen: Mapping[Key, Mapping[str, Document]]) -> dict[Key, Document]:
    """A document with a version is the whole state."""
    return {
        key: document
        for key, shown in seen.items()
        for document in shown.values()
        if "sequence" in document
    }


def _rows(
    seen: Mapping[Key, Mapping[str, Document]], whole: Mapping[Key, Document]
) -> dict[str, str]:
    steps, done = list[Document](), list[Document]()
    for (kind, id), state in whole.items():
        steps += keeping.rows_of(kind, state, seen[kind, id])
        done += parts.rows_of(kind, state)
    return {"steps": to_text(steps), "parts": to_text(done)}


def stated(kind: str, document: Document) -> Document:
    """What was rendered, with its amounts in fen again."""
    names = {name.removesuffix(FEN): name for name in AGGREGATES[kind].schema.fields}
    return {names.get(name, name): _value(value, names.get(name, name) != name)
            for name, value in document.items()}  # fmt: skip


def _value(value: Any, is_money: bool) -> Any:
    return parse_amount(value["amount"]) if is_money and value is not None else value
