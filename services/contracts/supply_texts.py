"""What a supply says of itself, as its supplier, the operator and public sources give it."""

from marshmallow import fields

from services.contracts import badges
from services.contracts.facets import CapabilityCode, GivenFacets
from services.contracts.fields import (
    TEXT_LENGTH,
    Arguments,
    Code,
    Count,
    Id,
    Money,
    Part,
    Text,
    listed,
)
from services.contracts.industries import Industry
from services.contracts.kinds import ANSWERS
from services.contracts.supply_parts import (
    KINDS,
    MAX_CLAIMS,
    PERIODS,
    Badge,
    ImportedTrackRecord,
    Qualification,
)

MAX_CAPABILITIES = 10  # more than that is a firm, not an offer


class SupplyText(Arguments):
    """What suppliers and public sources say alike."""

    kind = Code(*KINDS, load_default="product")
    title = Text(required=True)
    text = Text(TEXT_LENGTH, blank=True, load_default="")
    categories = listed(Text(80), 20, load_default=list)
    # None given: they are recognised from title and categories, and marked so.
    capability_codes = listed(CapabilityCode(), MAX_CAPABILITIES, load_default=list)
    gbt4754 = Industry(load_default=None, allow_none=True)
    external_code = Text(60, load_default=None, allow_none=True)  # of any other classification
    regions = listed(Text(40), 50, load_default=list)
    # Null is "not stated": a buyer is shown "unknown". An empty list says that there are none.
    qualifications = listed(fields.Nested(Qualification), 60, load_default=None, allow_none=True)
    price_min_fen = Money(data_key="price_min", load_default=None, allow_none=True)
    price_max_fen = Money(data_key="price_max", load_default=None, allow_none=True)
    capacity_declared = Count(0, load_default=None, allow_none=True)
    capacity_unit = Text(20, load_default=None, allow_none=True)
    capacity_period = Code(*PERIODS, load_default=None, allow_none=True)
    lead_time_days = Count(0, 3650, load_default=None, allow_none=True)
    facets = GivenFacets(ANSWERS, "product")


class DraftSupply(SupplyText):
    """A supplier's own. Badges and earlier deals are claims until the operator confirms them."""

    item_code = Text(60, load_default=None, allow_none=True)  # the supplier's own name for it
    claimed_badges = listed(fields.Nested(Badge), len(badges.CODES), load_default=list)
    claimed_deals = listed(fields.Nested(ImportedTrackRecord), MAX_CLAIMS, load_default=list)


class ConfirmedClaims(Arguments):
    """Of what has the operator seen proof: badges by code, claimed deals by their place from 0."""

    badges = listed(Code(*badges.CODES), len(badges.CODES), load_default=list)
    deals = listed(Count(0, MAX_CLAIMS - 1), MAX_CLAIMS, load_default=list)


class ImportedSupply(SupplyText):
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
