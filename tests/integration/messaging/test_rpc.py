"""Requests with deadlines: every answer there can be, and never a second effect."""

import json
import time
from urllib.parse import urlsplit

import amqp
import pytest
from sqlalchemy import func, select, text

from services.messaging.consumer import READ_S
from tests.desk import an_actor
from tests.integration.messaging.calling import Caller, a_payload, a_shipment
from tests.integration.messaging.depot import Crate
from tests.integration.messaging.test_facts import labels
from tests.integration.messaging.test_outages import through
from tests.proxy import Wire
from tests.waiting import eventually

GRACE_S = 2.0  # after the handler: what is left to do takes 50 ms of a core, and waits for a second


@pytest.fixture(scope="module")
def caller(start_caller, amqp_uri) -> Caller:
    return start_caller(amqp_uri)


def sleeping(depot) -> bool:
    """Whether a command is in the server's hands."""
    asked = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
                 " AND datname = current_database()")  # fmt: skip
    with depot.engine.connect() as connection:
        return bool(connection.execute(asked).scalar_one())


def is_shipped(depot) -> bool:
    with depot.engine.connect() as connection:
        return connection.scalar(select(Crate.state)) == "shipped"


def test_a_command_is_answered_with_its_facts(run_depot, depot, depot_name, caller):
    run_depot("Office")
    outcome = caller.call(depot_name, "create_crate", a_payload(depot, an_actor(), "tea"))
    assert [event["type"] for event in outcome["reply"]["events"]] == ["crate.packed.v1"]
    assert outcome["waiting"] == 0


def test_a_caller_whose_old_connection_still_stands_is_answered_again(
    run_depot, depot, depot_name, start_caller, amqp_uri
):
    """The broker keeps the queue of its old replies until it misses the heartbeats of it."""
    wire = Wire(urlsplit(amqp_uri).port)
    try:
        caller = start_caller(through(amqp_uri, wire))
        run_depot("Office")
        wire.part()
        eventually(lambda: caller.process.metric("sails_consumer_failures_total") >= 1)
        caller.process.wait_ready(5)
        outcome = caller.call(depot_name, "create_crate", a_payload(depot, an_actor(), "tea"))
        assert "events" in outcome["reply"]
    finally:
        wire.close()


def test_who_waits_for_a_reply_that_cannot_come_is_told_so(
    run_depot, depot, depot_name, start_caller, amqp_uri
):
    """Its queue went with the connection; the repetition gets the first answer."""
    run_depot("Office", DEPOT_PACK_SQL="SELECT pg_sleep(3)")
    wire = Wire(urlsplit(amqp_uri).port)
    try:
        caller = start_caller(through(amqp_uri, wire))
        payload = a_payload(depot, an_actor(), "tea", key="once")
        handle = caller.send(depot_name, "create_crate", payload, 600)
        eventually(lambda: sleeping(depot))
        wire.cut()
        wire.mend()
        assert handle()["problem"] == "service_timeout"
        caller.process.wait_ready()
        again = caller.call(depot_name, "create_crate", payload)
        assert [event["data"]["label"] for event in again["reply"]["events"]] == ["tea"]
        with depot.engine.connect() as connection:
            assert connection.scalar(select(func.count()).select_from(Crate)) == 1
    finally:
        wire.close()


def test_a_refusal_is_answered_as_its_problem(run_depot, depot, depot_name, caller):
    run_depot("Office")
    refused = caller.call(depot_name, "create_crate", a_payload(depot, an_actor(), ""))
    assert refused["reply"]["problem"]["code"] == "invalid"
    unknown = caller.call(depot_name, "burn_crate", a_payload(depot, an_actor(), "tea"))
    assert unknown["reply"]["problem"]["code"] == "internal"


def test_no_request_however_odd_ends_the_process(run_depot, depot, depot_name, caller, channel):
    office = run_depot("Office")
    for body in (b"", b"\xff", b"[]", b'{"actor": 1}', b"[" * 200_000):
        channel.basic_publish(amqp.Message(body, type="create_crate"), "", f"rpc.{depot_name}")
    channel.basic_publish(amqp.Message(b"{}"), "", f"rpc.{depot_name}")
    outcome = caller.call(depot_name, "create_crate", a_payload(depot, an_actor(), "tea"))
    assert "events" in outcome["reply"]
    assert office.is_running


def test_a_service_that_is_nowhere_is_unavailable_at_once(depot, caller):
    started = time.monotonic()
    outcome = caller.call("nowhere", "create_crate", a_payload(depot, an_actor(), "tea"))
    assert outcome["problem"] == "unavailable"
    assert time.monotonic() - started < 2


def test_a_request_to_a_stopped_service_is_never_carried_out_late(
    run_depot, depot, depot_name, caller
):
    """Stock nameko executes it when the service returns, and waits for the reply for ever."""
    office = run_depot("Office")
    office.kill()
    payload = a_payload(depot, an_actor(), "tea")
    outcome = caller.call(depot_name, "create_crate", payload, timeout_s=1)
    assert (outcome["problem"], outcome["waiting"]) == ("service_timeout", 0)
    office.start().wait_ready()
    proof = caller.call(depot_name, "create_crate", a_payload(depot, an_actor(), "later"))
    assert [event["data"]["label"] for event in proof["reply"]["events"]] == ["later"]
    assert [event.data["label"] for event in depot.events()] == ["later"]


