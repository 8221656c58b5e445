"""What suppliers can do, and the matches with demands: owned by matching."""

from marshmallow import fields

from services.contracts.declare import Aggregate
from services.contracts.demand import Reason
from services.contracts.facets import Facets, GivenFacets
from services.contracts.fields import (
    TEXT_LENGTH,
    Arguments,
    Code,
    Count,
    Day,
    Fen,
    Flag,
    Id,
    Money,
    Part,
    State,
    Text,
    listed,
)
from services.contracts.kinds import ANSWERS, SUPPLIES
from services.contracts.notes import NOTE_LENGTH
from services.contracts.reasons import ALLOTTED, Decline

KINDS = tuple(SUPPLIES)


class Qualification(Part):
    """A qualification 资质 held, with grade 等级 and expiry."""

    name = Text(120, required=True)
    grade = Text(20, load_default=None, allow_none=True)
    expires_on = Day(load_default=None, allow_none=True)


class TrackRecord(Part):
    """One earlier deal 业绩."""

    title = Text(300, required=True)
    buyer = Text(load_default=None, allow_none=True)
    place = Text(80, load_default=None, allow_none=True)
    date = Day(load_default=None, allow_none=True)
    amount_fen = Fen(load_default=None, allow_none=True)
    outcome = Code("won", "bid", "delivered", load_default="won")


class SupplyState(State):
    """A capability 能力/供给. Capacity is in its own unit; free + reserved + used = declared."""

    kind = Code(*KINDS)
    supplier_id = Id(required=True)
    supplier_name = Text()
    supplier_verified = Flag()
    supplier_region = Text(12, allow_none=True)  # where the supplier is, as its party says
    title = Text(required=True)
    text = Text(TEXT_LENGTH, blank=True)
    categories = listed(Text(80), 20)
    regions = listed(Text(40), 50)  # served; empty means anywhere, imported: unknown
    qualifications = listed(fields.Nested(Qualification), 60, allow_none=True)  # null: not stated
    price_min_fen = Fen(allow_none=True)
    price_max_fen = Fen(allow_none=True)
    capacity_declared = Count(0, allow_none=True)
    capacity_reserved = Count()
    capacity_used = Count()
    lead_time_days = Count(0, 3650, allow_none=True)
    facets = Facets(allow_none=True)  # by name, those of the demands that it answers
    track_record = listed(fields.Nested(TrackRecord))
    origin = Code("own", "imported")
    source_ref = Text(120, allow_none=True)
    # Only in the facts of capacity (reserved, short, released, used): the demand that caused it.
    reserved_for_demand_id = Id(allow_none=True)


class DraftSupply(Arguments):
    kind = Code(*KINDS, load_default="product")
    title = Text(required=True)
    text = Text(TEXT_LENGTH, blank=True, load_default="")
    categories = listed(Text(80), 20, load_default=list)
    regions = listed(Text(40), 50, load_default=list)
    # Null is "not stated": a buyer is shown "unknown". An empty list says that there are none.
    qualifications = listed(fields.Nested(Qualification), 60, load_default=None, allow_none=True)
    price_min_fen = Money(data_key="price_min", load_default=None, allow_none=True)
    price_max_fen = Money(data_key="price_max", load_default=None, allow_none=True)
    capacity_declared = Count(0, load_default=None, allow_none=True)
    lead_time_days = Count(0, 3650, load_default=None, allow_none=True)
    facets = GivenFacets(ANSWERS, "product")


class ImportedTrackRecord(Part):
    title = Text(300, required=True)
    buyer = Text(load_default=None, allow_none=True)
    place = Text(80, load_default=None, allow_none=True)
    date = Day(load_default=None, allow_none=True)
    amount_fen = Money(data_key="amount", load_default=None, allow_none=True)
    outcome = Code("won", "bid", "delivered", load_default="won")


class ImportedSupply(DraftSupply):
    """A public supplier's capability, active at once; its supplier may be unverified."""

    supplier_id = Id(required=True)
    source_ref = Text(120, required=True)
    track_record = listed(fields.Nested(ImportedTrackRecord), load_default=list)


