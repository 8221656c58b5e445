"""What a state dumps is what marshmallow would dump, key by key."""

import json

import pytest
from marshmallow import Schema

from services.contracts.registry import AGGREGATES, EVENTS
from tests.contract.sampling import FOLDER


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_a_state_is_dumped_as_by_the_library(name, monkeypatch):
    sample = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))["data"]
    schema = AGGREGATES[name.partition(".")[0]].schema
    state = schema.load(sample)
    ours = schema.dump(state)
    monkeypatch.setattr("services.contracts.fields.Part.dump", Schema.dump)
    theirs = schema.dump(state)
    assert list(ours.items()) == list(theirs.items())
