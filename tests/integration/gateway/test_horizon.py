"""Old news is forgotten openly: whoever would miss some of it is told, and how to go on."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from deploy.sails.check.gateway import CHECKS
from services.gateway.readmodel import horizon
from services.gateway.readmodel.horizon import NEWS_KEPT
from services.messaging import retention
from tests.integration.gateway.api_client import Caller, Gateway, problem_of
from tests.integration.gateway.facts import a_demand

DENSE = next(check.sql for check in CHECKS if check.name == "feed_dense")
STREAM = {"Accept": "text/event-stream"}
YEAR, LONG_AGO = timedelta(days=365), NEWS_KEPT + timedelta(days=1)


@pytest.fixture
def gateway(fresh_gateway: Gateway) -> Gateway:
    return fresh_gateway


@pytest.fixture
def buyer(gateway: Gateway) -> Caller:
    return gateway.someone("buyer", "buyer.purchaser")


def age(gateway: Gateway, by: timedelta) -> int:
    """All that was told so far was told so much earlier; the newest position."""
    position = gateway.number_feed()
    with gateway.engine.begin() as connection:
        connection.execute(text("UPDATE feed SET occurred_at = now() - :by"), {"by": by})
    return position


def forget(gateway: Gateway) -> None:
    """As the relay does when it is time."""
    with gateway.engine.connect() as connection:
        while horizon.move(connection):
            pass


def registered(gateway: Gateway) -> str:
    """News, about no deal."""
    return str(gateway.organisation("新机构", "supplier")["id"])


def told(caller: Caller, after: int) -> list[str]:
    return [item["resource_id"] for item in caller.gets(f"/feed?after={after}&limit=500")["items"]]


def test_news_is_forgotten_and_the_story_of_a_deal_is_not(gateway: Gateway, buyer: Caller) -> None:
    old, demand = registered(gateway), a_demand(buyer.party_id)
    gateway.project(demand)
    last = age(gateway, LONG_AGO)
    new = registered(gateway)
    gateway.number_feed()
    forget(gateway)
    assert told(gateway.operator, last) == [new]
    assert gateway.rows("SELECT count(*) FROM feed WHERE resource_id = :id", id=old) == [(0,)]
    assert gateway.rows("SELECT position FROM feed_horizon") == [(last,)]
    story = buyer.gets(f"/threads/{demand.subject}/timeline")["items"]
    assert [entry["type"] for entry in story] == ["demand.published.v1"]
    assert gateway.operator.gets(f"/parties/{old}")["name"] == "新机构"
    assert gateway.rows(DENSE) == []


def test_within_the_time_nothing_is_forgotten(gateway: Gateway, buyer: Caller) -> None:
    old = registered(gateway)
    age(gateway, YEAR)
    forget(gateway)
    assert old in told(gateway.operator, 0) and gateway.rows("SELECT * FROM feed_horizon") == []


def test_a_reader_from_before_is_told_where_the_feed_is_whole(gateway: Gateway) -> None:
    registered(gateway)
    last = age(gateway, LONG_AGO)
    new = registered(gateway)
    gateway.number_feed()
    forget(gateway)
    operator = gateway.operator
    for late in (0, last - 1):
        for path, more in (("/feed", {}), ("/stream", STREAM)):
            answer = operator.get(f"{path}?after={late}", **more)
            assert problem_of(answer) == (410, "feed_forgotten")
            assert answer.json["resume_after"] == last and str(last) in answer.json["detail"]
    assert problem_of(operator.get("/stream", Last_Event_ID="1", **STREAM))[0] == 410
    assert told(operator, answer.json["resume_after"]) == [new]


def test_a_reader_from_past_the_end_is_told_where_it_is(gateway: Gateway) -> None:
    """It comes from a platform that knew more: the facts to come are not those it has passed."""
    registered(gateway)
    operator, last = gateway.operator, gateway.number_feed()
    typed = "&types=demand.published.v1"
    for ahead in (last + 1, 5_000_000, 2**63 - 1):
        for path, more, headers in (
            ("/feed", "", {}),
            ("/feed", typed, {}),
            ("/stream", "", STREAM),
        ):
            answer = operator.get(f"{path}?after={ahead}{more}", **headers)
            assert problem_of(answer) == (410, "feed_ahead")
            assert answer.json["resume_after"] == last and str(last) in answer.json["detail"]
    late = operator.get("/stream", Last_Event_ID=str(last + 1), **STREAM)
    assert problem_of(late) == (410, "feed_ahead")


def test_the_next_of_a_page_is_never_past_the_end(gateway: Gateway, buyer: Caller) -> None:
    """Also where nothing is told, nothing was ever told, or all but the newest is forgotten."""
    assert buyer.gets("/feed?after=0")["next"] == 0  # nothing has a position yet
    with gateway.sessionmaker() as session:
        horizon.check(session, 0)
    registered(gateway)
    last = age(gateway, LONG_AGO)
    assert buyer.gets("/feed?after=0&types=demand.published.v1")["next"] == last
    forget(gateway)
    for types in ("", "&types=demand.published.v1"):
        page = buyer.gets(f"/feed?after={last}{types}")
        assert (page["items"], page["next"]) == ([], last)
    with gateway.sessionmaker() as session:
        horizon.check(session, last)


def test_positions_go_on_also_when_all_is_old(gateway: Gateway) -> None:
    last = age(gateway, LONG_AGO)
    forget(gateway)
    assert gateway.rows("SELECT max(position) FROM feed") == [(last,)]
    registered(gateway)
    assert gateway.number_feed() > last and gateway.rows(DENSE) == []


def test_it_is_forgotten_batch_by_batch(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(horizon, "PRUNED_AT_ONCE", 3)
    last = age(gateway, LONG_AGO)
    batches = 0
    with gateway.engine.connect() as connection:
        while horizon.move(connection):
            batches += 1
    assert batches == (last - 1) // 3
    assert gateway.rows("SELECT position FROM feed_horizon") == [(last - 1,)]


def test_an_enabled_webhook_is_waited_for_and_a_disabled_one_outlived(gateway: Gateway) -> None:
    body = {"url": "https://hooks.example.com/", "event_types": ["party.registered.v1"]}
    webhook = gateway.operator.posts("/webhooks", body)
    (at,) = gateway.rows("SELECT position FROM webhooks")
    registered(gateway)
    last = age(gateway, LONG_AGO)
    forget(gateway)
    assert gateway.rows("SELECT position FROM feed_horizon") == ([at] if at[0] else [])
    path = f"/webhooks/{webhook['id']}"
    gateway.operator.posts(f"{path}/disable")
    gateway.operator.posts(f"{path}/enable")  # nothing is lost yet
    gateway.operator.posts(f"{path}/disable")
    gateway.number_feed()
    forget(gateway)
    assert gateway.rows("SELECT position FROM feed_horizon") == [(last,)]
    assert problem_of(gateway.operator.post(f"{path}/enable")) == (409, "webhook_outlived")


def test_each_batch_goes_by_an_index(gateway: Gateway) -> None:
    """A relay that looks through all rows of a large table would hold up every fact meanwhile."""
    party = gateway.operator.party_id
    with gateway.engine.connect() as connection, connection.begin():
        many = (
            "INSERT INTO feed (position, event_id, audience, type, kind, resource_id,"
            " occurred_at, business_date) SELECT 10000 + n, gen_random_uuid(), 'public',"
            " 'party.registered.v1', 'party', :party, now() - interval '500 days', '2026-03-02'"
            " FROM generate_series(1, 20000) AS n"
        )
        connection.execute(text(many), {"party": party})
        for name in ("idempotency (party_id, key, request, answered_at)",
                     "inbox (event_id, handler, handled_at)"):  # fmt: skip
            rest = "SELECT gen_random_uuid(), 'k', '', now() - interval '91 days'"
            rest = rest if name.startswith("idem") else rest.replace(", ''", "")
            row = f"INSERT INTO {name} {rest} FROM generate_series(1, 20000)"
            connection.execute(text(row))
        connection.execute(text("ANALYZE feed, idempotency, inbox"))
        given = {"limit": 1_000, "kept": NEWS_KEPT}
        statements = [str(horizon._MOVE)] + [
            retention._OLDER.format(table=table, since=since)
            for table, since in (("idempotency", "answered_at"), ("inbox", "handled_at"))
        ]
        for statement in statements:
            plan = connection.execute(text(f"EXPLAIN {statement}"), given).scalars().all()
            scanned = [line for line in plan if "Seq Scan on" in line]
            assert not [
                line for line in scanned if "webhooks" not in line and "horizon" not in line
            ]
