"""Each subscriber takes the very messages it may receive."""

import importlib
import json
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from services.contracts.envelope import Event
from services.contracts.registry import EVENTS
from services.messaging.subscription import Subscription
from services.process import PROGRAMS
from tests.contract.sampling import FOLDER
from tests.desk import Desk


def subscriptions() -> Iterator[tuple[str, str, Any, Subscription]]:
    """(service, method name, method, its subscription) of every process."""
    for program in PROGRAMS.values():
        declared = getattr(importlib.import_module(program.module), program.name)
        for name, method in vars(declared).items():
            for entry in getattr(method, "nameko_entrypoints", ()):
                if isinstance(entry, Subscription):
                    yield program.service, name, method, entry


ALL = list(subscriptions())
PROJECTIONS = [each for each in ALL if each[3].batch > 1]


def sample(event_type: str) -> Event:
    return Event.from_json(json.loads((FOLDER / f"{event_type}.json").read_text("utf-8")))


@pytest.mark.parametrize("each", ALL, ids=lambda each: f"{each[0]}.{each[1]}")
def test_a_subscription_names_declared_facts_only(each: tuple) -> None:
    assert set(each[3].types) <= set(EVENTS)


def test_every_fact_reaches_the_read_model() -> None:
    seen = {kind for service, _, _, entry in ALL if service == "gateway" for kind in entry.types}
    own = {name for name, event in EVENTS.items() if event.aggregate.service == "gateway"}
    assert set(EVENTS) - own <= seen


@pytest.mark.parametrize("each", PROJECTIONS, ids=lambda each: f"{each[0]}.{each[1]}")
def test_a_projection_takes_every_sample_twice(each: tuple, desk: Callable[[str], Desk]) -> None:
    service, name, method, entry = each
    worker = SimpleNamespace(database=desk(service).transactions)
    events = [sample(event_type) for event_type in entry.types]
    method(worker, f"{service}.{name}", events)
    method(worker, f"{service}.{name}", events)
    assert worker.database.service == service
