"""Which supplies answer a demand, best first: judged and scored from the columns. Pure.

What serves demands is what a measurement runs: evidence in, ranking out.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import numpy as np

from services.matching import scoring
from services.matching.columns import Columns
from services.matching.columnwise import Many
from services.matching.evidence import Evidence
from services.matching.features import Features
from services.matching.ragged import Ints
from services.matching.scoring import Weights
from services.matching.sides import Wanted


class Ranked(NamedTuple):
    """A supply that no constraint excludes: its rank, score, and the value of each of FEATURES."""

    rank: int
    supply_id: str
    supplier_id: str
    score_ppm: int
    values_ppm: Ints


@dataclass(frozen=True)
class Ranking:
    """The best, best first, behind them those that were asked for, and how many are excluded.

    Ranks count all candidates. `causes`: how many each constraint excludes.
    """

    ranked: tuple[Ranked, ...]
    causes: Counter[str]


@dataclass(frozen=True)
class Judged:
    """All candidates by slot, a row of `values_ppm` each, and by constraint whom it excludes.

    `preferred`: how many of the facets agree that the demand prefers; more of them goes first.
    """

    slots: Ints
    values_ppm: Ints
    failing: dict[str, Any]
    preferred: Ints


def rank(
    wanted: Wanted,
    columns: Columns,
    evidence: Evidence,
    today: date,
    weights: Weights,
    *,
    also: Collection[str] = (),
    most: int | None = None,
) -> Ranking:
    """The `most` best that no constraint excludes; of equal scores the preferred, then the older.

    `also`: supplies by id that are candidates whatever the index says, and are told of at any rank.
    """
    asked = columns.slots(also)
    found = judge(wanted, columns, evidence, today, weights, also=asked)
    causes = Counter({name: int(flags.sum()) for name, flags in found.failing.items()})
    causes["active"] = len(also) - len(asked)
    (passing,) = np.nonzero(~np.logical_or.reduce(list(found.failing.values())))
    scores = scoring.scores(found.values_ppm[passing], weights)
    slots = found.slots[passing]
    order = np.lexsort((columns["number"][slots], -found.preferred[passing], -scores))
    told = _told(slots[order], asked, len(order) if most is None else most)
    best = order[told]
    ranked = map(
        Ranked,
        (told + 1).tolist(),
        columns.ids(slots[best]),
        columns.ids(slots[best], "supplier_id"),
        scores[best].tolist(),
        found.values_ppm[passing[best]],
    )
    return Ranking(tuple(ranked), +causes)


def judge(
    wanted: Wanted,
    columns: Columns,
    evidence: Evidence,
    today: date,
    weights: Weights,
    *,
    also: Collection[int] = (),
) -> Judged:
    """Constraints and features of all candidates; also what weights are fitted on."""
    slots = _candidates(columns, evidence, also)
    many = Many(wanted, columns, slots, today)
    features = Features(many, evidence, weights.shape)
    return Judged(slots, features.matrix(), many.failing(), many.preferred())


def _told(slots: Ints, asked: Collection[int], most: int) -> Ints:
    """The places of the first of these slots, and of those asked for."""
    (behind,) = np.nonzero(np.isin(slots[most:], list(asked)))
    return np.concatenate([np.arange(min(most, len(slots))), behind + most])


def _candidates(columns: Columns, evidence: Evidence, also: Collection[int]) -> Ints:
    """Those on offer, ascending; `also`: slots."""
    asked = np.array(list(also), np.int64)
    found = np.unique(np.concatenate([columns.at(evidence.numbers), asked]))
    return found[found >= 0]
