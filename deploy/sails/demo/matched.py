"""Wait until orders that were imported have been matched."""

import time
from collections.abc import Sequence

from services.client import Client

# Matching answers some ten orders a second, a few on a busy machine. When for so long none of those
# that wait was answered, those that are left have no match: that is no fact, so nothing says it.
QUIET_S = 5.0
LOOK_AROUND_S = 1.0  # they are answered in order: only where the first waits are the others asked
PACE_S = 0.1


def unanswered(operator: Client, demand_ids: Sequence[str]) -> list[str]:
    """Return once every order has a match; those that had none after `QUIET_S` of silence.

    Raises Refused, NoAnswer.
    """
    waiting, heard_at_s = list(demand_ids), time.monotonic()
    while waiting and (silent_s := time.monotonic() - heard_at_s) < QUIET_S:
        looks_around = silent_s > LOOK_AROUND_S
        asked = waiting if looks_around else waiting[:1]
        matched = {id for id in asked if is_matched(operator, id)}
        if matched:
            waiting = [id for id in waiting if id not in matched]
            heard_at_s = time.monotonic()
        else:
            time.sleep(LOOK_AROUND_S if looks_around else PACE_S)
    return waiting


def is_matched(operator: Client, demand_id: str) -> bool:
    """Whether anybody was told of the order. Raises Refused, NoAnswer."""
    query = {"view": "operator", "thread_id": demand_id, "limit": 1}
    return bool(operator.get("/matches", **query)["items"])
