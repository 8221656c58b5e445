"""wrk, the load generator: written in C, it leaves the two cores to what is measured."""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from deploy.sails import apt
from deploy.sails.problem import Problem
from tests.bench.figures import Tell

PACKAGE = "wrk"  # Debian's, 4.1.0
CONNECTIONS = 16  # enough that nobody waits for a client, few enough that p99 is not their queue
WARM_S, RUN_S = 2, 10
PATIENCE_S = 10  # for one answer; later it counts as refused
GRACE_S = 30  # for its own start and end on a busy machine

_SCRIPT = """
local paths = {%s}
local n = 0
wrk.headers["Authorization"] = "Bearer %s"
request = function()
  n = n + 1
  return wrk.format("GET", paths[n %% #paths + 1])
end
done = function(summary, latency)
  local e = summary.errors
  io.write(string.format(
    '\\n{"requests": %%d, "us": %%d, "failed": %%d,' ..
    ' "p50_us": %%d, "p95_us": %%d, "p99_us": %%d}\\n',
    summary.requests, summary.duration, e.connect + e.read + e.write + e.status + e.timeout,
    latency:percentile(50), latency:percentile(95), latency:percentile(99)))
end
"""


class NoLoadGenerator(Problem):
    """wrk is not installed, and this user cannot install it: `apt install wrk`."""


@dataclass(frozen=True)
class Answered:
    """What came back in one run; every answer was a 2xx."""

    requests: int
    rate: float  # per second
    p50_ms: float
    p95_ms: float
    p99_ms: float


def ensure(tell: Tell) -> None:
    """Install wrk where it is missing. Raises NoLoadGenerator, apt.InstallFailed."""
    if shutil.which(PACKAGE):
        return
    if not apt.available():
        raise NoLoadGenerator(PACKAGE)
    tell("安装 wrk / installing wrk")
    apt.install(PACKAGE)


def gets(
    url: str,
    key: str,
    paths: Sequence[str],
    seconds: int = RUN_S,
    connections: int = CONNECTIONS,
) -> Answered:
    """Ask for these paths in turn, with this key, as fast as answers come."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "script.lua"
        script.write_text(_SCRIPT % (", ".join(json.dumps(path) for path in paths), key))
        done = subprocess.run(
            [
                PACKAGE,
                "-t1",
                f"-c{connections}",
                f"-d{seconds}s",
                f"--timeout={PATIENCE_S}s",
                "-s",
                script,
                url,
            ],
            capture_output=True,
            text=True,
            timeout=seconds + GRACE_S,
            check=True,
        )
    found = json.loads(done.stdout.splitlines()[-1])
    assert not found["failed"], f"{found['failed']} of {found['requests']} were refused"
    rate = found["requests"] / (found["us"] / 1e6)
    times_ms = (found[f"p{percent}_us"] / 1e3 for percent in (50, 95, 99))
    return Answered(found["requests"], rate, *times_ms)
