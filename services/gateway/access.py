"""From the key that a request presents to the Actor who asks."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from services.contracts.actor import Actor
from services.contracts.problems import Problem
from services.contracts.roles import scopes_of
from services.gateway.credentials import prefix_of, presented, proves, sha256
from services.messaging import Prepared, Reader

# A revoked key must be dead within a second in every process. So short a memory needs no notice
# that could get lost, and still spares a busy caller nearly all look-ups.
CACHE_S = 0.8
CACHE_KEYS = 10_000  # about 5 MB; the least recently used go first

_LIVE = Prepared(
    "live_key",
    ("text",),
    """
    SELECT api_keys.secret_sha256, api_keys.scopes, users.party_id::text, users.id::text,
           users.roles
    FROM api_keys JOIN users ON users.id = api_keys.user_id
    WHERE api_keys.prefix = $1 AND api_keys.revoked_at IS NULL
    """,
)


@dataclass(frozen=True)
class _Known:
    actor: Actor
    until_s: float


class Access:
    """Knows callers by their keys. One per process; a key is looked up at most once per CACHE_S."""

    def __init__(self, reader: Reader, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._reader, self._monotonic = reader, monotonic
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._lock = threading.Lock()

    def actor(self, authorization: str | None) -> Actor:
        """Who presents this Authorization header. Raises Problem unauthenticated, key_invalid."""
        key = presented(authorization)
        if not key:
            raise Problem("unauthenticated")
        return self._remembered(key) or self._look_up(key)

    def _remembered(self, key: str) -> Actor | None:
        with self._lock:
            known = self._known.get(sha256(key))
        return known.actor if known and known.until_s > self._monotonic() else None

    def _look_up(self, key: str) -> Actor:
        prefix, asked_at_s = prefix_of(key), self._monotonic()
        actor = self._read(prefix, key) if prefix else None
        if actor is None:
            raise Problem("key_invalid")
        with self._lock:
            self._known[sha256(key)] = _Known(actor, asked_at_s + CACHE_S)
            self._known.move_to_end(sha256(key))
            while len(self._known) > CACHE_KEYS:
                self._known.popitem(last=False)
        return actor

    def _read(self, prefix: str, key: str) -> Actor | None:
        row = self._reader.row(_LIVE, (prefix,))
        if row is None or not proves(key, row[0]):
            return None
        _, scopes, party_id, user_id, held = row
        roles = frozenset(held)
        return Actor(party_id, user_id, roles, frozenset(scopes) & scopes_of(roles))


def require(actor: Actor, scope: str) -> None:
    """Raises Problem("no_scope"): own organisation, but no right."""
    if scope not in actor.scopes:
        raise Problem("no_scope", scope=scope)
