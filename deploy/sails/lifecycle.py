"""The commands of the platform's life on this machine: setup, migrate, run, stop, status."""

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from deploy.sails import migrate as migrations
from deploy.sails import postgres, rabbitmq, runner, topology
from deploy.sails.control import launch
from deploy.sails.output import FAILED, Json, answer, failures, steps, table
from deploy.sails.processes import DEFAULT_HTTP_PORT, MOST_REPLICAS, Layout
from deploy.sails.servers import given, open_databases
from deploy.sails.state import DEFAULT_ROOT, StateFolder, locked
from deploy.sails.texts import text

State = Annotated[Path, typer.Option("--state", help=text("help-state"))]


def setup(as_json: Json = False) -> None:
    """Make sure that a broker and a database can be started here."""
    with failures(as_json):
        found = given(os.environ)
        broker = text("given")
        if "AMQP_URI" not in found:
            rabbitmq.ensure_installed()
            broker = f"RabbitMQ {rabbitmq.version(rabbitmq.find_scripts())}"
        major = str(postgres.find_binaries().major)
        facts = {"postgres": major, "broker": broker}
        answer(as_json, facts, text("setup-done", postgres=major, broker=broker))


def run(
    as_json: Json = False,
    state: State = DEFAULT_ROOT,
    port: Annotated[int, typer.Option(help=text("help-port"))] = DEFAULT_HTTP_PORT,
    demo_clock: Annotated[bool, typer.Option(help=text("help-demo-clock"))] = False,
    replicas: Annotated[
        int, typer.Option(min=1, max=MOST_REPLICAS, help=text("help-replicas"))
    ] = 1,
) -> None:
    """Start everything, or find what runs already."""
    folder = StateFolder(state)
    with failures(as_json), steps(as_json) as step:
        layout, started = runner.start(
            folder, step, http_port=port, demo_clock=demo_clock, replicas=replicas
        )
    message = text("started" if started else "already-running", url=layout.http_url)
    facts = {"started": started} | _places(folder, layout)
    answer(as_json, facts, message, text("first-login"), text("logs", folder=folder.log))


def stop(
    as_json: Json = False,
    state: State = DEFAULT_ROOT,
    wipe: Annotated[bool, typer.Option("--wipe", help=text("help-wipe"))] = False,
) -> None:
    """Stop everything; nothing to stop is no failure."""
    with failures(as_json):
        ended = runner.stop(StateFolder(state), wipe=wipe)
    answer(as_json, {"stopped": ended}, text("stopped" if ended else "nothing-to-stop"))


def status(as_json: Json = False, state: State = DEFAULT_ROOT) -> None:
    """Show processes and places; exit code 1 when nothing runs."""
    folder = StateFolder(state)
    with failures(as_json):
        report, layout = runner.status(folder), runner.running_layout(folder)
    if report is None or layout is None:
        answer(as_json, {"running": False}, text("not-running"))
        raise typer.Exit(FAILED)
    rows = [
        [name, child["state"], str(child["pid"] or ""), str(child["restarts"])]
        for name, child in report["children"].items()
    ]
    columns = ["column-process", "column-state", "column-pid", "column-restarts"]
    facts = {"running": True, "processes": report["children"]} | _places(folder, layout)
    answer(as_json, facts, layout.http_url, table(rows, *columns))


def migrate(as_json: Json = False, state: State = DEFAULT_ROOT) -> None:
    """Bring the broker to all its queues, and every database to its newest structure.

    In this order: a step may state facts, and the relay of the release before sends them at once.
    A local database server is started for it if need be; a local broker gets its queues by `run`.
    """
    folder = StateFolder(state)
    with failures(as_json):
        folder.create()
        layout = runner.running_layout(folder)
        uri = layout.environment["AMQP_URI"] if layout else given(os.environ).get("AMQP_URI")
        if uri is not None:
            topology.declare(uri)
        if layout is not None:
            services = migrations.migrate_all(layout.environment)
        else:
            services = _migrate_alone(folder)
    answer(as_json, {"migrated": services}, text("migrated", services=", ".join(services)))


def _migrate_alone(folder: StateFolder) -> list[str]:
    with locked(folder.start_lock, runner.START_LOCK_TIMEOUT_S), launch(folder) as control:
        try:
            return migrations.migrate_all(open_databases(folder, control, os.environ))
        finally:
            control.shutdown()


def _places(folder: StateFolder, layout: Layout) -> dict[str, Any]:
    """Where things are. Passwords are not shown; programs of this machine read `state.json`."""
    return {"url": layout.http_url, "observe": layout.observe, "logs": str(folder.log)}
