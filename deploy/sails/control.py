"""Talk to the supervisor of a state folder, or start it."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any, Self

from deploy.sails.child import Child
from deploy.sails.problem import Problem
from deploy.sails.proc import end_leftovers
from deploy.sails.state import REPOSITORY, StateFolder, locked
from deploy.sails.supervisor import SOCKET_NAME

ANSWER_TIMEOUT_S = 60.0  # stopping one child may take its whole time-out
LAUNCH_TIMEOUT_S = 10.0
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

    def stop(self, name: str) -> bool:
        """Stop one child and wait for its end; False when there is none of that name."""
        return bool(self._ask(do="stop", name=name)["stopped"])

    def note(self, **facts: Any) -> None:
        """Add facts (addresses, ports) to what `status` answers."""
        self._ask(do="note", facts=facts)

    def hold(self) -> None:
        """Keep the supervisor until this line closes; the last such line to close ends it."""
        self._ask(do="hold")

    def release(self) -> None:
        """Hold it no longer and hang up; the last one to do so waits for the supervisor's end."""
        holders = self._ask(do="release")["holders"]
        self.close()
        if not holders:
            self._wait_for_end()

    def shutdown(self) -> None:
        """End all children and the supervisor, and wait for it. Raises TimeoutError."""
        self._ask(do="shutdown")
        self._wait_for_end()

    def _wait_for_end(self) -> None:
        with locked(self.state.supervisor_lock, END_TIMEOUT_S):
            return

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
    """A line to the supervisor, started if need be, after clearing what a killed one left.

    `scratch`: its data is deleted before and when it ends. Callers hold `state.start_lock`.
    """
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
        subprocess.run(
            command + ["--scratch"] * scratch,
            cwd=REPOSITORY,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            timeout=LAUNCH_TIMEOUT_S,
            check=True,
        )


def _wait_for(state: StateFolder) -> Control:
    deadline = time.monotonic() + LAUNCH_TIMEOUT_S
    while True:
        try:
            return Control(state)
        except NotRunning:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


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
