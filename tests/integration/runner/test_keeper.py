"""Starting and stopping one child, without the supervisor around it."""

import asyncio
import signal
from dataclasses import replace
from pathlib import Path

from deploy.sails.child import Keeper
from tests.integration.runner.conftest import program

SLEEP = "import time; time.sleep(600)"


def test_a_stop_while_the_child_is_being_started_reaches_it(tmp_path: Path) -> None:
    async def started_and_stopped() -> int | None:
        child = replace(program("sleeper", SLEEP), stop_timeout_s=60.0)
        keeper = Keeper(child, tmp_path / "log", "test", lambda: None)
        await asyncio.sleep(0)  # it has begun, and there is no process to signal yet
        assert keeper.process is None
        await asyncio.wait_for(keeper.stop(), 30)
        return keeper.last_exit

    assert asyncio.run(started_and_stopped()) == -signal.SIGTERM
