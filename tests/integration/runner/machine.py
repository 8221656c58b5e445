"""What the machine shows from outside: processes alive, ports listening."""

import time
from collections.abc import Callable
from pathlib import Path

from deploy.sails.control import Control
from deploy.sails.proc import marked, started_at
from deploy.sails.state import StateFolder

LISTENING = "0A"  # the state column of /proc/net/tcp


def until(condition: Callable[[], object], timeout_s: float = 20.0) -> None:
    """Poll until the condition holds."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "the condition did not come true in time"
        time.sleep(0.05)


def alive(pid: int) -> bool:
    return started_at(pid) is not None


def processes_of(state: StateFolder) -> set[int]:
    """Everything that bears the runner's mark, and the descendants that wiped their environment."""
    found = set(marked(state.root))
    while True:
        children = {pid for pid, parent in _parents().items() if parent in found}
        if children <= found:
            return found
        found |= children


def listening() -> set[tuple[str, int]]:
    """Every listening TCP socket, as (address in hex, port)."""
    return set(_sockets().values())


def listening_of(pids: set[int]) -> set[tuple[str, int]]:
    """The listening sockets of these processes."""
    inodes = {inode for pid in pids for inode in _inodes(pid)}
    return {place for inode, place in _sockets().items() if inode in inodes}


def child_pid(control: Control, name: str) -> int:
    """The process id of a child, once it runs."""
    until(lambda: control.status()["children"][name]["pid"])
    pid: int = control.status()["children"][name]["pid"]
    return pid


def _parents() -> dict[int, int]:
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _stat(entry)):
            parents[int(entry.name)] = int(fields[1])
    return parents


def _stat(entry: Path) -> list[str]:
    try:
        return (entry / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _sockets() -> dict[str, tuple[str, int]]:
    found = {}
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == LISTENING:
                address, _, port = fields[1].partition(":")
                found[fields[9]] = (address, int(port, 16))
    return found


def _inodes(pid: int) -> list[str]:
    try:
        descriptors = list(Path(f"/proc/{pid}/fd").iterdir())
    except OSError:
        return []
    links = map(_link, descriptors)
    return [link[len("socket:[") : -1] for link in links if link.startswith("socket:[")]


def _link(descriptor: Path) -> str:
    try:
        return str(descriptor.readlink())
    except OSError:  # closed meanwhile
        return ""
