"""Starts that are cut short, that meet another, or that find servers in use."""

import signal
import subprocess
import sys
from contextlib import closing
from dataclasses import asdict

import pytest
from amqp import Connection

from deploy.sails import runner
from deploy.sails.control import Control, launch
from deploy.sails.operator_key import NoOperator, first_key
from deploy.sails.processes import lay_out
from deploy.sails.state import REPOSITORY, StateFolder
from deploy.sails.testbed import Testbed, World
from deploy.sails.vacancy import ServersInUse, ensure_vacant
from tests.integration.runner.conftest import program
from tests.integration.runner.machine import alive, child_pid, processes_of, until

SLEEP = "import time; time.sleep(600)"


@pytest.mark.timeout(120)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_start_that_is_killed_takes_everything_with_it(
    state: StateFolder, number: signal.Signals
) -> None:
    command = [sys.executable, "-m", "deploy.sails", "run", "--state", str(state.root)]
    starting = subprocess.Popen(command, cwd=REPOSITORY, stderr=subprocess.DEVNULL)
    until(lambda: "broker" in (runner.status(state) or {"children": ()})["children"], 60)
    pids = processes_of(state)
    starting.send_signal(number)
    starting.wait()
    until(lambda: not processes_of(state) and not any(map(alive, pids)), 60)
    until(lambda: runner.status(state) is None)


def test_a_platform_that_runs_is_not_taken_for_a_demonstration(
    state: StateFolder, control: Control
) -> None:
    """Nor is its data deleted, and it goes on."""
    control.start(program("sleeper", SLEEP))
    control.note(layout=asdict(lay_out(state, {})))
    kept = state.data / "kept"
    kept.touch()
    with pytest.raises(runner.AlreadyRunning), runner.borrowed(state, lambda name: None):
        pytest.fail("the platform of somebody else was taken")
    assert alive(child_pid(control, "sleeper"))
    assert kept.exists()


def test_stopping_ends_what_runs_in_folders_below(state: StateFolder) -> None:
    below = StateFolder(state.root / "demo")
    with launch(below) as line:
        line.keep()
        line.start(program("sleeper", SLEEP))
        pids = {line.status()["pid"], child_pid(line, "sleeper")}
    assert runner.stop(state) is True
    assert not any(map(alive, pids))


def test_a_demonstration_refuses_servers_that_are_in_use(bed: Testbed, world: World) -> None:
    ensure_vacant(world.environment)
    with closing(Connection(**_place(bed, world))) as opened:
        opened.connect()
        opened.channel().queue_declare("orders.dead", durable=True, auto_delete=False)
    with pytest.raises(ServersInUse, match=r"^AMQP_URI$"):
        ensure_vacant(world.environment)
    with bed.world("used") as used, pytest.raises(ServersInUse, match="DATABASE_URL_FINANCE"):
        ensure_vacant(used.environment)


def test_an_operator_whose_key_is_not_kept_here_is_a_problem(bed: Testbed) -> None:
    with bed.world("keyless") as used:
        assert first_key(used.environment).startswith("qf_")
        with pytest.raises(NoOperator):
            first_key(used.environment)


def _place(bed: Testbed, world: World) -> dict[str, str]:
    broker = bed.broker
    return {
        "host": f"127.0.0.1:{broker.port}",
        "userid": "sails",
        "password": broker.password,
        "virtual_host": world.name,
    }
