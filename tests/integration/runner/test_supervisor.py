"""The supervisor keeps children alive, stops them in order, and leaves nothing behind."""

import asyncio
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from deploy.sails.child import CANNOT_START, FIRST_BACK_OFF_S, LOG_LIMIT_BYTES, Keeper
from deploy.sails.control import Control, NotRunning, launch
from deploy.sails.state import REPOSITORY, StateFolder, read_json
from deploy.sails.supervisor import FIRST_HOLD_S, SOCKET_NAME
from tests.integration.runner.conftest import program
from tests.integration.runner.machine import alive, child_pid, processes_of, until

SLEEP = "import time; time.sleep(600)"
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
PARENT = f"import subprocess, sys; subprocess.run([sys.executable, '-c', '{SLEEP}'])"


def test_a_second_launch_finds_the_first(state: StateFolder, control: Control) -> None:
    with launch(state) as second:
        assert second.status()["pid"] == control.status()["pid"]


def test_a_child_of_a_name_starts_once(control: Control) -> None:
    assert control.start(program("sleeper", SLEEP)) is True
    pid = child_pid(control, "sleeper")
    assert control.start(program("sleeper", SLEEP)) is False
    assert child_pid(control, "sleeper") == pid


def test_a_crashed_child_is_restarted_after_longer_and_longer_waits(
    control: Control, tmp_path: Path
) -> None:
    diary = tmp_path / "starts"
    control.start(
        program("crasher", f"import time; open('{diary}','a').write(f'{{time.time()}}\\n'); 1/0")
    )
    until(lambda: diary.exists() and len(diary.read_text().split()) >= 4)
    times = [float(line) for line in diary.read_text().split()]
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert gaps[0] >= FIRST_BACK_OFF_S
    assert gaps[1] >= 2 * FIRST_BACK_OFF_S
    assert gaps[2] >= 4 * FIRST_BACK_OFF_S
    report = control.status()["children"]["crasher"]
    assert report["restarts"] >= 3
    assert report["last_exit"] == 1
    assert "ZeroDivisionError" in Path(report["log"]).read_text()


def test_a_child_that_ran_steadily_comes_back_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deploy.sails.child.STEADY_AFTER_S", 0.0)
    monkeypatch.setattr("deploy.sails.child.FIRST_BACK_OFF_S", 600.0)

    async def until_started_again_twice() -> None:
        again = asyncio.Event()
        keeper = Keeper(program("short", ""), tmp_path / "log", "", lambda: None)
        keeper.changed = lambda: again.set() if keeper.restarts == 2 else None
        await asyncio.wait_for(again.wait(), 60)
        await keeper.stop()

    asyncio.run(until_started_again_twice())


def test_a_killed_child_comes_back(control: Control) -> None:
    control.start(program("sleeper", SLEEP))
    first = child_pid(control, "sleeper")
    os.kill(first, signal.SIGKILL)
    until(lambda: child_pid(control, "sleeper") != first)
    assert alive(child_pid(control, "sleeper"))


def test_a_command_that_does_not_exist_is_reported(control: Control) -> None:
    control.start(replace(program("ghost", ""), command=["/nowhere/ghost"]))
    until(lambda: control.status()["children"]["ghost"]["last_exit"] == CANNOT_START)
    report = control.status()["children"]["ghost"]
    assert "cannot start /nowhere/ghost" in Path(report["log"]).read_text()


def test_a_child_is_kept_though_nothing_can_be_written(
    state: StateFolder, control: Control
) -> None:
    """A full disk: no log, no state.json. What runs goes on, what ended is tried again."""
    control.start(program("sleeper", SLEEP))
    first = child_pid(control, "sleeper")
    state.log.rename(state.root / "log-before")
    state.state_file.unlink()
    state.state_file.mkdir()
    os.kill(first, signal.SIGKILL)
    until(lambda: control.status()["children"]["sleeper"]["last_exit"] == CANNOT_START)

    state.state_file.rmdir()
    state.log.mkdir()
    until(lambda: control.status()["children"]["sleeper"]["state"] == "running")
    assert read_json(state.state_file)["children"]["sleeper"]["restarts"] >= 1


def test_a_log_is_moved_away_at_a_restart_too(state: StateFolder, control: Control) -> None:
    log = state.log / "shouter.log"
    shout = f"open('{log}', 'a').truncate({LOG_LIMIT_BYTES + 1})"
    control.start(program("shouter", shout))
    until(log.with_name("shouter.log.1").exists)


def test_it_ends_without_a_word_however_many_are_connected(
    state: StateFolder, control: Control
) -> None:
    """What its log says must be worth reading."""
    control.start(program("sleeper", SLEEP))
    with launch(state), Control(state):
        control.shutdown()
    assert (state.log / "supervisor.log").read_text() == ""


def test_a_child_that_ignores_the_signal_is_killed_with_its_group(control: Control) -> None:
    control.start(program("deaf", DEAF, stop_timeout_s=0.5))
    pid = child_pid(control, "deaf")
    control.shutdown()
    assert not alive(pid)


