"""Talk to the supervisor of a state folder, or start it."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any, Self

from deploy.sails.child import Child
from deploy.sails.problem import Problem
from deploy.sails.proc import end_leftovers, wait_gone
from deploy.sails.state import REPOSITORY, StateFolder, locked
from deploy.sails.supervisor import SOCKET_NAME
from deploy.sails.waiting import WaitedInVain, until

ANSWER_TIMEOUT_S = 60.0  # it answers at once, unless the machine is very busy
LAUNCH_TIMEOUT_S = 10.0
HOLD_ATTEMPTS = 3  # the one found may just be ending: its end is waited for by the next attempt
END_TIMEOUT_S = 90.0  # several stages of children, each with its own time-out


class NotRunning(Problem):
    """No supervisor serves this state folder."""


class Control:
    """An open line to a running supervisor. Raises NotRunning when there is none."""

    def __init__(self, state: StateFolder) -> None:
        self.state = state
        self._socket = _connect(state)
        self._lines = self._socket.makefile("r")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Hang up; if this line held the supervisor as the last one, it ends."""
        self._lines.close()
        self._socket.close()

    def status(self) -> dict[str, Any]:
        """What `state.json` holds: pid, children by name, facts."""
        return self._ask(do="status")

    def start(self, child: Child) -> bool:
        """Keep this child from now on; False when one of that name is kept already."""
        return bool(self._ask(do="start", child=asdict(child))["started"])

    def note(self, **facts: Any) -> None:
        """Add facts (addresses, ports) to what `status` answers."""
        self._ask(do="note", facts=facts)

    def hold(self) -> None:
        """Keep the supervisor until this line closes; the last such line to close ends it."""
        self._ask(do="hold")

    def keep(self) -> None:
        """Let the supervisor stay when nobody holds it any more, until it is told to end."""
        self._ask(do="keep")

    def release(self) -> None:
        """Hold it no longer and hang up; the last one to do so waits for the supervisor's end."""
        report = self.status()
        ends = self._ask(do="release")["ends"]
        self.close()
        if ends:
            wait_end(report)

    def shutdown(self) -> None:
        """End all children and the supervisor, and wait for it. Raises WaitedInVain."""
        report = self.status()
        self._ask(do="shutdown")
        wait_end(report)

    def _ask(self, **request: Any) -> dict[str, Any]:
        try:
            self._socket.sendall(json.dumps(request).encode() + b"\n")
            answer = self._lines.readline()
        except ConnectionError as gone:
            raise NotRunning(str(self.state.root)) from gone
        if not answer:
            raise NotRunning(str(self.state.root))
        reply: dict[str, Any] = json.loads(answer)
        return reply


def launch(state: StateFolder, scratch: bool = False) -> Control:
    """A line that holds the supervisor, started if need be: both end with the caller, even killed.

    `scratch`: its data is deleted before and when it ends. Callers hold `state.start_lock`.
    """
    for _ in range(HOLD_ATTEMPTS):
        control = _reach(state, scratch)
        try:
            control.hold()
            return control
        except NotRunning:
            control.close()
    raise NotRunning(str(state.root))


def wait_end(report: dict[str, Any]) -> None:
    """Return once the supervisor that gave this report is gone. Raises WaitedInVain.

    Not by its lock: the next one may have taken that.
    """
    wait_gone(report["pid"], report["started_at"], END_TIMEOUT_S)


def _reach(state: StateFolder, scratch: bool) -> Control:
    """A line to the supervisor; a new one begins by clearing what a killed one left."""
    try:
        return Control(state)
    except NotRunning:
        state.create()
    with locked(state.supervisor_lock, END_TIMEOUT_S):  # one that is ending may finish
        end_leftovers(state.root)
        if scratch:
            state.wipe()
            state.create()
    _spawn(state, scratch)
    return _wait_for(state)


@contextmanager
def connected(state: StateFolder) -> Iterator[Control | None]:
    """A line to the running supervisor, or None."""
    try:
        control = Control(state)
    except NotRunning:
        yield None
        return
    with control:
        yield control


def _spawn(state: StateFolder, scratch: bool) -> None:
    command = [sys.executable, "-m", "deploy.sails.supervisor", str(state.root)]
    with (state.log / "supervisor.log").open("ab") as log:
        subprocess.Popen(  # `wait_gone` reaps it, or init when it outlives this process
            command + ["--scratch"] * scratch,
            cwd=REPOSITORY,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def _wait_for(state: StateFolder) -> Control:
    try:
        return until(
            "the supervisor", lambda: Control(state), LAUNCH_TIMEOUT_S, not_yet=(NotRunning,)
        )
    except WaitedInVain as late:
        raise NotRunning(f"{state.log}/supervisor.log") from late


def _connect(state: StateFolder) -> socket.socket:
    """Through the folder's descriptor: a deep path would exceed the 107 bytes of an address."""
    line = socket.socket(socket.AF_UNIX)
    line.settimeout(ANSWER_TIMEOUT_S)
    try:
        folder = os.open(state.root, os.O_PATH)
    except FileNotFoundError as missing:
        raise NotRunning(str(state.root)) from missing
    try:
        line.connect(f"/proc/self/fd/{folder}/{SOCKET_NAME}")
    except (FileNotFoundError, ConnectionRefusedError) as missing:
        line.close()
        raise NotRunning(str(state.root)) from missing
    finally:
        os.close(folder)
    return line
