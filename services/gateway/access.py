"""From the key or the session that a request presents to the Actor who asks."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from werkzeug.wrappers import Request

from services.contracts.actor import Actor
from services.contracts.problems import Problem
from services.contracts.roles import scopes_of
from services.gateway.admission import duties
from services.gateway.credentials import prefix_of, proves, sha256
from services.gateway.sessions.store import IDLE, TOUCHED
from services.gateway.sessions.uses import NOTED
from services.gateway.site import READING, Presented, Site
from services.messaging import Prepared, Reader

# A revoked key or ended session must be dead within a second in every process. So short a memory
# needs no notice that could get lost, and still spares a busy caller nearly all look-ups.
CACHE_S = 0.8
CACHE_KEYS = 10_000  # about 5 MB; the least recently used go first

_LIVE = Prepared(
    "live_key",
    ("text",),
    """
    SELECT api_keys.secret_sha256, api_keys.scopes, users.party_id::text, users.id::text,
           users.roles, parties.state, api_keys.id::text, key_uses.used_at
    FROM api_keys JOIN users ON users.id = api_keys.user_id
    JOIN parties ON parties.id = users.party_id
    LEFT JOIN key_uses ON key_uses.key_id = api_keys.id
    WHERE api_keys.prefix = $1 AND api_keys.revoked_at IS NULL
    """,
)
_OPEN = Prepared(
    "open_session",
    ("text", "timestamptz", "timestamptz"),
    """
    SELECT users.party_id::text, users.id::text, users.roles, parties.state, sessions.seen_at
    FROM sessions JOIN users ON users.id = sessions.user_id
    JOIN parties ON parties.id = users.party_id
    WHERE sessions.secret_sha256 = $1 AND sessions.ends_at > $2 AND sessions.seen_at > $3
      AND sessions.roles = users.roles
    """,
)

Touch = Callable[[str, datetime], None]


@dataclass(frozen=True)
class _Known:
    """`seen_at`: when the session or the key was last noted to be in use."""

    actor: Actor
    until_s: float
    seen_at: datetime | None = None
    key_id: str = ""


class Access:
    """Knows callers. One per process; a key or session is looked up at most once per CACHE_S.

    `touch` notes that a session is in use, at most once a minute, `note_key` that a key is, at most
    once an hour; `now` is real time.
    """

    def __init__(
        self,
        reader: Reader,
        site: Site | None = None,
        touch: Touch = lambda secret, now: None,
        note_key: Touch = lambda key_id, now: None,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._reader, self._site, self._touch = reader, site or Site(), touch
        self._note_key = note_key
        self._now, self._monotonic = now, monotonic
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._lock = threading.Lock()

    def caller(self, request: Request, *, by_session: bool = False) -> Actor:
        """Who sends this request; a session's must come from our pages where it changes something.

        `by_session`: a key is not enough. Raises Problem unauthenticated, key_invalid,
        csrf_invalid.
        """
        presented = self._site.presented(request)
        if by_session and not presented.session:
            raise Problem("unauthenticated")
        known = self._find(presented)
        if presented.session:
            if request.method not in READING:
                self._site.refuse_forged(request, presented.session)
            self._note_use(presented, known)
        else:
            self._note_use_of_key(presented, known)
        return known.actor

    def still(self, request: Request) -> Actor:
        """Who sent it, for as long as that holds: waiting for news is no use of a session."""
        return self._find(self._site.presented(request)).actor

    def forget(self, request: Request) -> None:
        """What it presents has just ended: at once in this process."""
        with self._lock:
            self._known.pop(self._site.presented(request).digest, None)

    def _find(self, presented: Presented) -> _Known:
        digest = presented.digest
        if not digest:
            raise Problem("unauthenticated")
        with self._lock:
            known = self._known.get(digest)
        if known and known.until_s > self._monotonic():
            return known
        return self._look_up(presented, digest)

    def _look_up(self, presented: Presented, digest: str) -> _Known:
        until_s = self._monotonic() + CACHE_S
        found = self._session(presented.session) if presented.session else self._key(presented.key)
        known = replace(found, until_s=until_s)
        self._remember(digest, known)
        return known

    def _remember(self, digest: str, known: _Known) -> None:
        with self._lock:
            self._known[digest] = known
            self._known.move_to_end(digest)
            while len(self._known) > CACHE_KEYS:
                self._known.popitem(last=False)

    def _key(self, key: str) -> _Known:
        prefix = prefix_of(key)
        row = self._reader.row(_LIVE, (prefix,)) if prefix else None
        if row is None or not proves(key, row[0]):
            raise Problem("key_invalid")
        _, scopes, party_id, user_id, held, state, key_id, used_at = row
        roles = duties(held, state)
        actor = Actor(party_id, user_id, roles, frozenset(scopes) & scopes_of(roles))
        return _Known(actor, 0.0, used_at, key_id)

    def _session(self, secret: str) -> _Known:
        now = self._now()
        row = self._reader.row(_OPEN, (sha256(secret), now, now - IDLE))
        if row is None:
            raise Problem("unauthenticated")
        party_id, user_id, held, state, seen_at = row
        roles = duties(held, state)
        return _Known(Actor(party_id, user_id, roles, scopes_of(roles)), 0.0, seen_at)

    def _note_use(self, presented: Presented, known: _Known) -> None:
        now = self._now()
        if known.seen_at is not None and now - known.seen_at >= TOUCHED:
            self._remember(presented.digest, replace(known, seen_at=now))
            self._touch(presented.session, now)

    def _note_use_of_key(self, presented: Presented, known: _Known) -> None:
        now = self._now()
        if known.seen_at is None or now - known.seen_at >= NOTED:
            self._remember(presented.digest, replace(known, seen_at=now))
            self._note_key(known.key_id, now)


def require(actor: Actor, scope: str) -> None:
    """Raises Problem("no_scope"): own organisation, but no right."""
    if scope not in actor.scopes:
        raise Problem("no_scope", scope=scope)
