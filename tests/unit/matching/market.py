"""An index and its columns, as a process of matching has them, without a database."""

from services.matching import candidates, evidence, ranking, rebuild, scoring
from services.matching.columns import Columns
from services.matching.index import Mark, SupplyIndex
from services.matching.profile import known
from services.matching.scoring import FEATURES
from tests.unit.matching.pairs import TODAY


class Market:
    """Supplies are put by their public states; demands are ranked as they are served."""

    def __init__(self, folder):
        self.index, self.columns = SupplyIndex(folder), Columns()

    def put(self, *states):
        supplies = [known(state) for state in states]
        for state, profile in supplies:
            self.columns.put(*candidates.stated(state), profile)
        self.index.follow(supplies, Mark(1, None))

    def restart(self):
        """The columns as a process that starts reads them."""
        self.columns = rebuild.columns(self.index)

    def rank(self, wanted, **asked):
        found = evidence.gather(self.index, wanted)
        weights = scoring.current_weights()
        return ranking.rank(wanted, self.columns, found, TODAY, weights, **asked)

    def values(self, wanted):
        """Supply id → feature → value."""
        ranked = self.rank(wanted).ranked
        return {
            one.supply_id: dict(zip(FEATURES, one.values_ppm.tolist(), strict=True))
            for one in ranked
        }

    def close(self):
        self.index.close()
