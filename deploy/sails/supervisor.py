"""The detached supervisor: keeps a table of child processes, takes orders over a unix socket.

`python -m deploy.sails.supervisor STATE_ROOT [--scratch]`, in a session of its own. One per state
folder, held by a file lock. Each request and each answer is one line of JSON (`control.py` is the
other side). It ends, children first, on `shutdown`, on SIGTERM, when its state folder is deleted,
and when nobody is left who asked to `hold` it, unless somebody said `keep`. Killed with -9, the
kernel ends its children.
"""

import asyncio
import contextlib
import fcntl
import json
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from itertools import groupby
from pathlib import Path
from typing import Any

from deploy.sails.child import Child, Keeper
from deploy.sails.proc import RUN_MARKER, end_leftovers, started_at
from deploy.sails.state import StateFolder, write_private

SOCKET_NAME = "control.sock"
REQUEST_LIMIT_BYTES = 1_000_000  # a child's environment is a few kilobytes
WATCH_INTERVAL_S = 1.0  # how soon a deleted state folder is noticed
FIRST_HOLD_S = 10.0  # whoever started it may have been killed before it could hold it
ALREADY_RUNNING = 3

Reply = dict[str, Any]


class Supervisor:
    """The children in the order they were asked for, and the facts the starter noted."""

    def __init__(self, state: StateFolder) -> None:
        self.state = state
        self.keepers: dict[str, Keeper] = {}
        self.facts: dict[str, Any] = {}
        self.ended = asyncio.Event()
        self._holders: set[asyncio.StreamWriter] = set()
        self._kept = False
        self._began_s = time.monotonic()
        self._answers: dict[str, Callable[[Reply], Awaitable[Reply]]] = {
            "status": self._status,
            "start": self._start,
            "note": self._note,
            "hold": self._hold,
            "keep": self._keep,
            "release": self._release,
            "shutdown": self._shutdown,
        }

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one client until it hangs up, or until there is nobody left to answer.

        Python 3.11 writes down a task of a stream that was cancelled as if it had failed.
        """
        with contextlib.suppress(ConnectionError, asyncio.CancelledError):
            while line := await reader.readline():
                request = json.loads(line) | {"client": writer}
                if request["do"] == "hold" and self.ended.is_set():
                    break  # too late: no answer tells the client to launch another one
                reply = await self._answers[request["do"]](request)
                writer.write(json.dumps(reply).encode() + b"\n")
                await writer.drain()
        await self._release({"client": writer})
        writer.close()

    async def end_children(self) -> None:
        """Stop every child, stage by stage from the highest, those of one stage together."""
        ordered = sorted(self.keepers.values(), key=lambda keeper: -keeper.child.stage)
        for _, keepers in groupby(ordered, key=lambda keeper: keeper.child.stage):
            await asyncio.gather(*(keeper.stop() for keeper in keepers))
        self.keepers.clear()

    def save(self) -> None:
        """Write `state.json`: ids with start times, ports, addresses. Passwords make it private."""
        with contextlib.suppress(OSError):  # deleted, or the disk is full: no reason to stop
            write_private(self.state.state_file, json.dumps(self._report(), indent=1))

    async def _status(self, request: Reply) -> Reply:
        return self._report()

    async def _start(self, request: Reply) -> Reply:
        child = Child(**request["child"])
        if child.name in self.keepers or self.ended.is_set():
            return {"started": False}
        log = self.state.log / f"{child.name}.log"
        self.keepers[child.name] = Keeper(child, log, str(self.state.root), self.save)
        return {"started": True}

    async def _note(self, request: Reply) -> Reply:
        self.facts |= request["facts"]
        self.save()
        return {}

    async def _hold(self, request: Reply) -> Reply:
        self._holders.add(request["client"])
        return {}

    async def _keep(self, request: Reply) -> Reply:
        self._kept = True
        return {}

    async def _release(self, request: Reply) -> Reply:
        """Also what becomes of a holder that hangs up or is killed."""
        if request["client"] in self._holders:
            self._holders.remove(request["client"])
            if not self._is_wanted():
                self.ended.set()
        return {"ends": self.ended.is_set()}

    def _is_wanted(self) -> bool:
        return self._kept or bool(self._holders)

    def is_forgotten(self) -> bool:
        """Whether nobody came to hold it since it began."""
        return not self._is_wanted() and time.monotonic() > self._began_s + FIRST_HOLD_S

    async def _shutdown(self, request: Reply) -> Reply:
        self.ended.set()
        return {}

    def _report(self) -> Reply:
        return {
            "pid": os.getpid(),
            "started_at": started_at(os.getpid()),
            "facts": self.facts,
            "children": {name: keeper.report() for name, keeper in self.keepers.items()},
        }


async def supervise(state: StateFolder, lock: int) -> None:
    """Serve until told to end, then end the children and whatever they left."""
    supervisor = Supervisor(state)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, supervisor.ended.set)
    server = await asyncio.start_unix_server(
        supervisor.serve, SOCKET_NAME, limit=REQUEST_LIMIT_BYTES
    )
    supervisor.save()
    while not supervisor.ended.is_set() and os.fstat(lock).st_nlink:
        if supervisor.is_forgotten():
            break
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(supervisor.ended.wait(), WATCH_INTERVAL_S)
    server.close()
    Path(SOCKET_NAME).unlink(missing_ok=True)
    await supervisor.end_children()
    end_leftovers(state.root)
    state.state_file.unlink(missing_ok=True)


def main(arguments: list[str]) -> int:
    """Take the lock, supervise. Answers ALREADY_RUNNING when another one holds the lock."""
    state = StateFolder(Path(arguments[0]))
    os.umask(0o077)
    os.chdir(state.root)  # the socket's relative name stays below the limit of 107 bytes
    lock = os.open(state.supervisor_lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return ALREADY_RUNNING
    os.environ.pop(RUN_MARKER, None)
    asyncio.run(supervise(state, lock))
    if "--scratch" in arguments:
        state.wipe()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
