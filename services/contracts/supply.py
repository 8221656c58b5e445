"""What suppliers can do, and the matches with demands: owned by matching."""

from marshmallow import fields

from services.contracts.declare import Aggregate
from services.contracts.facets import Facets
from services.contracts.fields import (
    TEXT_LENGTH,
    Arguments,
    Code,
    Count,
    Day,
    Fen,
    Flag,
    Id,
    Part,
    State,
    Text,
    listed,
)
from services.contracts.notes import NOTE_LENGTH
from services.contracts.reasons import ALLOTTED, MatchDeclined, SupplyRejected
from services.contracts.supply_parts import KINDS, PERIODS, Badge, Qualification, TrackRecord
from services.contracts.supply_texts import (
    ConfirmedClaims,
    DraftSupply,
    ImportSupplies,
    ImportTrackRecords,
)


class SupplyState(State):
    """A capability 能力/供给. Capacity is in its own unit; free + reserved + used = declared."""

    kind = Code(*KINDS)
    supplier_id = Id(required=True)
    supplier_name = Text()
    supplier_verified = Flag()
    supplier_region = Text(12, allow_none=True)  # where the supplier is, as its party says
    version = Count(1)  # of the text: another one each time that it is amended after publication
    item_code = Text(60, allow_none=True)
    title = Text(required=True)
    text = Text(TEXT_LENGTH, blank=True)
    categories = listed(Text(80), 20)
    capability_codes = listed(Text(40))
    capabilities_from = Code("given", "recognised")  # by its supplier, or from title and categories
    gbt4754 = Text(3, allow_none=True)
    external_code = Text(60, allow_none=True)
    regions = listed(Text(40), 50)  # served; empty means anywhere, imported: unknown
    qualifications = listed(fields.Nested(Qualification), 60, allow_none=True)  # null: not stated
    evidence_until = Day(allow_none=True)  # the last day on which all that was verified holds
    badges = listed(fields.Nested(Badge))  # confirmed by the operator and not expired
    claimed_badges = listed(fields.Nested(Badge))
    price_min_fen = Fen(allow_none=True)
    price_max_fen = Fen(allow_none=True)
    capacity_declared = Count(0, allow_none=True)
    capacity_reserved = Count()
    capacity_used = Count()
    capacity_unit = Text(20, allow_none=True)
    capacity_period = Code(*PERIODS, allow_none=True)
    lead_time_days = Count(0, 3650, allow_none=True)
    facets = Facets(allow_none=True)  # by name, those of the demands that it answers
    track_record = listed(fields.Nested(TrackRecord))  # all that counts: imported or confirmed
    claimed_deals = listed(fields.Nested(TrackRecord))  # what its supplier says, and nobody else
    origin = Code("own", "imported")
    source_ref = Text(120, allow_none=True)
    reason_note = Text(500, allow_none=True)  # the free words beside `reason_code`
    # Only in the facts of capacity (reserved, short, released, used): the demand that caused it.
    reserved_for_demand_id = Id(allow_none=True)


supply = Aggregate(
    "supply", "matching", "S", SupplyState,
    ("created", "submitted", "activated", "rejected", "archived", "reserved", "short", "released",
     "used", "recorded", "refreshed", "amended", "confirmed", "expired"),
    "supplies",
)  # fmt: skip
CreateSupply = supply.command("create", DraftSupply, scope="supplies:write")
AmendSupply = supply.command("amend", DraftSupply, scope="supplies:write", versioned=True)
SubmitSupply = supply.command("submit", scope="supplies:write")
RefreshSupply = supply.command("refresh", scope="supplies:write")
ActivateSupply = supply.command(
    "activate", ConfirmedClaims, scope="supplies:verify", versioned=True
)
ConfirmClaims = supply.command("confirm", ConfirmedClaims, scope="supplies:verify", versioned=True)
RejectSupply = supply.command("reject", SupplyRejected, scope="supplies:verify")
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
    reason_note = Text(500, allow_none=True)  # of a declined one, in the supplier's words
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
DeclineMatch = match.command("decline", MatchDeclined, scope="matches:respond")
CheckMatch = match.query(
    "check", MatchCheck, scope="matches:respond", arguments=EnterMatch, of_one=False
)
