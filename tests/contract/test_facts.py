"""What services say to each other is declared, sampled and documented."""

import json

import pytest

from deploy.sails import docs
from services.contracts.envelope import Event
from services.contracts.registry import AGGREGATES, COMMANDS, EVENTS
from services.contracts.roles import SCOPES
from tests.contract.sampling import FOLDER


@pytest.mark.parametrize("event_type", sorted(EVENTS))
def test_each_fact_has_a_sample_that_loads(event_type: str) -> None:
    event = Event.from_json(json.loads((FOLDER / f"{event_type}.json").read_text("utf-8")))
    state = event.load()
    assert event.type == event_type
    assert state["id"] == event.subject


def test_no_sample_is_left_of_a_fact_that_went() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == set(EVENTS)


def test_a_subscriber_ignores_fields_it_does_not_know() -> None:
    message = json.loads((FOLDER / "demand.published.v1.json").read_text("utf-8"))
    message["data"]["added_later"] = {"anything": 1}
    assert "added_later" not in Event.from_json(message).load()


def test_the_documents_of_the_facts_are_fresh() -> None:
    written = {path.name: path.read_text("utf-8") for path in docs.EVENTS.iterdir()}
    assert written == docs.event_documents(), "run `make docs`"


def test_every_command_asks_for_a_scope_that_some_role_carries() -> None:
    assert {command.scope for command in COMMANDS.values()} <= SCOPES


def test_number_prefixes_and_paths_are_unique() -> None:
    prefixes = [aggregate.prefix for aggregate in AGGREGATES.values()]
    paths = [aggregate.path for aggregate in AGGREGATES.values()]
    assert len(set(prefixes)) == len(prefixes)
    assert len(set(paths)) == len(paths)


def test_no_two_commands_share_a_route() -> None:
    routes = [command.path for command in COMMANDS.values()]
    assert len(set(routes)) == len(routes)
