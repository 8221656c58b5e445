"""CONTRIBUTING's first hour, command by command, as a newcomer would type it."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.sails.state import REPOSITORY

COMMANDS = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TIMEOUT_S = 240  # six interpreters on busy cores, and a broker that starts
# What must be there to run the command is there: `make test` has just installed it.
INSTALLED = "make --old-file=.venv/requirements.sha256 --no-print-directory "


@pytest.fixture
def shell(tmp_path: Path) -> Iterator["Shell"]:
    found = Shell(tmp_path / "run")
    try:
        yield found
    finally:
        found.run("make stop")


class Shell:
    """One newcomer's terminal, with a state folder of its own."""

    def __init__(self, state: Path) -> None:
        own = {"SAILS_STATE": str(state), "SAILS_LANG": "en", "PYTHONPATH": str(REPOSITORY)}
        servers = ("AMQP_URI", "DATABASE_URL_")
        given = {name: value for name, value in os.environ.items() if not name.startswith(servers)}
        self.environment = given | own

    def run(self, command: str) -> str:
        """What it printed; it must end well."""
        done = subprocess.run(
            ["bash", "-c", re.sub("^make ", INSTALLED, command)],
            cwd=REPOSITORY,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )
        assert done.returncode == 0, f"$ {command}\n{done.stdout}{done.stderr}"
        return done.stdout


@pytest.mark.timeout(2 * TIMEOUT_S)
def test_the_first_hour_goes_as_it_is_written(shell: Shell) -> None:
    blocks = COMMANDS.findall((REPOSITORY / "CONTRIBUTING.md").read_text("utf-8"))
    start, publish, match, break_it, mend, prove = (
        [shell.run(line) for line in block.splitlines()] for block in blocks
    )
    assert "running" in start[1]
    assert "published" in publish[0]
    assert "ppm" in match[0]
    assert "ProgrammingError" in break_it[4]
    assert "ppm" in mend[2]
    assert "hold" in prove[0]
