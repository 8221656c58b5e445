"""Servers and processes under measurement, and what they cost: private, and flushing to disk."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psutil

from deploy.sails.state import DEFAULT_ROOT
from deploy.sails.testbed import Testbed
from tests.processes import ServiceProcess

ROOT = DEFAULT_ROOT / "bench"
QUIET = {"EVENTLET_NO_GREENDNS": "yes"}  # loopback needs no resolver

Spent = dict[str, float]


@contextmanager
def bench_bed() -> Iterator[Testbed]:
    """A broker and a database with fsync on, ended with the block."""
    bed = Testbed.join(ROOT, fsync=True)
    try:
        yield bed
    finally:
        bed.leave()


def start(bed: Testbed, name: str, environment: Mapping[str, str], *command: str) -> ServiceProcess:
    """`python -m COMMAND...` as a process of its own, with its log beside the servers'."""
    log = Path(bed.state.log) / f"{name}.log"
    return ServiceProcess([*command], environment | QUIET, log, name).start()


class CpuMeter:
    """CPU seconds, user and system, of the servers and of named processes since `begin`."""

    def __init__(self, bed: Testbed, processes: Mapping[str, ServiceProcess]) -> None:
        children = bed.control.status()["children"]
        pids = {name: children[name]["pid"] for name in ("database", "broker")}
        pids |= {name: process.popen.pid for name, process in processes.items() if process.popen}
        self._processes = {name: psutil.Process(pid) for name, pid in pids.items()}
        self.begin()

    def begin(self) -> None:
        self._before = self._now()

    def spent(self) -> Spent:
        now = self._now()
        return {name: now[name] - before for name, before in self._before.items()}

    def _now(self) -> Spent:
        return {name: _cpu_s(process) for name, process in self._processes.items()}


def _cpu_s(process: psutil.Process) -> float:
    """Its own, its living descendants', and those of its children that have ended."""
    total = 0.0
    for each in [process, *process.children(recursive=True)]:
        try:
            times = each.cpu_times()
        except psutil.NoSuchProcess:
            continue  # in its parent's account the next time
        total += times.user + times.system + times.children_user + times.children_system
    return total
