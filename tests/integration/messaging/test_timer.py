"""Deadlines: met once whoever runs, in their order, and one that fails holds nobody up."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from sqlalchemy import select, text, update

from services.contracts.party import ClockState
from services.contracts.party import clock as clock_aggregate
from services.messaging import Transaction
from services.messaging.deadlines import Deadline, due, give_way, schedule_unset, take
from services.messaging.envelope import to_message
from services.messaging.failures import gave_way
from services.messaging.tables import CLOCK, DEADLINES
from services.messaging.timer import BATCH
from tests.desk import a_fact, an_actor
from tests.integration.messaging.depot import Crate, Pack, Ship, lose, pack, ship
from tests.waiting import eventually


def shipped(depot, *labels):
    """Crates that the timer will find lost, because their deadline is long past."""
    ann, ids = an_actor(), []
    depot.clock.moment = datetime.now(UTC) - timedelta(days=40)
    for label in labels:
        ids.append(depot.execute(Pack, pack, ann, {"label": label}).id)
        depot.execute(Ship, ship, ann, id=ids[-1])
    return ids


def states(depot):
    with depot.session() as session:
        return {row.label: row.state for row in session.scalars(select(Crate))}


def test_a_deadline_is_met_and_forgotten(depot):
    (id,) = shipped(depot, "tea")
    assert list(depot.deadlines()) == [("crate", id, "lose")]
    depot.clock.advance(days=31)
    (fact,) = depot.meet(lose, "crate", id, "lose")
    assert fact.type == "crate.lost.v1"
    assert fact.actor_user == "system:depot"
    assert depot.deadlines() == {}


def test_a_deadline_is_not_met_early(depot):
    (id,) = shipped(depot, "tea")
    assert not depot.transactions.meet(lose, Deadline("crate", id, "lose"))
    assert states(depot) == {"tea": "shipped"}


def test_the_timer_gives_way_to_a_command_on_the_same_crate(depot):
    """It holds the deadline and wants the crate, the command the other way round."""
    (id,) = shipped(depot, "tea")
    depot.clock.advance(days=31)
    with ThreadPoolExecutor(1) as timer, depot.sessionmaker.begin() as session:
        tx = Transaction(session, an_actor(), depot.clock, depot.ids)
        crate = tx.load(Crate, id)
        meeting = timer.submit(depot.transactions.meet, lose, Deadline("crate", id, "lose"))
        eventually(lambda: is_waiting(depot) or meeting.done())
        tx.unschedule(crate, "lose")
        assert gave_way(meeting.exception())
    assert depot.deadlines() == {}
    assert states(depot) == {"tea": "shipped"}


def test_deadlines_that_give_way_hold_no_younger_one_up(run_depot, depot):
    """More than the timer looks up at once wait for somebody who holds on; it is no failure."""
    stuck = [f"stuck {n:03}" for n in range(10)]
    shipped(depot, *stuck, "tea")
    with depot.sessionmaker.begin() as session:
        held = select(Crate.id).where(Crate.label.startswith("stuck"))
        session.execute(held.with_for_update())
        process = run_depot("Clockwork", DEPOT_DUE="10")
        eventually(lambda: states(depot)["tea"] == "lost", 60)
        assert process.metric("sails_deadlines_failing") == 0
    eventually(lambda: set(states(depot).values()) == {"lost"}, 60)


def test_a_deadline_that_gave_way_is_due_again_soon_and_after_the_untried(depot):
    oldest, younger = shipped(depot, "tea", "silk")
    now = datetime.now(UTC)
    with depot.sessionmaker.begin() as session:
        give_way(session, Deadline("crate", oldest, "lose"), now)

    def due_at(moment):
        with depot.session() as session:
            found = due(session, moment, moment, BATCH)
        return [(each.subject_id, each.attempts) for each in found]

    assert due_at(now) == [(younger, 0)]
    assert due_at(now + timedelta(seconds=2)) == [(younger, 0), (oldest, 0)]


def is_waiting(depot):
    """Whether somebody waits for a lock; it takes none itself, and so disturbs nobody."""
    waiting = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    with depot.session() as session:
        return session.execute(text(waiting)).scalar_one() > 0


def test_two_replicas_meet_each_deadline_once(run_depot, depot):
    labels = [f"crate {n}" for n in range(20)]
    shipped(depot, *labels)
    first, second = run_depot("Clockwork", ready=False), run_depot("Clockwork", ready=False)
    first.wait_ready(), second.wait_ready()
    eventually(lambda: set(states(depot).values()) == {"lost"})
    lost = [event for event in depot.events() if event.type == "crate.lost.v1"]
    assert sorted(event.data["label"] for event in lost) == sorted(labels)


def test_the_other_replica_takes_over_from_a_killed_one(run_depot, depot):
    first = run_depot("Clockwork")
    second = run_depot("Clockwork")
    first.kill()
    shipped(depot, "tea")
    eventually(lambda: states(depot) == {"tea": "lost"})
    assert second.metric('sails_handler_seconds_count{handler="lose",outcome="done"}') == 1


def test_a_failing_deadline_waits_and_holds_nobody_up(run_depot, depot):
    shipped(depot, "unlosable", "tea", "silk")
    process = run_depot("Clockwork")
    eventually(
        lambda: (
            states(depot) | {"unlosable": "shipped"}
            == {"unlosable": "shipped", "tea": "lost", "silk": "lost"}
        )
    )
    eventually(lambda: process.metric("sails_deadlines_failing") == 1)
    with depot.engine.begin() as connection:
        row = connection.execute(select(DEADLINES.c.attempts, DEADLINES.c.retry_at)).one()
        assert row.attempts >= 1
        assert row.retry_at > datetime.now(UTC) - timedelta(seconds=1)
        stuck = update(Crate).where(Crate.label == "unlosable")
        connection.execute(stuck.values(label="mended"))
        connection.execute(update(DEADLINES).values(retry_at=datetime.now(UTC)))
    eventually(lambda: set(states(depot).values()) == {"lost"})


def test_the_demonstration_clock_is_followed_and_moves_the_timer(
    run_depot, depot, channel, depot_name
):
    depot.clock.moment = datetime.now(UTC)
    ann = an_actor()
    id = depot.execute(Pack, pack, ann, {"label": "tea"}).id
    depot.execute(Ship, ship, ann, id=id)
    run_depot("Clockwork", SAILS_DEMO_CLOCK="1")
    for sequence, days in ((2, 31), (1, 1)):  # the older fact comes late and changes nothing
        advanced = {
            "id": id,
            "number": "C",
            "state": "running",
            "offset_s": days * 86_400,
            "sequence": sequence,
            "created_at": "2026-01-01T00:00:00+00:00",
            "updated_at": "2026-01-01T00:00:00+00:00",
        }
        assert ClockState().validate(advanced) == {}
        fact = a_fact(clock_aggregate.event("advanced"), advanced)
        channel.basic_publish(to_message(fact), "gateway.events", fact.type)
    eventually(lambda: states(depot) == {"tea": "lost"})
    with depot.session() as session:
        assert session.scalar(select(CLOCK.c.offset_s)) == 31 * 86_400
    lost = depot.events()[-1]
    assert lost.business_date > lost.occurred_at[:10]


def test_without_the_demonstration_clock_no_fact_moves_time(run_depot, depot):
    depot.clock.moment = datetime.now(UTC)
    ann = an_actor()
    id = depot.execute(Pack, pack, ann, {"label": "tea"}).id
    depot.execute(Ship, ship, ann, id=id)
    with depot.engine.begin() as connection:
        connection.execute(CLOCK.insert().values(id=1, offset_s=86_400 * 365, sequence=9))
    shipped(depot, "late")
    run_depot("Clockwork")
    eventually(lambda: states(depot) == {"tea": "shipped", "late": "lost"})


def test_what_is_set_already_stays_and_the_rest_is_set(depot):
    ids, moment = [depot.ids.new() for _ in range(2)], depot.clock.moment
    later = moment + timedelta(days=1)
    with depot.session() as session, session.begin():
        schedule_unset(session, "crate", "lose", {ids[0]: moment})
        schedule_unset(session, "crate", "lose", dict.fromkeys(ids, later))
        schedule_unset(session, "crate", "lose", {})
    assert depot.deadlines() == {
        ("crate", ids[0], "lose"): moment,
        ("crate", ids[1], "lose"): later,
    }


def test_one_that_is_being_met_is_set_again_once_it_is_over(depot):
    """What came meanwhile may not have been seen."""
    (id,) = shipped(depot, "tea")
    depot.clock.advance(days=31)
    due = {id: depot.clock.moment}

    def set_again():
        with depot.session() as session, session.begin():
            schedule_unset(session, "crate", "lose", due)

    with ThreadPoolExecutor(1) as other, depot.sessionmaker.begin() as session:
        assert take(session, Deadline("crate", id, "lose"), depot.clock.moment)
        setting = other.submit(set_again)
        eventually(lambda: is_waiting(depot) or setting.done())
        assert not setting.done()
        session.commit()
        setting.result()
    assert depot.deadlines() == {("crate", id, "lose"): depot.clock.moment}
