"""Who saw a thing before a fact and does not see it after: a mirror must hear of that as well."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from services.contracts.envelope import Event
from services.gateway.readmodel.audiences import Audiences, documents
from services.gateway.readmodel.hearers import told_as

Key = tuple[str, str]


@dataclass
class Sight:
    """The audiences that saw a thing at a version, each with the thread that it knew."""

    sequence: int
    threads: dict[str, str | None] = field(default_factory=dict)


def of(events: Sequence[Event], before: Mapping[Key, Sight]) -> list[tuple[Event, Audiences]]:
    """Each fact with the audiences that it took the thing from, and all that is left to them.

    `before`: what was seen of the things that these facts moved on. The fact that closed the view
    may come after a later one, which then tells of it: under a name that says no more.
    """
    later: dict[Key, list[Event]] = {}
    for event in sorted(events, key=lambda event: event.sequence):
        key = (event.aggregate, event.subject)
        if key in before and event.sequence > before[key].sequence:
            later.setdefault(key, []).append(event)
    return [found for key, facts in later.items() for found in _of_one(facts, before[key])]


def _of_one(events: Iterable[Event], sight: Sight) -> list[tuple[Event, Audiences]]:
    found, threads = [], sight.threads
    for event in events:
        shown = documents(event.aggregate, event.data)
        gone = {name: {"thread_id": threads[name]} for name in threads if name not in shown}
        name = told_as(event.type, event.data)
        if gone and name:
            found.append((replace(event, type=name), gone))
        threads = {name: document.get("thread_id") for name, document in shown.items()}
    return found
