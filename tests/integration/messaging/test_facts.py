"""Facts from one transaction to the other side: outbox, relay, queue, handler, inbox."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import amqp
import pytest
from sqlalchemy import func, insert, select, text

from services.messaging import Transaction, read_feed
from services.messaging.envelope import to_message
from services.messaging.numbering import number
from services.messaging.tables import OUTBOX
from services.messaging.topology import dead_queue
from tests.desk import an_actor
from tests.integration.messaging.depot import CrateCopy, FeedRow, Note, Pack, Ship, pack, ship
from tests.waiting import eventually


def labels(depot, table=Note):
    with depot.session() as session:
        return sorted(session.scalars(select(table.label)))


def pack_many(depot, *names):
    ann = an_actor()
    return [depot.execute(Pack, pack, ann, {"label": name}) for name in names]


def waiting(depot):
    """How many facts have not been published and numbered yet."""
    with depot.session() as session:
        rows = select(func.count()).select_from(OUTBOX).where(OUTBOX.c.position.is_(None))
        return session.scalar(rows)


def dead_letters(channel, depot_name):
    return channel.queue_declare(dead_queue(depot_name), passive=True).message_count


def test_a_fact_is_acted_on_copied_and_numbered(run_depot, depot):
    run_depot()
    pack_many(depot, "tea")
    eventually(lambda: labels(depot) == ["tea"] and labels(depot, CrateCopy) == ["tea"])
    assert waiting(depot) == 0


def test_a_fact_stated_before_its_subscriber_first_ran_reaches_it(run_depot, depot):
    run_depot("Publisher")
    pack_many(depot, "tea")
    eventually(lambda: waiting(depot) == 0)
    run_depot("Listener")
    eventually(lambda: labels(depot) == ["tea"])


def test_without_its_queues_a_fact_stays_in_the_outbox(run_depot, depot, declare, amqp_uri, bed):
    """A virtual host of its own: the others of this worker have their marker already."""
    with bed.world("bare", migrated=False) as bare:
        process = run_depot("Publisher", ready=False, declared=False, AMQP_URI=bare.amqp_uri)
        pack_many(depot, "tea")
        (reason,) = eventually(lambda: [r for r in process.reasons() if "sails migrate" in r])
        assert (reason.split(":")[0], waiting(depot)) == ("relay", 1)
        declare(bare.amqp_uri)
        process.wait_ready()
        eventually(lambda: waiting(depot) == 0)
        run_depot("Listener", declared=False, AMQP_URI=bare.amqp_uri)
        eventually(lambda: labels(depot) == ["tea"])


def test_a_raising_fact_takes_no_neighbour_along(run_depot, depot, channel, depot_name):
    """Traps 1 and 2: neither lost by an early ack nor redelivered in a hot loop."""
    process = run_depot("Depot", DEPOT_BACKOFF="1 1")
    names = [f"crate {n:03}" for n in range(99)]
    pack_many(depot, *names[:50], "raise", *names[50:])
    eventually(lambda: labels(depot) == names)
    eventually(lambda: dead_letters(channel, depot_name) == 1)
    assert process.metric(f'sails_events_retried_total{{queue="{depot_name}.note"}}') == 2
    assert labels(depot) == names


def test_a_spoiled_batch_is_done_one_by_one(run_depot, depot, channel, depot_name):
    run_depot("Listener", DEPOT_BACKOFF="1")
    pack_many(depot, "a", "spoil", "b")
    run_depot("Publisher")
    eventually(lambda: labels(depot, CrateCopy) == ["a", "b"])
    eventually(lambda: dead_letters(channel, depot_name) == 1)


def test_an_unreadable_message_is_kept_at_once(run_depot, depot, channel, depot_name):
    """Trap 3: stock nameko acknowledges, and so loses, what it cannot decode."""
    run_depot()
    odd = {"ce-type": "y", "x-attempt": "often", "ce-traceparent": 7, "x-delivery-count": 99}
    for body, headers in ((b"\xff\xfe", {}), (b"{}", {"ce-id": "x"}), (b"[1]", odd)):
        message = amqp.Message(body, application_headers=headers, content_type="application/json")
        channel.basic_publish(message, "", f"{depot_name}.note")
    pack_many(depot, "tea")
    eventually(lambda: dead_letters(channel, depot_name) == 3)
    eventually(lambda: labels(depot) == ["tea"])


@pytest.mark.parametrize(
    ("told", "expected"), [({"DEPOT_DELIVERY_LIMIT": "4"}, 5), ({"DEPOT_RETURNS": "3"}, 3)]
)
def test_a_message_that_kills_the_process_ends_among_the_dead(
    run_depot, depot, channel, depot_name, told, expected
):
    """By the broker's limit, which windows need, or sooner: whoever is alone is the culprit."""
    names = [f"crate {n:02}" for n in range(30)]
    pack_many(depot, *names[:10], "die", *names[10:])
    process = run_depot("Depot", ready=False, **told)
    deaths = 0

    def settled():
        nonlocal deaths
        if not process.is_running:
            deaths += 1
            process.start()
        return deaths and labels(depot) == names

    eventually(settled, 100)  # six interpreters start one after the other, on a busy machine too
    process.wait_ready()
    eventually(lambda: dead_letters(channel, depot_name) == 1)
    assert deaths == expected
    assert labels(depot, CrateCopy) == sorted([*names, "die"])


