"""What a buyer wants, from draft to fulfilled, and the sealed quotes for it: owned by orders."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from services.contracts.conditions import Requirement, Terms
from services.contracts.declare import Aggregate
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
    Sha256,
    State,
    Text,
    Timestamp,
    listed,
)
from services.contracts.kinds import DEMANDS
from services.contracts.reasons import DemandCancelled

KINDS = tuple(DEMANDS)
METHODS = ("tender", "inquiry", "auction", "negotiation", "direct")  # 招标 询比 竞价 谈判 直接


class DemandState(State):
    """A demand 需求. A null budget, deadline or requirement list means *unknown*, not none."""

    kind = Code(*KINDS)
    method = Code(*METHODS)
    buyer_id = Id(required=True)
    buyer_name = Text()
    buyer_verified = Flag()
    title = Text(required=True)
    text = Text(TEXT_LENGTH, blank=True)
    category = Text(80, allow_none=True)
    region = Text(40, allow_none=True)
    quantity = Text(80, allow_none=True)
    budget_fen = Fen(allow_none=True)
    quote_deadline_at = Timestamp(allow_none=True)
    delivery_due_date = Day(allow_none=True)
    requirements = listed(fields.Nested(Requirement), 30, allow_none=True)
    performance = Text(TEXT_LENGTH, blank=True, allow_none=True)
    facets = Facets(allow_none=True)  # by name, those of its kind; null: none is stated
    terms = fields.Nested(Terms, allow_none=True)
    version = Count(1)  # of the published text; quotes name the version they answer
    origin = Code("own", "imported")
    source_ref = Text(120, allow_none=True)
    published_at = Timestamp(allow_none=True)
    quote_count = Count()
    awarded_quote_id = Id(allow_none=True)
    awarded_supplier_id = Id(allow_none=True)
    awarded_supply_id = Id(allow_none=True)
    award_confirm_until = Timestamp(allow_none=True)
    award_reason = Text(500, allow_none=True)  # of the buyer, for its own file
    capacity = Code("unchecked", "reserved", "short")
    contract_id = Id(allow_none=True)
    reason_note = Text(500, allow_none=True)  # the free words beside `reason_code`


class DraftDemand(Arguments):
    """A demand as its buyer states it; `facets` are those of its kind (docs/kinds.md)."""

    kind = Code(*KINDS, load_default="order")
    method = Code(*METHODS, load_default="inquiry")
    title = Text(required=True)
    text = Text(TEXT_LENGTH, blank=True, load_default="")
    category = Text(80, load_default=None, allow_none=True)
    region = Text(40, load_default=None, allow_none=True)
    quantity = Text(80, load_default=None, allow_none=True)
    budget_fen = Money(data_key="budget", load_default=None, allow_none=True)
    quote_deadline_at = Timestamp(load_default=None, allow_none=True)
    delivery_due_date = Day(load_default=None, allow_none=True)
    requirements = listed(fields.Nested(Requirement), 30, load_default=None, allow_none=True)
    performance = Text(TEXT_LENGTH, blank=True, load_default=None, allow_none=True)
    facets = GivenFacets(DEMANDS, "order")
    terms = fields.Nested(Terms, load_default=None, allow_none=True)

    @validates_schema
    def _method_of_kind(self, data: Mapping[str, Any], **_: Any) -> None:
        methods = DEMANDS[data["kind"]].methods
        if data["method"] not in methods:
            raise ValidationError(f"Must be one of: {', '.join(methods)}.", "method")


class NewDemand(DraftDemand):
    """A draft; with `publish` it is published at once, or refused and not even a draft."""

    publish = Flag(load_default=False)


class ImportedDemand(DraftDemand):
    """A real notice of a named buyer; it is published at once, its buyer may be unverified."""

    buyer_id = Id(required=True)
    source_ref = Text(120, required=True)
    published_on = Day(required=True)


class ImportDemands(Arguments):
    rows = listed(fields.Nested(ImportedDemand), required=True)


class AwardDemand(Arguments):
    quote_id = Id(required=True)
    reason = Text(500, load_default=None, allow_none=True)


class ReopenDemand(Arguments):
    quote_deadline_at = Timestamp(required=True)


demand = Aggregate(
    "demand", "orders", "D", DemandState,
    ("created", "published", "amended", "closed", "awarded", "award_confirmed", "award_lapsed",
     "contracted", "fulfilled", "unsuccessful", "reopened", "cancelled", "capacity_checked"),
)  # fmt: skip
CreateDemand = demand.command("create", NewDemand, scope="demands:write")
ImportDemandsCommand = demand.command(
    "import", ImportDemands, scope="programme:import", creates=True
)
PublishDemand = demand.command("publish", scope="demands:write")
AmendDemand = demand.command("amend", DraftDemand, scope="demands:write", versioned=True)
AwardDemandCommand = demand.command("award", AwardDemand, scope="demands:award")
ConfirmAward = demand.command("confirm_award", scope="awards:confirm")
ReopenDemandCommand = demand.command("reopen", ReopenDemand, scope="demands:write")
CancelDemand = demand.command("cancel", DemandCancelled, scope="demands:write")


class QuoteState(State):
    """A quote 报价. Price and note are null while sealed; `seal` commits to them (SHA-256)."""

    demand_id = Id(required=True)
    demand_version = Count(1)
    buyer_id = Id(required=True)
    supplier_id = Id(required=True)
    supplier_name = Text()
    match_id = Id(allow_none=True)
    supply_id = Id(allow_none=True)
    round_no = Count(1)
    seal = Sha256(required=True)
    sealed_at = Timestamp()
    opened_at = Timestamp(allow_none=True)
    price_fen = Fen(allow_none=True)
    delivery_days = Count(0, 3650, allow_none=True)
    valid_until = Day()
    note = Text(2000, blank=True, allow_none=True)


class SealQuote(Arguments):
    demand_id = Id(required=True)
    match_id = Id(load_default=None, allow_none=True)
    price_fen = Money(required=True, data_key="price")
    delivery_days = Count(0, 3650, required=True)
    valid_until = Day(required=True)
    note = Text(2000, blank=True, load_default="")


class ReplaceQuote(Arguments):
    price_fen = Money(required=True, data_key="price")
    delivery_days = Count(0, 3650, required=True)
    valid_until = Day(required=True)
    note = Text(2000, blank=True, load_default="")


class SealedPrice(Part):
    """What only the quote's own supplier may read before the opening, and the salt of its seal."""

    price_fen = Fen()
    delivery_days = Count(0, 3650)
    note = Text(2000, blank=True)
    salt = Text(64)


quote = Aggregate(
    "quote", "orders", "Q", QuoteState,
    ("sealed", "replaced", "withdrawn", "invalidated", "opened", "accepted", "rejected",
     "expired"),
    is_counted=False,
)  # fmt: skip
SealQuoteCommand = quote.command("create", SealQuote, scope="quotes:write")
ReplaceQuoteCommand = quote.command("replace", ReplaceQuote, scope="quotes:write")
WithdrawQuote = quote.command("withdraw", scope="quotes:write")
ReadSealedPrice = quote.query("sealed_price", SealedPrice, scope="quotes:write")
