"""Why a supply is matched, as its match shows it: rank, score, verdicts, shared words."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import Row, select

from services.matching import ranking, scoring
from services.matching.ranking import Excluded, Ranked, Ranking
from services.matching.sides import Wanted
from services.matching.tables import Match, Supply
from services.messaging import Transaction

_TEXTS: tuple[Any, ...] = (
    Supply.id, Supply.supplier_id, Supply.supplier_name,
    Supply.title, Supply.categories, Supply.text,
)  # fmt: skip


@dataclass(frozen=True)
class Explained:
    """The explanations that one ranking gives, of those few that anybody will see."""

    wanted: Wanted
    ranked: Mapping[str, tuple[int, Ranked]]
    excluded: Mapping[str, Excluded]
    texts: Mapping[str, Row[Any]]

    @classmethod
    def of(cls, wanted: Wanted, found: Ranking, texts: Mapping[str, Row[Any]]) -> Self:
        """`texts` of those that are shown. A rank counts the whole ranking, so that one demand
        never has two of the same.
        """
        ranked = {one.offered.id: (rank, one) for rank, one in enumerate(found.ranked, start=1)}
        return cls(wanted, ranked, found.excluded, texts)

    def supply(self, supply_id: str) -> Row[Any]:
        """The supply's own words."""
        return self.texts[supply_id]

    def in_short(self, supply_id: str) -> dict[str, Any]:
        """For one that nobody is told of."""
        rank, one = self.ranked[supply_id]
        return {"supply_id": supply_id, "rank": rank, "score_ppm": one.score.score_ppm}

    def write(self, match: Match) -> bool:
        """Bring what the match shows in line; whether that changed anything."""
        shown = self._shown(match.supply_id)
        changed = {name: value for name, value in shown.items() if getattr(match, name) != value}
        for name, value in changed.items():
            setattr(match, name, value)
        return bool(changed)

    def _shown(self, supply_id: str) -> dict[str, Any]:
        """One that came from the hall may be excluded by the ranking: it has no score then."""
        rank, one = self.ranked.get(supply_id, (None, None))
        verdicts = (one or self.excluded[supply_id]).verdicts
        return {
            "rank": rank,
            "score_ppm": one.score.score_ppm if one else None,
            "contributions": one.score.explain() if one else [],
            "verdicts": [verdict.to_json() for verdict in verdicts],
            "terms": self._shared_terms(self.texts[supply_id]),
            "weights_version": scoring.current_weights().version if one else None,
        }

    def _shared_terms(self, supply: Row[Any]) -> list[str]:
        return ranking.shared_terms(self.wanted, supply.title, *supply.categories, supply.text)


def texts(tx: Transaction, ids: Collection[str], *, on_offer: bool = False) -> dict[str, Row[Any]]:
    """What these say of themselves, by supply; nobody else's long texts are read.

    `on_offer`: only those that were not archived meanwhile, locked against it. An archiving that
    waits for these locks finds the new matches and withdraws them.
    """
    if not ids:
        return {}
    query = select(*_TEXTS).where(Supply.id.in_(ids)).order_by(Supply.id)
    if on_offer:
        query = query.where(Supply.state == "active").with_for_update(read=True)
    return {row.id: row for row in tx.session.execute(query)}
