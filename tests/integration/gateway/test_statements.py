"""How often the gateway asks its database for one request: a count, which no machine changes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from services.messaging import Ids
from tests.integration.gateway.api_client import Caller, Gateway
from tests.integration.gateway.facts import a_demand

# Guards, views, feed; and a word to the relay.
PROJECTED = 4


@pytest.fixture(scope="module")
def buyer(gateway: Gateway) -> Caller:
    return gateway.someone("buyer", "buyer.purchaser")


@contextmanager
def asked(gateway: Gateway) -> Iterator[list[str]]:
    """The statements of the block: by name those of the reader, by their text the others."""
    statements: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        statements.append(" ".join(statement.split()))

    gateway.reader.asked.clear()
    event.listen(gateway.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(gateway.engine, "before_cursor_execute", note)
        statements[:0] = [name for name in gateway.reader.asked if name != "live_key"]


@pytest.mark.parametrize(
    ("path", "statement"),
    [
        ("/demands/{id}", "one_view"),
        ("/demands", "views_000"),
        ("/demands?state=published", "views_100"),
        ("/demands?thread_id={id}", "views_010"),
        ("/demands?view=public&limit=200", "views_000"),
    ],
)
def test_a_read_is_one_statement(
    gateway: Gateway, buyer: Caller, path: str, statement: str
) -> None:
    id = Ids().new()
    gateway.project(a_demand(buyer.party_id, id=id))
    assert buyer.get("/users").status_code == 200  # that its key is used is noted once an hour

    with asked(gateway) as statements:
        assert id in buyer.get(path.format(id=id)).text

    assert statements == [statement]


def test_a_key_is_looked_up_once_in_a_while_and_not_with_every_request(
    gateway: Gateway, buyer: Caller
) -> None:
    gateway.reader.asked.clear()
    for _ in range(20):
        buyer.gets("/demands")
    assert gateway.reader.asked.count("views_000") == 20
    assert gateway.reader.asked.count("live_key") < 20


def test_a_command_of_another_service_costs_its_projection_and_nothing_more(
    gateway: Gateway, buyer: Caller
) -> None:
    gateway.owners.state("publish_demand", a_demand(buyer.party_id))

    with asked(gateway) as statements:
        buyer.post(f"/demands/{Ids().new()}/publish")

    assert len([one for one in statements if "clock" not in one]) <= PROJECTED, statements
    # Business time is asked for only where a demonstration may have moved it.
    assert len(statements) <= PROJECTED + 1, statements


def test_a_command_of_its_own_costs_a_handful_more(gateway: Gateway) -> None:
    with asked(gateway) as statements:
        gateway.organisation("一家公司", "buyer")

    # The key's answer, the number, the row, the outbox, the answer kept, a word to the relay.
    assert len(statements) <= PROJECTED + 10, statements
