"""Wait for what another process, party or service will do: on a condition, with a bound."""

import time
from collections.abc import Callable
from typing import TypeVar

from deploy.sails.problem import Problem

Value = TypeVar("Value")
FIRST_PAUSE_S = 0.03
LONGEST_PAUSE_S = 0.3  # a start waits half a dozen times; nobody notices this much
PATIENCE_S = 60.0  # the longest healthy wait is a service restarting under load


class WaitedInVain(Problem, TimeoutError):
    """What was waited for did not happen in time; the text says what it was."""


def until(
    what: str,
    look: Callable[[], Value | None],
    patience_s: float = PATIENCE_S,
    *,
    not_yet: tuple[type[Exception], ...] = (),
) -> Value:
    """What `look` answers once it is true; an exception of `not_yet` means that it is not.

    Raises WaitedInVain naming `what`, caused by the last such exception.
    """
    deadline, pause_s = time.monotonic() + patience_s, FIRST_PAUSE_S
    while True:
        found, refusal = _look(look, not_yet)
        if found:
            return found
        if time.monotonic() > deadline:
            raise WaitedInVain(what) from refusal
        time.sleep(pause_s)
        pause_s = min(pause_s * 1.5, LONGEST_PAUSE_S)


def _look(
    look: Callable[[], Value | None], not_yet: tuple[type[Exception], ...]
) -> tuple[Value | None, Exception | None]:
    try:
        return look(), None
    except not_yet as refusal:
        return None, refusal
