"""What the index says of a demand: whom it may concern, and by which words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from services.matching import facets
from services.matching.asking import DEAL, TEXT, Asked, Filters, Index
from services.matching.columns import Columns
from services.matching.documents import capability_facet, place_facet
from services.matching.profile import capability_number
from services.matching.ragged import Ints
from services.matching.sides import Wanted

# Judged and scored for one demand; the best twenty are all that people look at. On public tenders
# 200 and 200 find as many winners as 300 and 200, in three quarters of the time; 150 and 150 fewer.
BY_TEXT = 200
BY_DEALS = 200  # the earlier deals most like it
WIDER = 7  # times as many by text where hard facets, of which no index knows, exclude most of them
# The rarest words of a demand find whom it concerns; what they are worth is told by all of its
# words. On public tenders 24 find as many winners as 160, 16 some fewer; each costs the query time.
RAREST = 24


@dataclass(frozen=True)
class Evidence:
    """`numbers`: of the supplies that it may concern.

    `words`: the numbers of its words, each with the number of supplies on offer that have it.
    """

    numbers: Ints
    words: Mapping[int, int]


def gather(index: Index, columns: Columns, wanted: Wanted) -> Evidence:
    """By the demand's rarest words: supplies by all that they say, and by each earlier deal.

    The index finds whom to look at and the columns say how much each is worth: they are exactly
    the supplies on offer, while an index counts in what was replaced until it is merged away.
    Being in the place alone makes no candidate: every gardener there would hear of machines. It
    picks among deals that are as like; among supplies it finds no more winners of public tenders.
    """
    known = counted(columns, wanted)
    filters = Filters(wanted.kind, wanted.buyer_id, wanted.region, wanted.budget_fen)
    words = rarest(wanted, known)
    wide = WIDER if facets.states(wanted.facets, is_hard=True) else 1
    by_text = index.search(TEXT, _of_supplies(wanted, words), filters, BY_TEXT * wide)
    by_deals = index.search(DEAL, _of_deals(wanted, words), filters, BY_DEALS)
    return Evidence(np.concatenate([by_text, by_deals]), known)


def _of_supplies(wanted: Wanted, words: Sequence[str]) -> Asked:
    return Asked([*words, *map(_facet, wanted.capabilities)])


def _of_deals(wanted: Wanted, words: Sequence[str]) -> Asked:
    """A deal has one capability at most, so it is asked for the surest alone."""
    does = [_facet(wanted.capability)] if wanted.capability else []
    return Asked([*words, *does], [place_facet(place) for place in wanted.localities])


def _facet(capability: str) -> str:
    return capability_facet(capability_number(capability))


def counted(columns: Columns, wanted: Wanted) -> dict[int, int]:
    """Of each of its words that occurs at all, in how many supplies."""
    counts = columns.frequencies.of(np.array([*wanted.numbered], np.uint32)).tolist()
    pairs = zip(wanted.numbered, counts, strict=True)
    return {number: count for number, count in pairs if count}


def rarest(wanted: Wanted, known: Mapping[int, int]) -> list[str]:
    """The words to search by: of those that are known, the rarest."""
    return [wanted.numbered[number] for number in sorted(known, key=known.__getitem__)[:RAREST]]


NOTHING = Evidence(np.zeros(0, np.int64), {})
