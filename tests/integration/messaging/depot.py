"""A small service for the tests of messaging: crates are packed, shipped and lost."""

from typing import Any

from marshmallow import fields
from sqlalchemy import Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from services.contracts import registry
from services.contracts.actor import Actor
from services.contracts.declare import Aggregate
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


crate = Aggregate("crate", "depot", "X", CrateState, ("packed", "shipped", "lost"))
Pack = crate.command("create", PackCrate, scope="read")
Ship = crate.command("ship", scope="read")
Relabel = crate.command("relabel", PackCrate, scope="read", versioned=True)
Weigh = crate.query("weigh", Weight, scope="read")

registry.AGGREGATES[crate.name] = crate
registry.EVENTS.update({crate.event(past).name: crate.event(past) for past in crate.past})

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


def pack(actor: Actor, tx: Transaction, args: dict[str, Any]) -> None:
    row = tx.new(Crate, owner_id=actor.party_id, label=args["label"])
    row.thread_id = row.id
    tx.record(row, "packed")


def ship(actor: Actor, tx: Transaction, id: str, args: dict[str, Any]) -> dict[str, str]:
    row = tx.load(Crate, id, of=("owner_id",))
    tx.move(row, "ship", "shipped")
    return {"carrier": "rail"}


def relabel(actor: Actor, tx: Transaction, id: str, args: dict[str, Any]) -> None:
    row = tx.load(Crate, id, of=("owner_id",))
    row.label = args["label"]
    tx.record(row, "packed")


def weigh(actor: Actor, tx: Transaction, id: str, args: dict[str, Any]) -> dict[str, int]:
    row = tx.load(Crate, id, of=("owner_id",))
    return {"weight_g": len(row.label)}


def lose(tx: Transaction, id: str) -> None:
    row = tx.load(Crate, id)
    if row.state == "shipped":
        tx.move(row, "lose", "lost")
