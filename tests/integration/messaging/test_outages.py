"""What is away comes back: the broker, the database, a connection; and nothing was lost."""

import json
import os
import signal
import time
from contextlib import contextmanager
from urllib.parse import urlsplit

import amqp
import pytest

from deploy.sails.control import launch
from deploy.sails.servers import launch_broker
from deploy.sails.state import StateFolder
from services.messaging.topology import declare_rpc, rpc_queue
from tests.desk import an_actor
from tests.integration.messaging.calling import a_payload
from tests.integration.messaging.test_facts import (
    dead_letters,
    labels,
    pack_many,
    queue_is_empty,
    waiting,
)
from tests.proxy import Wire
from tests.waiting import eventually

# RabbitMQ 3.10 keeps its register of quorum queues in memory for a moment: killed within it, the
# queue that was made last is never usable again. There is nothing to wait on but the clock.
REGISTER_FLUSHED_S = 2.0


@pytest.fixture
def broker_wire(amqp_uri):
    wire = Wire(urlsplit(amqp_uri).port)
    yield wire
    wire.close()


@pytest.fixture
def database_wire(depot_url):
    wire = Wire(urlsplit(depot_url).port)
    yield wire
    wire.close()


def through(uri, wire):
    return uri.replace(f":{urlsplit(uri).port}/", f":{wire.port}/")


def test_when_the_broker_connection_breaks_nothing_is_lost_and_the_process_lives(
    run_depot, depot, amqp_uri, broker_wire
):
    """Traps 4 and 7: an ack on a dead socket ends no process; a publish error is no answer."""
    process = run_depot("Depot", AMQP_URI=through(amqp_uri, broker_wire))
    names = [f"crate {n:02}" for n in range(40)]
    for round_ in range(4):
        pack_many(depot, *names[round_ * 10 : round_ * 10 + 5])
        broker_wire.cut()
        pack_many(depot, *names[round_ * 10 + 5 : round_ * 10 + 10])
        assert process.reasons()
        broker_wire.mend()
        process.wait_ready()
    eventually(lambda: labels(depot) == names)
    eventually(lambda: waiting(depot) == 0)
    assert process.is_running


def test_a_frozen_broker_only_makes_the_outbox_grow(run_depot, depot, amqp_uri, broker_wire):
    """Trap 6: commands go on; what they state is sent when the broker moves again."""
    process = run_depot("Depot", AMQP_URI=through(amqp_uri, broker_wire), DEPOT_HEARTBEAT_S="1")
    broker_wire.freeze()
    pack_many(depot, "tea", "silk")
    eventually(process.reasons, why="heartbeats were missed")
    assert waiting(depot) == 2
    broker_wire.thaw()
    eventually(lambda: labels(depot) == ["silk", "tea"])
    process.wait_ready()
    assert waiting(depot) == 0


def test_while_the_database_is_away_facts_are_held_and_none_is_given_up(
    run_depot, depot, depot_url, database_wire, channel, depot_name
):
    listener = run_depot(
        "Listener", DATABASE_URL_ORDERS=through(depot_url, database_wire), DEPOT_BACKOFF="1"
    )
    database_wire.cut()
    eventually(lambda: any("database" in reason for reason in listener.reasons()))
    pack_many(depot, "tea", "silk")
    run_depot("Publisher")
    eventually(lambda: queue_is_empty(channel, f"{depot_name}.note"))
    eventually(lambda: any(line.get("event") == "database away" for line in listener.logged()))
    database_wire.mend()
    eventually(lambda: labels(depot) == ["silk", "tea"])
    listener.wait_ready()
    assert dead_letters(channel, depot_name) == 0


def test_restarts_while_the_database_is_away_use_no_fact_up(
    run_depot, depot, depot_url, database_wire, channel, depot_name
):
    """Every stop returns what is in hand, and a fact that came back too often is given up."""
    listener = run_depot(
        "Listener", DATABASE_URL_ORDERS=through(depot_url, database_wire), DEPOT_RETURNS="2"
    )
    database_wire.cut()
    pack_many(depot, "tea", "silk")
    run_depot("Publisher")
    eventually(lambda: any(line.get("event") == "database away" for line in listener.logged()))
    note = f"{depot_name}.note: database: OperationalError"
    for restart in (stopped, killed, stopped):
        restart(listener)
        eventually(lambda: note in listener.reasons(), 60, "it waits with nothing in hand")
        assert not queue_is_empty(channel, f"{depot_name}.note")
    database_wire.mend()
    eventually(lambda: labels(depot) == ["silk", "tea"])
    listener.wait_ready()
    assert dead_letters(channel, depot_name) == 0


def stopped(process):
    process.stop()
    process.start()


def killed(process):
    process.restart()


def test_the_relay_that_loses_its_session_stops_before_another_starts(
    run_depot, depot, depot_url, database_wire
):
    first = run_depot("Publisher", DATABASE_URL_ORDERS=through(depot_url, database_wire))
    second = run_depot("Publisher")
    run_depot("Listener")
    database_wire.cut()
    names = [f"crate {n}" for n in range(10)]
    pack_many(depot, *names)
    eventually(lambda: labels(depot) == names)
    relayed = "sails_events_relayed_total"
    assert (first.metric(relayed), second.metric(relayed)) == (0, len(names))
    database_wire.mend()
    first.wait_ready()