def test_a_trace_that_is_no_text_does_no_harm(run_depot, depot, channel, depot_name):
    """It is looked at beside the handler too, where nothing would catch."""
    process = run_depot("Listener")
    fact = pack_many(depot, "tea")[0].events[0]
    for trace in (7, b"00"):
        message = to_message(replace(fact, id=depot.ids.new()))
        message.properties["application_headers"]["ce-traceparent"] = trace
        channel.basic_publish(message, "", f"{depot_name}.note")
    eventually(lambda: labels(depot) == ["tea", "tea"])
    assert process.is_running


def test_a_repeated_fact_has_one_effect(run_depot, depot, channel, depot_name):
    """Also long after: a replayed dead letter, a relay that did not hear the confirm."""
    process = run_depot()
    fact = pack_many(depot, "tea")[0].events[0]
    eventually(lambda: labels(depot) == ["tea"])
    for _ in range(3):
        channel.basic_publish(to_message(fact), "", f"{depot_name}.note")
    suppressed = f'sails_inbox_suppressed_total{{handler="{depot_name}.note"}}'
    eventually(lambda: process.metric(suppressed) == 3)
    assert labels(depot) == ["tea"]


def test_a_late_fact_does_not_undo_a_copy(run_depot, depot, channel, depot_name):
    run_depot()
    ann = an_actor()
    packed = depot.execute(Pack, pack, ann, {"label": "tea"})
    depot.execute(Ship, ship, ann, id=packed.id)

    def copied():
        with depot.session() as session:
            return session.scalar(select(CrateCopy.sequence)) == 2

    eventually(copied)
    channel.basic_publish(to_message(packed.events[0]), "", f"{depot_name}.keep")
    eventually(lambda: queue_is_empty(channel, f"{depot_name}.keep"))
    assert copied()


def queue_is_empty(channel, queue):
    return channel.queue_declare(queue, passive=True).message_count == 0


def test_a_relay_killed_before_it_numbers_publishes_again(run_depot, depot):
    """The facts arrive twice, their effects once, and every one gets its position."""
    listener = run_depot("Listener")
    dying = run_depot("Publisher", DEPOT_RELAY="die before numbering")
    names = [f"crate {n}" for n in range(20)]
    pack_many(depot, *names)
    eventually(lambda: not dying.is_running)
    assert waiting(depot) > 0
    run_depot("Publisher")
    eventually(lambda: waiting(depot) == 0)
    eventually(lambda: labels(depot) == sorted(names))
    assert listener.metric("sails_events_dead_lettered_total") == 0


def test_a_row_that_cannot_be_published_is_shown_and_ends_nothing(run_depot, depot):
    process = run_depot("Publisher")
    pack_many(depot, "tea")
    eventually(lambda: waiting(depot) == 0)
    with depot.engine.begin() as connection:
        row = {"event_id": depot.ids.new(), "type": "a.gone.v1", "envelope": {"type": "a.gone.v1"}}
        connection.execute(insert(OUTBOX), [row])
    eventually(lambda: any("relay" in reason for reason in process.reasons()))
    assert process.is_running
    with depot.engine.begin() as connection:
        connection.execute(OUTBOX.delete().where(OUTBOX.c.type == "a.gone.v1"))
    process.wait_ready()


