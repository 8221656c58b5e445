"""What the checker spells out for itself is what the services really have."""

from collections import Counter

import pytest
from nameko.extensions import ENTRYPOINT_EXTENSIONS_ATTR

from deploy.sails.check import across, queues, threads
from deploy.sails.check.report import STATEMENTS
from services.contracts.registry import AGGREGATES, EVENTS
from services.finance import lifecycle as of_finance
from services.finance.service import Finance
from services.gateway.service import GatewayWorker
from services.lifecycle import Lifecycle
from services.matching import lifecycle as of_matching
from services.matching.service import Matching
from services.messaging.declarations import ACTED_ON_AT_ONCE
from services.messaging.subscription import Subscription
from services.messaging.topology import BACKOFF_S
from services.orders import lifecycle as of_orders
from services.orders.service import Orders
from services.topology import subscriptions

SERVICES = (Orders, Matching, Finance, GatewayWorker)
LIFECYCLES = {
    aggregate.path.replace("-", "_"): table
    for module in (of_orders, of_matching, of_finance)
    for table in vars(module).values()
    if isinstance(table, Lifecycle) and (aggregate := AGGREGATES.get(table.aggregate))
}


@pytest.mark.parametrize("service", SERVICES)
def test_every_queue_that_a_service_subscribes_to_is_counted(service: type) -> None:
    subscribed = {
        name
        for name, method in vars(service).items()
        for entrypoint in getattr(method, ENTRYPOINT_EXTENSIONS_ATTR, ())
        if isinstance(entrypoint, Subscription)
    }
    assert set(queues.HANDLERS[service.name]) == subscribed
    assert set(queues.BACKOFF_S) == set(BACKOFF_S)


def test_every_handler_that_acts_on_facts_is_known_with_its_facts() -> None:
    acting = {
        found.queue.name: set(found.entry.types)
        for found in subscriptions()
        if found.entry.batch == ACTED_ON_AT_ONCE
    }
    assert {queue: set(types) for queue, (_, types) in queues.ACTING.items()} == acting
    for publisher, types in queues.ACTING.values():
        assert {EVENTS[type_].aggregate.service for type_ in types} == {publisher}


@pytest.mark.parametrize(
    ("table", "done"), [item for tables in threads.DONE.values() for item in tables.items()]
)
def test_a_thread_is_judged_by_states_that_exist(table: str, done: tuple[str, ...]) -> None:
    assert set(done) < LIFECYCLES[table].states


def test_every_aggregate_but_the_clock_has_a_party_that_always_sees_it() -> None:
    assert set(across.SEEN_BY) == AGGREGATES.keys() - {"clock"}


def test_no_two_statements_of_a_service_share_a_name() -> None:
    named = Counter((statement.service, statement.name) for statement in STATEMENTS)
    assert [name for name, count in named.items() if count > 1] == []
    assert all(statement.zh and statement.en for statement in STATEMENTS)
