"""What a process says of itself while it starts, works and stops."""

import time

from services.messaging import execute
from tests.desk import an_actor
from tests.integration.messaging.depot import Pack, pack
from tests.integration.messaging.test_facts import labels, pack_many, waiting
from tests.waiting import eventually


def test_a_process_shows_its_health_and_its_figures(run_depot, depot):
    process = run_depot()
    assert process.observe("/healthz") == (200, '{"status": "alive"}')
    assert process.observe("/readyz") == (200, '{"status": "ready", "reasons": []}')
    assert process.observe("/nothing")[0] == 404
    pack_many(depot, "tea")
    eventually(lambda: labels(depot) == ["tea"])
    assert process.metric("sails_events_relayed_total") == 1
    assert process.metric("sails_outbox_depth") == 0
    assert process.metric("sails_hub_stall_seconds_count") > 0


def test_a_process_that_cannot_start_says_why_in_its_log(run_depot):
    process = run_depot("Publisher", ready=False, DATABASE_URL_ORDERS="s3cret, but no address")
    eventually(lambda: not process.is_running)
    assert process.popen.wait() == 1
    assert process.logged()[-1]["event"] == "not started"
    log = process.log.read_text()
    assert "Traceback" not in log
    assert "s3cret" not in log


def test_the_age_of_the_outbox_shows_that_nobody_relays(run_depot, depot):
    pack_many(depot, "tea")
    process = run_depot("Listener")
    assert process.metric("sails_outbox_depth") == 1
    assert process.metric("sails_outbox_age_seconds") > 0


def test_a_log_names_the_place_of_an_error_and_not_the_values_at_hand(run_depot, depot):
    process = run_depot("Depot", DEPOT_BACKOFF="")
    pack_many(depot, "raise at the price of 4711")
    failed = eventually(
        lambda: [line for line in process.logged() if line["event"] == "handler failed"]
    )
    assert failed[0]["error"] == "RuntimeError"
    assert any("depot.py" in frame for frame in failed[0]["at"])
    assert "4711" not in process.log.read_text()


def test_a_draining_process_is_not_ready_finishes_what_it_has_and_ends(run_depot, depot):
    """Nothing is lost, nothing done twice, and the end comes within the handler's time + 2 s."""
    process = run_depot()
    pack_many(depot, "slow 1.5", *[f"crate {n}" for n in range(20)])
    eventually(lambda: process.metric('sails_handlers_running{handler="note"}') == 1)
    started = time.monotonic()
    process.popen.terminate()
    eventually(lambda: process.reasons() in (["draining"], ["no answer"]))
    assert process.popen.wait(20) == 0
    assert time.monotonic() - started < 1.5 + 2
    assert "slow 1.5" in labels(depot)
    run_depot()
    eventually(lambda: len(labels(depot)) == 21)
    eventually(lambda: waiting(depot) == 0)


def test_a_trace_goes_from_the_request_to_the_log_of_its_handler(run_depot, depot):
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    process = run_depot("Depot", DEPOT_BACKOFF="")
    payload = depot.payload(an_actor(), {"label": "raise"}) | {"traceparent": trace}
    execute(Pack, pack, depot.transactions, payload)
    assert depot.events()[0].traceparent == trace
    (line,) = eventually(
        lambda: [line for line in process.logged() if line["event"] == "handler failed"]
    )
    assert line["trace_id"] == "0af7651916cd43dd8448eb211c80319c"
