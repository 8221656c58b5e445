"""The `sails` command as a person and as a program sees it."""

import json
import os
import string
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from deploy.sails import cli, migrate, topology
from deploy.sails.database import SERVICES
from deploy.sails.output import failures
from deploy.sails.output import words as told
from deploy.sails.problem import Problem
from deploy.sails.state import REPOSITORY
from deploy.sails.testbed import Testbed
from deploy.sails.texts import TEXTS, language
from services.messaging import deadletters
from services.messaging.broker import connect
from services.messaging.topology import check_declared
from services.settings import url_name


def sails(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "deploy.sails", *arguments],
        cwd=REPOSITORY,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_status_of_nothing_fails_and_says_what_to_do(tmp_path: Path) -> None:
    seen = sails("status", "--state", str(tmp_path), SAILS_LANG="en")
    assert seen.returncode == 1
    assert seen.stdout == "Not running. Start it with `make run`\n"


def test_stopping_nothing_is_no_failure(tmp_path: Path) -> None:
    seen = sails("stop", "--json", "--state", str(tmp_path))
    assert (seen.returncode, json.loads(seen.stdout)) == (0, {"stopped": False})


def test_the_doctor_answers_in_the_language_asked_for() -> None:
    assert "磁盘空间" in sails("doctor", SAILS_LANG="zh").stdout
    assert "Disk space" in sails("doctor", SAILS_LANG="en").stdout
    report = json.loads(sails("doctor", "--json").stdout)
    assert {check["name"] for check in report["checks"]} >= {"python", "database", "broker"}


@pytest.mark.parametrize("command", ["setup", "run", "stop", "status", "migrate", "doctor"])
def test_every_command_offers_json(command: str) -> None:
    assert "--json" in sails(command, "--help", COLUMNS="200").stdout


def test_a_queue_that_another_version_declared_is_named_with_what_to_do(bed: Testbed) -> None:
    """As when a broker's folder is kept over an upgrade."""
    with bed.world("older", migrated=False) as older:
        with connect(older.amqp_uri, heartbeat_s=0) as connection:
            connection.channel().queue_declare("orders.dead", durable=True, auto_delete=False)
        with pytest.raises(topology.TopologyDiffers, match=r"'orders\.dead'") as raised:
            topology.declare(older.amqp_uri)
    message = told(raised.value)
    assert "orders.dead" in message
    assert "sails stop --wipe" in message


def test_migrating_also_declares_the_queues_of_a_given_broker(bed: Testbed, tmp_path: Path) -> None:
    with bed.world("commands", migrated=False) as world:
        seen = sails("migrate", "--state", str(tmp_path), **world.environment)
        assert seen.returncode == 0, seen.stderr
        with connect(world.amqp_uri, heartbeat_s=0) as connection:
            check_declared(connection.channel())
            assert deadletters.count(connection, SERVICES) == dict.fromkeys(SERVICES, 0)
            connection.channel().queue_declare("orders.note_capacity", passive=True)


def test_a_failure_is_a_message_and_an_exit_code(tmp_path: Path) -> None:
    nowhere = "postgresql+psycopg2://nobody:x@127.0.0.1:1/nowhere"
    urls = {url_name(service): nowhere for service in SERVICES}
    if not migrate.chains():
        pytest.skip("no service has a chain")
    seen = sails("migrate", "--json", "--state", str(tmp_path), **urls)
    assert seen.returncode == 1
    assert json.loads(seen.stdout)["error"] == "MigrationFailed"
    assert "Traceback" not in seen.stderr


def test_another_users_folder_is_a_message_too(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit), failures(as_json=True):
        raise PermissionError(13, "Permission denied", "/home/other/.run")
    told = json.loads(capsys.readouterr().out)
    assert told["error"] == "PermissionError"
    assert "/home/other/.run" in told["message"]


@pytest.mark.parametrize("failure", ["NoBroker", "InstallFailed"])
def test_without_a_broker_the_ways_to_one_are_named(failure: str) -> None:
    for words in TEXTS[failure]:
        assert all(way in words for way in ("AMQP_URI", "rabbitmq-server", "make setup"))


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "SAILS_LANG": "zh"}, "zh"),
        ({"LANG": "C.UTF-8"}, "zh"),
        ({}, "zh"),
    ],
)
def test_language(environment: dict[str, str], expected: str) -> None:
    assert language(environment) == expected


@pytest.mark.parametrize("key", TEXTS)
def test_both_languages_fill_in_the_same_values(key: str) -> None:
    chinese, english = (
        {name for _, name, _, _ in string.Formatter().parse(text) if name} for text in TEXTS[key]
    )
    assert chinese == english


def test_every_failure_has_its_text() -> None:
    assert cli.app is not None  # everything is imported
    assert {problem.__name__ for problem in Problem.__subclasses__()} <= set(TEXTS)