class ImportSupplies(Arguments):
    rows = listed(fields.Nested(ImportedSupply), required=True)


class RecordsOfSupply(Part):
    source_ref = Text(120, required=True)
    track_record = listed(fields.Nested(ImportedTrackRecord), required=True)


class ImportTrackRecords(Arguments):
    """Further public track record, by the supply's `source_ref`."""

    rows = listed(fields.Nested(RecordsOfSupply), required=True)


supply = Aggregate(
    "supply", "matching", "S", SupplyState,
    ("created", "submitted", "activated", "rejected", "archived", "reserved", "short", "released",
     "used", "recorded", "refreshed"),
    "supplies",
)  # fmt: skip
CreateSupply = supply.command("create", DraftSupply, scope="supplies:write")
SubmitSupply = supply.command("submit", scope="supplies:write")
ActivateSupply = supply.command("activate", scope="supplies:verify")
RejectSupply = supply.command("reject", Reason, scope="supplies:verify")
ArchiveSupply = supply.command("archive", scope="supplies:write")
ImportSuppliesCommand = supply.command(
    "import", ImportSupplies, scope="programme:import", creates=True
)
ImportTrackRecordsCommand = supply.command(
    "import_records", ImportTrackRecords, scope="programme:import", creates=True
)


class Contribution(Part):
    """One feature of the score. Contributions sum to the score exactly (millionths)."""

    feature = Text(40, required=True)
    value_ppm = fields.Integer(required=True)
    weight_ppm = fields.Integer(required=True)
    contribution_ppm = fields.Integer(required=True)


class Verdict(Part):
    """A hard constraint: pass, fail or unknown; never part of the score.

    Facts say why by the variant of a note and its values; documents have it in words (`notes`).
    """

    constraint = Text(40, required=True)
    verdict = Code("pass", "fail", "unknown", required=True)
    note = Text(20)
    given = listed(Text(NOTE_LENGTH, blank=True), 2)
    note_zh = Text(NOTE_LENGTH)
    note_en = Text(NOTE_LENGTH)


class MatchState(State):
    """A match 匹配 of one demand with one supply, and why."""

    demand_id = Id(required=True)
    demand_title = Text()
    supply_id = Id(required=True)
    supply_title = Text()
    buyer_id = Id(required=True)
    supplier_id = Id(required=True)
    supplier_name = Text()
    source = Code("machine", "invited", "supplier")
    rank = Count(0, allow_none=True)
    score_ppm = fields.Integer(allow_none=True)
    contributions = listed(fields.Nested(Contribution), 20)
    verdicts = listed(fields.Nested(Verdict), 20)
    terms = listed(Text(40), 20)  # the words both texts share
    weights_version = Text(40, allow_none=True)
    allotted = Code(*ALLOTTED, allow_none=True)  # why it was told; null: it came by itself
    # In documents alone, as the words of notes are; `reason`: of a declined one.
    allotted_zh = Text()
    allotted_en = Text()
    reason_zh = Text()
    reason_en = Text()


class EnterMatch(Arguments):
    """A supplier enters from the order hall 订单大厅 with one of its supplies."""

    demand_id = Id(required=True)
    supply_id = Id(required=True)


class MatchCheck(Part):
    """What would be said of a match with this supply, before the supplier enters it."""

    verdicts = listed(fields.Nested(Verdict), 20)
    terms = listed(Text(40), 20)


match = Aggregate(
    "match", "matching", "T", MatchState,
    ("sent", "interested", "declined", "quoted", "won", "lost", "expired", "withdrawn", "closed",
     "refreshed"),
    "matches",
)  # fmt: skip
EnterMatchCommand = match.command("create", EnterMatch, scope="matches:respond")
ShowInterest = match.command("show_interest", scope="matches:respond")
DeclineMatch = match.command("decline", Decline, scope="matches:respond")
CheckMatch = match.query(
    "check", MatchCheck, scope="matches:respond", arguments=EnterMatch, of_one=False
)
