"""What callers asked for and were answered, noted at the wire, where a client hides nothing."""

import hashlib
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from deploy.sails.demo.person import Person
from services.client import Client

API_PREFIX = "/api/v1"
PASSING = frozenset({503, 504})  # the only 5xx that a caller may be given
NO_ANSWER = 0
MARGIN_S = 5.0  # of a busy machine, over the platform's own bound
ANSWER_BOUND_S = 10.0 + MARGIN_S  # the longest deadline of a request, see docs/ARCHITECTURE.md


@dataclass
class Command:
    """One Idempotency-Key: who asked for what, every answer so far, the document of a 2xx."""

    key: str
    party_id: str
    path: str
    caller: Client
    statuses: list[int] = field(default_factory=list)
    document: dict[str, Any] | None = None
    refusal: str | None = None

    @property
    def is_answered(self) -> bool:
        """Whether there was a 2xx."""
        return self.document is not None

    @property
    def trace_id(self) -> str:
        return trace_id(self.key)


class Ledger:
    """Everybody's commands. Threads share one."""

    def __init__(self) -> None:
        self.commands: dict[str, Command] = {}
        self.statuses: Counter[int] = Counter()
        self.refusals: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.longest_s = 0.0
        self._lock = threading.Lock()

    def watch(self, person: Person, party_id: str) -> Person:
        """From now on every exchange of this person is noted."""
        adapter = _Notary(self, person.client, party_id)
        person.client._session.mount(person.client.url, adapter)
        return person

    def note(self, command: Command | None, asked: str, status: int, took_s: float) -> None:
        """An answer, or that there was none."""
        with self._lock:
            self.statuses[status] += 1
            self.longest_s = max(self.longest_s, took_s if status else 0.0)
            if command is not None:
                command.statuses.append(status)
            if status >= 500 and status not in PASSING:
                self.wrong.append(f"{status} to {asked}")
            if status and took_s > ANSWER_BOUND_S:
                self.wrong.append(f"{status} to {asked} after {took_s:.1f} s")

    def command(self, key: str, party_id: str, path: str, caller: Client) -> Command:
        with self._lock:
            return self.commands.setdefault(key, Command(key, party_id, path, caller))

    def refuse(self, command: Command, code: str) -> None:
        with self._lock:
            command.refusal = code
            self.refusals[code] += 1

    def contradict(self, command: Command) -> None:
        """Two answers to one key differ in what they made."""
        with self._lock:
            self.wrong.append(f"two different answers to {command.path} with key {command.key}")


class _Notary(HTTPAdapter):
    """Sends what a client sends, with a trace of its own per key, and notes what comes back."""

    def __init__(self, ledger: Ledger, client: Client, party_id: str) -> None:
        super().__init__(pool_maxsize=8, pool_block=True)
        self._ledger, self._client, self._party_id = ledger, client, party_id

    def send(
        self, request: requests.PreparedRequest, *given: Any, **more: Any
    ) -> requests.Response:
        command, asked = None, f"{request.method} {request.path_url}"
        if key := request.headers.get("Idempotency-Key"):
            path = request.path_url.removeprefix(API_PREFIX)
            command = self._ledger.command(key, self._party_id, path, self._client)
            request.headers["traceparent"] = f"00-{command.trace_id}-{command.trace_id[:16]}-01"
        began_s = time.monotonic()
        try:
            response = super().send(request, *given, **more)
            response.content  # noqa: B018  read here, so that a server that dies meanwhile is noted
        except (requests.RequestException, OSError):
            self._ledger.note(command, asked, NO_ANSWER, time.monotonic() - began_s)
            raise
        self._ledger.note(command, asked, response.status_code, time.monotonic() - began_s)
        if command is not None:
            self._settle(command, response)
        return response

    def _settle(self, command: Command, response: requests.Response) -> None:
        if response.ok:
            document = response.json()
            if command.document is not None and command.document != document:
                self._ledger.contradict(command)
            command.document = document
        elif response.status_code < 500:
            self._ledger.refuse(command, _code(response))


def trace_id(key: str) -> str:
    """Of the one trace that all tries of a command share."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def _code(response: requests.Response) -> str:
    try:
        return str(response.json().get("code"))
    except ValueError:
        return f"{response.status_code} without a problem document"
