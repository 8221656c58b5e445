"""Matching as a real process: facts in by the broker, matches out, the index following."""

import amqp
import pytest
from sqlalchemy import select

from deploy.sails.testbed import World
from services.contracts.actor import Actor
from services.contracts.demand import demand
from services.matching.tables import DemandCopy
from services.messaging.broker import connect
from services.messaging.database import create_database_engine
from services.messaging.envelope import to_message
from services.messaging.tables import OUTBOX
from tests.desk import Desk
from tests.integration.matching.market import Market
from tests.processes import ServiceProcess
from tests.waiting import eventually


@pytest.fixture
def world(bed):
    with bed.world("matching") as created:
        yield created


@pytest.fixture
def process(world: World, tmp_path):
    environment = world.environment | {"SAILS_STATE_DIR": str(tmp_path)}
    started = ServiceProcess(["services", "matching"], environment, tmp_path / "log", "matching")
    yield started.start().wait_ready()
    started.close()


@pytest.fixture
def market(world: World):
    """Writes to the database of the process, as its own commands would."""
    engine = create_database_engine(world.database_url("matching"), 4)
    yield Market(Desk("matching", engine), retrieval=None)
    engine.dispose()


@pytest.fixture
def channel(world: World):
    connection = connect(world.amqp_uri, heartbeat_s=0)
    yield connection.channel()
    connection.collect()


def publish(channel: amqp.Channel, market: Market, state: dict) -> None:
    event = market.fact(demand, "published", state, 2)
    channel.basic_publish(to_message(event), "orders.events", event.type)


def open_demand(market: Market, buyer: Actor) -> dict:
    """Without a deadline: the process goes by the real time."""
    return market.demand(buyer, quote_deadline_at=None)


def sent(market: Market, state: dict) -> list[str]:
    return [match.supply_id for match in market.matches(state["id"], "sent")]


def all_numbered(market: Market) -> bool:
    with market.desk.session() as session:
        unnumbered = select(OUTBOX.c.id).where(OUTBOX.c.position.is_(None)).limit(1)
        return session.scalar(unnumbered) is None


def test_a_supply_just_activated_is_matched_and_told(process, market, channel):
    buyer, shop = market.party("岚航重型装备"), market.party("启航精密")
    id, state = market.supply(shop), open_demand(market, buyer)
    publish(channel, market, state)  # at once: the index hears of the supply by its own feed
    eventually(lambda: sent(market, state) == [id])
    eventually(lambda: all_numbered(market))
    assert process.metric("sails_matching_rank_seconds_count") == 1
    assert process.metric("sails_matching_index_behind_total") == 0


def test_killed_and_started_again_it_tells_nobody_twice(process, market, channel):
    buyer, shop = market.party("岚航重型装备"), market.party("启航精密")
    id, states = market.supply(shop), [open_demand(market, buyer) for _ in range(10)]
    for state in states[:5]:
        publish(channel, market, state)
    eventually(lambda: sent(market, states[0]) == [id])
    process.restart()
    for state in states:  # the first five once more, as facts of their own
        publish(channel, market, state)
    process.wait_ready()
    for state in states:
        eventually(lambda state=state: sent(market, state) == [id])
    eventually(lambda: all_numbered(market))
    told = [event.subject for event in market.desk.events() if event.type == "match.sent.v1"]
    assert len(told) == len(set(told)) == len(states)


def test_a_supply_that_comes_after_its_demand_is_told_of_it(process, market, channel):
    """By its own fact, the words of the demand, the timer and the ranking."""
    buyer, shop = market.party("岚航重型装备"), market.party("启航精密")
    state = open_demand(market, buyer)
    publish(channel, market, state)
    eventually(lambda: is_known(market, state))
    id = market.supply(shop)
    eventually(lambda: sent(market, state) == [id])
    assert process.metric("sails_matching_rank_again_seconds_count") == 1


def test_a_supply_that_came_while_nobody_ran_is_told_when_somebody_does(process, market, channel):
    buyer, shop = market.party("岚航重型装备"), market.party("启航精密")
    state = open_demand(market, buyer)
    publish(channel, market, state)
    eventually(lambda: is_known(market, state))
    process.kill()
    id = market.supply(shop)
    process.start().wait_ready()
    eventually(lambda: sent(market, state) == [id])


def test_notices_are_planned_now_and_then_where_somebody_wants_it(world, tmp_path):
    wanted = {"SAILS_STATE_DIR": str(tmp_path), "SAILS_MATCHING_ALLOT_S": "0.2"}
    command, log = ["services", "matching"], tmp_path / "log"
    process = ServiceProcess(command, world.environment | wanted, log, "matching")
    process.start().wait_ready()
    planned = 'sails_matching_plan_seconds_count{how="exact"}'
    eventually(lambda: process.metric(planned) > 1)
    process.close()


def is_known(market: Market, state: dict) -> bool:
    with market.desk.session() as session:
        return session.get(DemandCopy, state["id"]) is not None
