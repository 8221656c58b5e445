"""When a call is worth repeating, and how long to wait before that."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

# Busy, away or late: the same request may succeed a moment later.
PASSING = frozenset({429, 502, 503, 504})
IN_FLIGHT = "in_flight"  # 409: the first copy of this very request is still being carried out


@dataclass(frozen=True)
class Patience:
    """How long one call may take in all, retries included."""

    total_s: float = 60.0  # a restarted service is back within seconds, a broker within ten
    first_pause_s: float = 0.1
    longest_pause_s: float = 2.0

    def pause_s(self, tries: int, retry_after: str | None) -> float:
        """Seconds before the next try: the server's word if it gave one, else doubling, jittered.

        `tries` counts the tries that have failed, from 1.
        """
        if (asked := _seconds(retry_after)) is not None:
            return asked
        pause_s = min(self.first_pause_s * 2.0 ** (tries - 1), self.longest_pause_s)
        return pause_s * random.uniform(0.5, 1.0)


def is_passing(status: int, code: str) -> bool:
    """Whether an answer of this status and problem code may change by itself."""
    return status in PASSING or (status == 409 and code == IN_FLIGHT)


def _seconds(retry_after: str | None) -> float | None:
    """`Retry-After` is a number of seconds or an HTTP date; anything else counts as not given."""
    if retry_after is None:
        return None
    if retry_after.strip().isdigit():
        return float(retry_after)
    try:
        moment = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
