"""The timer of matching: it also has notices planned over many demands, now and then."""

import time

from services.matching.commands import programme
from services.messaging import Timer
from services.messaging.deadlines import schedule_unset
from services.messaging.session_lock import LockSession
from services.settings import load

NOBODY = "00000000-0000-0000-0000-000000000000"  # the programme is about no demand in particular


class AllottingTimer(Timer):
    """Every `SAILS_MATCHING_ALLOT_S` in the one process whose timer runs; 0: never."""

    def setup(self) -> None:
        super().setup()
        self._every_s = load("matching").matching_allot_s
        self._next_at_s = time.monotonic() + self._every_s

    def turn(self, session: LockSession) -> None:
        """A plan that is due already is not due twice."""
        if self._every_s and self.leads and time.monotonic() >= self._next_at_s:
            self._next_at_s = time.monotonic() + self._every_s
            now = self._database.transactions.clock.now
            with session.connection.begin():
                due = {NOBODY: now(session.connection)}
                schedule_unset(session.connection, programme.NAME, programme.ALLOT, due)
        super().turn(session)
