"""What the processes of a platform use while something is measured: CPU, memory, and where.

with using(layout_state) as used:
    ... load ...
used.cpu_s["orders"], used.cpu_ms(1_000)["orders"]  # per each of 1,000 requests
"""

import os
import signal
import subprocess
import sys
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from deploy.sails import runner
from deploy.sails.state import DEFAULT_ROOT, StateFolder

LOAD = "load"  # this process and what it ran: the load generator
PROFILES = DEFAULT_ROOT / "bench"
PROFILE_RATE_HZ = 199  # prime, so that it does not beat with anything periodic
PROFILE_END_S = 60  # py-spy writes its file when it is told to end; a busy machine lets it wait
MB = 1_000_000

Times = dict[str, float]


@dataclass
class Used:
    """By process: CPU seconds (user and system) of the block; memory at its beginning and end.

    The database is its postmaster with all backends, the broker its node with what that runs.
    Memory is what is resident, of several processes what they share once. Filled at the end.
    """

    cpu_s: Times = field(default_factory=dict)
    rss_mb_before: Times = field(default_factory=dict)
    rss_mb: Times = field(default_factory=dict)

    def cpu_ms(self, count: int) -> Times:
        """CPU milliseconds per each of `count` things that were done."""
        return {name: seconds * 1_000 / count for name, seconds in self.cpu_s.items()}

    def line(self, count: int) -> str:
        """For people: ms per thing, the greatest first, without what did nothing."""
        parts = sorted(self.cpu_ms(count).items(), key=lambda part: -part[1])
        return ", ".join(f"{name} {ms:.2f}" for name, ms in parts if ms >= 0.005)


@contextmanager
def using(state: StateFolder, profiled: Collection[str] = ()) -> Iterator[Used]:
    """What the platform of this state folder uses during the block.

    `profiled`: processes whose stacks are sampled meanwhile, into `.run/bench/NAME.txt` as
    collapsed stacks. That itself costs CPU: take figures without it.
    """
    found, used = processes(state), Used()
    with ExitStack() as stack:
        for name in profiled:
            stack.enter_context(recording(found[name].pid, PROFILES / f"{name}.txt"))
        used.rss_mb_before, before = _memory(found), _cpu(found)
        yield used
        after = _cpu(found)
        used.cpu_s = {name: after[name] - before[name] for name in after}
        used.rss_mb = _memory(found)


def processes(state: StateFolder) -> dict[str, psutil.Process]:
    """The processes that the supervisor keeps, by name, and this one."""
    report = runner.status(state)
    assert report is not None, f"nothing runs in {state.root}"
    pids = {name: child["pid"] for name, child in report["children"].items()}
    return {name: psutil.Process(pid) for name, pid in pids.items()} | {LOAD: psutil.Process()}


@contextmanager
def recording(pid: int, file: Path) -> Iterator[None]:
    """Sample the stacks of a Python process, without stopping it, into `file`."""
    file.parent.mkdir(parents=True, exist_ok=True)
    spy = Path(sys.executable).with_name("py-spy")
    command = [spy, "record", "--nonblocking", "--pid", str(pid), "--rate", str(PROFILE_RATE_HZ)]
    with Path(os.devnull).open("w") as nowhere:
        sampling = subprocess.Popen(
            [*command, "--format", "raw", "--output", file], stdout=nowhere, stderr=nowhere
        )
        try:
            yield
        finally:
            sampling.send_signal(signal.SIGINT)
            sampling.wait(PROFILE_END_S)


def _cpu(found: dict[str, psutil.Process]) -> Times:
    """So far, with all that ended meanwhile: a backend's is its parent's once it is reaped."""
    return {name: sum(map(_seconds, _family(name, one))) for name, one in found.items()}


def _seconds(process: psutil.Process) -> float:
    with suppress(psutil.NoSuchProcess):  # one that the database had for a moment
        return float(sum(process.cpu_times()[:4]))
    return 0.0


def _memory(found: dict[str, psutil.Process]) -> Times:
    return {name: _resident(_family(name, one)) / MB for name, one in found.items()}


def _resident(family: list[psutil.Process]) -> int:
    if len(family) == 1:
        return int(family[0].memory_info().rss)
    return sum(map(_proportional, family))


def _proportional(process: psutil.Process) -> int:
    with suppress(psutil.NoSuchProcess):
        return int(process.memory_full_info().pss)
    return 0


def _family(name: str, process: psutil.Process) -> list[psutil.Process]:
    """With its children, but for the load generator: it may have started the platform."""
    return [process] if name == LOAD else [process, *process.children(recursive=True)]
