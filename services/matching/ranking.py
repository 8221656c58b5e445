"""Which supplies answer a demand, best first: judged, scored and explained. Pure.

What serves demands is what a measurement runs: candidates in, ranking out.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from services.matching import scoring, words
from services.matching.constraints import Pair, Verdict
from services.matching.scoring import Relevance, Score, Weights
from services.matching.sides import Offered, Wanted

SHOWN_TERMS = 20  # shared words that a match shows: what fits on a screen


@dataclass(frozen=True)
class Ranked:
    """A supply that no constraint excludes, with its score."""

    pair: Pair
    score: Score

    @property
    def offered(self) -> Offered:
        return self.pair.offered

    @property
    def verdicts(self) -> list[Verdict]:
        """Of all constraints, for those few that anybody reads of."""
        return self.pair.verdicts()


@dataclass(frozen=True)
class Excluded:
    """A supply with the constraints that exclude it."""

    pair: Pair
    failed: list[str]

    @property
    def verdicts(self) -> list[Verdict]:
        return self.pair.verdicts()


@dataclass(frozen=True)
class Ranking:
    """Best first, and those that are excluded, by supply."""

    ranked: tuple[Ranked, ...]
    excluded: dict[str, Excluded]

    @property
    def causes(self) -> Counter[str]:
        """How many each constraint has excluded."""
        return Counter(name for one in self.excluded.values() for name in one.failed)


def rank(
    wanted: Wanted,
    candidates: Iterable[tuple[Offered, Relevance]],
    today: date,
    weights: Weights,
) -> Ranking:
    """All candidates that no constraint excludes; equal scores in the order of their ids."""
    ranked: list[Ranked] = []
    excluded: dict[str, Excluded] = {}
    for offered, relevance in candidates:
        pair = Pair(wanted, offered, today)
        if failed := pair.failed():
            excluded[offered.id] = Excluded(pair, failed)
        else:
            ranked.append(Ranked(pair, scoring.score(pair, relevance, weights)))
    ranked.sort(key=lambda one: (-one.score.score_ppm, one.offered.id))
    return Ranking(tuple(ranked), excluded)


def shared_terms(wanted: Wanted, *texts: str) -> list[str]:
    """The demand's words that the texts contain too, in the demand's order."""
    has = frozenset(words.words("\n".join(texts)))
    return [term for term in wanted.terms if term in has][:SHOWN_TERMS]
