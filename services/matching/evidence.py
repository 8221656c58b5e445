"""What the index says of a demand: whom it may concern, and by which words."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from services.matching.documents import capability_facet, place_facet
from services.matching.index import Asked, Filters, Hits, SupplyIndex
from services.matching.profile import capability_number
from services.matching.sides import Wanted

# Judged and scored for one demand; the best twenty are all that people look at.
BY_TEXT = 300
BY_DEALS = 200  # the earlier deals most like it
# The rarest words of a demand say what it is about, and each word costs the query time: with 32
# the order of real tenders is as good as with 120 to a hundredth of its nDCG, with 20 it is not.
RAREST = 40


@dataclass(frozen=True)
class Evidence:
    """`frequencies`: in how many supplies' texts each word occurs by which it was searched."""

    by_text: Hits
    by_deals: Hits
    frequencies: Mapping[str, int]


def gather(index: SupplyIndex, wanted: Wanted) -> Evidence:
    """By the demand's rarest words: supplies by all that they say, and earlier deals.

    Being in the place alone makes no candidate: every gardener there would hear of machines.
    """
    frequencies = index.frequencies(wanted.terms)
    rarest = dict(sorted(frequencies.items(), key=_rarest_first)[:RAREST])
    filters = Filters(wanted.kind, wanted.buyer_id, wanted.region, wanted.budget_fen)
    does = [capability_facet(capability_number(code)) for code in wanted.capabilities]
    asked = Asked([*rarest, *does], [place_facet(place) for place in wanted.localities])
    return Evidence(
        index.search("text", asked, filters, BY_TEXT),
        index.search("deal", asked, filters, BY_DEALS),
        rarest,
    )


def _rarest_first(counted: tuple[str, int]) -> int:
    return counted[1]


_NO_HITS = Hits(*np.zeros((3, 0), np.int64))
NOTHING = Evidence(_NO_HITS, _NO_HITS, {})
