"""Answers that all callers of a process share for a moment: whoever comes first makes them."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any

MAX_KEPT = 64  # of different questions; the oldest go first


class Memory:
    """Bounded in time and number. Who asks the same at once waits for the one answer."""

    def __init__(self, kept_s: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._kept_s, self._monotonic = kept_s, monotonic
        self._known: OrderedDict[Hashable, tuple[float, Any]] = OrderedDict()
        self._turns: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def recall(self, question: Hashable, answer: Callable[[], Any]) -> Any:
        """What was answered lately, else the answer; what it raises is not kept."""
        with self._lock:
            turn = self._turns.setdefault(question, threading.Lock())
        with turn:
            until_s, known = self._known.get(question, (0.0, None))
            if until_s > self._monotonic():
                return known
            try:
                found = answer()
            except BaseException:
                self._turns.pop(question, None)
                raise
            self._keep(question, found)
        return found

    def _keep(self, question: Hashable, found: Any) -> None:
        with self._lock:
            self._known[question] = (self._monotonic() + self._kept_s, found)
            self._known.move_to_end(question)
            while len(self._known) > MAX_KEPT:
                oldest, _ = self._known.popitem(last=False)
                self._turns.pop(oldest, None)
