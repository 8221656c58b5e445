"""Real processes under test, each with its log and its observable port."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.waiting import eventually

READY_TIMEOUT_S = 90.0  # five interpreters at once on two busy cores
STOP_TIMEOUT_S = 20.0


def free_port() -> int:
    """A port of loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class ServiceProcess:
    """`python -m MODULE ARGUMENTS...` with an environment; ended by `stop`, `kill` or `close`.

    With `pipes` its standard input and output are the test's.
    """

    def __init__(
        self,
        command: list[str],
        environment: Mapping[str, str],
        log: Path,
        name: str = "process",
        *,
        pipes: bool = False,
    ) -> None:
        self.command, self.environment, self.log, self.name = command, environment, log, name
        self.pipes = pipes
        self.popen: subprocess.Popen | None = None
        self.observe_port = free_port()

    def start(self) -> "ServiceProcess":
        """Without waiting for readiness. Also again, after an end."""
        own = {"SAILS_OBSERVE_ADDRESS": f"127.0.0.1:{self.observe_port}"}
        with self.log.open("ab") as log:
            self.popen = subprocess.Popen(
                [sys.executable, "-m", *self.command],
                env={**os.environ, **self.environment, **own},
                stdin=subprocess.PIPE if self.pipes else subprocess.DEVNULL,
                stdout=subprocess.PIPE if self.pipes else log,
                stderr=log,
            )
        return self

    def wait_ready(self, timeout_s: float = READY_TIMEOUT_S) -> "ServiceProcess":
        def ready() -> bool:
            assert self.popen is not None
            if self.popen.poll() is not None:
                raise RuntimeError(f"{self.name} ended:\n{self.tail()}")
            status, body = self.observe("/readyz")
            assert status == 200, body
            return True

        try:
            eventually(ready, timeout_s, f"{self.name} is ready")
        except AssertionError as error:
            raise AssertionError(f"{error}: {error.__cause__}\n{self.tail()}") from None
        return self

    def observe(self, path: str) -> tuple[int, str]:
        """Status and body of the observable port; status 0 when nobody answers."""
        url = f"http://127.0.0.1:{self.observe_port}{path}"
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError as error:
            return 0, str(error)

    def reasons(self) -> list[str]:
        """Why the process is not ready."""
        status, body = self.observe("/readyz")
        return ["no answer"] if status == 0 else list(json.loads(body)["reasons"])

    def metric(self, sample: str) -> float:
        """The value of one sample, named as in the text format; 0 when there is none."""
        return self.metrics().get(sample, 0.0)

    def metrics(self) -> dict[str, float]:
        """All samples as they are at one moment."""
        _, body = self.observe("/metrics")
        samples = (line.rsplit(" ", 1) for line in body.splitlines() if not line.startswith("#"))
        return {name: float(value) for name, value in samples}

    @property
    def is_running(self) -> bool:
        return self.popen is not None and self.popen.poll() is None

    def kill(self) -> None:
        """kill -9, as a crash would."""
        if self.popen is not None:
            self.popen.kill()
            self.popen.wait()

    def stop(self, timeout_s: float = STOP_TIMEOUT_S) -> int:
        """SIGTERM; the exit code."""
        assert self.popen is not None
        self.popen.send_signal(signal.SIGTERM)
        return self.popen.wait(timeout_s)

    def restart(self) -> "ServiceProcess":
        self.kill()
        return self.start()

    def logged(self) -> list[dict[str, Any]]:
        """The JSON lines of the log."""
        lines = self.log.read_text().splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    def tail(self, lines: int = 30) -> str:
        return "\n".join(self.log.read_text().splitlines()[-lines:])

    def close(self) -> None:
        self.kill()
