"""How often a caller may ask: refused here, it costs neither a worker nor a look at the database.

Each process counts for itself: a caller whose connections end at two of them has two shares.
"""

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import IPv6Address, ip_address
from typing import Any

from werkzeug.wrappers import Request

from services.contracts.declare import Command, Query
from services.contracts.problems import Problem
from services.gateway.edge.routes import Route
from services.gateway.site import Site
from services.settings import NO_BOUND, Rate

NAMES = 10_000  # of callers in one memory, about 2 MB; the longest silent are forgotten first
# Balancers ask the first two, for the good of all; a page of the portal is thirty files, all from
# memory.
UNCOUNTED = frozenset({"health", "ready", "portal", "to_portal"})
JOINING = "join"
ALL = 20  # as often as twenty addresses: what operators can check in a day, and no flood
PERSON = "sails.person"  # in a request's environ, once its key has proved good: whose it is
IPV6_SITE_BITS = 64  # one household or server has all addresses of such a block

Monotonic = Callable[[], float]


class Buckets:
    """A bucket of tokens per name: `burst` in a full one, refilled at `per_s`."""

    def __init__(self, rate: Rate, monotonic: Monotonic = time.monotonic) -> None:
        self._rate, self._monotonic = rate, monotonic
        self._full_at: OrderedDict[str, float] = OrderedDict()  # a full one needs no entry
        self._lock = threading.Lock()

    def take(self, name: str) -> float:
        """0 when a token was taken; else the seconds until there is one."""
        if not self._rate.per_s:
            return 0.0
        with self._lock:
            now_s = self._monotonic()
            full_at_s = max(now_s, self._full_at.get(name, now_s)) + 1 / self._rate.per_s
            wait_s = full_at_s - now_s - self._rate.burst / self._rate.per_s
            if wait_s > 0:
                return wait_s
            _remember(self._full_at, name, full_at_s)
        return 0.0

    def give_back(self, name: str) -> None:
        """One token that was taken for nothing."""
        with self._lock:
            if name in self._full_at:
                self._full_at[name] -= 1 / self._rate.per_s


class Joining:
    """Organisations that come by themselves: of an address, and of all together.

    A refusal of what is wrong with the form itself costs nothing, as it tells nothing of others;
    a code or a login that is taken does.
    """

    def __init__(self, rate: Rate, monotonic: Monotonic) -> None:
        self._of_address = Buckets(rate, monotonic)
        self._of_all = Buckets(Rate(rate.per_s * ALL, rate.burst * ALL), monotonic)

    @contextmanager
    def admitted(self, address: str) -> Iterator[None]:
        """Around the answer. Raises Problem too_many_requests."""
        _take(self._of_address, address)
        _take(self._of_all, "")
        try:
            yield
        except Problem as refused:
            if refused.status == 422:
                self._of_address.give_back(address)
                self._of_all.give_back("")
            raise


class Rates:
    """Reads and commands per person; per address what comes with no key that has proved good.

    All keys and sessions of a person share, since a person may have any number of them.
    """

    def __init__(
        self,
        reads: Rate,
        commands: Rate,
        strangers: Rate,
        monotonic: Monotonic = time.monotonic,
        site: Site | None = None,
        *,
        joining: Rate = NO_BOUND,
    ) -> None:
        self._site = site or Site()
        self._joining = Joining(joining, monotonic)
        self._reads, self._commands = Buckets(reads, monotonic), Buckets(commands, monotonic)
        self._strangers = Buckets(strangers, monotonic)
        self._proved: OrderedDict[str, str] = OrderedDict()  # whose each key and session is
        self._lock = threading.Lock()

    @contextmanager
    def admitted(self, request: Request, route: Route) -> Iterator[str]:
        """Around the answer, which shows whose the key is: with the person's id, or an address.

        Raises Problem too_many_requests.
        """
        address = site_of(request.remote_addr or "")
        if route.action in UNCOUNTED:
            yield address
            return
        key = "" if route.is_open else self._site.presented(request).digest
        if key and (person := self._person(key)):
            with self._known(key, person, route):
                yield person
            return
        _take(self._strangers, address)
        try:
            if route.action == JOINING:
                with self._joining.admitted(address):
                    yield address
            else:
                yield address
        finally:
            if key and (person := request.environ.get(PERSON)):
                self._prove(key, person)
                self._strangers.give_back(address)

    @contextmanager
    def _known(self, key: str, person: str, route: Route) -> Iterator[None]:
        # What an owner does, or is written here, is dearer than a read.
        is_work = route.has_body or isinstance(route.target, Command | Query)
        _take(self._commands if is_work else self._reads, person)
        try:
            yield
        except Problem as refused:
            if refused.status == 401:  # revoked meanwhile
                self._forget(key)
            raise

    def _person(self, key: str) -> str | None:
        with self._lock:
            if person := self._proved.get(key):
                self._proved.move_to_end(key)
        return person

    def _prove(self, key: str, person: str) -> None:
        with self._lock:
            _remember(self._proved, key, person)

    def _forget(self, key: str) -> None:
        with self._lock:
            self._proved.pop(key, None)


def site_of(address: str) -> str:
    """Of an IPv6 address its block: whoever has one of it has all of it."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:  # a proxy may write anything
        return address[:100]
    if not isinstance(parsed, IPv6Address):
        return address
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(IPv6Address(int(parsed) >> IPV6_SITE_BITS << IPV6_SITE_BITS))


def _take(buckets: Buckets, name: str) -> None:
    if wait_s := buckets.take(name):
        raise Problem("too_many_requests", retry_after_s=math.ceil(wait_s))


def _remember(names: OrderedDict[str, Any], name: str, value: Any) -> None:
    names[name] = value
    names.move_to_end(name)
    while len(names) > NAMES:
        names.popitem(last=False)
