"""Buyers who post orders at a steady rate, over the public API; others who look at once.

The rate does not wait for answers: what is late is late for everybody behind it, and each time
counts from the moment at which the request was due.
"""

import http.client
import itertools
import json
import queue
import threading
import time
import uuid
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from services.client import Client
from tests.bench.stand import Stand

CALLERS = 32  # orders under way at once; more are waiting to be sent
LOOKED_FOR = 10  # of so many orders one has its matches looked for: looking costs as well
LOOK_EVERY_S, LOOK_SELDOM_S = 0.01, 0.2  # who waits for long looks ever more seldom
MATCHES_WITHIN_S = 10.0
TIMEOUT_S = 30.0

Headers = dict[str, str]


@dataclass
class Seen:
    """Seconds from the moment that the publishing was due, in the order of arrival."""

    posted_s: list[float] = field(default_factory=list)
    visible_s: list[float] = field(default_factory=list)
    matched_s: list[float] = field(default_factory=list)
    unmatched: int = 0  # without a match within MATCHES_WITHIN_S
    refused: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Orders per second that were answered, from the first due to the last answer."""
        return len(self.visible_s) / self.seconds


def post_orders(stand: Stand, rate: float, seconds: float, *, looked_for: int = LOOKED_FOR) -> Seen:
    """`rate` orders a second for so long; every one is published, and seen by another.

    Of `looked_for` orders one has its matches looked for.
    """
    load = _Load(stand, looked_for)
    callers = [threading.Thread(target=load.call, daemon=True) for _ in range(CALLERS)]
    for caller in callers:
        caller.start()
    began_s = time.monotonic()
    for number in range(round(rate * seconds)):
        due_s = began_s + number / rate
        time.sleep(max(0.0, due_s - time.monotonic()))
        load.due.put((number, due_s))
    for _ in callers:
        load.due.put(None)
    for caller in callers:
        caller.join()
    load.seen.seconds = load.answered_s - began_s
    return load.seen


class _Load:
    """What the callers share: what is due, the bodies in turn, and what was seen."""

    def __init__(self, stand: Stand, looked_for: int) -> None:
        self.url, self.seen, self.looked_for = stand.url, Seen(), looked_for
        self.answered_s = time.monotonic()
        self.due = queue.SimpleQueue[tuple[int, float] | None]()
        buyers = {one.name: _key(one["buyer.purchaser"].client) for one in stand.buyers}
        sent = [
            (buyers[name], json.dumps(body | {"publish": True}).encode())
            for name, body in stand.sample.demands
        ]
        self._bodies = itertools.cycle(sent)
        supplier = next(iter(stand.suppliers))
        self._watcher = _key(stand.staffed(supplier)["supplier.owner"].client)

    def call(self) -> None:
        """One caller, until nothing is due any more."""
        caller = Caller(self.url)
        while (given := self.due.get()) is not None:
            try:
                self._order(caller, *given)
            except (Refusal, OSError, http.client.HTTPException) as refusal:
                self.seen.refused.append(f"{type(refusal).__name__} {refusal}")
                caller = Caller(self.url)

    def _order(self, caller: "Caller", number: int, due_s: float) -> None:
        """Published at once, as a purchasing system does that keeps its drafts to itself."""
        buyer, body = next(self._bodies)
        order = caller.post("/demands", buyer, body)
        self.seen.posted_s.append(time.monotonic() - due_s)
        caller.get(f"/demands/{order['id']}", self._watcher)
        self.answered_s = time.monotonic()
        self.seen.visible_s.append(self.answered_s - due_s)
        if number % self.looked_for == 0:
            self._look_for_matches(caller, order["thread_id"], buyer, due_s)

    def _look_for_matches(
        self, caller: "Caller", thread_id: str, buyer: Headers, due_s: float
    ) -> None:
        pause_s = LOOK_EVERY_S
        while not caller.get(f"/matches?limit=1&thread_id={thread_id}", buyer)["items"]:
            if time.monotonic() > due_s + MATCHES_WITHIN_S:
                self.seen.unmatched += 1
                return
            time.sleep(pause_s)
            pause_s = min(pause_s * 1.1, LOOK_SELDOM_S)
        self.seen.matched_s.append(time.monotonic() - due_s)


class Refusal(Exception):
    """An answer that is not 2xx."""


class Caller:
    """One connection, kept open. Bare, for the load generator lives on the same cores."""

    def __init__(self, url: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=TIMEOUT_S)

    def get(self, path: str, who: Headers) -> dict:
        return self._send("GET", path, None, who)

    def post(self, path: str, who: Headers, body: bytes) -> dict:
        own = {"Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())}
        return self._send("POST", path, body, who | own)

    def _send(self, method: str, path: str, body: bytes | None, headers: Headers) -> dict:
        self._connection.request(method, f"/api/v1{path}", body, headers)
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status >= 300:
            raise Refusal(f"{method} {path}: {answer.status} {content[:200].decode()}")
        return json.loads(content)


def _key(client: Client) -> Headers:
    return {"Authorization": f"Bearer {client.api_key}"}
