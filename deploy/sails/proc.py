"""What the machine says about processes: /proc, and nothing remembered that could be stale."""

import os
import signal
import time
from pathlib import Path

RUN_MARKER = "SAILS_RUN"  # environment variable of every process of a runner: its state folder
LEFTOVER_GRACE_S = 10.0  # a database or broker ends in an orderly way well within this


def started_at(pid: int) -> int | None:
    """When the process started, in clock ticks since boot; None if there is none or a zombie."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] in "ZX" else int(fields[19])


def marked(state_root: Path) -> list[int]:
    """Every live process that a runner of this state folder started, directly or not.

    A mark in the environment cannot be confused with a recycled process id.
    """
    mark = f"{RUN_MARKER}={state_root}".encode()
    return [pid for pid in _pids() if mark in _environment(pid) and started_at(pid) is not None]


def end_leftovers(state_root: Path, grace_s: float = LEFTOVER_GRACE_S) -> list[int]:
    """End what a killed runner left behind, gently and then for certain; answer their ids."""
    found = marked(state_root)
    _send(found, signal.SIGTERM)
    deadline = time.monotonic() + grace_s
    while marked(state_root) and time.monotonic() < deadline:
        time.sleep(0.1)
    _send(marked(state_root), signal.SIGKILL)
    return found


def _pids() -> list[int]:
    return [
        int(entry.name)
        for entry in Path("/proc").iterdir()
        if entry.name.isdigit() and entry.name != str(os.getpid())
    ]


def _environment(pid: int) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:  # gone, or another user's
        return []


def _send(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue
