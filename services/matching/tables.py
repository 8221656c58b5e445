"""The tables of matching: supplies, matches, reservations, and copies of others' facts."""

from datetime import date, datetime
from typing import ClassVar, cast

from sqlalchemy import CheckConstraint, Index, Sequence, Text, UniqueConstraint, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.contracts import demand, party
from services.contracts import supply as contract
from services.contracts.supply_parts import Qualification, TrackRecord
from services.matching import import_tables, lifecycle
from services.matching.base import Base, known_states
from services.matching.claims import Claims
from services.matching.column_types import Json, Parts
from services.messaging import AggregateRow, CopyRow, messaging_tables

# Whoever needs the metadata needs all of it.
__all__ = [
    "Base", "DemandCopy", "Match", "PartyCopy", "Reservation", "Supply", "import_tables",
]  # fmt: skip

_ID = Uuid(as_uuid=False)
_NOT_ARCHIVED = text("state <> 'archived'")
_WAITING = text("state IN ('sent', 'interested')")


class Supply(Claims, AggregateRow, Base):
    """A capability on offer."""

    __tablename__ = "supplies"
    AGGREGATE = contract.supply
    LIFECYCLE = lifecycle.SUPPLY
    REFUSALS: ClassVar[dict[str, str]] = {
        "supplies_source_ref": "import_in_flight",
        "supplies_item_code": "item_code_taken",
    }

    kind: Mapped[str]
    supplier_id: Mapped[str] = mapped_column(_ID)
    supplier_name: Mapped[str]
    supplier_verified: Mapped[bool]
    supplier_region: Mapped[str | None]
    title: Mapped[str]
    text: Mapped[str]
    categories: Mapped[list[str]]
    regions: Mapped[list[str]]
    qualifications: Mapped[list[Json] | None] = mapped_column(Parts(Qualification))
    price_min_fen: Mapped[int | None]
    price_max_fen: Mapped[int | None]
    capacity_declared: Mapped[int | None]
    capacity_free: Mapped[int | None]
    capacity_reserved: Mapped[int]
    capacity_used: Mapped[int]
    lead_time_days: Mapped[int | None]
    facets: Mapped[Json | None] = mapped_column(JSONB(none_as_null=True))
    track_record: Mapped[list[Json]] = mapped_column(Parts(TrackRecord))
    origin: Mapped[str]
    source_ref: Mapped[str | None]

    # Whom the fact of capacity that is being stated is about; not a column: it belongs to the fact.
    reserved_for_demand_id = cast("str | None", None)

    __table_args__ = (
        known_states(lifecycle.SUPPLY),
        CheckConstraint(
            "capacity_free >= 0 AND capacity_reserved >= 0 AND capacity_used >= 0", name="signs"
        ),
        CheckConstraint(
            "CASE WHEN capacity_declared IS NULL"
            " THEN capacity_free IS NULL AND capacity_reserved = 0 AND capacity_used = 0"
            " ELSE capacity_free IS NOT NULL"
            " AND capacity_free + capacity_reserved + capacity_used = capacity_declared END",
            name="capacity",
        ),
        CheckConstraint("(origin = 'imported') = (source_ref IS NOT NULL)", name="origin"),
        Index("supplies_source_ref", "source_ref", unique=True),
        Index("supplies_supplier_id", "supplier_id"),
        Index(
            "supplies_item_code",
            "supplier_id",
            "item_code",
            unique=True,
            postgresql_where=_NOT_ARCHIVED,
        ),
    )


class Match(AggregateRow, Base):
    """One demand with one supply, and why. Whom nobody has been told of has none."""

    __tablename__ = "matches"
    AGGREGATE = contract.match
    LIFECYCLE = lifecycle.MATCH
    REFUSALS: ClassVar[dict[str, str]] = {"matches_demand_id_supply_id": "match_exists"}

    demand_id: Mapped[str] = mapped_column(_ID)
    demand_title: Mapped[str]
    supply_id: Mapped[str] = mapped_column(_ID)
    supply_title: Mapped[str]
    buyer_id: Mapped[str] = mapped_column(_ID)
    supplier_id: Mapped[str] = mapped_column(_ID)
    supplier_name: Mapped[str]
    source: Mapped[str]
    rank: Mapped[int | None]
    score_ppm: Mapped[int | None]
    contributions: Mapped[list[Json]]
    verdicts: Mapped[list[Json]]
    terms: Mapped[list[str]]
    weights_version: Mapped[str | None]
    allotted: Mapped[str | None]
    reason_note: Mapped[str | None]

    sent_at: Mapped[datetime | None]  # to its supplier, by the machine; the last time

    # Not part of the public state: before the opening nobody but its supplier knows of a quote.
    # The newest quote heard of, or the fact that opened the demand since: older ones count no more.
    quote_id: Mapped[str | None] = mapped_column(_ID)
    quote_sequence: Mapped[int | None]
    quote_state: Mapped[str | None]

    __table_args__ = (
        known_states(lifecycle.MATCH),
        UniqueConstraint("demand_id", "supply_id"),
        Index("matches_open_notices", "supplier_id", postgresql_where=text("state = 'sent'")),
        Index("matches_waiting", "supply_id", postgresql_where=_WAITING),
    )


class Reservation(Base):
    """What an award takes of a supply's declared capacity; `units` 0 where none is declared."""

    __tablename__ = "reservations"

    demand_id: Mapped[str] = mapped_column(_ID, primary_key=True)
    supply_id: Mapped[str] = mapped_column(_ID, primary_key=True)
    state: Mapped[str]
    units: Mapped[int]
    quote_id: Mapped[str | None] = mapped_column(_ID)  # the awarded quote: whom orders waits for

    __table_args__ = (
        known_states(lifecycle.RESERVATION),
        CheckConstraint("units >= 0", name="units"),
    )


class PartyCopy(CopyRow, Base):
    """What matching needs to know of an organisation, from the facts of the gateway."""

    __tablename__ = "party_copies"
    AGGREGATE = party.party

    name: Mapped[str]
    region: Mapped[str | None]
    verified_until: Mapped[date | None]


class DemandCopy(CopyRow, Base):
    """The newest known public state of a demand; its row is the lock of the demand's matches."""

    __tablename__ = "demand_copies"
    AGGREGATE = demand.demand
    IS_COMPLETE = False  # only the facts that open or end a demand concern matching

    state: Mapped[str]
    data: Mapped[Json]
    # Of its last ranking: the next best, whom nobody told, and why; for people who ask.
    withheld: Mapped[list[Json] | None]
    # The suppliers that the machine has told, and the number of that list among all, newest last.
    listed: Mapped[list[str] | None] = mapped_column(ARRAY(_ID))
    list_number: Mapped[int | None]
    # The words by which a supply that is new finds it while it is open.
    found_by: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    ranked_again_at: Mapped[datetime | None]  # because of such a supply
    # The supplies that the allocation over many demands has for it, until it is ranked again.
    planned: Mapped[list[str] | None] = mapped_column(ARRAY(_ID))

    # Not a column: until then it can have no matches.
    is_first_heard_of = False

    __table_args__ = (
        Index(
            "demand_copies_lists", "list_number", postgresql_where=text("list_number IS NOT NULL")
        ),
        Index(
            "demand_copies_found_by",
            "found_by",
            postgresql_using="gin",
            postgresql_with={"fastupdate": "off"},
            postgresql_where=text("state = 'published'"),
        ),
    )


LIST_NUMBERS = Sequence("list_numbers", metadata=Base.metadata)
messaging_tables(Base.metadata)
