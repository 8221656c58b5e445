"""What ranks: an index and columns of the same supplies. No database is looked at.

What serves demands is what a measurement runs: public states in, rankings with reasons out.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from services.matching import evidence, facts, ranking, scoring
from services.matching.asking import Index, Mark
from services.matching.columns import Columns
from services.matching.explanation import Explained
from services.matching.facts import State
from services.matching.profile import known
from services.matching.ranking import Ranking
from services.matching.sides import Wanted


@dataclass(frozen=True)
class Engine:
    """Both follow the same facts in the same order; repeated ones change nothing."""

    index: Index
    columns: Columns

    def follow(self, states: Sequence[State], mark: Mark) -> None:
        """Take in the supplies' public states, in their order, and be at `mark` of the feed."""
        supplies = [known(state) for state in states]
        for state, profile, _ in supplies:
            self.columns.put(*facts.stated(state), profile)
        self.index.follow(supplies, mark)

    def rank(
        self,
        wanted: Wanted,
        today: date,
        *,
        also: Collection[str] = (),
        most: int | None = None,
    ) -> tuple[Ranking, Explained]:
        """The ranking, as `ranking.rank` has it, and the reasons to be shown."""
        weights, told = scoring.current_weights(), evidence.gather(self.index, self.columns, wanted)
        found = ranking.rank(wanted, self.columns, told, today, weights, also=also, most=most)
        return found, Explained.of(wanted, found, weights, today, self.columns)
