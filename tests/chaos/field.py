"""Where faults are injected, and the few things that most of them do."""

import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from deploy.sails.waiting import until
from tests.chaos.cast import Cast
from tests.chaos.ledger import Ledger
from tests.chaos.probe import EVERYONE, Probe
from tests.chaos.recorder import Recorder
from tests.chaos.stage import Stage

RUNS_WITHIN_S = 30.0  # the supervisor's longest pause and a start on a busy machine
LOOK_AGAIN_S = 0.02


@dataclass
class Field:
    """All that an injector is given. `dying`: programs that a fault under way keeps killing.

    `afterwards`: what is looked at once all is quiet.
    """

    stage: Stage
    cast: Cast
    ledger: Ledger
    probe: Probe
    recorder: Recorder
    dying: frozenset[str] = EVERYONE
    afterwards: list[Callable[[], None]] = field(default_factory=list)

    def kill(self, name: str) -> float:
        """kill -9 a child of the supervisor, waited for if it is just down; when that was."""
        pid = until(f"{name} to run", lambda: self.stage.pid(name), RUNS_WITHIN_S)
        os.kill(pid, signal.SIGKILL)
        if program := self.stage.program_of(name):
            self.recorder.killed(program)
        return time.monotonic()

    def recovered(self, label: str, since_s: float, note: str = "") -> None:
        """Wait until all is well, and note how long that took."""
        took_s = self.probe.recovery_s(since_s, self.dying)
        self.recorder.recovered(label, took_s, note)

    def drained(self, since_s: float) -> float:
        """Seconds from `since_s` until what lay in the outboxes now is published."""
        upto = self.stage.newest()
        wait_until("the outboxes to drain", lambda: not self.stage.unpublished(upto), 60.0)
        return time.monotonic() - since_s


def wait_until(
    what: str, look: Callable[[], object], within_s: float, pause_s: float = LOOK_AGAIN_S
) -> None:
    """Poll closely, where `until` would grow slow. Raises TimeoutError."""
    end = time.monotonic() + within_s
    while not look():
        if time.monotonic() > end:
            raise TimeoutError(f"{what}: not within {within_s:g} s")
        time.sleep(pause_s)
