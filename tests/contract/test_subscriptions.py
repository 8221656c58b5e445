"""Each subscriber takes the very messages it may receive."""

import json
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from services.contracts.envelope import Event
from services.contracts.registry import EVENTS
from services.topology import Found, subscriptions
from tests.contract.sampling import FOLDER
from tests.desk import Desk

ALL = list(subscriptions())
PROJECTIONS = [each for each in ALL if each.entry.batch > 1]


def sample(event_type: str) -> Event:
    return Event.from_json(json.loads((FOLDER / f"{event_type}.json").read_text("utf-8")))


@pytest.mark.parametrize("each", ALL, ids=lambda each: each.queue.name)
def test_a_subscription_names_declared_facts_only(each: Found) -> None:
    assert set(each.entry.types) <= set(EVENTS)


def test_every_fact_reaches_the_read_model() -> None:
    seen = {kind for each in ALL if each.service == "gateway" for kind in each.entry.types}
    own = {name for name, event in EVENTS.items() if event.aggregate.service == "gateway"}
    assert set(EVENTS) - own <= seen


@pytest.mark.parametrize("each", PROJECTIONS, ids=lambda each: each.queue.name)
def test_a_projection_takes_every_sample_twice(each: Found, desk: Callable[[str], Desk]) -> None:
    worker = SimpleNamespace(database=desk(each.service).transactions)
    events = [sample(event_type) for event_type in each.entry.types]
    each.method(worker, each.queue.name, events)
    each.method(worker, each.queue.name, events)
    assert worker.database.service == each.service
