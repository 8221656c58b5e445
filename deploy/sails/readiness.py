"""Wait until processes say that they are ready."""

import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

from deploy.sails.control import Control
from deploy.sails.ports import LOOPBACK
from deploy.sails.problem import Problem
from deploy.sails.waiting import WaitedInVain, until

READY_TIMEOUT_S = 90.0  # six interpreters on two cores, and queues declared for the first time
PROBE_TIMEOUT_S = 2.0
RESTARTS_TOLERATED = 3  # a process that keeps crashing will not get ready


class NotReady(Problem):
    """Processes that did not get ready in time, or keep crashing; the text names their logs."""


def wait_ready(
    control: Control, observe: dict[str, int], timeout_s: float = READY_TIMEOUT_S
) -> None:
    """Return once every process (name → observed port) is ready. Raises NotReady."""
    waiting = set(observe)

    def all_ready() -> bool:
        waiting.difference_update(_ready(observe, waiting))
        children = control.status()["children"]
        crashing = {name for name in waiting if children[name]["restarts"] >= RESTARTS_TOLERATED}
        if crashing:
            raise NotReady(_logs(control, crashing))
        return not waiting

    try:
        until("readiness", all_ready, timeout_s)
    except WaitedInVain as late:
        raise NotReady(_logs(control, waiting)) from late


def is_ready(port: int) -> bool:
    """Whether the process that is observed at this port says it is ready."""
    try:
        url = f"http://{LOOPBACK}:{port}/readyz"
        with urllib.request.urlopen(url, timeout=PROBE_TIMEOUT_S) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.HTTPError):
        return False


def _ready(observe: dict[str, int], names: set[str]) -> set[str]:
    """Which of them are; asked at once, because one that is starting answers late."""
    with ThreadPoolExecutor(len(names)) as threads:
        answers = threads.map(lambda name: is_ready(observe[name]), names)
        return {name for name, ready in zip(names, answers, strict=True) if ready}


def _logs(control: Control, names: set[str]) -> str:
    children = control.status()["children"]
    return ", ".join(children[name]["log"] for name in sorted(names))
