"""Each subscriber takes the very messages it may receive."""

import json
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from services.contracts.envelope import Event
from services.contracts.registry import EVENTS
from services.messaging import CopyRow
from services.messaging.subscription import BATCH
from services.topology import Found, subscriptions
from tests.contract.sampling import FOLDER
from tests.desk import Desk

ALL = list(subscriptions())
COPIES = [copy for copy in CopyRow.__subclasses__() if copy.__module__.startswith("services.")]
PROJECTIONS = [each for each in ALL if each.entry.batch == BATCH]


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


@pytest.mark.parametrize("copy", COPIES, ids=lambda copy: f"{copy.__module__}.{copy.__name__}")
def test_a_copy_that_is_said_to_be_complete_follows_every_fact(copy: type[CopyRow]) -> None:
    """Else it would seem behind for ever, and its service's refusals never be final."""
    service = copy.__module__.split(".")[1]
    heard = {kind for each in ALL if each.service == service for kind in each.entry.types}
    facts = {event.name for event in EVENTS.values() if event.aggregate is copy.AGGREGATE}
    assert facts <= heard or not copy.IS_COMPLETE
