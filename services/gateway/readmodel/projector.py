"""Facts into the read model: guards, documents per audience, feed rows. Five statements a batch.

The same facts come by two ways, in a command's reply and by the broker, late or repeated: the
guard lets only a greater sequence replace the documents, and a fact enters the feed once per
audience however often and in whatever order it comes. Who sees a thing no longer is told so by the
fact that took it away.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from services.contracts.actor import SYSTEM_PARTY
from services.contracts.envelope import Event
from services.gateway.readmodel import audiences, departures, hearers
from services.gateway.readmodel.audiences import Audiences
from services.gateway.readmodel.departures import Key, Sight
from services.gateway.readmodel.rendering import etag, render, to_text
from services.gateway.tables import Party
from services.messaging import Transaction

Row = dict[str, Any]

# Who acts for the platform is no secret to anybody.
PLATFORM = frozenset({"operator", "registry"})

# The rows of a batch travel as one JSON parameter, whatever their number: one statement that is
# parsed once, where a parameter per value costs more than the writing.
_RAISE = text(
    """
    INSERT INTO resources (kind, id, sequence, number, state, sort_at)
    SELECT * FROM json_to_recordset(CAST(:rows AS json)) AS row
        (kind text, id uuid, sequence bigint, number text, state text, sort_at timestamptz)
    ON CONFLICT (kind, id) DO UPDATE SET
        sequence = excluded.sequence, number = excluded.number, state = excluded.state,
        sort_at = excluded.sort_at, raised_from = resources.sequence
    WHERE resources.sequence < excluded.sequence
    RETURNING kind, CAST(id AS text) AS id, raised_from
    """
)
_CLEAR = text(
    """
    DELETE FROM views USING unnest(CAST(:kinds AS text[]), CAST(:ids AS uuid[])) AS moved (kind, id)
    WHERE views.kind = moved.kind AND views.id = moved.id
    RETURNING views.kind, CAST(views.id AS text), views.audience, CAST(views.thread_id AS text)
    """
)
_SHOW = text(
    """
    INSERT INTO views
        (kind, id, audience, sequence, state, sort_at, thread_id, etag, document)
    SELECT * FROM json_to_recordset(CAST(:rows AS json)) AS row
        (kind text, id uuid, audience text, sequence bigint, state text, sort_at timestamptz,
         thread_id uuid, etag text, document text)
    """
)
_TELL = text(
    """
    INSERT INTO feed
        (event_id, audience, type, kind, resource_id, sequence, thread_id, occurred_at,
         business_date, actor_party, actor_name)
    SELECT * FROM json_to_recordset(CAST(:rows AS json)) AS row
        (event_id uuid, audience text, type text, kind text, resource_id uuid, sequence bigint,
         thread_id uuid, occurred_at timestamptz, business_date date, actor_party uuid,
         actor_name text)
    ON CONFLICT DO NOTHING
    """
)


def keep(tx: Transaction, events: Sequence[Event]) -> None:
    """Project a batch of facts, of any service, in any order."""
    project(tx.session, events)


def project(session: Session, events: Sequence[Event]) -> None:
    """The same, in the caller's transaction. The guards' locks order all writers of a resource."""
    newest = _newest(events)
    if not newest:
        return
    advanced = _raise_guards(session, newest)
    before = _replace_views(session, [newest[key] for key in advanced], advanced)
    _append_to_feed(session, events, before)


def _newest(events: Iterable[Event]) -> dict[Key, Event]:
    newest: dict[Key, Event] = {}
    for event in events:
        key = (event.aggregate, event.subject)
        if key not in newest or newest[key].sequence < event.sequence:
            newest[key] = event
    return newest


def _raise_guards(session: Session, newest: Mapping[Key, Event]) -> dict[Key, int]:
    """Lock and raise the guard of each resource; of those that were behind, where they stood.

    In the order of the keys, so that two batches never wait for each other in a circle.
    """
    rows = [_guard(newest[key]) for key in sorted(newest)]
    raised = session.execute(_RAISE, {"rows": to_text(rows)})
    return {(kind, id): raised_from for kind, id, raised_from in raised}


def _guard(event: Event) -> Row:
    state = event.data
    return {
        "kind": event.aggregate,
        "id": event.subject,
        "sequence": event.sequence,
        "number": state["number"],
        "state": state["state"],
        "sort_at": _sort_at(state),
    }


def _sort_at(state: Mapping[str, Any]) -> Any:
    """Lists show the youngest first, by publication where there is one; it does not change."""
    return state.get("published_at") or state["created_at"]


def _replace_views(
    session: Session, events: Sequence[Event], stood: Mapping[Key, int]
) -> dict[Key, Sight]:
    """Write what is seen now; the answer is who saw what before.

    A guard that stood may have had no views: what nobody saw has a version as well.
    """
    if not events:
        return {}
    before = {key: Sight(sequence) for key, sequence in stood.items()}
    kinds, ids = zip(*before, strict=True)
    gone = session.execute(_CLEAR, {"kinds": list(kinds), "ids": list(ids)})
    for kind, id, audience, thread_id in gone:
        before[kind, id].threads[audience] = thread_id
    rows = [row for event in events for row in _views(event)]
    if rows:
        session.execute(_SHOW, {"rows": to_text(rows)})
    return before


def _views(event: Event) -> list[Row]:
    common = {name: value for name, value in _guard(event).items() if name != "number"}
    return [
        common | {"audience": audience} | _shown(document)
        for audience, document in audiences.documents(event.aggregate, event.data).items()
    ]


def _shown(document: Row) -> Row:
    text = to_text(render(document))
    return {
        "thread_id": document.get("thread_id"),
        "etag": etag(document, text),
        "document": text,
    }


def _append_to_feed(session: Session, events: Sequence[Event], before: Mapping[Key, Sight]) -> None:
    actors = _actors(session, {event.actor_party for event in events})
    told = [
        (event, hearers.told(event.type, event.aggregate, event.data)) for event in events
    ] + departures.of(events, before)
    rows = [row for event, heard in told for row in _feed_rows(event, heard, actors)]
    if rows:
        session.execute(_TELL, {"rows": to_text(rows)})


def _actors(session: Session, ids: set[str]) -> dict[str, Party]:
    """The acting parties that this service knows; the platform itself is none."""
    known = session.scalars(select(Party).where(Party.id.in_(ids - {SYSTEM_PARTY})))
    return {party.id: party for party in known}


def _feed_rows(event: Event, told: Audiences, actors: Mapping[str, Party]) -> list[Row]:
    return [
        {
            "event_id": event.id,
            "audience": audience,
            "type": event.type,
            "kind": event.aggregate,
            "resource_id": event.subject,
            "sequence": document.get("sequence"),
            "thread_id": document.get("thread_id"),
            "occurred_at": event.occurred_at,
            "business_date": event.business_date,
            **_actor(event, audience, document, actors.get(event.actor_party)),
        }
        for audience, document in told.items()
    ]


def _actor(event: Event, audience: str, document: Row, actor: Party | None) -> Row:
    """Named only to those whose own document names it already, or where it acts for all."""
    named = (
        audience in (audiences.OPERATOR, audiences.of_party(event.actor_party))
        or event.actor_party in document.values()
        or (actor is not None and not PLATFORM.isdisjoint(actor.capacities))
    )
    if actor is None or not named:
        return {"actor_party": None, "actor_name": None}
    return {"actor_party": actor.id, "actor_name": actor.name}
