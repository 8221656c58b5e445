"""What a demand's free text says of its fields, for its buyer to correct: answered by matching."""

from typing import Any

from marshmallow import fields

from services.contracts.characters import refuse_control_characters
from services.contracts.conditions import Requirement
from services.contracts.declare import Query
from services.contracts.demand import demand
from services.contracts.fields import (
    TEXT_LENGTH,
    TITLE_LENGTH,
    Arguments,
    Code,
    Count,
    Day,
    Fen,
    Flag,
    Part,
    Text,
    Timestamp,
    listed,
)

# A whole notice is pasted, however much of it is read (`is_whole`); as UTF-8 it still fits a body.
PASTED_LENGTH = 80_000
CANDIDATES = 30  # of one field at most: as many requirements as a demand takes; of others fewer


class Passage(Text):
    """A text of which places are told: nothing is trimmed, every character stays where it was."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        text = str(fields.String._deserialize(self, value, attr, data, **kwargs))
        refuse_control_characters(text)
        return text


class FreeText(Arguments):
    """A demand as its buyer would tell somebody of it."""

    title = Passage(TITLE_LENGTH, blank=True, load_default="")
    text = Passage(PASTED_LENGTH, blank=True, load_default="")


class Candidate(Part):
    """One value for one field, best first among others; `words` are those that it came from.

    They are `source`[`start`:`end`], counted in Unicode characters of the text as it was sent.
    """

    source = Code("title", "text", required=True)
    start = Count(0, PASTED_LENGTH, required=True)
    end = Count(0, PASTED_LENGTH, required=True)
    words = Text(TEXT_LENGTH, required=True)
    confidence_ppm = Count(0, 1_000_000, required=True)  # orders the candidates of one field


class AmountCandidate(Candidate):
    value_fen = Fen(required=True)


class WordCandidate(Candidate):
    value = Text(TEXT_LENGTH, required=True)


class InstantCandidate(Candidate):
    value = Timestamp(required=True)


class DayCandidate(Candidate):
    value = Day(required=True)


class DaysCandidate(Candidate):
    value = Count(1, 3650, required=True)


class RequirementCandidate(Candidate):
    """Unlike those of other fields these hold together: none replaces another."""

    value = fields.Nested(Requirement, required=True)


class CapabilityCandidate(Candidate):
    """The code of a capability, and what people call it."""

    value = Text(80, required=True)
    zh = Text(80, required=True)
    en = Text(80, required=True)


def _candidates(kind: type[Candidate]) -> fields.List[Any]:
    return listed(fields.Nested(kind), CANDIDATES, required=True)


class DemandRead(Part):
    """Candidates by field; an empty list means *unknown*. Under the names that drafts give them."""

    budget = _candidates(AmountCandidate)
    quantity = _candidates(WordCandidate)
    region = _candidates(WordCandidate)
    quote_deadline_at = _candidates(InstantCandidate)
    delivery_due_date = _candidates(DayCandidate)
    delivery_days = _candidates(DaysCandidate)  # calendar days; from when, the text knows
    requirements = _candidates(RequirementCandidate)
    performance = _candidates(WordCandidate)
    category = _candidates(CapabilityCandidate)


class ProposedDemand(Part):
    """What a new demand can be made of as it is; what is not sure enough is left out."""

    title = Text()
    text = Text(TEXT_LENGTH, blank=True)
    category = Text(80)
    region = Text(40)
    quantity = Text(80)
    budget_fen = Fen()
    quote_deadline_at = Timestamp()
    delivery_due_date = Day()
    requirements = listed(fields.Nested(Requirement), 30)
    performance = Text(TEXT_LENGTH)


class DemandReading(Part):
    """`is_whole`: all of the text was read. Nothing is kept: the demand is what its buyer posts."""

    read = fields.Nested(DemandRead, required=True)
    draft = fields.Nested(ProposedDemand, required=True)
    is_whole = Flag(required=True)


ReadDemand: Query = demand.query(
    "read", DemandReading, scope="demands:write", arguments=FreeText, of_one=False,
    served_by="matching",
)  # fmt: skip