def test_of_two_relays_one_publishes_and_the_other_takes_over(run_depot, depot):
    first = run_depot("Publisher")
    second = run_depot("Publisher")
    run_depot("Listener")
    pack_many(depot, "tea")
    eventually(lambda: labels(depot) == ["tea"])
    relayed = "sails_events_relayed_total"
    assert (first.metric(relayed), second.metric(relayed)) == (1, 0)
    first.kill()
    pack_many(depot, "silk")
    eventually(lambda: labels(depot) == ["silk", "tea"])
    assert second.metric(relayed) == 1


def test_a_reader_of_the_feed_never_passes_a_slow_transaction_by(run_depot, depot):
    """The row with the lower id commits last, and is read last: nobody went past it."""
    run_depot("Publisher")
    ann, written, commit = an_actor(), threading.Event(), threading.Event()

    def slow(actor, tx: Transaction, args):
        pack(actor, tx, args)
        (fact,) = tx.events
        row = {"event_id": fact.id, "type": fact.type, "envelope": fact.to_json()}
        tx.session.execute(insert(OUTBOX), row)
        tx.events.clear()  # its row is in the outbox now, and stays invisible for a while
        written.set()
        assert commit.wait(20)

    with ThreadPoolExecutor(1) as thread:
        late = thread.submit(depot.execute, Pack, slow, ann, {"label": "slow"})
        assert written.wait(5)
        pack_many(depot, "one", "two")
        eventually(lambda: read(depot, 0) == ["one", "two"])
        commit.set()
        late.result()
    eventually(lambda: read(depot, 2) == ["slow"])
    assert read(depot, 0) == ["one", "two", "slow"]
    with depot.session() as session:
        assert list(session.scalars(select(OUTBOX.c.position).order_by(OUTBOX.c.id))) == [3, 1, 2]


def read(depot, after):
    with depot.session() as session:
        return [fact.event.data["label"] for fact in read_feed(session, after)]


def test_the_feed_is_read_in_pages_and_by_type(depot):
    ann = an_actor()
    id = depot.execute(Pack, pack, ann, {"label": "tea"}).id
    depot.execute(Ship, ship, ann, id=id)
    pack_many(depot, "silk")
    with depot.engine.begin() as connection:
        number(connection, list(connection.scalars(select(OUTBOX.c.id))))
    with depot.session() as session:
        first, second = read_feed(session, 0, limit=2)
        assert (first.position, second.position) == (1, 2)
        (third,) = read_feed(session, second.position, limit=2)
        shipped = read_feed(session, 0, types=("crate.shipped.v1",))
    assert third.event.data["label"] == "silk"
    assert [fact.position for fact in shipped] == [2]


def test_a_follower_applies_what_it_has_not_seen_again_after_a_failure(run_depot, depot, tmp_path):
    followed = tmp_path / "followed"
    process = run_depot("Follower", DEPOT_FOLLOWED=str(followed))
    ann = an_actor()
    first = depot.execute(Pack, pack, ann, {"label": "seen before"})
    pack_many(depot, "tea")
    eventually(lambda: followed.exists() and followed.read_text() == "2 tea\n")
    depot.execute(Ship, ship, ann, id=first.id)  # of a type that it does not follow
    pack_many(depot, "raise")
    eventually(lambda: any(line["event"] == "not followed" for line in process.logged()))
    process.stop()
    run_depot("Follower", DEPOT_FOLLOWED=str(followed), DEPOT_MENDED="1")
    eventually(lambda: followed.read_text() == "2 tea\n2 tea\n4 raise\n")


def test_what_waits_beside_the_outbox_is_numbered_too(run_depot, depot):
    run_depot("Depot")
    with depot.engine.begin() as connection:
        connection.execute(insert(FeedRow), [{"id": n, "label": str(n)} for n in (3, 1, 2)])
        connection.execute(text("SELECT pg_notify('relay', '')"))

    def positions():
        with depot.session() as session:
            return list(session.scalars(select(FeedRow.position).order_by(FeedRow.id)))

    eventually(lambda: positions() == [1, 2, 3])
