"""How many requests may wait for one owner: one that is dead must leave workers to all others.

Of them one caller has half, rounded up: whoever asks for what is slow, as fast as it may, slows
itself first.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from services.contracts.declare import Command, Query
from services.contracts.problems import Problem
from services.contracts.registry import AGGREGATES
from services.gateway.edge.routes import EXPORTS, Route

OWN = "gateway"
FILES = "files"
PASSWORDS = "passwords"
ISSUER = "issuer"
COUNTING = "counting"
AT_ISSUER = frozenset({"oidc", "oidc_callback", "oidc_connect"})
COUNTED = frozenset({"portfolio", "portfolio_export", "dashboard"})
COUNTING_AT_ONCE = 2  # each looks at thousands of rows by a connection that short reads need, too
HASHING = frozenset({"sign_in", "activate", "password", "join"})
PASSWORDS_AT_ONCE = 2  # each takes a core for some 30 ms and 19 MiB: as many as there are cores
SHARE = 3  # a third of the workers per owner: even two dead ones leave a third to reads
FILES_AT_ONCE = 2  # each has a process at work, for seconds: as many as there are cores
# A healthy owner takes some 20 ms, so this is a queue of hundreds. With the owner's own 8 s it is
# still below the 10 s that clients, proxies and a process that ends wait.
PATIENCE_S = 1.5


class Places:
    """The places of a process with so many workers. Who waits for one holds no worker yet."""

    def __init__(self, workers: int) -> None:
        owners = {aggregate.service for aggregate in AGGREGATES.values()} - {OWN}
        share = max(1, workers // SHARE)
        self._places = {owner: _Places(share) for owner in owners}
        self._places[FILES] = _Places(FILES_AT_ONCE)
        self._places[COUNTING] = _Places(COUNTING_AT_ONCE)
        self._places[ISSUER] = _Places(share)
        # Whoever signs in is an address yet, and a whole company may have one.
        self._places[PASSWORDS] = _Places(PASSWORDS_AT_ONCE, of_one=PASSWORDS_AT_ONCE)

    @contextmanager
    def held(self, route: Route, caller: str) -> Iterator[None]:
        """One place at the route's owner. Raises Problem("unavailable") when there is none soon."""
        places = self._places.get(_owner(route))
        if places is None:
            yield
            return
        with places.held(caller):
            yield


class _Places:
    """Those of one owner. Whoever has its own in use waits for them, and for none of the others."""

    def __init__(self, places: int, of_one: int | None = None) -> None:
        self._free = threading.BoundedSemaphore(places)
        self._of_one = of_one or (places + 1) // 2
        self._callers: dict[str, _Caller] = {}  # only those who hold a place or wait for one

    @contextmanager
    def held(self, name: str) -> Iterator[None]:
        until_s = time.monotonic() + PATIENCE_S
        caller = self._callers.setdefault(name, _Caller(self._of_one))
        caller.requests += 1
        try:
            with _taken(caller.free, until_s), _taken(self._free, until_s):
                yield
        finally:
            caller.requests -= 1
            if not caller.requests:
                del self._callers[name]


class _Caller:
    def __init__(self, places: int) -> None:
        self.requests, self.free = 0, threading.BoundedSemaphore(places)


@contextmanager
def _taken(places: threading.BoundedSemaphore, until_s: float) -> Iterator[None]:
    if not places.acquire(timeout=max(0.0, until_s - time.monotonic())):
        raise Problem("unavailable")
    try:
        yield
    finally:
        places.release()


def _owner(route: Route) -> str:
    """Reads are answered from here, whatever they are about."""
    if route.takes_file or route.action in EXPORTS:
        return FILES
    if route.action in COUNTED:
        return COUNTING
    if route.action in AT_ISSUER:
        return ISSUER
    if route.action in HASHING:
        return PASSWORDS
    target = route.target
    return target.service if isinstance(target, Command | Query) else OWN
