"""Whose turn it is: who stood in many lists of late gives way, who stood in none is let in. Pure.

A list is whom the machine has told of one demand. The score and what it is made of stay what they
are: only the order in which a demand's notices are given is another, and each notice says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

FULL_PPM = 1_000_000
WINDOW = 200  # lists, the newest: some weeks of a region's demands; each is ten ids to count
# As if there had been so many lists without anybody: in the first few everyone stands often.
PRIOR_LISTS = 20
FREE_SHARE_PPM = 60_000  # a supplier in every sixteenth list is no danger to anybody
# What the share above that takes of the score, for the order alone; of the fitted logit one unit
# is some 43,000 ppm of the score, so all of it takes eighteen.
PENALTY_PPM = 800_000
# Of a ranking, in the order of the score. Lists of ten have room for some hundred and fifty that
# stand in more than every sixteenth: behind them hardly anybody comes among the first twenty.
LOOKED_AT = 150


class Rankable(Protocol):
    """What is looked at of one of a ranking."""

    @property
    def supplier_id(self) -> str: ...
    @property
    def score_ppm(self) -> int: ...


One = TypeVar("One", bound=Rankable)


@dataclass(frozen=True)
class Seen:
    """Of the `lists` newest: in how many of them each supplier stood; the others in none."""

    lists: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)

    def is_unseen(self, supplier_id: str) -> bool:
        return not self.counts.get(supplier_id)

    def penalty_ppm(self, supplier_id: str) -> int:
        """What its score counts for less when it is decided whose turn it is."""
        stood = self.counts.get(supplier_id, 0) * FULL_PPM
        above = stood // (self.lists + PRIOR_LISTS) - FREE_SHARE_PPM
        return max(above, 0) * PENALTY_PPM // FULL_PPM


def in_turn(ranking: Sequence[One], seen: Seen) -> list[One]:
    """The first LOOKED_AT of a ranking, in whose turn it is; of equals the better ranked first."""

    def worth_ppm(one: One) -> int:
        return one.score_ppm - seen.penalty_ppm(one.supplier_id)

    return sorted(ranking[:LOOKED_AT], key=worth_ppm, reverse=True)  # equals keep their order