def test_a_handler_that_blocks_the_process_is_not_lost_nor_done_twice(run_depot, depot):
    """Trap 9: the broker takes the connection of a process that misses two heartbeats."""
    listener = run_depot("Listener", DEPOT_HEARTBEAT_S="1")
    run_depot("Publisher")
    pack_many(depot, "block 4", "tea")
    eventually(lambda: labels(depot) == ["block 4", "tea"])
    eventually(lambda: listener.metric("sails_consumer_failures_total") >= 1)
    listener.wait_ready()
    assert listener.metric('sails_hub_stall_seconds_bucket{le="1.0"}') < listener.metric(
        "sails_hub_stall_seconds_count"
    )
    assert labels(depot) == ["block 4", "tea"]


def test_a_broker_killed_and_started_again_is_found_again(
    run_depot, depot, declare, tmp_path_factory
):
    state = StateFolder(tmp_path_factory.mktemp("broker"))
    state.create()
    control = launch(state, scratch=True)
    control.hold()
    try:
        broker = launch_broker(state, control)
        broker.wait_ready()
        declare(broker.uri())
        process = run_depot("Depot", declared=False, AMQP_URI=broker.uri())
        pack_many(depot, "tea")
        eventually(lambda: labels(depot) == ["tea"])
        time.sleep(REGISTER_FLUSHED_S)
        os.kill(control.status()["children"]["broker"]["pid"], signal.SIGKILL)
        pack_many(depot, "silk")
        eventually(process.reasons)
        broker.wait_ready()
        eventually(lambda: labels(depot) == ["silk", "tea"], 60)
        process.wait_ready()
        assert waiting(depot) == 0
    finally:
        control.close()


def test_a_queue_with_other_arguments_makes_readiness_red(run_depot, depot, channel, depot_name):
    """Trap 8: stock nameko stays alive, reports nothing and never consumes."""
    channel.queue_declare(f"{depot_name}.note", durable=True, auto_delete=False)
    process = run_depot("Listener", ready=False, declared=False)
    (reason,) = eventually(lambda: [r for r in process.reasons() if "PRECONDITION" in r])
    assert f"{depot_name}.note" in reason
    assert process.observe("/healthz")[0] == 200
    channel.queue_delete(f"{depot_name}.note")
    process.wait_ready()


def test_a_queue_deleted_under_a_consumer_is_made_again(run_depot, depot, channel, depot_name):
    process = run_depot("Depot")
    channel.queue_delete(f"{depot_name}.note")
    eventually(lambda: process.metric("sails_consumer_failures_total") >= 1)
    process.wait_ready()
    pack_many(depot, "tea")
    eventually(lambda: labels(depot) == ["tea"])


def test_a_queue_that_somebody_else_made_again_is_consumed(
    run_depot, depot, channel, depot_name, declare, amqp_uri, unaware
):
    """RabbitMQ 3.10 takes a consumer over to the new queue, and what that gives it gets lost."""
    run_depot("Depot")
    with unaware(f"{depot_name}.note"):
        channel.queue_delete(f"{depot_name}.note")
        declare(amqp_uri)
    pack_many(depot, "tea")
    eventually(lambda: labels(depot) == ["tea"])


def test_requests_are_taken_from_a_queue_that_somebody_else_made_again(
    run_depot, depot, channel, depot_name, amqp_uri, start_caller, unaware
):
    run_depot("Depot")
    with unaware(rpc_queue(depot_name)):
        channel.queue_delete(rpc_queue(depot_name))
        declare_rpc(channel, depot_name)
    payload = a_payload(depot, an_actor(), "tea")
    assert "reply" in start_caller(amqp_uri).call(depot_name, "create_crate", payload)


@pytest.fixture
def unaware(bed, amqp_uri):
    """`with unaware(queue)`: what the broker does for its consumer waits."""

    @contextmanager
    def suspended(queue):
        consumers = ("list_consumers", "-p", urlsplit(amqp_uri).path[1:], "queue_name")
        told = bed.broker.control(*consumers, "channel_pid").split()
        channel = f'rabbit_misc:string_to_pid("{told[told.index(queue) + 1]}")'
        bed.broker.control("eval", f"sys:suspend({channel}).")
        yield
        bed.broker.control("eval", f"sys:resume({channel}).")

    return suspended


@pytest.fixture
def restricted(bed, amqp_uri, depot_name):
    """`restricted(read="nothing")`: the URI of a user who may do everything but that."""

    def restrict(**rights):
        user, vhost = f"{depot_name}_user", urlsplit(amqp_uri).path[1:]
        everything = {"configure": ".*", "write": ".*", "read": ".*"}
        permission = {"user": user, "vhost": vhost} | everything | rights
        users = [{"name": user, "password": "pw", "tags": ""}]
        definitions = json.dumps({"users": users, "permissions": [permission]})
        bed.broker.control("import_definitions", text=definitions)
        return f"amqp://{user}:pw@127.0.0.1:{bed.broker.port}/{vhost}"

    return restrict