def test_a_request_past_its_deadline_is_refused_by_the_owner(
    run_depot, depot, depot_name, caller, channel
):
    """Also when the broker did hand it over: its expiry and the deadline are two safeguards."""
    run_depot("Office")
    channel.queue_declare(f"{depot_name}.answers", auto_delete=True)
    payload = a_payload(depot, an_actor(), "tea") | {"deadline": "2026-01-01T00:00:00+00:00"}
    request = amqp.Message(
        json.dumps(payload), type="create_crate", reply_to=f"{depot_name}.answers"
    )
    channel.basic_publish(request, "", f"rpc.{depot_name}")
    answer = eventually(lambda: channel.basic_get(f"{depot_name}.answers", no_ack=True))
    assert json.loads(answer.body)["problem"]["code"] == "too_late"
    assert depot.events() == []


def test_a_timed_out_request_repeated_with_its_key_gets_the_first_answer(
    run_depot, depot, depot_name, caller
):
    run_depot("Office", DEPOT_PACK_S="1.5")
    payload = a_payload(depot, an_actor(), "tea", key="k1")
    first = caller.call(depot_name, "create_crate", payload, timeout_s=1)
    assert first["problem"] == "service_timeout"
    again = eventually(lambda: caller.call(depot_name, "create_crate", payload)).get("reply")
    assert again["events"] == [event.to_json() for event in depot.events()]
    assert len(depot.events()) == 1


def test_fifty_identical_requests_have_one_effect_and_one_answer(
    run_depot, depot, depot_name, caller
):
    run_depot("Office")
    payload = a_payload(depot, an_actor(), "tea", key="k1")
    handles = [caller.send(depot_name, "create_crate", payload, 20) for _ in range(50)]
    replies = [handle()["reply"] for handle in handles]
    assert all(reply == replies[0] for reply in replies)
    assert len(depot.events()) == 1


def test_two_replicas_share_the_requests(run_depot, depot, depot_name, caller):
    offices = [run_depot("Office"), run_depot("Office")]
    ann = an_actor()
    handles = [
        caller.send(depot_name, "create_crate", a_payload(depot, ann, f"crate {n}"))
        for n in range(20)
    ]
    assert all("reply" in handle() for handle in handles)
    done = 'sails_handler_seconds_count{handler="create_crate",outcome="done"}'
    assert all(office.metric(done) > 0 for office in offices)


def test_a_request_in_hand_is_finished_before_the_process_ends(
    run_depot, depot, depot_name, caller
):
    office = run_depot("Office", DEPOT_PACK_S="1")
    handle = caller.send(depot_name, "create_crate", a_payload(depot, an_actor(), "tea"))
    begun = 'sails_handlers_running{handler="create_crate"}'
    eventually(lambda: office.metric(begun) == 1)
    assert office.stop(1 + GRACE_S) == 0  # the handler's second, then the end, or it raises
    assert "reply" in handle()
    assert labels(depot) == []


def test_waiting_for_the_database_lets_others_work(run_depot, depot, depot_name, caller):
    """Five workers that each wait a second for the server are done after one, not after five."""
    run_depot("Office", DEPOT_PACK_SQL="SELECT pg_sleep(1)")
    ann, started = an_actor(), time.monotonic()
    handles = [
        caller.send(depot_name, "create_crate", a_payload(depot, ann, f"crate {n}"), 10)
        for n in range(5)
    ]
    assert all("reply" in handle() for handle in handles)
    assert time.monotonic() - started < 3


def test_a_long_reply_that_is_held_up_on_its_way_spoils_no_other(
    run_depot, depot, depot_name, caller, amqp_uri
):
    """A write that failed half-way would leave the broker waiting for the rest of a frame."""
    wire = Wire(urlsplit(amqp_uri).port, window_bytes=4096)
    long = {"DEPOT_SHIP_SQL": "SELECT pg_sleep(0.5)", "DEPOT_RAILS": "1000000"}  # more than buffers
    run_depot("Office", AMQP_URI=through(amqp_uri, wire), **long)
    ann = an_actor()
    made = caller.call(depot_name, "create_crate", a_payload(depot, ann, "tea"))
    id = made["reply"]["events"][0]["subject"]
    handle = caller.send(depot_name, "ship_crate", a_shipment(depot, ann, id), 20)
    eventually(lambda: sleeping(depot))
    wire.freeze()
    eventually(lambda: is_shipped(depot))
    time.sleep(1.5 * READ_S)  # past the time-out of reading, before the system's own of 1 s
    wire.thaw()
    assert len(handle()["reply"]["result"]["carrier"]) == 4_000_000
    for name in range(12):  # more than are taken at once
        answer = caller.call(depot_name, "create_crate", a_payload(depot, an_actor(), str(name)))
        assert "reply" in answer
    wire.close()


def test_with_a_frozen_broker_every_caller_is_answered_within_its_time(
    run_depot, depot, depot_name, start_caller, amqp_uri
):
    run_depot("Office")
    wire = Wire(urlsplit(amqp_uri).port)
    caller = start_caller(through(amqp_uri, wire))
    request = (depot_name, "create_crate")
    assert "reply" in caller.call(*request, a_payload(depot, an_actor(), "before"))
    wire.freeze()
    started = time.monotonic()
    handles = [
        caller.send(*request, a_payload(depot, an_actor(), f"crate {n}"), 2) for n in range(10)
    ]
    codes = {handle().get("problem") for handle in handles}
    assert codes <= {"service_timeout", "unavailable"}
    assert time.monotonic() - started < 2 + 2
    wire.thaw()
    caller.process.wait_ready()
    eventually(
        lambda: "reply" in caller.call(*request, a_payload(depot, an_actor(), str(time.time())))
    )
    wire.close()
