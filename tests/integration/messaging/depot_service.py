"""`python -m tests.integration.messaging.depot_service [CLASS]`: the depot as a process."""

import warnings

warnings.filterwarnings("ignore")
import eventlet  # noqa: E402

eventlet.monkey_patch()

import os  # noqa: E402
import signal  # noqa: E402
import sys  # noqa: E402

from services import settings  # noqa: E402
from services.contracts import registry  # noqa: E402
from services.messaging import consumer, relay, timer, topology  # noqa: E402
from services.observability import logs  # noqa: E402
from services.process import run  # noqa: E402
from tests.integration.messaging import depot, depot_parts  # noqa: E402

registry.EVENTS.update(depot.EVENTS)


def die_before_numbering(*_):
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    if os.environ.get("DEPOT_RELAY"):
        relay.number = die_before_numbering
    consumer.HEARTBEAT_S = int(os.environ.get("DEPOT_HEARTBEAT_S", "10"))
    timer.BATCH = int(os.environ.get("DEPOT_DUE", "100"))
    consumer.RETURNS_TOLERATED = int(os.environ.get("DEPOT_RETURNS", "8"))
    topology.BACKOFF_S, topology.DELIVERY_LIMIT = depot.as_told(os.environ)
    chosen = sys.argv[1] if len(sys.argv) > 1 else "Depot"
    logs.configure(chosen)
    sys.exit(run(getattr(depot_parts, chosen), settings.load("orders", os.environ)))
