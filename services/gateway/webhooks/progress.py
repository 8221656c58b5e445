"""How one turn of a sender goes, and when the next one comes."""

import random
from dataclasses import dataclass, field

from services.gateway.webhooks.log import Attempt

GONE = 410
# Pauses of 1, 2, 4 ... 1,800 s, in all about half a day, then the endpoint is disabled.
MAX_FAILURES = 35
FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 1_800.0


@dataclass
class Progress:
    """How far a turn has come; `unwritten` calls are not in the log yet."""

    position: int
    unwritten: list[Attempt] = field(default_factory=list)
    failed: Attempt | None = None
    last_ok: Attempt | None = None

    def note(self, attempt: Attempt) -> None:
        self.unwritten.append(attempt)
        if attempt.is_ok:
            self.last_ok = attempt
        else:
            self.failed = attempt

    def given_up(self, failures: int) -> str | None:
        """After so many failures in a row: why the endpoint is called no more, if it is not."""
        if self.failed is None:
            return None
        if self.failed.status == GONE:
            return "gone"
        return "unreachable" if failures >= MAX_FAILURES else None


def pause_s(failures: int) -> float:
    """Before the next try: doubling, with jitter so that many endpoints do not come at once."""
    if failures == 0:
        return 0.0
    longest = min(FIRST_PAUSE_S * 2.0 ** (failures - 1), LONGEST_PAUSE_S)
    return longest * random.uniform(0.5, 1.0)
