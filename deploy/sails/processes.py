"""The table of processes, and what each one is told by its environment."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from deploy.sails.child import Child
from deploy.sails.ports import LOOPBACK, next_free, private_range
from deploy.sails.state import REPOSITORY, StateFolder
from services.settings import url_name

DEFAULT_HTTP_PORT = 8700
OBSERVE_PORT_OFFSET = 9  # behind the database's and the broker's within the private range
STOP_TIMEOUT_S = 15.0  # a handler's longest run and the drain of open requests


@dataclass(frozen=True)
class Process:
    """One row of the table: `python -m services PROGRAM`, on the database of `service`."""

    name: str
    program: str
    service: str
    stage: int  # what is closer to the caller stops first
    http: bool = False
    replica: str = "1"


PROGRAMS = (
    Process("orders", "orders", "orders", stage=2),
    Process("matching", "matching", "matching", stage=2),
    Process("finance", "finance", "finance", stage=2),
    Process("gateway-worker", "gateway-worker", "gateway", stage=2),
)
HTTP = Process("gateway-http", "gateway-http", "gateway", stage=3, http=True)
HTTP_LEAST = 2  # Python serves one request at a time, and two cores are the least there is
MOST_REPLICAS = 9  # of each on one machine: past its cores they only take memory


def table(replicas: int = 1) -> tuple[Process, ...]:
    """Every process, with so many of each service, and of the public API at least HTTP_LEAST."""
    services = [
        replace(program, name=_numbered(program.name, number), replica=str(number))
        for number in range(1, replicas + 1)
        for program in PROGRAMS
    ]
    http = [
        replace(HTTP, name=f"{HTTP.name}-{number}", replica=str(number))
        for number in range(1, max(replicas, HTTP_LEAST) + 1)
    ]
    return (*services, *http)


def _numbered(name: str, number: int) -> str:
    """The first goes without a number: mostly it is the only one."""
    return name if number == 1 else f"{name}-{number}"


SANDBOXES = {
    "bank-a": "deploy.sandbox.bank",
    "bank-b": "deploy.sandbox.bank",
    "registry": "deploy.sandbox.registry",
}
SANDBOX_STAGE = 4
# Settings of one process; what the caller's shell says about them is not for the others.
OWN_NAMES = ("AMQP_URI", "SAILS_HTTP_ADDRESS", "SAILS_OBSERVE_ADDRESS", "SAILS_STATE_DIR")


@dataclass(frozen=True)
class Layout:
    """Where everything of one run is: kept as facts by the supervisor, the same for every reader.

    `environment` holds AMQP_URI and every DATABASE_URL_<SERVICE>; `observe` has a port by process.
    """

    environment: dict[str, str]
    http_port: int
    observe: dict[str, int]
    demo_clock: bool = False
    clock_offset_s: int = 0
    settings: dict[str, str] = field(default_factory=dict)
    replicas: int = 1

    @property
    def http_address(self) -> str:
        """Host and port of the public API."""
        return f"{LOOPBACK}:{self.http_port}"

    @property
    def http_url(self) -> str:
        """The root of the public API."""
        return f"http://{self.http_address}"


def lay_out(
    state: StateFolder,
    environment: dict[str, str],
    *,
    http_port: int = DEFAULT_HTTP_PORT,
    demo_clock: bool = False,
    clock_offset_s: int = 0,
    settings: dict[str, str] | None = None,
    replicas: int = 1,
) -> Layout:
    """Choose a free port for what is observed; `settings` go to every process.

    The public port is the caller's choice, who has reserved it.
    """
    processes = table(replicas)
    taken: set[int] = set()
    for _ in processes:
        taken.add(next_free(private_range(state.root) + OBSERVE_PORT_OFFSET, taken))
    observe = dict(zip((process.name for process in processes), sorted(taken), strict=True))
    return Layout(
        environment, http_port, observe, demo_clock, clock_offset_s, settings or {}, replicas
    )


def service_child(state: StateFolder, layout: Layout, process: Process) -> Child:
    """One row of the table, ready for the supervisor."""
    database = url_name(process.service)
    own = {
        "AMQP_URI": layout.environment["AMQP_URI"],
        database: layout.environment[database],  # its own database and nobody else's
        "SAILS_OBSERVE_ADDRESS": f"{LOOPBACK}:{layout.observe[process.name]}",
        "SAILS_DEMO_CLOCK": str(int(layout.demo_clock)),
        "SAILS_DEMO_CLOCK_OFFSET_S": str(layout.clock_offset_s),
        "SAILS_STATE_DIR": str(_own_folder(state, process.name)),
        "SAILS_REPLICA": process.replica,
    }
    if process.http:
        own["SAILS_HTTP_ADDRESS"] = layout.http_address
    command = [sys.executable, "-m", "services", process.program]
    return _child(process.name, command, layout.settings | own, process.stage)


def sandbox_child(
    state: StateFolder, name: str, environment: dict[str, str], arguments: list[str] | None = None
) -> Child:
    """A sandbox of SANDBOXES; it talks to the public API alone, so it gets no database or broker.

    `environment` is what it needs beyond the shell's: the API's URL, its key, its address.
    """
    own = {"SAILS_STATE_DIR": str(_own_folder(state, name))} | environment
    return _child(
        name, [sys.executable, "-m", SANDBOXES[name], *(arguments or [])], own, SANDBOX_STAGE
    )


def inherited(environ: Mapping[str, str]) -> dict[str, str]:
    """The caller's environment without what belongs to a single process."""
    return {
        name: value
        for name, value in environ.items()
        if name not in OWN_NAMES and not name.startswith("DATABASE_URL_")
    }


def _child(name: str, command: list[str], own: dict[str, str], stage: int) -> Child:
    return Child(
        name=name,
        command=command,
        environment=inherited(os.environ) | own,
        folder=str(REPOSITORY),
        stage=stage,
        stop_timeout_s=STOP_TIMEOUT_S,
    )


def _own_folder(state: StateFolder, name: str) -> Path:
    folder = state.data / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder
