"""Orders as a process: commands by RPC, facts by the broker, deadlines by its timer."""

import json
import uuid
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import amqp
import pytest

from deploy.sails.testbed import Testbed, World
from services.contracts.actor import Actor
from services.contracts.declare import EventType
from services.contracts.money import as_money
from services.contracts.party import party
from services.messaging.broker import connect
from services.messaging.envelope import from_message, to_message
from services.messaging.topology import declare_events
from tests.desk import an_actor, heard
from tests.integration.orders.trade import TERMS
from tests.processes import ServiceProcess
from tests.waiting import eventually

REPLY_TIMEOUT_S = 10.0
QUOTING_S = 3.0  # long enough to publish and quote on a busy machine


class Caller:
    """What the gateway does: calls orders, and hears its facts."""

    def __init__(self, channel: amqp.Channel) -> None:
        self.channel = channel
        self.replies = channel.queue_declare("", exclusive=True).queue
        self.facts = channel.queue_declare("", exclusive=True).queue
        declare_events(channel, ["orders.events"])
        channel.queue_bind(self.facts, "orders.events", "#")
        self.heard: list[str] = []

    def tell(self, event_type: EventType, state: dict[str, Any]) -> None:
        message = to_message(heard(event_type, **state))
        self.channel.basic_publish(message, event_type.exchange, event_type.name)

    def call(self, method: str, actor: Actor, arguments: Any = None, id: Any = None) -> Any:
        payload = {
            "actor": actor.to_json(), "id": id, "arguments": arguments or {},
            "idempotency_key": str(uuid.uuid4()), "body_sha256": "",
            "received_at": datetime.now(UTC).isoformat(),
        }  # fmt: skip
        request = amqp.Message(json.dumps(payload), type=method, reply_to=self.replies)
        self.channel.basic_publish(request, "", "rpc.orders")
        reply = eventually(
            lambda: self.channel.basic_get(self.replies, no_ack=True), REPLY_TIMEOUT_S, method
        )
        return json.loads(reply.body)

    def hears(self, type_: str) -> bool:
        """Whether a fact of this type has come by now."""
        while message := self.channel.basic_get(self.facts, no_ack=True):
            body = message.body if isinstance(message.body, bytes) else message.body.encode()
            fact = from_message(message.headers, message.content_type, body)
            self.heard.append(fact.type)
        return type_ in self.heard


@pytest.fixture
def world(bed: Testbed) -> Iterator[World]:
    with bed.world("orders") as created:
        yield created


@pytest.fixture
def caller(world: World, tmp_path: Path) -> Iterator[Caller]:
    process = ServiceProcess(
        ["services", "orders"], world.environment, tmp_path / "orders.log", "orders"
    )
    with closing(process), closing(connect(world.amqp_uri, heartbeat_s=0)) as connection:
        process.start().wait_ready()
        yield Caller(connection.channel())


def make_known(caller: Caller, actor: Actor) -> None:
    """Return once orders has heard of the actor's organisation."""
    state = {
        "id": actor.party_id, "name": "华北重工集团", "capacities": ["buyer", "supplier"],
        "nature": "private", "fiscal_funded": False, "size": "large",
        "verified_until": "2099-12-31", "sequence": 1,
    }  # fmt: skip
    caller.tell(party.event("verified"), state)
    eventually(lambda: "events" in caller.call("create_demand", actor, {"title": "试"}))


def test_a_demand_is_published_quoted_and_closed_by_the_timer(caller: Caller) -> None:
    buyer, supplier = an_actor("buyer.purchaser"), an_actor("supplier.owner")
    make_known(caller, buyer)
    make_known(caller, supplier)
    deadline = datetime.now(UTC) + timedelta(seconds=QUOTING_S)
    text = {"title": "泵站设备", "terms": TERMS, "quote_deadline_at": deadline.isoformat()}
    demand_id = caller.call("create_demand", buyer, text)["events"][0]["subject"]
    caller.call("publish_demand", buyer, id=demand_id)
    quote = {
        "demand_id": demand_id, "price": as_money(1_000_000), "delivery_days": 30,
        "valid_until": "2099-12-31",
    }  # fmt: skip
    (sealed,) = caller.call("create_quote", supplier, quote)["events"]
    assert sealed["data"]["price_fen"] is None
    eventually(lambda: caller.hears("quote.opened.v1"), why="the timer opens the quote")
    late = caller.call("create_quote", supplier, quote)
    assert late["problem"]["code"] == "quote_deadline_passed"
    assert caller.heard[-5:] == [
        "demand.created.v1", "demand.published.v1", "quote.sealed.v1", "demand.closed.v1",
        "quote.opened.v1",
    ]  # fmt: skip
