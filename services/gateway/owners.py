"""The services that own what a command or query is about, reached by RPC."""

import json
import time
from typing import Any, Protocol

from prometheus_client import Counter
from sqlalchemy.orm import Session, sessionmaker

from services.contracts.actor import Actor
from services.contracts.declare import Command, Query
from services.contracts.problems import Problem
from services.gateway.readmodel import seen

# Within this the owner has begun or nobody will: above a busy second of retries, below the 10 s
# and more that clients and proxies wait.
TIMEOUT_S = 8.0
SECOND_S = 1.0  # at least, for a question that the owner has just answered
# Not allowed, not there, not now, not so: what news on its way to the owner could turn.
REFUSED_BY_STATE = frozenset({403, 404, 409, 422})
ABOUT_THE_REQUEST = frozenset({"in_flight", "idempotency_key_reused"})

NOT_HEARD = Counter(
    "sails_not_heard_yet", "Refusals that waited for facts under way to the owner", ("service",)
)

Payload = dict[str, Any]
Reply = dict[str, Any]


class Owners(Protocol):
    """How the other services are reached: `{"events", ...}`, `{"answer"}` or `{"problem"}`."""

    def call(self, service: str, method: str, payload: Payload, timeout_s: float) -> Reply:
        """Raises Problem service_timeout, unavailable."""


class Remote:
    """Asks an owner; a refusal is passed on only when the owner knew what its caller knows."""

    def __init__(self, owners: Owners, sessions: sessionmaker[Session]) -> None:
        self._owners, self._sessions = owners, sessions

    def reply(self, method: Command | Query, actor: Actor, payload: Payload) -> Reply:
        """The owner's reply.

        What it refuses it is asked once more, now with what this caller has been shown: has the
        owner not heard of that yet, it says so. Raises Problem.
        """
        service, began_s = method.service, time.monotonic()
        reply = self._owners.call(service, method.name, payload, TIMEOUT_S)
        if _may_be_hearsay(reply):
            informed = payload | {"seen": self._seen(actor, payload)}
            left_s = max(SECOND_S, TIMEOUT_S - (time.monotonic() - began_s))
            reply = self._owners.call(service, method.name, informed, left_s)
            if (reply.get("problem") or {}).get("code") == "not_heard_yet":
                NOT_HEARD.labels(service).inc()
        return checked(reply)

    def reply_once(self, method: Query, payload: Payload, timeout_s: float) -> Reply:
        """The owner's reply to a question of the platform's own. Raises Problem."""
        return checked(self._owners.call(method.service, method.name, payload, timeout_s))

    def _seen(self, actor: Actor, payload: Payload) -> seen.Seen:
        request = json.dumps([payload["id"], payload["arguments"]])
        with self._sessions() as session:
            return seen.by(session, actor, request)


def checked(reply: Reply) -> Reply:
    """The reply. Raises the Problem that it holds."""
    if reply.get("problem"):
        raise Problem.from_json(reply["problem"])
    return reply


def _may_be_hearsay(reply: Reply) -> bool:
    """Whether it is a refusal that news still on its way to the owner could turn."""
    if not reply.get("problem"):
        return False
    problem = Problem.from_json(reply["problem"])
    return problem.status in REFUSED_BY_STATE and problem.code not in ABOUT_THE_REQUEST
