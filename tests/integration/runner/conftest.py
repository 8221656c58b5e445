import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.sails import runner
from deploy.sails.child import Child
from deploy.sails.control import Control, launch
from deploy.sails.state import StateFolder
from deploy.sails.testbed import Testbed, World


@pytest.fixture
def state(tmp_path: Path) -> Iterator[StateFolder]:
    """A state folder of one test; whatever runs on it is ended, whatever it kept is deleted."""
    folder = StateFolder(tmp_path / "run")
    folder.create()
    yield folder
    runner.stop(folder, wipe=True)


@pytest.fixture
def control(state: StateFolder) -> Iterator[Control]:
    """A running supervisor without children."""
    with launch(state) as line:
        yield line


@pytest.fixture(scope="session")
def bed() -> Iterator[Testbed]:
    joined = Testbed.join()
    yield joined
    joined.leave()


@pytest.fixture(scope="module")
def world(bed: Testbed) -> Iterator[World]:
    with bed.world("runner", migrated=False) as created:
        yield created


def program(name: str, source: str, **settings: object) -> Child:
    """A child that runs a few lines of Python."""
    defaults: dict[str, object] = {"stage": 2, "environment": {}, "folder": "/"}
    command = [sys.executable, "-u", "-c", source]
    return Child(name=name, command=command, **(defaults | settings))  # type: ignore[arg-type]
