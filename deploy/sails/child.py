"""What the supervisor needs to know to run one process, and how it runs it."""

import asyncio
import contextlib
import ctypes
import os
import signal
import time
from asyncio.subprocess import DEVNULL, STDOUT, Process
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from deploy.sails.proc import RUN_MARKER, started_at

FIRST_BACK_OFF_S = 0.5
LONGEST_BACK_OFF_S = 5.0  # a message that ends its process is given up after some restarts
# Who ran this long is started again at once, and back-off begins anew. Who crashes again and again
# does so within the two seconds of its start.
STEADY_AFTER_S = 5.0
LOG_LIMIT_BYTES = 10_000_000  # at each start a longer log becomes NAME.log.1, replacing the last
CANNOT_START = 127  # what a shell answers for a command it cannot find
PR_SET_PDEATHSIG = 1  # prctl(2)
LIBC = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Child:
    """One process to keep alive.

    `environment` is all it gets, but for the mark that tells whose it is. `stage`: higher ones
    are stopped first. `orphan_signal` is what the kernel sends it when the supervisor is killed.
    """

    name: str
    command: list[str]
    environment: dict[str, str]
    folder: str
    stage: int
    uid: int | None = None
    gid: int | None = None
    stop_signal: int = signal.SIGTERM
    stop_timeout_s: float = 15.0
    orphan_signal: int = signal.SIGKILL


@dataclass
class Keeper:
    """Runs one child from now on, and again whenever it ends, until told to stop."""

    child: Child
    log: Path
    mark: str
    changed: Callable[[], None]
    process: Process | None = None
    restarts: int = 0
    last_exit: int | None = None
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)
    _task: asyncio.Task[None] = field(init=False)

    def __post_init__(self) -> None:
        self._task = asyncio.create_task(self._keep())

    async def stop(self) -> None:
        """Ask the child to end, kill its group after its time-out, and wait for its end."""
        self._stopping.set()
        self._signal()
        done, _ = await asyncio.wait([self._task], timeout=self.child.stop_timeout_s)
        if not done:
            self._kill_group()
            await self._task

    def report(self) -> dict[str, object]:
        """Name, state and counts for people and for `state.json`."""
        running = self.process is not None and self.process.returncode is None
        pid = self.process.pid if self.process is not None and running else None
        return {
            "state": "running" if running else "backing-off",
            "pid": pid,
            "started_at": started_at(pid) if pid else None,
            "restarts": self.restarts,
            "last_exit": self.last_exit,
            "log": str(self.log),
        }

    async def _keep(self) -> None:
        back_off_s = FIRST_BACK_OFF_S
        while not self._stopping.is_set():
            began_s = time.monotonic()
            self.last_exit = await self._run_once()
            if time.monotonic() - began_s > STEADY_AFTER_S:
                back_off_s = 0.0
            self.changed()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), back_off_s)
                return
            self.restarts += 1
            back_off_s = min(max(back_off_s * 2, FIRST_BACK_OFF_S), LONGEST_BACK_OFF_S)

    async def _run_once(self) -> int:
        try:
            rotate(self.log)
            with self.log.open("ab") as log:
                self.process = await self._spawn(log.fileno())
        except OSError as problem:  # no such program, or a full disk: it is tried again
            self._complain(problem)
            return CANNOT_START
        if self._stopping.is_set():  # told so while it was being started
            self._signal()
        self.changed()
        return await self.process.wait()

    def _complain(self, problem: OSError) -> None:
        with contextlib.suppress(OSError), self.log.open("a") as log:
            log.write(f"cannot start {self.child.command[0]}: {problem}\n")

    async def _spawn(self, log: int) -> Process:
        child, supervisor = self.child, os.getpid()
        return await asyncio.create_subprocess_exec(
            *child.command,
            env=child.environment | {RUN_MARKER: self.mark},
            cwd=child.folder,
            stdin=DEVNULL,
            stdout=log,
            stderr=STDOUT,
            user=child.uid,
            group=child.gid,
            extra_groups=None if child.uid is None else [],
            start_new_session=True,
            preexec_fn=lambda: _die_with(supervisor, child.orphan_signal),
        )

    def _signal(self) -> None:
        if self.process is not None and self.process.returncode is None:
            self.process.send_signal(self.child.stop_signal)

    def _kill_group(self) -> None:
        if self.process is not None and self.process.returncode is None:
            os.killpg(self.process.pid, signal.SIGKILL)


def rotate(log: Path) -> None:
    """Move a log that has grown long out of the way."""
    if log.exists() and log.stat().st_size > LOG_LIMIT_BYTES:
        log.replace(log.with_name(log.name + ".1"))


def _die_with(parent: int, orphan_signal: int) -> None:
    """In the new process, after its change of user (which would clear it), before its program."""
    LIBC.prctl(PR_SET_PDEATHSIG, orphan_signal)
    if os.getppid() != parent:  # the supervisor died between fork and prctl
        os.kill(os.getpid(), signal.SIGKILL)
