"""Rows 1 and 5: processes killed, and told to end."""

import contextlib
import os
import signal
import time

from deploy.sails.proc import started_at
from deploy.sails.waiting import until
from tests.chaos.field import RUNS_WITHIN_S, Field, wait_until
from tests.chaos.plan import Fault

HANDLER_S = 15.0  # the longest that a handler may take, see services/process.py
EXIT_S = HANDLER_S + 2.0
AT_ONCE = 2  # of a roll: two cores start two interpreters at a time


def kill(fault: Fault, field: Field) -> None:
    """All targets at once; from the last kill until all is well."""
    since_s = max(field.kill(name) for name in fault.targets)
    took_s = field.probe.recovery_s(since_s, field.dying)
    for name in fault.targets:
        field.recorder.recovered(f"kill {field.stage.program_of(name)}", took_s)


def roll(fault: Fault, field: Field) -> None:
    """One after the other is told to end and comes again; two may be on their way at once."""
    coming: list[str] = []
    for name in fault.targets:
        if len(coming) == AT_ONCE:
            first = coming.pop(0)
            wait_until(f"{first} after its end", lambda n=first: _is_back(field, n), RUNS_WITHIN_S)
        took_s = _end(field, name)
        field.recorder.must(took_s <= EXIT_S, f"{name} took {took_s:.1f} s to end")
        coming.append(name)
    field.recovered("roll", time.monotonic())


def _is_back(field: Field, name: str) -> bool:
    return not field.stage.reasons(name)


def _end(field: Field, name: str) -> float:
    """SIGTERM; seconds until it is gone, with exit code 0."""
    pid = until(f"{name} to run", lambda: field.stage.pid(name), RUNS_WITHIN_S)
    since, began_s = started_at(pid), time.monotonic()
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    wait_until(f"the end of {name}", lambda: started_at(pid) != since, EXIT_S * 2)
    return time.monotonic() - began_s
