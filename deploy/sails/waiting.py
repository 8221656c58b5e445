"""Wait for what another party or service will do: on a condition, with a bound."""

import time
from collections.abc import Callable
from typing import TypeVar

from deploy.sails.problem import Problem

Value = TypeVar("Value")
FIRST_PAUSE_S = 0.03
LONGEST_PAUSE_S = 0.5
PATIENCE_S = 60.0  # the longest healthy wait is a service restarting under load


class WaitedInVain(Problem):
    """What was waited for did not happen in time; the text says what it was."""


def until(what: str, look: Callable[[], Value | None], patience_s: float = PATIENCE_S) -> Value:
    """What `look` answers once it is true. Raises WaitedInVain naming `what`."""
    deadline, pause_s = time.monotonic() + patience_s, FIRST_PAUSE_S
    while not (found := look()):
        if time.monotonic() > deadline:
            raise WaitedInVain(what)
        time.sleep(pause_s)
        pause_s = min(pause_s * 1.5, LONGEST_PAUSE_S)
    return found
