"""A small service for the tests of messaging: crates are packed, shipped and lost."""

import os
import signal
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import eventlet
from marshmallow import fields
from sqlalchemy import BigInteger, Connection, Text, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from services.contracts.actor import Actor
from services.contracts.declare import Aggregate
from services.contracts.envelope import Event
from services.contracts.fields import Arguments, Count, Id, Part, State
from services.contracts.fields import Text as TextField
from services.lifecycle import Lifecycle
from services.messaging import AggregateRow, Transaction, messaging_tables


class CrateState(State):
    owner_id = Id(required=True)
    label = TextField(required=True)


class Item(Part):
    name = TextField(40, required=True)


class PackCrate(Arguments):
    label = TextField(required=True)
    items = fields.List(fields.Nested(Item), load_default=list)
    weight_g = Count(0, 1000, data_key="weight", load_default=0)


class Weight(Part):
    weight_g = Count()


# One virtual host serves all tests of a worker: each test's depot has a name of its own.
NAME = os.environ.get("DEPOT", "depot")
PACKING_S = float(os.environ.get("DEPOT_PACK_S", "0"))
MENDED = "DEPOT_MENDED" in os.environ
PACKING_SQL = os.environ.get("DEPOT_PACK_SQL")
SHIPPING_SQL = os.environ.get("DEPOT_SHIP_SQL")
CARRIER = "rail" * int(os.environ.get("DEPOT_RAILS", "1"))
LOST_AFTER = timedelta(days=30)


def as_told(environment: Mapping[str, str]) -> tuple[tuple[int, ...], int]:
    """Back-off and delivery limit of the depot's queues."""
    backoff = environment.get("DEPOT_BACKOFF", "1 1").split()
    return tuple(map(int, backoff)), int(environment.get("DEPOT_DELIVERY_LIMIT", "20"))


crate = Aggregate("crate", NAME, "X", CrateState, ("packed", "shipped", "lost"))
Pack = crate.command("create", PackCrate, scope="read")
Ship = crate.command("ship", scope="read")
Relabel = crate.command("relabel", PackCrate, scope="read", versioned=True)
Weigh = crate.query("weigh", Weight, scope="read")

EVENTS = {crate.event(past).name: crate.event(past) for past in crate.past}

LIFECYCLE = Lifecycle(
    "crate", "packed", {("packed", "ship"): "shipped", ("shipped", "lose"): "lost"}
)
REFUSALS = {"crates_label_key": "forbidden"}


class Base(DeclarativeBase):
    pass


messaging_tables(Base.metadata)


class Crate(AggregateRow, Base):
    __tablename__ = "crates"
    AGGREGATE = crate
    LIFECYCLE = LIFECYCLE

    owner_id: Mapped[str] = mapped_column(Text)
    label: Mapped[str] = mapped_column(Text, unique=True)


class Note(Base):
    """One per effect of a fact: a second one would show."""

    __tablename__ = "notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(Text)
    label: Mapped[str] = mapped_column(Text)


class CrateCopy(Base):
    __tablename__ = "crate_copies"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    sequence: Mapped[int]
    label: Mapped[str] = mapped_column(Text)


class FeedRow(Base):
    """Numbered by the relay beside the outbox, as what the gateway tells is."""

    __tablename__ = "feed"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    position: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    label: Mapped[str] = mapped_column(Text)


def number_feed(connection: Connection, limit: int) -> int:
    """In the order of their ids."""
    numbered = text(
        "UPDATE feed SET position = row.position FROM"
        " (SELECT id, row_number() OVER (ORDER BY id) AS position FROM feed LIMIT :limit) AS row"
        " WHERE feed.id = row.id AND feed.position IS NULL"
    )
    with connection.begin():
        return connection.execute(numbered, {"limit": limit}).rowcount


def pack(actor: Actor, tx: Transaction, args: dict[str, Any]) -> None:
    time.sleep(PACKING_S)
    if PACKING_SQL:
        tx.session.execute(text(PACKING_SQL))
    row = tx.new(Crate, owner_id=actor.party_id, label=args["label"])
    row.thread_id = row.id
    tx.record(row, "packed")


def ship(actor: Actor, tx: Transaction, id: str, args: dict[str, Any]) -> dict[str, str]:
    if SHIPPING_SQL:
        tx.session.execute(text(SHIPPING_SQL))
    row = tx.load(Crate, id, of=("owner_id",))
    tx.move(row, "ship", "shipped")
    tx.schedule(row, "lose", tx.now + LOST_AFTER)
    return {"carrier": CARRIER}


def relabel(actor: Actor, tx: Transaction, id: str, args: dict[str, Any]) -> None:
    row = tx.load(Crate, id, of=("owner_id",))
    row.label = args["label"]
    tx.record(row, "packed")


def weigh(actor: Actor, tx: Transaction, id: str, args: dict[str, Any]) -> dict[str, int]:
    row = tx.load(Crate, id, of=("owner_id",))
    return {"weight_g": len(row.label)}


def note(tx: Transaction, event: Event) -> None:
    """Acts on a fact; its label may say how to fail."""
    label = event.data["label"]
    tx.session.add(Note(event_id=event.id, label=label))
    tx.session.flush()
    if label.startswith("raise") and not MENDED:
        raise RuntimeError(label)
    if label.startswith("die"):
        os.kill(os.getpid(), signal.SIGKILL)
    if label.startswith("block"):
        eventlet.patcher.original("time").sleep(float(label.split()[1]))
    if label.startswith("slow"):
        time.sleep(float(label.split()[1]))


def keep(tx: Transaction, events: list[Event]) -> None:
    """Keeps copies, a batch at a time; one bad label spoils the batch."""
    for event in events:
        if event.data["label"].startswith("spoil"):
            raise RuntimeError("spoiled")
        row = insert(CrateCopy).values(
            id=event.subject, sequence=event.sequence, label=event.data["label"]
        )
        newer = row.on_conflict_do_update(
            index_elements=["id"],
            set_={"sequence": row.excluded.sequence, "label": row.excluded.label},
            where=CrateCopy.sequence < row.excluded.sequence,
        )
        tx.session.execute(newer)


def lose(tx: Transaction, id: str) -> None:
    row = tx.load(Crate, id)
    if row.label.startswith("unlosable"):
        raise RuntimeError("cannot be lost")
    if row.state == "shipped":
        tx.move(row, "lose", "lost")
