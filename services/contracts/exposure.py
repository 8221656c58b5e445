"""Who was seen in lists of late, and who was not told, as people ask for it. Owned by matching."""

from marshmallow import fields

from services.contracts.fields import Arguments, Code, Count, Id, Part, Text, listed
from services.contracts.reasons import WITHHELD
from services.contracts.roles import READ
from services.contracts.supply import match

MOST_LISTS = 2_000  # what one answer counts through: some twenty thousand places
_FULL_PPM = 1_000_000


class AskExposure(Arguments):
    """Of the newest so many lists."""

    lists = Count(1, MOST_LISTS, load_default=500)


class OftenListed(Part):
    """A supplier, and in how many of the lists it stood."""

    supplier_id = Id(required=True)
    supplier_name = Text(allow_none=True)
    lists = Count()


class Exposure(Part):
    """How notices were shared out 曝光分布. A list is whom the machine told of one demand.

    `largest_share_ppm`: of the lists, those that the supplier most often seen stood in.
    `coverage_ppm`: of the suppliers with something on offer, those that stood in one. `gini_ppm`:
    0 all alike, one million all to one; those never seen count. `supplies_never_matched`: on
    offer, and no demand of any time has a match with it.
    """

    lists = Count()
    suppliers = Count()
    suppliers_listed = Count()
    supplies_never_matched = Count()
    largest_share_ppm = Count(0, _FULL_PPM)
    coverage_ppm = Count(0, _FULL_PPM)
    gini_ppm = Count(0, _FULL_PPM)
    most_listed = listed(fields.Nested(OftenListed), 10)


class AskWithheld(Arguments):
    demand_id = Id(required=True)


class WithheldSupply(Part):
    """One of the next best of a demand's last ranking, and why nobody told it of the demand."""

    supply_id = Id(required=True)
    supplier_id = Id(required=True)
    rank = Count(1)
    score_ppm = Count(0, _FULL_PPM)
    reason_code = Code(*WITHHELD)
    reason_zh = Text()
    reason_en = Text()


class Withheld(Part):
    """Best first 未推送的供给; for the demand's buyer and the operator."""

    withheld = listed(fields.Nested(WithheldSupply), 40)


ReadExposure = match.query(
    "exposure", Exposure, scope="metrics:read", arguments=AskExposure, of_one=False
)
ReadWithheld = match.query("withheld", Withheld, scope=READ, arguments=AskWithheld, of_one=False)
