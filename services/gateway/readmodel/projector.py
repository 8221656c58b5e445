"""Facts into the read model: guards, documents per audience, what is told. Three statements, and
two more where a step is done in parts.

The same facts come by two ways, in a command's reply and by the broker, late or repeated: the
guard lets only a greater sequence replace the documents, and a fact enters the feed once per
audience however often and in whatever order it comes. Who sees a thing no longer is told so by the
fact that took it away.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from services.contracts.envelope import Event
from services.contracts.notes import worded
from services.gateway.readmodel import audiences, departures, entries, hearers, statements, telling
from services.gateway.readmodel.audiences import Audiences
from services.gateway.readmodel.departures import Key, Sight
from services.gateway.readmodel.rendering import etag, render, to_text
from services.gateway.readmodel.steps import keeping, parts
from services.gateway.readmodel.steps.settling import Settling
from services.gateway.readmodel.steps.table import OWING
from services.gateway.readmodel.texts import Texts
from services.messaging import Transaction

Row = dict[str, Any]


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
    return set(session.scalars(statements.PROJECTED, {"facts": to_text(facts)}))


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
    raised = session.execute(statements.RAISE, {"rows": to_text(rows)})
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
    given = {"kinds": list(kinds), "ids": list(ids)} | _written(events)
    settling = Settling((event.aggregate, event.data) for event in events)
    settling.hold(session)
    show = statements.SHOWS["entries" in given, "steps" in given, "parts" in given]
    for kind, id, audience, thread_id in session.execute(show, given):
        before[kind, id].threads[audience] = thread_id
    settling.settle(session)
    return before


def _written(events: Sequence[Event]) -> Row:
    """All rows of a batch, as the statement takes them."""
    texts = Texts()
    views, listed, steps, done = list[Row](), list[Row](), list[Row](), list[Row]()
    for event in events:
        seen = audiences.documents(event.aggregate, worded(event.data))
        own = _views(event, seen, texts)
        views += own
        listed += _entries(event, seen, own)
        steps += keeping.rows(event, seen)
        done += parts.rows_of(event.aggregate, event.data)
    rows = {"rows": views}
    if any(entries.has_pages(event.aggregate) for event in events):
        rows["entries"] = listed
    if any(event.aggregate in OWING for event in events):
        rows["steps"] = steps
    if done:
        rows["parts"] = done
    return {name: to_text(each) for name, each in rows.items()} | texts.columns()


def _views(event: Event, seen: Audiences, texts: Texts) -> list[Row]:
    """A row per audience."""
    common = {name: value for name, value in _guard(event).items() if name != "number"}
    shown: dict[int, Row] = {}  # who sees the same document sees the same text, rendered once
    rows = []
    for audience, document in seen.items():
        if id(document) not in shown:
            shown[id(document)] = _shown(event.aggregate, document, texts)
        rows.append(common | {"audience": audience} | shown[id(document)])
    return rows


def _entries(event: Event, seen: Audiences, views: Sequence[Row]) -> list[Row]:
    """A row for the public document, where there is one that has a page."""
    if not entries.has_pages(event.aggregate) or audiences.PUBLIC not in seen:
        return []
    [tag] = [view["etag"] for view in views if view["audience"] == audiences.PUBLIC]
    found = entries.of(event.aggregate, seen[audiences.PUBLIC]) or {}
    return [_guard(event) | found | {"etag": tag, "changed_at": event.occurred_at}]


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
            "actor_user": event.actor_user,
            "is_named": _is_named(event, audience, document),
            "state": document.get("state"),
        }
        for audience, document in told.items()
    ]


def _is_named(event: Event, audience: str, document: Row) -> bool:
    """Who acted: to those alone whose own document names it already."""
    knows = (audiences.OPERATOR, audiences.of_party(event.actor_party))
    return audience in knows or event.actor_party in document.values()
