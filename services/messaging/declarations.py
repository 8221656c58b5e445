"""The ways into a service, as its `service.py` lists them."""

from collections.abc import Callable, Iterable
from typing import Any

from nameko.extensions import register_entrypoint
from sqlalchemy.orm import Session, sessionmaker

from services.contracts.declare import Command, Query
from services.contracts.envelope import Event
from services.contracts.party import clock as clock_aggregate
from services.messaging.clock import adopt_offset
from services.messaging.deadlines import Deadline
from services.messaging.execution import Handler, ask, execute
from services.messaging.metrics import SUPPRESSED
from services.messaging.rpc_server import RpcMethod
from services.messaging.subscription import Subscription
from services.messaging.timer import DeadlineEntry
from services.messaging.transaction import Transaction
from services.messaging.transactions import ActingHandler, DeadlineHandler, ProjectingHandler

# The cost of a transaction is shared by these, and its locks are held as long as all of them take.
ACTED_ON_AT_ONCE = 8

Method = Callable[..., Any]
Preparation = Callable[[sessionmaker[Session]], Any]


def command(declared: Command, handler: Handler) -> Method:
    """A command called by RPC: `handler(actor, tx, args)` when it creates, else with the id.

    What the handler returns, unless it is a row, becomes the `result` of the reply.
    """

    def carry_out(service: Any, payload: dict[str, Any]) -> dict[str, Any]:
        return execute(declared, handler, service.database, payload)

    return _entered(carry_out, RpcMethod(declared.name))


def query(declared: Query, handler: Handler) -> Method:
    """A question called by RPC: `handler(actor, tx, id, args)` answers what the schema dumps."""

    def answer(service: Any, payload: dict[str, Any]) -> dict[str, Any]:
        return ask(declared, handler, service.database, payload)

    return _entered(answer, RpcMethod(declared.name))


def on_event(
    types: Iterable[str], handler: ActingHandler, *, before: Preparation | None = None
) -> Method:
    """A handler that acts on facts: `handler(tx, event)`, exactly once in effect.

    Mostly in order, but back-off and replicas reorder: it must not drop a fact for its sequence,
    but decide on its own state. The facts that wait are acted on in one transaction, a few of
    them; should one fail, each in its own. What it has to wait for is waited for in
    `before(sessionmaker)`, while no transaction is open.
    """

    def act(service: Any, queue: str, events: list[Event]) -> None:
        if before is not None:
            before(service.database.sessionmaker)
        SUPPRESSED.labels(queue).inc(service.database.act(handler, queue, events))

    return _entered(act, Subscription(tuple(types), ACTED_ON_AT_ONCE))


def projection(
    types: Iterable[str],
    handler: ProjectingHandler,
    *,
    in_order: bool = False,
    gather_s: float = 0.0,
) -> Method:
    """A handler that keeps copies: `handler(tx, events)`, a batch in one transaction.

    Facts come repeated and out of order: it upserts where the sequence is greater. What it adds
    up, such as a history, wants them `in_order`: then one replica at a time takes them. What also
    comes another way, and sooner, is waited for by the first of a batch for `gather_s`.
    """

    def project(service: Any, queue: str, events: list[Event]) -> None:
        service.database.project(handler, events)

    return _entered(project, Subscription(tuple(types), in_order=in_order, gather_s=gather_s))


def on_deadline(
    aggregate: str, verb: str, handler: DeadlineHandler, *, before: Preparation | None = None
) -> Method:
    """What the timer does when `tx.schedule(row, verb, at)` is due: `handler(tx, id)`.

    The aggregate may have moved on since; then the handler does nothing. `before` as of
    `on_event`.
    """

    def meet(service: Any, deadline: Deadline) -> bool:
        if before is not None:
            before(service.database.sessionmaker)
        return bool(service.database.meet(handler, deadline))

    return _entered(meet, DeadlineEntry(aggregate, verb))


def follow_clock() -> Method:
    """Follow the demonstration clock, which the gateway advances."""
    return projection((clock_aggregate.event("advanced").name,), _follow)


def _follow(tx: Transaction, events: list[Event]) -> None:
    for event in events:
        adopt_offset(tx.session, event.data["offset_s"], event.sequence)


def _entered(method: Method, entrypoint: Any) -> Method:
    register_entrypoint(method, entrypoint)
    return method
