"""Start, find and stop the whole platform on this machine."""

import contextlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any, TypedDict, Unpack

from deploy.sails import migrate, topology
from deploy.sails.control import Control, NotRunning, connected, launch, wait_end
from deploy.sails.ports import reserved
from deploy.sails.problem import Problem
from deploy.sails.proc import end_leftovers, started_at
from deploy.sails.processes import DEFAULT_HTTP_PORT, Layout, lay_out, service_child, table
from deploy.sails.readiness import wait_ready
from deploy.sails.servers import open_broker, open_databases
from deploy.sails.state import StateFolder, locked, read_json

START_LOCK_TIMEOUT_S = 300.0  # the first starter may be installing the broker

Step = Callable[[str], None]


class AlreadyRunning(Problem):
    """A platform runs in this state folder, which somebody else wants for himself."""


class Wishes(TypedDict, total=False):
    """How a start may differ; see `lay_out`."""

    http_port: int
    demo_clock: bool
    clock_offset_s: int
    settings: dict[str, str]
    replicas: int


def start(
    state: StateFolder, step: Step = lambda name: None, **wishes: Unpack[Wishes]
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
        layout, control = _bring_up(state, step, wishes)
        with control:
            control.keep()
    return layout, True


@contextmanager
def borrowed(
    state: StateFolder,
    step: Step,
    *,
    keep: bool = False,
    nodes: int = 1,
    **wishes: Unpack[Wishes],
) -> Iterator[Layout]:
    """A platform for this block alone, without data from before; it ends with the block.

    It ends too when this process is killed. `keep` leaves its data and logs, and so does a block
    that fails. `nodes`: how many the private broker has. Raises AlreadyRunning, Problem.
    """
    state.create()
    with locked(state.start_lock, START_LOCK_TIMEOUT_S):
        if running_layout(state) is not None:
            raise AlreadyRunning(str(state.root))
        _clear(state, wipe=True)
        state.create()
        layout, control = _bring_up(state, step, wishes, nodes)
    with control:
        try:
            yield layout
        except BaseException:
            stop(state)  # its logs say what went wrong; the next start clears them
            raise
        stop(state, wipe=not keep)


def stop(state: StateFolder, *, wipe: bool = False) -> bool:
    """End everything of this state folder and of those below it; False when nothing ran.

    `wipe` deletes their data. A start under way fails; one that begins meanwhile is left alone.
    """
    folders = [folder for folder in (*state.below(), state) if folder.root.exists()]
    ended = [_stop(folder, wipe) for folder in folders]
    return any(ended)


def status(state: StateFolder) -> dict[str, Any] | None:
    """What the supervisor reports, None when it does not run."""
    with contextlib.suppress(NotRunning), connected(state) as control:  # it may end while asked
        return None if control is None else control.status()
    return None


def running_layout(state: StateFolder) -> Layout | None:
    """Where things are, when they have been started completely."""
    report = status(state)
    if report is None or "layout" not in report["facts"]:
        return None
    return Layout(**report["facts"]["layout"])


def _stop(state: StateFolder, wipe: bool) -> bool:
    ended = _end(state)
    with locked(state.start_lock, START_LOCK_TIMEOUT_S):
        if status(state) is not None:
            return ended
        return _clear(state, wipe) or ended


def _clear(state: StateFolder, wipe: bool) -> bool:
    """What a killed run left; whether that was anything. Callers hold the start lock."""
    ended = _end(state)
    leftovers = end_leftovers(state.root)
    if wipe:
        state.wipe()
    return ended or bool(leftovers)


def _end(state: StateFolder) -> bool:
    """End the supervisor, or wait for one that is ending; whether there was one."""
    report = status(state) or read_json(state.state_file)
    if not report or started_at(report["pid"]) != report["started_at"]:
        return False
    with contextlib.suppress(NotRunning), connected(state) as control:
        if control is not None:
            control.shutdown()
            return True
    wait_end(report)
    return True


def _bring_up(
    state: StateFolder, step: Step, wishes: Wishes, nodes: int = 1
) -> tuple[Layout, Control]:
    """Everything ready, and the line that holds it. Ended again when something fails."""
    control = launch(state)
    try:
        environment = _open_servers(state, control, step, nodes)
        with reserved(wishes.get("http_port", DEFAULT_HTTP_PORT)) as port:
            layout = lay_out(state, environment, **(wishes | {"http_port": port}))
            _start_processes(state, control, layout, step)
    except BaseException:  # an interrupt too: half a platform helps nobody
        control.close()
        _end(state)
        raise
    return layout, control


def _open_servers(state: StateFolder, control: Control, step: Step, nodes: int) -> dict[str, str]:
    """The broker boots (the longest wait) while the databases are made and migrated."""
    step("broker")
    broker = open_broker(state, control, os.environ, nodes)
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
    for process in table(layout.replicas):
        control.start(service_child(state, layout, process))
    wait_ready(control, layout.observe)
    control.note(layout=asdict(layout))