def test_a_failed_fact_that_cannot_be_put_aside_is_held(
    run_depot, depot, channel, depot_name, restricted
):
    """Given back, it would come again at once, and be one of too many deliveries soon."""
    held = {"AMQP_URI": restricted(write="nothing"), "SAILS_DECLARE_TOPOLOGY": "0"}
    process = run_depot("Listener", **held)
    run_depot("Publisher")
    pack_many(depot, "raise", "tea")
    (reason,) = eventually(process.reasons)
    assert reason.startswith(f"{depot_name}.note: nothing can be moved to {depot_name}.retry.1s")
    calls = 'sails_handler_seconds_count{handler="note",outcome="failed"}'
    called = process.metric(calls)  # once, or once more with the other, if they came together
    tries = [line for line in process.logged() if line["event"] == "not put aside"]
    eventually(lambda: len(process.logged()) > len(tries) + 3)
    assert process.metric(calls) == called in (1, 2)
    restricted()
    eventually(lambda: dead_letters(channel, depot_name) == 1)
    eventually(lambda: labels(depot) == ["tea"])
    process.wait_ready()


@pytest.mark.parametrize("gone", ["retry.1s", "dead"])
def test_a_failed_fact_outlives_the_queue_it_was_to_wait_in(
    run_depot, depot, channel, depot_name, gone
):
    process = run_depot("Listener", DEPOT_BACKOFF="1")
    channel.queue_delete(f"{depot_name}.{gone}")
    run_depot("Publisher", declared=False)
    pack_many(depot, "raise", "tea")
    eventually(lambda: labels(depot) == ["tea"])
    eventually(lambda: dead_letters_or_none(channel, depot_name) == 1)
    process.wait_ready()


def test_a_failed_fact_waits_for_a_queue_that_its_consumer_may_not_make(
    run_depot, depot, channel, depot_name, declare, amqp_uri
):
    process = run_depot("Listener", DEPOT_BACKOFF="1", SAILS_DECLARE_TOPOLOGY="0")
    channel.queue_delete(f"{depot_name}.dead")
    run_depot("Publisher", declared=False)
    pack_many(depot, "raise")
    (reason,) = eventually(process.reasons)
    assert reason.startswith(f"{depot_name}.note: nothing can be moved to {depot_name}.dead")
    declare(amqp_uri, DEPOT_BACKOFF="1")
    eventually(lambda: dead_letters(channel, depot_name) == 1)
    process.wait_ready()


def dead_letters_or_none(channel, depot_name):
    """None while there is no such queue: asking closes the channel, so each time on a new one."""
    asking = channel.connection.channel()
    try:
        return dead_letters(asking, depot_name)
    except amqp.NotFound:
        return None
    finally:
        asking.close()


def test_a_consumer_that_may_not_configure_misses_its_retry_queue(
    run_depot, channel, depot_name, declare, amqp_uri
):
    declare(amqp_uri)
    channel.queue_delete(f"{depot_name}.retry.1s")
    process = run_depot("Listener", ready=False, declared=False, SAILS_DECLARE_TOPOLOGY="0")
    eventually(lambda: any(f"{depot_name}.retry.1s" in reason for reason in process.reasons()))


def test_an_address_that_cannot_be_read_is_not_shown(run_depot):
    """The library's words quote it, and it holds the password."""
    process = run_depot("Listener", ready=False, AMQP_URI="amqp://sails:s3cret@127.0.0.1:x/")
    eventually(lambda: any("ValueError" in reason for reason in process.reasons()))
    assert "s3cret" not in process.log.read_text() + str(process.reasons())


def test_a_missing_right_makes_readiness_red(run_depot, restricted):
    process = run_depot("Listener", ready=False, AMQP_URI=restricted(read="nothing"))
    eventually(lambda: any("ACCESS_REFUSED" in reason for reason in process.reasons()), 10)


def test_a_relay_that_the_broker_refuses_is_not_ready(run_depot, depot, restricted):
    process = run_depot("Publisher", AMQP_URI=restricted(write="nothing"))
    pack_many(depot, "tea")
    (reason,) = eventually(process.reasons)
    assert reason.startswith("relay: AccessRefused")
    assert waiting(depot) == 1
    restricted()
    process.wait_ready()
    assert waiting(depot) == 0


@pytest.mark.parametrize("kind", ["classic", "quorum"])
def test_a_consumer_without_the_right_to_configure_uses_what_is_there(
    run_depot, depot, channel, depot_name, kind
):
    """Trap 11: least privilege; the topology then comes from definitions."""
    arguments = {"x-queue-type": kind}
    channel.queue_declare(
        rpc_queue(depot_name), durable=True, auto_delete=False, arguments=arguments
    )
    process = run_depot("Depot", SAILS_DECLARE_TOPOLOGY="0")
    pack_many(depot, "tea")
    eventually(lambda: labels(depot) == ["tea"])
    with pytest.raises(amqp.NotFound):
        channel.queue_declare("never.made", passive=True)
    assert process.reasons() == []
