"""Sessions that hold a lock and hear notifications, and what is done in them now and then."""

import time

import pytest
from sqlalchemy import func, select, text

from services.messaging.retention import PRUNED_AT_ONCE
from services.messaging.session_lock import LockSession
from services.messaging.tables import IDEMPOTENCY, INBOX
from tests.integration.messaging.test_facts import pack_many, waiting
from tests.waiting import eventually

FAR_S = 30.0  # a wait that nobody ends by a notification


@pytest.fixture
def session(depot_url):
    with LockSession(depot_url, channel="news") as opened:
        yield opened


def notify(depot):
    with depot.engine.begin() as connection:
        connection.execute(text("NOTIFY news"))


def test_a_notification_that_came_with_an_answer_is_not_waited_for(depot, session):
    notify(depot)
    with session.connection.begin():
        session.connection.execute(text("SELECT 1"))
    started = time.monotonic()
    session.wait(FAR_S)
    assert time.monotonic() - started < FAR_S / 2


def test_without_waiting_the_notifications_are_forgotten_all_the_same(depot, session):
    for _ in range(3):
        notify(depot)
        with session.connection.begin():
            session.connection.execute(text("SELECT 1"))
        session.wait(0)
    assert session.connection.connection.dbapi_connection.notifies == []


def test_the_server_too_gives_up_a_peer_that_vanished(session):
    with session.connection.begin():
        idle = session.connection.scalar(text("SHOW tcp_keepalives_idle"))
        pending = session.connection.scalar(text("SHOW tcp_user_timeout"))
    assert (idle, pending) == ("10", "30000")


def test_all_that_is_past_its_time_is_pruned_however_much_it_is(run_depot, depot):
    rows = 2 * PRUNED_AT_ONCE + 1
    with depot.engine.begin() as connection:
        for values in (
            "idempotency (party_id, key, request, answered_at) SELECT gen_random_uuid(), 'k', '',",
            "inbox (handler, event_id, handled_at) SELECT 'h', gen_random_uuid(),",
        ):
            days = "now() - n % 2 * interval '91 days' FROM generate_series(1, :rows) AS n"
            connection.execute(text(f"INSERT INTO {values} {days}"), {"rows": 2 * rows})
    run_depot("Publisher")

    def left(table):
        with depot.session() as session:
            return session.scalar(select(func.count()).select_from(table))

    eventually(lambda: (left(IDEMPOTENCY), left(INBOX)) == (rows, rows))


def test_what_cannot_be_pruned_holds_no_fact_up(run_depot, depot):
    """Nor the other table; the relay keeps its session, and tries again much later."""
    with depot.engine.begin() as connection:
        old = "VALUES ('h', gen_random_uuid(), now() - interval '91 days')"
        connection.execute(text(f"INSERT INTO inbox (handler, event_id, handled_at) {old}"))
        stubborn = "CREATE FUNCTION refuse() RETURNS trigger AS 'BEGIN RAISE ''no''; END' "
        connection.execute(text(stubborn + "LANGUAGE plpgsql"))
        connection.execute(
            text("CREATE TRIGGER kept BEFORE DELETE ON inbox EXECUTE FUNCTION refuse()")
        )
    process = run_depot("Publisher")
    for name in ("tea", "silk", "salt"):
        pack_many(depot, name)
        eventually(lambda: waiting(depot) == 0)
    events = [line["event"] for line in process.logged()]
    assert events.count("not pruned") == 1
    assert "interrupted" not in events
