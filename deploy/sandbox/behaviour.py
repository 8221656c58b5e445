"""How a sandbox misbehaves on order: slow, failing, answering twice or never."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

MODES = ("normal", "slow", "fail", "twice", "never")
LONGEST_SLOW_S = 120.0  # longer than any time-out of the platform; beyond it use "never"
MOST_TIMES = 1_000_000

log = logging.getLogger(__name__)


class Fault(Exception):
    """The sandbox was told to fail here; whatever it was doing has not happened."""


@dataclass(frozen=True)
class Behaviour:
    """`times` counts down at each use, then the operation is normal again; None: until changed."""

    mode: str = "normal"
    times: int | None = None
    seconds: float = 0.0

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Behaviour":
        """Raises ValueError for what is not a behaviour."""
        mode, times, seconds = data.get("mode"), data.get("times"), data.get("seconds", 0.0)
        if mode not in MODES:
            raise ValueError(f"mode is one of {', '.join(MODES)}")
        if times is not None and not (isinstance(times, int) and 1 <= times <= MOST_TIMES):
            raise ValueError("times is a whole number from 1, or absent")
        if not (isinstance(seconds, int | float) and 0 <= seconds <= LONGEST_SLOW_S):
            raise ValueError(f"seconds is a number from 0 to {LONGEST_SLOW_S:.0f}")
        return cls(mode, times, float(seconds))

    def to_json(self) -> dict[str, Any]:
        return {"mode": self.mode, "times": self.times, "seconds": self.seconds}


class Behaviours:
    """The present behaviour of each operation; what was never set is normal."""

    def __init__(self, operations: tuple[str, ...]) -> None:
        self.operations = operations
        self._set: dict[str, Behaviour] = {}
        self._lock = threading.Lock()

    def set(self, operation: str, behaviour: Behaviour) -> None:
        """Raises ValueError for an operation that this sandbox does not have."""
        if operation not in self.operations:
            raise ValueError(f"operation is one of {', '.join(self.operations)}")
        with self._lock:
            self._set[operation] = behaviour

    def clear(self) -> None:
        """Everything is normal again."""
        with self._lock:
            self._set.clear()

    def to_json(self) -> dict[str, Any]:
        with self._lock:
            return {name: self._set.get(name, Behaviour()).to_json() for name in self.operations}

    def perform(self, operation: str, act: Callable[[int], object]) -> None:
        """Do `act` as told: `act(1)`, and `act(2)` when it is to happen twice.

        Raises Fault instead of acting when told to fail; "never" returns without acting.
        """
        behaviour = self._take(operation)
        if behaviour.mode != "normal":
            log.info("%s: behaving as told: %s", operation, behaviour.mode)
        if behaviour.mode == "never":
            return
        if behaviour.mode == "fail":
            raise Fault(operation)
        time.sleep(behaviour.seconds if behaviour.mode == "slow" else 0.0)
        act(1)
        if behaviour.mode == "twice":
            act(2)

    def _take(self, operation: str) -> Behaviour:
        with self._lock:
            now = self._set.get(operation, Behaviour())
            if now.times is not None:
                left = now.times - 1
                self._set[operation] = (
                    Behaviour(now.mode, left, now.seconds) if left else Behaviour()
                )
            return now
