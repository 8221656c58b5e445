"""`python -m tests.integration.messaging.depot_service [CLASS]`: the depot as a process."""

import warnings

warnings.filterwarnings("ignore")
import eventlet  # noqa: E402

eventlet.monkey_patch()

import os  # noqa: E402
import signal  # noqa: E402
import sys  # noqa: E402
from pathlib import Path  # noqa: E402

from services import settings  # noqa: E402
from services.contracts import registry  # noqa: E402
from services.contracts.registry import events_of  # noqa: E402
from services.messaging import (  # noqa: E402
    Database,
    Relay,
    Tail,
    Timer,
    command,
    consumer,
    follow_clock,
    on_deadline,
    on_event,
    projection,
    query,
    relay,
    topology,
)
from services.observability import logs  # noqa: E402
from services.process import run  # noqa: E402
from tests.integration.messaging import depot  # noqa: E402

registry.EVENTS.update(depot.EVENTS)


class Depot:
    name = depot.NAME

    database = Database("depot")
    relay = Relay(number=("feed",))
    timer = Timer()
    tail = Tail("feed")

    create_crate = command(depot.Pack, depot.pack)
    ship_crate = command(depot.Ship, depot.ship)
    weigh_crate = query(depot.Weigh, depot.weigh)
    note = on_event(("crate.packed.v1",), depot.note)
    keep = projection(events_of(depot.crate), depot.keep)
    lose = on_deadline("crate", "lose", depot.lose)
    follow_clock = follow_clock()


class Office:
    """Answers commands and publishes, but hears nothing."""

    name = depot.NAME
    database = Database("depot")
    relay = Relay()
    create_crate = command(depot.Pack, depot.pack)
    ship_crate = command(depot.Ship, depot.ship)


class Publisher:
    name = f"{depot.NAME}.publisher"
    database = Database("depot")
    relay = Relay()


class Clockwork:
    name = depot.NAME
    database = Database("depot")
    timer = Timer()
    lose = on_deadline("crate", "lose", depot.lose)
    follow_clock = follow_clock()


def follow(page):
    with Path(os.environ["DEPOT_FOLLOWED"]).open("a") as followed:
        for fact in page:
            label = fact.event.data["label"]
            if label == "raise" and "DEPOT_MENDED" not in os.environ:
                raise RuntimeError(label)
            followed.write(f"{fact.position} {label}\n")


class Follower:
    """An index of its own, kept up by the numbered facts of its service."""

    name = depot.NAME
    database = Database("depot")
    relay = Relay()
    tail = Tail(start=lambda: 1, apply=follow, types=("crate.packed.v1",))


class Listener:
    name = depot.NAME
    database = Database("depot")
    note = on_event(("crate.packed.v1",), depot.note)
    keep = projection(events_of(depot.crate), depot.keep)


def die_before_numbering(*_):
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    if os.environ.get("DEPOT_RELAY"):
        relay.number = die_before_numbering
    consumer.HEARTBEAT_S = int(os.environ.get("DEPOT_HEARTBEAT_S", "10"))
    topology.BACKOFF_S = tuple(map(int, os.environ.get("DEPOT_BACKOFF", "1 1").split()))
    topology.DELIVERY_LIMIT = int(os.environ.get("DEPOT_DELIVERY_LIMIT", "20"))
    chosen = sys.argv[1] if len(sys.argv) > 1 else "Depot"
    logs.configure(chosen)
    sys.exit(run(globals()[chosen], settings.load("orders", os.environ)))
