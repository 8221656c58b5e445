"""One service's handlers at a real database, without a broker and without greenlets.

def test_publishing(desk):
    orders = desk("orders")
    buyer = an_actor("buyer.purchaser")
    reply = orders.execute(PublishDemand, demands.publish, buyer, id=demand_id)
"""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, select
from sqlalchemy.orm import Session

from services.contracts.actor import Actor
from services.contracts.declare import Command, EventType, Query
from services.contracts.envelope import Event
from services.contracts.problems import Problem
from services.contracts.roles import scopes_of
from services.days import shanghai_date
from services.messaging import Clock, Ids, Transactions, ask, execute
from services.messaging.database import create_sessionmaker
from services.messaging.deadlines import Deadline
from services.messaging.tables import DEADLINES, OUTBOX
from tests.contract.sampling import FOLDER

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # a Monday, 09:00 in Shanghai


def an_actor(*roles: str, party_id: str | None = None, user_id: str | None = None) -> Actor:
    """A person with these duties, of a party of its own unless one is given."""
    duties = frozenset(roles)
    return Actor(party_id or Ids().new(), user_id or Ids().new(), duties, scopes_of(duties))


class SetClock(Clock):
    """Stands where the test sets it; real and business time are the same."""

    def __init__(self, moment: datetime = START) -> None:
        super().__init__()
        self.moment = moment

    def real(self) -> datetime:
        return self.moment

    def now(self, session: Session | Connection) -> datetime:
        return self.moment

    def advance(self, **units: float) -> None:
        """By `timedelta(**units)`."""
        self.moment += timedelta(**units)


@dataclass
class Desk:
    """Runs handlers as the service would, each in its own transaction. Refusals are raised."""

    service: str
    engine: Engine
    clock: SetClock = field(default_factory=SetClock)
    ids: Ids = field(default_factory=Ids)

    def __post_init__(self) -> None:
        self.sessionmaker = create_sessionmaker(self.engine)
        self.transactions = Transactions(self.service, self.sessionmaker, self.clock, self.ids)

    def execute(
        self,
        command: Command,
        handler: Any,
        actor: Actor,
        arguments: dict[str, Any] | None = None,
        *,
        id: str | None = None,
        key: str | None = None,
        expected_version: int | None = None,
        seen: dict[str, dict[str, int]] | None = None,
    ) -> "Outcome":
        """Raises Problem."""
        payload = self.payload(actor, arguments, id=id, key=key, expected_version=expected_version)
        payload["seen"] = seen
        reply = execute(command, handler, self.transactions, payload)
        _raise_problem(reply)
        return Outcome([Event.from_json(event) for event in reply["events"]], reply["result"])

    def ask(
        self,
        query: Query,
        handler: Any,
        actor: Actor,
        arguments: dict[str, Any] | None = None,
        *,
        id: str | None = None,
    ) -> Any:
        """The answer as JSON. Raises Problem."""
        payload = self.payload(actor, arguments, id=id)
        reply = ask(query, handler, self.transactions, payload)
        _raise_problem(reply)
        return reply["answer"]

    def act(self, handler: Any, event: Event) -> list[Event]:
        """Hand one fact to a handler that acts; the facts that followed from it."""
        before = len(self.events())
        self.transactions.act(handler, handler.__qualname__, [event])
        return self.events()[before:]

    def project(self, handler: Any, *events: Event) -> None:
        """Hand a batch of facts to a projection."""
        self.transactions.project(handler, list(events))

    def meet(self, handler: Any, aggregate: str, id: str, verb: str) -> list[Event]:
        """Carry out a deadline that is due by the clock; the facts that followed from it."""
        before = len(self.events())
        assert self.transactions.meet(handler, Deadline(aggregate, id, verb)), "not due"
        return self.events()[before:]

    def deadlines(self) -> dict[tuple[str, str, str], datetime]:
        """When which verb is due: {(aggregate, id, verb): instant}."""
        columns = (DEADLINES.c.aggregate, DEADLINES.c.subject_id, DEADLINES.c.verb)
        with self.sessionmaker() as session:
            rows = session.execute(select(*columns, DEADLINES.c.due_at))
            return {(row.aggregate, row.subject_id, row.verb): row.due_at for row in rows}

    def events(self) -> list[Event]:
        """Every fact recorded so far, in order."""
        with self.sessionmaker() as session:
            rows = session.scalars(select(OUTBOX.c.envelope).order_by(OUTBOX.c.id))
            return [Event.from_json(envelope) for envelope in rows]

    def session(self) -> Session:
        """For a look at the tables: `with orders.session() as session: ...`."""
        return self.sessionmaker()

    def payload(
        self,
        actor: Actor,
        arguments: dict[str, Any] | None = None,
        *,
        id: str | None = None,
        key: str | None = None,
        expected_version: int | None = None,
    ) -> dict[str, Any]:
        """What the gateway would send."""
        body = json.dumps(arguments or {}, sort_keys=True).encode()
        return {
            "actor": actor.to_json(),
            "id": id,
            "arguments": arguments or {},
            "expected_version": expected_version,
            "idempotency_key": key,
            "body_sha256": hashlib.sha256(body).hexdigest(),
            "received_at": self.clock.moment.isoformat(),
            "deadline": (self.clock.moment + timedelta(seconds=10)).isoformat(),
            "traceparent": None,
        }


@dataclass(frozen=True)
class Outcome:
    """What a command answered."""

    events: list[Event]
    result: Any

    @property
    def data(self) -> dict[str, Any]:
        """The public state after the command: that of its last fact."""
        return self.events[-1].data

    @property
    def id(self) -> str:
        return str(self.data["id"])

    @property
    def types(self) -> list[str]:
        return [event.type for event in self.events]


def a_fact(event_type: EventType, data: dict[str, Any], *, sequence: int | None = None) -> Event:
    """A fact of another service, as it would arrive; `data` as in tests/contract/samples."""
    actor = an_actor()
    return Event(
        id=Ids().new(),
        type=event_type.name,
        subject=data["id"],
        sequence=sequence or data.get("sequence", 1),
        occurred_at=START.isoformat(),
        business_date=shanghai_date(START).isoformat(),
        actor_party=actor.party_id,
        actor_user=actor.user_id,
        thread_id=data.get("thread_id"),
        traceparent=None,
        data=data,
    )


def heard(event: EventType, **state: Any) -> Event:
    """A fact of another service: its sample with what matters to the test."""
    sample = json.loads((FOLDER / f"{event.name}.json").read_text("utf-8"))["data"]
    return a_fact(event, sample | {"id": Ids().new(), "sequence": 1} | state)


def _raise_problem(reply: dict[str, Any]) -> None:
    if "problem" in reply:
        raise Problem.from_json(reply["problem"])
