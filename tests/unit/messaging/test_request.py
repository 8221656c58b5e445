"""What arrives at an owner is read strictly, and what is wrong is named by its place."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import Schema, fields

from services.contracts.problems import Problem
from services.messaging.request import MAX_ERRORS, MAX_POINTER, Request, load_arguments

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
ACTOR = {"party_id": "p", "user_id": "u"}


class Line(Schema):
    amount_fen = fields.Integer(required=True, data_key="amount")


class Body(Schema):
    name = fields.String()
    lines = fields.List(fields.Nested(Line))


def refused(arguments) -> Problem:
    with pytest.raises(Problem) as refusal:
        load_arguments(Body(), arguments)
    return refusal.value


def test_pointers_name_the_fields_of_the_body_not_ours():
    problem = refused({"lines": [{"amount": 1}, {"amount_fen": 1}]})
    pointers = [error["pointer"] for error in problem.errors]
    assert pointers == ["/lines/1/amount", "/lines/1/amount_fen"]


def test_a_pointer_escapes_what_it_must_and_is_cut():
    problem = refused({"a/b~c": 1, "x" * 5000: 1})
    pointers = {error["pointer"] for error in problem.errors}
    assert pointers == {"/a~1b~0c", ("/" + "x" * 5000)[:MAX_POINTER]}


def test_the_list_of_errors_is_cut():
    assert len(refused({f"field{n}": 1 for n in range(1000)}).errors) == MAX_ERRORS


def test_a_control_character_is_named_by_its_place():
    problem = refused({"lines": [{"amount": 1, "note": ["fine", "nul \x00"]}]})
    assert problem.errors[0]["pointer"] == "/lines/0/note/1"


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    )
)
def test_any_json_is_loaded_or_refused_and_nothing_else(arguments):
    try:
        load_arguments(Body(), arguments)
    except Problem as problem:
        assert problem.code == "invalid"


def test_a_trace_that_is_none_is_not_passed_on():
    payload = {"actor": ACTOR, "traceparent": "x\r\nEvil: 1", "received_at": None}
    assert Request.read(payload, NOW).traceparent is None


@pytest.mark.parametrize("key", ["", "k" * 256, "nul\x00", "line\nbreak"])
def test_an_unusable_key_is_refused(key):
    with pytest.raises(Problem) as refusal:
        Request.read({"actor": ACTOR, "idempotency_key": key}, NOW)
    assert refusal.value.code == "invalid"
