"""What an operator can do with what was given up."""

from urllib.parse import urlsplit

import amqp
import pytest

from services.messaging import deadletters
from services.messaging.broker import BROKER_ERRORS, connect
from tests.integration.messaging.test_facts import labels, pack_many, queue_is_empty
from tests.integration.messaging.test_outages import through
from tests.proxy import Wire
from tests.waiting import eventually


@pytest.fixture
def connection(amqp_uri):
    opened = connect(amqp_uri, heartbeat_s=0)
    yield opened
    opened.collect()


def test_a_service_without_a_queue_has_none(connection):
    assert deadletters.count(connection, ["nobody"]) == {"nobody": 0}
    assert deadletters.look(connection, "nobody") == []
    assert deadletters.replay(connection, "nobody") == (0, 0)


def test_a_letter_whose_queue_is_gone_holds_no_other_back(
    connection, channel, declare, amqp_uri, depot_name
):
    declare(amqp_uri)
    for queue in ("gone.for.good", f"{depot_name}.note", "gone.too", f"{depot_name}.keep"):
        message = amqp.Message(b"?", message_id=queue, application_headers={"x-queue": queue})
        channel.basic_publish(message, "", f"{depot_name}.dead")
    eventually(lambda: deadletters.count(connection, [depot_name]) == {depot_name: 4})
    assert deadletters.replay(connection, depot_name) == (2, 2)
    assert [letter.id for letter in deadletters.look(connection, depot_name)] == [
        "gone.for.good", "gone.too"
    ]  # fmt: skip
    for queue in ("note", "keep"):
        eventually(lambda queue=queue: not queue_is_empty(channel, f"{depot_name}.{queue}"))


def test_a_frozen_broker_does_not_hold_an_operator_for_ever(amqp_uri):
    """The command line runs without greenlets, where no other bound would interrupt."""
    wire = Wire(urlsplit(amqp_uri).port)
    try:
        opened = connect(through(amqp_uri, wire), heartbeat_s=0, answer_timeout_s=0.5)
        wire.freeze()
        with pytest.raises(BROKER_ERRORS):
            deadletters.look(opened, "orders")
        opened.collect()
    finally:
        wire.close()


def test_looking_often_uses_no_letter_up(connection, channel, declare, amqp_uri, depot_name):
    """Each look returns it, and a queue without a limit of its own drops it one day."""
    declare(amqp_uri)
    channel.basic_publish(amqp.Message(b"?"), "", f"{depot_name}.dead")
    eventually(lambda: deadletters.count(connection, [depot_name]) == {depot_name: 1})
    for _ in range(25):
        assert len(deadletters.look(connection, depot_name)) == 1


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
    assert deadletters.replay(connection, depot_name, fact.id) == (1, 0)
    eventually(lambda: labels(depot) == ["raise once"])
    assert deadletters.drop(connection, depot_name, "odd") == 1
    assert deadletters.replay(connection, depot_name) == (1, 0)
    eventually(lambda: labels(depot) == ["raise once", "raise twice"])
    assert deadletters.count(connection, [depot_name]) == {depot_name: 0}


def give_up_again(channel, depot_name, count=1):
    """As if the process had died between putting it aside and letting go of it."""
    letters = [channel.basic_get(f"{depot_name}.dead") for _ in range(count)]
    for letter in letters:
        channel.basic_publish(letter, "", f"{depot_name}.dead")
        channel.basic_reject(letter.delivery_tag, requeue=True)


def test_what_lies_there_twice_is_one_letter(run_depot, depot, connection, depot_name, channel):
    run_depot("Depot", DEPOT_BACKOFF="")
    fact = pack_many(depot, "raise")[0].events[0]
    channel.basic_publish(amqp.Message(b"?", message_id=fact.id), "", f"{depot_name}.note")
    eventually(lambda: deadletters.count(connection, [depot_name]) == {depot_name: 2})
    give_up_again(channel, depot_name, 2)
    eventually(lambda: deadletters.count(connection, [depot_name]) == {depot_name: 4})

    letters = deadletters.look(connection, depot_name)
    assert {letter.id for letter in letters} == {fact.id}  # one id, but not the same words
    assert sorted(letter.error for letter in letters) == ["MalformedEvent", "RuntimeError"]
    assert deadletters.drop(connection, depot_name, fact.id) == 2
    assert deadletters.count(connection, [depot_name]) == {depot_name: 0}


def test_replaying_twice_changes_nothing(run_depot, depot, connection, depot_name, channel):
    process = run_depot("Depot", DEPOT_BACKOFF="")
    pack_many(depot, "raise")
    eventually(lambda: deadletters.count(connection, [depot_name]) == {depot_name: 1})
    letter = channel.basic_get(f"{depot_name}.dead")
    channel.basic_reject(letter.delivery_tag, requeue=True)
    process.stop()
    mended = run_depot("Depot", DEPOT_BACKOFF="", DEPOT_MENDED="1")
    give_up_again(channel, depot_name)
    eventually(lambda: deadletters.count(connection, [depot_name]) == {depot_name: 2})
    assert deadletters.replay(connection, depot_name) == (1, 0)
    assert deadletters.count(connection, [depot_name]) == {depot_name: 0}
    eventually(lambda: labels(depot) == ["raise"])

    channel.basic_publish(letter, "", f"{depot_name}.dead")
    eventually(lambda: deadletters.count(connection, [depot_name]) == {depot_name: 1})
    assert deadletters.replay(connection, depot_name) == (1, 0)
    eventually(lambda: queue_is_empty(channel, f"{depot_name}.note"))
    suppressed = f'sails_inbox_suppressed_total{{handler="{depot_name}.note"}}'
    eventually(lambda: mended.metric(suppressed) == 1)
    assert labels(depot) == ["raise"]
