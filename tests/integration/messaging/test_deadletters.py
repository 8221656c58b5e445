"""What an operator can do with what was given up."""

import amqp
import pytest

from services.messaging import deadletters
from services.messaging.broker import connect
from tests.integration.messaging.test_facts import labels, pack_many, queue_is_empty
from tests.waiting import eventually


@pytest.fixture
def connection(amqp_uri):
    opened = connect(amqp_uri, heartbeat_s=0)
    yield opened
    opened.collect()


def test_a_service_without_a_queue_has_none(connection):
    assert deadletters.count(connection, ["nobody"]) == {"nobody": 0}
    assert deadletters.look(connection, "nobody") == []
    assert deadletters.replay(connection, "nobody") == 0


def test_dead_letters_are_shown_replayed_and_dropped(
    run_depot, depot, connection, depot_name, channel
):
    process = run_depot("Depot", DEPOT_BACKOFF="")
    fact = pack_many(depot, "raise once")[0].events[0]
    pack_many(depot, "raise twice")
    channel.basic_publish(amqp.Message(b"?", message_id="odd"), "", f"{depot_name}.note")
    eventually(lambda: deadletters.count(connection, [depot_name]) == {depot_name: 3})

    for _ in range(2):  # looking takes nothing away
        first, second, third = deadletters.look(connection, depot_name)
    assert {first.id, second.id, third.id} >= {fact.id, "odd"}
    by_id = {letter.id: letter for letter in (first, second, third)}
    assert by_id[fact.id].queue == f"{depot_name}.note"
    assert (by_id[fact.id].type, by_id[fact.id].error) == ("crate.packed.v1", "RuntimeError")
    assert by_id["odd"].error == "MalformedEvent"
    assert "raise" not in str(by_id[fact.id].headers)

    process.stop()
    run_depot("Depot", DEPOT_BACKOFF="", DEPOT_MENDED="1")
    assert deadletters.replay(connection, depot_name, fact.id) == 1
    eventually(lambda: labels(depot) == ["raise once"])
    assert deadletters.drop(connection, depot_name, "odd") == 1
    assert deadletters.replay(connection, depot_name) == 1
    eventually(lambda: labels(depot) == ["raise once", "raise twice"])
    assert deadletters.count(connection, [depot_name]) == {depot_name: 0}


def test_replaying_twice_changes_nothing(run_depot, depot, connection, depot_name, channel):
    process = run_depot("Depot", DEPOT_BACKOFF="")
    pack_many(depot, "raise")
    eventually(lambda: deadletters.count(connection, [depot_name]) == {depot_name: 1})
    message = channel.basic_get(f"{depot_name}.dead")
    channel.basic_publish(message, "", f"{depot_name}.dead")
    channel.basic_reject(message.delivery_tag, requeue=True)
    process.stop()
    mended = run_depot("Depot", DEPOT_BACKOFF="", DEPOT_MENDED="1")
    eventually(lambda: deadletters.count(connection, [depot_name]) == {depot_name: 2})
    assert deadletters.replay(connection, depot_name) == 2
    eventually(lambda: queue_is_empty(channel, f"{depot_name}.note"))
    suppressed = f'sails_inbox_suppressed_total{{handler="{depot_name}.note"}}'
    eventually(lambda: mended.metric(suppressed) == 1)
    assert labels(depot) == ["raise"]
