"""A fact as a CloudEvent over AMQP, and back, whatever a stranger makes of it."""

import json
from dataclasses import replace

import pytest
from cloudevents.core.bindings.rabbitmq import RabbitMQMessage, from_binary_event, to_binary_event
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.demand import demand
from services.contracts.envelope import Event
from services.messaging.envelope import MalformedEvent, from_message, to_message

FACT = Event(
    id="01a201a8-e7c9-7203-a174-a9c69d607f90",
    type=demand.event("published").name,
    subject="01a201a8-e7c9-7203-a174-a9c69d607f91",
    sequence=2,
    occurred_at="2026-03-02T01:00:00.123456+00:00",
    business_date="2026-03-02",
    actor_party="01a201a8-e7c9-7203-a174-a9c69d607f92",
    actor_user="01a201a8-e7c9-7203-a174-a9c69d607f93",
    thread_id="01a201a8-e7c9-7203-a174-a9c69d607f91",
    traceparent=None,
    data={"title": "采购 🚄 线束", "budget_fen": 10**15},
)


def carried(event: Event) -> tuple[dict, str, bytes]:
    message = to_message(event)
    return (
        message.properties["application_headers"],
        message.properties["content_type"],
        message.body,
    )


def test_a_fact_comes_out_as_it_went_in():
    assert from_message(*carried(FACT)) == FACT
    assert from_message(*carried(replace(FACT, thread_id=None))).thread_id is None


def test_attributes_are_lower_case_texts_and_the_body_is_the_state():
    headers, content_type, body = carried(FACT)
    assert headers["ce-type"] == "demand.published.v1"
    assert headers["ce-source"] == "/services/orders"
    assert headers["ce-sequence"] == "2"
    assert headers["ce-businessdate"] == "2026-03-02"
    assert headers["ce-dataschema"].endswith("/demand.published.v1")
    assert all(isinstance(value, str) for value in headers.values())
    assert all(name[3:].isalnum() and name == name.lower() for name in headers)
    assert (content_type, json.loads(body)) == ("application/json", FACT.data)


def test_the_standard_s_own_library_reads_our_facts_and_we_read_its():
    headers, content_type, body = carried(FACT)
    theirs = from_binary_event(RabbitMQMessage(headers, content_type, body))
    assert theirs.get_data() == FACT.data
    assert (theirs.get_type(), theirs.get_time()) == (FACT.type, FACT.moment)
    bound = to_binary_event(theirs)
    assert bound.headers.keys() == headers.keys()
    assert from_message(bound.headers, bound.content_type, bound.body) == FACT


def test_an_envelope_of_another_version_is_read():
    """An old process reads a new outbox during an upgrade, and a new one an old."""
    assert Event.from_json(FACT.to_json() | {"invented_later": 1}) == FACT
    older = {name: value for name, value in FACT.to_json().items() if name != "traceparent"}
    assert Event.from_json(older) == FACT


def test_what_the_broker_adds_is_ignored():
    headers, content_type, body = carried(FACT)
    added = {"x-death": [{"queue": "a", "count": 1}], "x-delivery-count": 3}
    assert from_message(headers | added, content_type, body) == FACT


@pytest.mark.parametrize(
    ("drop", "body"),
    [
        ("ce-id", None), ("ce-type", None), ("ce-sequence", None), ("ce-time", None), (None, b""),
        ("ce-specversion", None), ("ce-source", None),
        (None, b"\xff\xfe"), (None, b"[1]"), (None, b"null"), (None, b'{"a":'),
    ],
)  # fmt: skip
def test_what_is_no_fact_of_ours_is_malformed(drop, body):
    headers, content_type, good = carried(FACT)
    kept = {name: value for name, value in headers.items() if name != drop}
    with pytest.raises(MalformedEvent):
        from_message(kept, content_type, good if body is None else body)


@pytest.mark.parametrize("odd", [7, b"00", None, {"a": 1}, "nothing like it"])
def test_a_trace_of_no_known_form_is_not_passed_on(odd):
    headers, content_type, body = carried(FACT)
    assert from_message(headers | {"ce-traceparent": odd}, content_type, body) == FACT


@pytest.mark.parametrize("name", ["ce-subject", "ce-threadid", "ce-businessdate", "ce-actoruser"])
def test_an_attribute_that_is_no_text_is_malformed(name):
    headers, content_type, body = carried(FACT)
    with pytest.raises(MalformedEvent):
        from_message(headers | {name: 7}, content_type, body)


@given(
    st.dictionaries(st.sampled_from(["ce-id", "ce-type", "ce-sequence", "ce-time"]), st.text()),
    st.none() | st.text(max_size=30),
    st.binary(max_size=50),
)
def test_no_message_makes_the_reader_fail_otherwise(headers, content_type, body):
    with pytest.raises(MalformedEvent):
        from_message(headers, content_type, body)
