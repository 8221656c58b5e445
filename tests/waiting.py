"""Waiting on conditions, never on clocks."""

import time
from collections.abc import Callable
from typing import TypeVar

POLL_S = 0.05
Value = TypeVar("Value")


def eventually(condition: Callable[[], Value], timeout_s: float = 15.0, why: str = "") -> Value:
    """The first truthy value of `condition()`, which may also assert. Raises AssertionError."""
    end = time.monotonic() + timeout_s
    while True:
        try:
            value, failure = condition(), None
        except AssertionError as error:
            value, failure = None, error
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"not within {timeout_s} s: {why or condition}") from failure
        time.sleep(POLL_S)
