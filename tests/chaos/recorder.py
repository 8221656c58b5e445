"""What each fault did, in the order of the plan."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Recovery:
    """`label` groups the repetitions of a fault; `note` is said beside it."""

    label: str
    took_s: float
    note: str = ""


@dataclass
class Recorder:
    """Threads may share one. `broken`: promises that a fault saw broken, in words."""

    recoveries: list[Recovery] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    kills: dict[str, int] = field(default_factory=dict)
    injected: int = 0
    dead_letters: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def recovered(self, label: str, took_s: float, note: str = "") -> None:
        with self._lock:
            self.recoveries.append(Recovery(label, took_s, note))

    def must(self, holds: bool, promise: str) -> None:
        """Note the promise as broken unless it holds."""
        if not holds:
            with self._lock:
                self.broken.append(promise)

    def killed(self, program: str) -> None:
        with self._lock:
            self.kills[program] = self.kills.get(program, 0) + 1

    def longest(self) -> Iterator[tuple[str, float, int]]:
        """Each label with its longest recovery and how often it happened."""
        for label in dict.fromkeys(one.label for one in self.recoveries):
            took_s = [one.took_s for one in self.recoveries if one.label == label]
            yield label, max(took_s), len(took_s)
