"""What the machine says about processes: /proc, and nothing remembered that could be stale."""

import contextlib
import os
import signal
from pathlib import Path

from deploy.sails.waiting import WaitedInVain, until

RUN_MARKER = "SAILS_RUN"  # environment variable of every process of a runner: its state folder
LEFTOVER_GRACE_S = 10.0  # a database or broker ends in an orderly way well within this
REAPED_WITHIN_S = 5.0  # its parent's business: some containers have an init that never does it


def started_at(pid: int) -> int | None:
    """When the process started, in clock ticks since boot; None if there is none or a zombie."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] in "ZX" else int(fields[19])


def wait_gone(pid: int, since: int, timeout_s: float) -> None:
    """Return once the process that started then is out of the process table.

    Raises WaitedInVain when it does not end; one that ended and is never reaped is let be.
    """
    until(f"the end of process {pid}", lambda: started_at(pid) != since, timeout_s)
    with contextlib.suppress(ChildProcessError):  # it is a child of whoever started it
        os.waitpid(pid, os.WNOHANG)
    with contextlib.suppress(WaitedInVain):
        until("its parent", lambda: not Path(f"/proc/{pid}").exists(), REAPED_WITHIN_S)


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
    with contextlib.suppress(WaitedInVain):
        until("leftovers to end", lambda: not marked(state_root), grace_s)
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
