"""Did every 2xx take effect exactly once, and what had no answer once or never?

Each command has a trace of its own, which its facts carry. So a command that took effect twice has
left some type of fact twice under one trace, whatever its key and its answers say.
"""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from deploy.sails.database import SERVICES
from services.client import Refused
from services.contracts.registry import AGGREGATES
from tests.chaos.ledger import Command, Ledger
from tests.chaos.stage import Stage

THREADS = 4
OWNER_OF = {aggregate.path: aggregate.service for aggregate in AGGREGATES.values()}
REPLIES = "SELECT CAST(party_id AS text), key, reply FROM idempotency"
FACTS = (
    "SELECT CAST(event_id AS text), type, split_part(envelope->>'traceparent', '-', 2) FROM outbox"
)

Event = dict[str, Any]


@dataclass(frozen=True)
class Verdict:
    """Sentences about commands; empty when every promise was kept."""

    lost: list[str]
    double: list[str]


class Audit:
    """What the four databases hold of the commands of a ledger, read when it is made."""

    def __init__(self, stage: Stage, ledger: Ledger) -> None:
        self._ledger = ledger
        self._replies: dict[tuple[str, str, str], list[Event]] = {}
        self._facts: dict[str, str] = {}
        self._under: dict[tuple[str, str], Counter[str]] = {}
        for service in SERVICES:
            for party_id, key, reply in stage.rows(service, REPLIES):
                self._replies[service, party_id, key] = (reply or {}).get("events", [])
            for id, type_, trace in stage.rows(service, FACTS):
                self._facts[id] = type_
                self._under.setdefault((service, trace), Counter())[type_] += 1

    def verdict(self) -> Verdict:
        """Every command judged by tables, those that were answered also through the API."""
        commands = list(self._ledger.commands.values())
        lost = [found for command in commands for found in self._lost(command)]
        double = [found for command in commands for found in self._double(command)]
        return Verdict(lost + self._unseen(commands), double)

    def _reply(self, command: Command) -> list[Event] | None:
        return self._replies.get((_owner(command), command.party_id, command.key))

    def _lost(self, command: Command) -> Iterator[str]:
        """Answered 2xx without a kept answer, or with facts that nobody recorded."""
        if not command.is_answered:
            return
        reply = self._reply(command)
        if reply is None:
            yield f"{command.path} {command.key}: its answer was not kept"
        for event in reply or ():
            if event["id"] not in self._facts:
                yield f"{command.path} {command.key}: {event['type']} was not recorded"

    def _double(self, command: Command) -> Iterator[str]:
        """More facts under its trace than its one execution told of, or any without one."""
        told = Counter(event["type"] for event in self._reply(command) or ())
        made = self._under.get((_owner(command), command.trace_id), Counter())
        direct = told if told else made  # without a kept answer it had no effect at all
        for type_ in direct:
            if made[type_] > told[type_]:
                times = f"{made[type_]} times, {told[type_]} told"
                yield f"{command.path} {command.key}: {type_} {times}"

    def _unseen(self, commands: list[Command]) -> list[str]:
        """What the caller of a 2xx is not shown, or not as new as it was answered."""
        newest: dict[tuple[str, str], Command] = {}
        for command in commands:
            if command.document and "sequence" in command.document:
                place = _collection(command), command.document["id"]
                known = newest.get(place)
                if known is None or _sequence(known) < _sequence(command):
                    newest[place] = command
        with ThreadPoolExecutor(THREADS) as threads:
            return [found for found in threads.map(_shown, newest.values()) if found]


def _shown(command: Command) -> str | None:
    assert command.document is not None
    path = f"/{_collection(command)}/{command.document['id']}"
    try:
        shown = command.caller.get(path)
    except Refused as refused:
        return f"{path}: {refused}"
    if shown["sequence"] < _sequence(command):
        return f"{path}: shown as of {shown['sequence']}, answered {_sequence(command)}"
    return None


def _sequence(command: Command) -> int:
    return int((command.document or {})["sequence"])


def _collection(command: Command) -> str:
    return command.path.split("/")[1]


def _owner(command: Command) -> str:
    return OWNER_OF[_collection(command)]
