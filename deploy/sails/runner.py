"""Start, find and stop the whole platform on this machine."""

import os
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from deploy.sails import migrate, topology
from deploy.sails.control import Control, connected, launch
from deploy.sails.ports import LOOPBACK
from deploy.sails.problem import Problem
from deploy.sails.proc import end_leftovers
from deploy.sails.processes import DEFAULT_HTTP_PORT, TABLE, Layout, lay_out, service_child
from deploy.sails.servers import open_broker, open_databases
from deploy.sails.state import StateFolder, locked

START_LOCK_TIMEOUT_S = 300.0  # the first starter may be installing the broker
READY_TIMEOUT_S = 90.0  # six interpreters on two cores, and queues declared for the first time
READY_POLL_S = 0.2
PROBE_TIMEOUT_S = 2.0
RESTARTS_TOLERATED = 3  # a process that keeps crashing will not get ready

Step = Callable[[str], None]


class NotReady(Problem):
    """Processes that did not get ready in time, or keep crashing; the text names them."""


def start(
    state: StateFolder,
    step: Step = lambda name: None,
    *,
    http_port: int = DEFAULT_HTTP_PORT,
    demo_clock: bool = False,
    clock_offset_s: int = 0,
    settings: dict[str, str] | None = None,
) -> tuple[Layout, bool]:
    """Bring everything up and wait until it is ready; what fails on the way is stopped again.

    Answers where things are, and whether this call started them: a second one finds the first.
    `step` is told the name of each step that begins. Raises Problem.
    """
    state.create()
    with locked(state.start_lock, START_LOCK_TIMEOUT_S):
        found = running_layout(state)
        if found is not None:
            return found, False
        _end(state)  # a start that was killed half-way is not worth continuing
        with launch(state) as control:
            try:
                layout = lay_out(
                    state,
                    _open_servers(state, control, step),
                    http_port=http_port,
                    demo_clock=demo_clock,
                    clock_offset_s=clock_offset_s,
                    settings=settings,
                )
                _start_processes(state, control, layout, step)
            except BaseException:  # an interrupt too: half a platform helps nobody
                control.shutdown()
                raise
    return layout, True


def stop(state: StateFolder, *, wipe: bool = False) -> bool:
    """End everything this state folder runs; False when nothing did. `wipe` deletes its data."""
    ended = _end(state)
    leftovers = end_leftovers(state.root)
    if wipe:
        state.wipe()
    return ended or bool(leftovers)


def status(state: StateFolder) -> dict[str, Any] | None:
    """What the supervisor reports, None when it does not run."""
    with connected(state) as control:
        return None if control is None else control.status()


def running_layout(state: StateFolder) -> Layout | None:
    """Where things are, when they have been started completely."""
    report = status(state)
    if report is None or "layout" not in report["facts"]:
        return None
    return Layout(**report["facts"]["layout"])


def is_ready(port: int) -> bool:
    """Whether the process that is observed at this port says it is ready."""
    try:
        url = f"http://{LOOPBACK}:{port}/readyz"
        with urllib.request.urlopen(url, timeout=PROBE_TIMEOUT_S) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.HTTPError):
        return False


def _end(state: StateFolder) -> bool:
    with connected(state) as control:
        if control is not None:
            control.shutdown()
    return control is not None


def _open_servers(state: StateFolder, control: Control, step: Step) -> dict[str, str]:
    """The broker boots (the longest wait) while the databases are made and migrated."""
    step("broker")
    broker = open_broker(state, control, os.environ)
    step("database")
    environment = open_databases(state, control, os.environ)
    step("migrate")
    migrate.migrate_all(environment)
    step("broker-ready")
    topology.load()
    uri = os.environ["AMQP_URI"] if broker is None else broker.uri()
    if broker is not None:
        broker.wait_ready()
    step("topology")
    topology.declare(uri)
    return environment | {"AMQP_URI": uri}


def _start_processes(state: StateFolder, control: Control, layout: Layout, step: Step) -> None:
    step("processes")
    for process in TABLE:
        control.start(service_child(state, layout, process))
    wait_ready(control, layout.observe)
    control.note(layout=asdict(layout))


def wait_ready(
    control: Control, observe: dict[str, int], timeout_s: float = READY_TIMEOUT_S
) -> None:
    """Return once every process (name → observed port) is ready. Raises NotReady."""
    deadline = time.monotonic() + timeout_s
    waiting = dict(observe)
    while waiting:
        waiting = {name: port for name, port in waiting.items() if not is_ready(port)}
        children = control.status()["children"]
        crashing = [n for n in waiting if children[n]["restarts"] >= RESTARTS_TOLERATED]
        if crashing or (waiting and time.monotonic() > deadline):
            raise NotReady(", ".join(children[name]["log"] for name in crashing or waiting))
        if waiting:
            time.sleep(READY_POLL_S)
