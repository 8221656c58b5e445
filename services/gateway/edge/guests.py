"""Who is connected: bounded in all and per address, and who must go when there is no room.

A connection that is being served, a live stream too, is never ended for another one. Of those that
keep us waiting for what they have to say, those go first that were never answered anything, and
then those that have been silent for longest.
"""

import socket
from collections import Counter, OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from eventlet import wsgi

from services.gateway.edge.rates import site_of

MAX_CONNECTIONS = 2_000  # per process; a socket and a greenlet of some 50 KB each
# A quarter: a company behind one address has room, and cannot take it from all others.
MAX_PER_SITE = MAX_CONNECTIONS // 4


class Guest:
    """One connection; to eventlet it is a list of three: address, socket, phase.

    `has_begun`: with a request that is not answered yet.
    """

    def __init__(self, address: Any, connected: Any) -> None:
        self._state = [address, connected, wsgi.STATE_IDLE]
        self.site = site_of(str(address[0]))
        self.has_begun = self.was_answered = False

    def __getitem__(self, place: int) -> Any:
        return self._state[place]

    def __setitem__(self, place: int, value: Any) -> None:
        self._state[place] = value

    def end(self) -> None:
        """Whoever waits for it to speak hears its end; everything else is done there."""
        with suppress(OSError):
            self[1].shutdown(socket.SHUT_RDWR)


class Guests:
    """All connections of one process. For greenlets alone: nothing here lets another one run."""

    def __init__(self, most: int = MAX_CONNECTIONS, per_site: int = MAX_PER_SITE) -> None:
        self._most, self._per_site = most, per_site
        self._present: set[Guest] = set()
        self._of_site: Counter[str] = Counter()
        # In the order in which they fell silent: those never answered, and those between requests.
        self._new: OrderedDict[Guest, None] = OrderedDict()
        self._idle: OrderedDict[Guest, None] = OrderedDict()

    @property
    def is_full(self) -> bool:
        """Whether everybody is being served, so that nobody else can be."""
        return len(self._present) >= self._most and not self._new and not self._idle

    def let_in(self, guest: Guest) -> bool:
        """Make room for one more; False when its site has all of its places in use."""
        if self._of_site[guest.site] >= self._per_site and not self._send_off(guest.site):
            return False
        if len(self._present) >= self._most:
            self._send_off()
        self._present.add(guest)
        self._of_site[guest.site] += 1
        return True

    def leave(self, guest: Guest) -> None:
        """It has gone; also after it was sent off."""
        if guest in self._present:
            self._present.discard(guest)
            self._of_site[guest.site] -= 1
            if not self._of_site[guest.site]:
                del self._of_site[guest.site]
        self._new.pop(guest, None)
        self._idle.pop(guest, None)

    @contextmanager
    def awaiting(self, guest: Guest) -> Iterator[None]:
        """Around what waits for it to say something."""
        silent = self._idle if guest.was_answered else self._new
        if guest in self._present:
            silent[guest] = None
        try:
            yield
        finally:
            silent.pop(guest, None)

    def dismiss(self) -> None:
        """Say goodbye to all who have not begun to ask anything."""
        for guest in [*self._new, *self._idle]:
            if not guest.has_begun:
                guest.end()

    def _send_off(self, site: str | None = None) -> bool:
        """End the first of those who keep us waiting, of this site or of all, if there is one."""
        for silent in (self._new, self._idle):
            for guest in silent:
                if site is None or guest.site == site:
                    self.leave(guest)
                    guest.end()
                    return True
        return False
