"""The depot as service classes: the whole of it, and parts that tests start by themselves."""

import os
from pathlib import Path

from services.contracts.registry import events_of
from services.messaging import (
    Database,
    Relay,
    Tail,
    Timer,
    command,
    follow_clock,
    on_deadline,
    on_event,
    projection,
    query,
)
from tests.integration.messaging import depot


class Depot:
    name = depot.NAME

    database = Database("depot")
    relay = Relay(number=depot.number_feed)
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
