"""Which supplies answer a demand, best first: judged and scored from the columns. Pure.

What serves demands is what a measurement runs: candidates in, ranking out.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np

from services.matching import words
from services.matching.columns import Columns
from services.matching.columnwise import Many
from services.matching.scoring import Relevance, Weights
from services.matching.sides import Wanted

SHOWN_TERMS = 20  # shared words that a match shows: what fits on a screen


class Ranked(NamedTuple):
    """A supply that no constraint excludes, with its score."""

    supply_id: str
    supplier_id: str
    score_ppm: int


@dataclass(frozen=True)
class Ranking:
    """Best first, and how many each constraint has excluded."""

    ranked: tuple[Ranked, ...]
    causes: Counter[str]


def rank(
    wanted: Wanted,
    columns: Columns,
    relevance: Mapping[str, Relevance],
    today: date,
    weights: Weights,
) -> Ranking:
    """All candidates that no constraint excludes; equal scores in the order of their ids.

    `relevance`: the candidates, with what the index says of each.
    """
    ids, slots = columns.found(sorted(relevance))
    many = Many(wanted, columns, slots, today)
    failing = many.failing()
    causes = Counter({name: int(flags.sum()) for name, flags in failing.items()})
    causes["active"] = len(relevance) - len(ids)
    scores = many.scores([relevance[id] for id in ids], weights)
    (passing,) = np.nonzero(~np.logical_or.reduce(list(failing.values())))
    best_first = passing[np.argsort(-scores[passing], kind="stable")]
    ranked = map(
        Ranked,
        [ids[place] for place in best_first.tolist()],
        columns.supplier_ids(slots[best_first]),
        scores[best_first].tolist(),
    )
    return Ranking(tuple(ranked), +causes)


def shared_terms(wanted: Wanted, *texts: str) -> list[str]:
    """The demand's words that the texts contain too, in the demand's order."""
    has = frozenset(words.words("\n".join(texts)))
    return [term for term in wanted.terms if term in has][:SHOWN_TERMS]
