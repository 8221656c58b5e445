"""`python -m tests.integration.messaging.caller_service`: calls the depot as the gateway would.

Reads a JSON request per line and writes a JSON outcome per line, many at once.
"""

import warnings

warnings.filterwarnings("ignore")
import eventlet  # noqa: E402

eventlet.monkey_patch()

import json  # noqa: E402
import os  # noqa: E402
import sys  # noqa: E402

from eventlet import tpool  # noqa: E402
from nameko.extensions import Entrypoint  # noqa: E402

from services import settings  # noqa: E402
from services.contracts.problems import Problem  # noqa: E402
from services.messaging import Rpc  # noqa: E402
from services.observability import logs  # noqa: E402
from services.process import run  # noqa: E402


class Lines(Entrypoint):
    def start(self):
        self.container.spawn_managed_thread(self.read)

    def read(self):
        while line := tpool.execute(sys.stdin.readline):
            self.container.spawn_worker(self, (json.loads(line),), {})


lines = Lines.decorator


class Caller:
    name = "caller"
    rpc = Rpc()

    @lines
    def call(self, request):
        outcome = {"tag": request["tag"]}
        try:
            outcome["reply"] = self.rpc.call(
                request["service"], request["method"], request["payload"], request["timeout_s"]
            )
        except Problem as problem:
            outcome["problem"] = problem.code
        outcome["waiting"] = len(self.rpc._waiting)
        print(json.dumps(outcome), flush=True)


if __name__ == "__main__":
    logs.configure("caller")
    sys.exit(run(Caller, settings.load("orders", os.environ)))
