"""Why a supply is matched, as its match shows it: rank, score, verdicts, shared words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, Self

import numpy as np

from services.matching import scoring, terms
from services.matching.codes import UNKNOWN
from services.matching.columns import Columns
from services.matching.constraints import Pair
from services.matching.facts import Shown
from services.matching.profile import read
from services.matching.ranking import Ranked, Ranking
from services.matching.scoring import Weights
from services.matching.sides import Wanted
from services.matching.tables import Match


class Judged(NamedTuple):
    """A supply that people are shown, the pair that it makes with the demand, words of both."""

    supply: Shown
    pair: Pair
    terms: list[str]


@dataclass(frozen=True)
class Explained:
    """The explanations that one ranking gives, of those few that anybody will see.

    Rank, score, contributions and words are the ranking's, which goes by columns that may be a
    moment behind; verdicts go by the rows.
    """

    wanted: Wanted
    ranked: Mapping[str, Ranked]
    weights: Weights
    today: date
    on_offer: Columns

    @classmethod
    def of(
        cls, wanted: Wanted, found: Ranking, weights: Weights, today: date, columns: Columns
    ) -> Self:
        """A rank counts the whole ranking, so that one demand never has two of the same."""
        ranked = {one.supply_id: one for one in found.ranked}
        return cls(wanted, ranked, weights, today, columns)

    def judged(self, shown: Mapping[str, Shown]) -> dict[str, Judged]:
        """These supplies with the demand, exactly as their rows are."""
        said = self._terms(list(shown.values()))
        return {
            id: Judged(supply, Pair(self.wanted, supply.offered, self.today), words)
            for (id, supply), words in zip(shown.items(), said, strict=True)
        }

    def in_short(self, supply_id: str) -> dict[str, Any]:
        """For one that nobody is told of, with all that its score was made from."""
        one = self.ranked[supply_id]
        return {
            "supply_id": supply_id,
            "supplier_id": one.supplier_id,
            "rank": one.rank,
            "score_ppm": one.score_ppm,
            "values_ppm": dict(zip(scoring.FEATURES, one.values_ppm.tolist(), strict=True)),
            "weights_version": self.weights.version,
        }

    def write(self, match: Match, judged: Judged) -> bool:
        """Bring what the match shows in line; whether that changed anything."""
        return change(match, self.columns(judged))

    def columns(self, judged: Judged) -> dict[str, Any]:
        """What a match with it shows.

        One that came from the hall may be excluded: it has no rank and no score then.
        """
        supply, pair, _ = judged
        one = self.ranked.get(supply.id)
        if one is None or pair.is_excluded:
            return unranked() | self._said(judged)
        parts = scoring.contributions(one.values_ppm, self.weights)
        return self._said(judged) | {
            "rank": one.rank,
            "score_ppm": one.score_ppm,
            "contributions": parts,
            "weights_version": self.weights.version,
        }

    def _said(self, judged: Judged) -> dict[str, Any]:
        return {
            "verdicts": [verdict.to_json() for verdict in judged.pair.verdicts],
            "terms": judged.terms,
        }

    def _terms(self, shown: Sequence[Shown]) -> list[list[str]]:
        """By all that each says and has done; of one that is not on offer by what its row says."""
        slots = self.on_offer.at(np.array([one.offered.number for one in shown], np.int64))
        (places,) = np.nonzero(slots != UNKNOWN)
        words, owners = self.on_offer.words_of(slots[places])
        found = terms.shared_by_each(self.wanted, words, places[owners])
        return [
            terms.shared(self.wanted, read(*one.texts)) if slot == UNKNOWN else found.get(n, [])
            for n, (one, slot) in enumerate(zip(shown, slots.tolist(), strict=True))
        ]


def change(match: Match, shown: Mapping[str, Any]) -> bool:
    """Have it show these columns; whether that changed anything."""
    changed = {name: value for name, value in shown.items() if getattr(match, name) != value}
    for name, value in changed.items():
        setattr(match, name, value)
    return bool(changed)


def unranked() -> dict[str, Any]:
    """The columns of a match that a constraint excludes."""
    return {"rank": None, "score_ppm": None, "contributions": [], "weights_version": None}
