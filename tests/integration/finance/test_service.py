"""`service.py` binds what the contract declares, all of it, to the handlers that are tested."""

from services.contracts.registry import AGGREGATES
from services.finance.service import Finance
from tests.integration.finance.handlers import HANDLERS, QUERIES, TIMERS

OWNED = [aggregate for aggregate in AGGREGATES.values() if aggregate.service == "finance"]


def test_every_declared_command_and_query_has_a_method_and_a_test_handler() -> None:
    commands = {command.name for a in OWNED for command in a.commands.values()}
    asked = (query for a in OWNED for query in a.queries.values())
    queries = {query.name for query in asked if query.service == "finance"}
    assert commands == set(HANDLERS)
    assert queries == set(QUERIES)
    for name in commands | queries:
        assert callable(getattr(Finance, name)), name


def test_every_deadline_has_a_timer() -> None:
    assert len({verb for _, verb in TIMERS}) >= 7
    for aggregate, _ in TIMERS:
        assert aggregate in {owned.name for owned in OWNED}