def test_higher_stages_stop_first(state: StateFolder, control: Control, tmp_path: Path) -> None:
    diary = tmp_path / "ends"
    for name, stage in (("server", 1), ("service", 2), ("gateway", 3)):
        control.start(program(name, _farewell(diary, name), stage=stage))
        until(lambda name=name: f"{name} up" in diary.read_text() if diary.exists() else False)
    control.shutdown()
    assert diary.read_text().split("\n")[3:6] == ["gateway down", "service down", "server down"]
    assert processes_of(state) == set()


def test_shutdown_ends_what_children_started(state: StateFolder, control: Control) -> None:
    control.start(program("parent", PARENT))
    until(lambda: len(processes_of(state)) >= 2)
    control.shutdown()
    assert processes_of(state) == set()
    assert not state.state_file.exists()


def test_killing_the_supervisor_ends_its_children(state: StateFolder, control: Control) -> None:
    control.start(program("sleeper", SLEEP))
    control.start(program("deaf", DEAF))
    pids = {child_pid(control, "sleeper"), child_pid(control, "deaf")}
    os.kill(control.status()["pid"], signal.SIGKILL)
    until(lambda: not any(map(alive, pids)))
    with pytest.raises(NotRunning):
        control.status()


def test_a_start_clears_what_a_killed_supervisor_left(state: StateFolder, control: Control) -> None:
    control.start(program("parent", PARENT))
    until(lambda: len(processes_of(state)) >= 2)
    os.kill(control.status()["pid"], signal.SIGKILL)
    until(lambda: len(processes_of(state)) == 1)  # the grandchild, which no signal told
    with launch(state) as second:
        assert processes_of(state) == set()
        assert second.status()["children"] == {}


def test_deleting_the_state_folder_ends_everything(state: StateFolder, control: Control) -> None:
    control.start(program("sleeper", SLEEP))
    pids = {control.status()["pid"], child_pid(control, "sleeper")}
    for path in sorted(state.root.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    until(lambda: not any(map(alive, pids)))


def test_it_ends_with_the_last_one_that_holds_it(state: StateFolder, control: Control) -> None:
    pid = control.status()["pid"]
    with launch(state) as holder:
        control.close()
        assert holder.status()["pid"] == pid
    until(lambda: not alive(pid))


def test_it_stays_for_nobody_once_told_to(state: StateFolder) -> None:
    with launch(state) as starter:
        pid = starter.status()["pid"]
        starter.keep()
    with Control(state) as visitor:
        assert visitor.status()["pid"] == pid
    with launch(state) as holder:
        assert holder.status()["pid"] == pid
    with Control(state) as visitor:
        visitor.shutdown()
    assert not Path(f"/proc/{pid}").exists()


def test_one_whose_starter_never_came_to_hold_it_ends(state: StateFolder) -> None:
    command = [sys.executable, "-m", "deploy.sails.supervisor", str(state.root)]
    forgotten = subprocess.Popen(command, cwd=REPOSITORY, start_new_session=True)
    assert forgotten.wait(timeout=FIRST_HOLD_S + 20) == 0


def test_an_end_is_that_of_the_one_told_to(state: StateFolder, control: Control) -> None:
    """`make stop & make run`: the first must not wait for the second's platform to end."""
    control.start(program("deaf", DEAF, stop_timeout_s=1))
    child_pid(control, "deaf")
    with ThreadPoolExecutor(1) as threads:
        stopped = threads.submit(control.shutdown)
        until(lambda: not (state.root / SOCKET_NAME).exists())
        with launch(state) as second:
            stopped.result(timeout=20)
            assert second.status()["children"] == {}


def test_the_last_one_to_release_it_waits_for_its_end(state: StateFolder, control: Control) -> None:
    control.start(program("sleeper", SLEEP))
    pids = {control.status()["pid"], child_pid(control, "sleeper")}
    second = launch(state)
    control.release()
    assert all(map(alive, pids))
    second.release()
    assert not any(map(alive, pids))


def test_state_json_tells_ids_with_start_times_and_facts(
    state: StateFolder, control: Control
) -> None:
    control.start(program("sleeper", SLEEP))
    control.note(http_port=8700)
    pid = child_pid(control, "sleeper")
    kept = read_json(state.state_file)
    assert kept["children"]["sleeper"]["pid"] == pid
    assert kept["children"]["sleeper"]["started_at"] > 0
    assert kept["facts"] == {"http_port": 8700}
    assert state.state_file.stat().st_mode & 0o077 == 0


def _farewell(diary: Path, name: str) -> str:
    return (
        "import signal, sys, time\n"
        f"def end(*_): open('{diary}', 'a').write('{name} down\\n'); sys.exit()\n"
        "signal.signal(signal.SIGTERM, end)\n"
        f"open('{diary}', 'a').write('{name} up\\n')\n"
        "time.sleep(600)"
    )
