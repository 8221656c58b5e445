"""The whole of a command or query at its owner, without a broker: one transaction, one reply."""

import random
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

import structlog
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.contracts.declare import Command, Query
from services.contracts.problems import Problem
from services.lifecycle import IllegalMove
from services.messaging import idempotency
from services.messaging.aggregate import AggregateRow
from services.messaging.copies import heard
from services.messaging.failures import constraint_of, is_conflict, is_outage
from services.messaging.request import Payload, Request, load_arguments
from services.messaging.tracing import traced
from services.messaging.transaction import Expected, Transaction
from services.messaging.transactions import Transactions

ATTEMPTS = 5  # a transaction that meets others this often is one of too many at once
PAUSE_S = 0.05  # before the second attempt; doubled with jitter for the next ones

Reply = dict[str, Any]
Handler = Callable[..., Any]
_log = structlog.get_logger()


def execute(command: Command, handler: Handler, work: Transactions, payload: Payload) -> Reply:
    """Carry out the command: `{"events": [...], "result": ...}`, or `{"problem": ...}`.

    Nothing has changed when it answers a problem, except that "unavailable" may mean that the
    answer was lost: repeated with its idempotency key the command gets the first answer.
    """

    def attempt() -> Reply:
        request = Request.read(payload, work.clock.real())
        arguments = load_arguments(command.schema, request.arguments)
        with (
            heard(work.sessionmaker, command.aggregate, request.seen),
            work.sessionmaker.begin() as session,
        ):
            reply, number = idempotency.first_reply(session, request, command)
            if reply is None:
                tx = _transaction(session, request, work, command)
                if number is not None:
                    tx.has_drawn(command.aggregate, number)
                reply = _carry_out(command, handler, tx, request, arguments)
        return reply

    repeatable = payload.get("idempotency_key") is not None
    with traced(payload.get("traceparent")):
        return _replied(attempt, handler, command.name, repeatable)


def ask(query: Query, handler: Handler, work: Transactions, payload: Payload) -> Reply:
    """Answer the query in a read-only transaction: `{"answer": {...}}`, or `{"problem": ...}`."""

    def attempt() -> Reply:
        request = Request.read(payload, work.clock.real())
        arguments = load_arguments(query.schema, request.arguments)
        with (
            heard(work.sessionmaker, query.aggregate, request.seen),
            work.sessionmaker.begin() as session,
        ):
            session.execute(text("SET TRANSACTION READ ONLY"))
            tx = _transaction(session, request, work)
            answer = handler(tx.actor, tx, request.id, arguments)
            return {"answer": query.answer().dump(answer)}

    with traced(payload.get("traceparent")):
        return _replied(attempt, handler, query.name, repeatable=True)


def _transaction(
    session: Session, request: Request, work: Transactions, command: Command | None = None
) -> Transaction:
    return Transaction(
        session,
        request.actor,
        work.clock,
        work.ids,
        received_at=request.received_at,
        expected=_expected(command, request),
        traceparent=request.traceparent,
        read_only=command is None,
    )


def _expected(command: Command | None, request: Request) -> Expected | None:
    if command is None or not command.versioned or request.id is None:
        return None
    if request.expected_version is None:
        raise Problem("version_required")
    return Expected(command.aggregate, request.id, request.expected_version)


def _carry_out(
    command: Command, handler: Handler, tx: Transaction, request: Request, arguments: dict[str, Any]
) -> Reply:
    given = (arguments,) if command.creates else (request.id, arguments)
    result = handler(tx.actor, tx, *given)
    reply = {
        "events": [event.to_json() for event in tx.events],
        "result": None if isinstance(result, AggregateRow) else result,
    }
    tx.finish(idempotency.kept(request, reply))
    return reply


def _replied(attempt: Callable[[], Reply], handler: Handler, name: str, repeatable: bool) -> Reply:
    try:
        return _repeated(attempt, repeatable)
    except Exception as error:
        problem = _problem(error, handler)
        if problem.code in {"internal", "unavailable"}:
            _log.error("failed", method=name, code=problem.code, exc_info=error)
        return {"problem": problem.to_json()}


def _repeated(attempt: Callable[[], Reply], repeatable: bool) -> Reply:
    """Run it again after a conflict and, where that cannot do it twice, after a lost connection."""
    for number in range(1, ATTEMPTS):
        try:
            return attempt()
        except Exception as error:
            if not (is_conflict(error) or (repeatable and _connection_lost(error))):
                raise
            time.sleep(PAUSE_S * 2**number * random.random())
    return attempt()


def _connection_lost(error: Exception) -> bool:
    return bool(getattr(error, "connection_invalidated", False))


def _problem(error: Exception, handler: Handler) -> Problem:
    """The refusal that the error means. The error's own text stays in the log."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, IllegalMove):
        return Problem("illegal_move", state=error.state, verb=error.verb)
    if is_conflict(error) or is_outage(error):
        return Problem("unavailable")
    code = _refusals(handler).get(constraint_of(error) or "")
    if isinstance(error, IntegrityError) and code:
        return Problem(code)
    return Problem("internal")


def _refusals(handler: Handler) -> Mapping[str, str]:
    """REFUSALS of all aggregates' tables and of the handler's module: constraint -> code."""
    found: dict[str, str] = {}
    for table in AggregateRow.__subclasses__():
        found |= table.REFUSALS
    module = sys.modules.get(getattr(handler, "__module__", ""))
    return found | getattr(module, "REFUSALS", {})
