"""Facts into the read model: guards, documents per audience, what is told. Three statements.

The same facts come by two ways, in a command's reply and by the broker, late or repeated: the
guard lets only a greater sequence replace the documents, and a fact enters the feed once per
audience however often and in whatever order it comes. Who sees a thing no longer is told so by the
fact that took it away.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.contracts.envelope import Event
from services.contracts.notes import worded
from services.gateway.readmodel import audiences, departures, hearers, telling
from services.gateway.readmodel.audiences import Audiences
from services.gateway.readmodel.departures import Key, Sight
from services.gateway.readmodel.rendering import etag, render, to_text
from services.gateway.readmodel.texts import Texts
from services.messaging import Transaction

Row = dict[str, Any]

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
# What was seen before, as it was when the guards were locked; what is seen now in its place. Texts
# that several audiences share travel once.
_SHOW = text(
    """
    WITH moved AS (
        SELECT * FROM unnest(CAST(:kinds AS text[]), CAST(:ids AS uuid[])) AS moved (kind, id)
    ), now_seen AS (
        SELECT row.*, shown.*
        FROM json_to_recordset(CAST(:rows AS json)) AS row
            (kind text, id uuid, audience text, sequence bigint, state text, sort_at timestamptz,
             thread_id uuid, etag text, text int)
        JOIN unnest(CAST(:texts AS text[]), CAST(:due_at AS timestamptz[]),
                    CAST(:amount_fen AS bigint[]), CAST(:facet AS text[]),
                    CAST(:region AS text[]), CAST(:words AS text[]), CAST(:parties AS text[]))
             WITH ORDINALITY
             AS shown (document, due_at, amount_fen, facet, region, words, parties, place)
          ON shown.place = row.text
    ), gone AS (
        DELETE FROM views USING moved
        WHERE views.kind = moved.kind AND views.id = moved.id
          AND (views.kind, views.id, views.audience)
              NOT IN (SELECT kind, id, audience FROM now_seen)
    ), shown AS (
        INSERT INTO views
            (kind, id, audience, sequence, state, sort_at, thread_id, etag, due_at, amount_fen,
             facet, region, words, parties, document)
        SELECT kind, id, audience, sequence, state, sort_at, thread_id, etag, due_at, amount_fen,
               facet, region, words, CAST(parties AS uuid[]), document
        FROM now_seen
        ON CONFLICT (kind, id, audience) DO UPDATE SET
            sequence = excluded.sequence, state = excluded.state, sort_at = excluded.sort_at,
            thread_id = excluded.thread_id, etag = excluded.etag, document = excluded.document,
            due_at = excluded.due_at, amount_fen = excluded.amount_fen,
            facet = excluded.facet, region = excluded.region, words = excluded.words,
            parties = excluded.parties, shown_at = excluded.shown_at
    )
    SELECT views.kind, CAST(views.id AS text), views.audience, CAST(views.thread_id AS text)
    FROM views JOIN moved ON views.kind = moved.kind AND views.id = moved.id
    """
)


# What a reply has brought already: its guard stands as high, and the feed tells it or is about to.
_PROJECTED = text(
    """
    SELECT CAST(fact.event_id AS text)
    FROM json_to_recordset(CAST(:facts AS json)) AS fact
        (event_id uuid, kind text, id uuid, sequence bigint)
    JOIN resources ON resources.kind = fact.kind AND resources.id = fact.id
        AND resources.sequence >= fact.sequence
    WHERE EXISTS (SELECT FROM feed WHERE feed.event_id = fact.event_id)
       OR EXISTS (SELECT FROM feed_waiting AS waiting WHERE waiting.event_id = fact.event_id)
    """
)


def keep(tx: Transaction, events: Sequence[Event]) -> None:
    """Project a batch of facts, of any service, in any order."""
    project(tx.session, events)
    tx.call_relay()  # for the feed


def follow(tx: Transaction, events: Sequence[Event]) -> None:
    """The same for facts from the broker: most of a command's are there, and lock nothing."""
    known = _projected(tx.session, events)
    if new := [event for event in events if event.id not in known]:
        keep(tx, new)


def project(session: Session, events: Sequence[Event]) -> None:
    """The same, in the caller's transaction. The guards' locks order all writers of a resource."""
    newest = _newest(events)
    if not newest:
        return
    advanced = _raise_guards(session, newest)
    before = _replace_views(session, [newest[key] for key in advanced], advanced)
    telling.tell(session, _told(events, before))


def _projected(session: Session, events: Sequence[Event]) -> set[str]:
    facts = [
        {"event_id": event.id, "kind": event.aggregate, "id": event.subject,
         "sequence": event.sequence}
        for event in events
    ]  # fmt: skip
    return set(session.scalars(_PROJECTED, {"facts": to_text(facts)}))


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
    texts = Texts()
    rows = [row for event in events for row in _views(event, texts)]
    given = {"kinds": list(kinds), "ids": list(ids), "rows": to_text(rows), **texts.columns()}
    for kind, id, audience, thread_id in session.execute(_SHOW, given):
        before[kind, id].threads[audience] = thread_id
    return before


def _views(event: Event, texts: Texts) -> list[Row]:
    """A row per audience."""
    common = {name: value for name, value in _guard(event).items() if name != "number"}
    shown: dict[int, Row] = {}  # who sees the same document sees the same text, rendered once
    rows = []
    for audience, document in audiences.documents(event.aggregate, worded(event.data)).items():
        if id(document) not in shown:
            shown[id(document)] = _shown(event.aggregate, document, texts)
        rows.append(common | {"audience": audience} | shown[id(document)])
    return rows


def _shown(kind: str, document: Row, texts: Texts) -> Row:
    text = to_text(render(document))
    return {
        "thread_id": document.get("thread_id"),
        "etag": etag(document, text),
        "text": texts.place(text, kind, document),
    }


def _told(events: Sequence[Event], before: Mapping[Key, Sight]) -> list[Row]:
    told = [
        (event, hearers.told(event.type, event.aggregate, event.data)) for event in events
    ] + departures.of(events, before)
    return [row for event, heard in told for row in _feed_rows(event, heard)]


def _feed_rows(event: Event, told: Audiences) -> list[Row]:
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
            "actor_party": event.actor_party,
            "is_named": _is_named(event, audience, document),
        }
        for audience, document in told.items()
    ]


def _is_named(event: Event, audience: str, document: Row) -> bool:
    """Who acted: to those alone whose own document names it already."""
    knows = (audiences.OPERATOR, audiences.of_party(event.actor_party))
    return audience in knows or event.actor_party in document.values()
