"""The operator's key of a local platform: made at its first use, kept private beside it.

A new password ends the operator's keys, this one too: the next use then makes another.
"""

import json
import os
import subprocess
import sys

from deploy.sails.problem import Problem
from deploy.sails.processes import Layout, inherited
from deploy.sails.state import REPOSITORY, StateFolder, write_private
from deploy.sails.texts import text
from services.client import Client, NoAnswer, Refused

FILE = "operator.key"
BOOTSTRAP_TIMEOUT_S = 60.0  # one interpreter start and three inserts


class NoOperator(Problem):
    """The first operator could not be made; the text is what the gateway said."""


def operator_of(state: StateFolder, layout: Layout) -> Client:
    """The operator as a caller of the public API. Raises NoOperator."""
    path = state.data / FILE
    if not path.exists() or _has_ended(Client(layout.http_url, path.read_text())):
        write_private(path, first_key(layout.environment | _clock(layout)))
    return Client(layout.http_url, path.read_text())


def _has_ended(operator: Client) -> bool:
    try:
        operator.get("/clock")
    except Refused as refused:
        return refused.code == "key_invalid"
    except NoAnswer:  # whoever asks for more is told
        pass
    return False


def _clock(layout: Layout) -> dict[str, str]:
    return {
        "SAILS_DEMO_CLOCK": str(int(layout.demo_clock)),
        "SAILS_DEMO_CLOCK_OFFSET_S": str(layout.clock_offset_s),
    }


def first_key(environment: dict[str, str]) -> str:
    """Asked of the gateway's own database, in a process of its own. Raises NoOperator."""
    done = subprocess.run(
        [sys.executable, "-m", "services.gateway.bootstrap"],
        cwd=REPOSITORY,
        env=inherited(os.environ) | environment,
        capture_output=True,
        text=True,
        timeout=BOOTSTRAP_TIMEOUT_S,
        check=False,
    )
    if done.returncode:
        raise NoOperator(done.stderr.strip().splitlines()[-1])
    key: str | None = json.loads(done.stdout.splitlines()[-1])["key"]
    if key is None:
        raise NoOperator(text("operator-known"))
    return key
