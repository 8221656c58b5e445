"""The demonstration clock that several deals share: it moves when all of them are ready."""

import threading
from datetime import UTC, date, datetime, timedelta

from services.client import Client
from services.days import shanghai_date

EARLIEST = datetime.min.replace(tzinfo=UTC)
READY_TIMEOUT_S = 240.0  # the slowest of twenty deals on two cores, with services being killed


class SharedClock:
    """`reach` blocks until every deal has called it, then goes to the latest instant asked for."""

    def __init__(self, operator: Client, deals: int = 1) -> None:
        self._operator = operator
        self._barrier = threading.Barrier(deals, action=self._advance)
        self._lock = threading.Lock()
        self._target = EARLIEST

    def now(self) -> datetime:
        """Business time as the platform has it."""
        offset_s = self._operator.get("/clock")["offset_s"]
        return datetime.now(UTC) + timedelta(seconds=offset_s)

    def today(self) -> date:
        """Its day in Asia/Shanghai."""
        return shanghai_date(self.now())

    def reach(self, at: datetime) -> None:
        """Return once business time is at least `at`. Raises BrokenBarrierError when one failed."""
        with self._lock:
            self._target = max(self._target, at)
        self._barrier.wait(READY_TIMEOUT_S)

    def give_up(self) -> None:
        """This deal failed: the others need not wait for it."""
        self._barrier.abort()

    def _advance(self) -> None:
        if self._target > self.now():
            self._operator.post("/clock/advance", {"at": self._target.isoformat()})
